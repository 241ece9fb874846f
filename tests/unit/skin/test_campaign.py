"""Random answers of both analyzers, read as a person reads them: what must be said is said, and nothing else is.

`pytest -s` prints the figures.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from os import environ
from pathlib import Path
from statistics import median
from typing import Final

import pytest

from bot.rendering.renderer import CAPTION_LIMIT, Renderer, plain, visible_length
from bot.skin.analysis import Analysis, MarkKind, Provider, Reading
from bot.skin.assess import assess
from bot.skin.card import TOLD, shown_on
from bot.skin.doctor import URGENCY
from bot.skin.findings import sure_boxes
from bot.skin.photo import PhotoIssue
from bot.skin.places import Place
from bot.skin.report import MARK_EMOJI, DoctorNote, Finding, PhotoNote, Report, Severity
from bot.views.reports import FindingView, ReportView
from tests.analyses import random_local, random_vendor
from tests.progressing import EVERY_CHANGE, SINCE
from tests.pseudo import LOCALE, renderer_of_long_words

RENDERER: Final = Renderer()
WHEN: Final = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)
ROUNDS: Final = int(environ.get("SKINBOT_ANALYSES", "3000"))
MEDIAN: Final = 700

GRADES: Final = (Severity.NONE, Severity.MILD, Severity.PRESENT, Severity.MODERATE, Severity.STRONG)
WITH_MUCH_REDNESS: Final = {DoctorNote.REDNESS, DoctorNote.REDNESS_AND_ACNE}
WITH_MANY_PIMPLES: Final = {DoctorNote.ACNE, DoctorNote.REDNESS_AND_ACNE}
ABSENCES: Final = ("Nothing stands out", "None of them stands out", "Hardly seen", "not seen", "a very small part")

Make = Callable[[random.Random], Analysis]
each_analyzer = pytest.mark.parametrize("make", [random_vendor, random_local])


@dataclass(frozen=True, kw_only=True)
class Told:
    analysis: Analysis
    doubts: frozenset[PhotoIssue]
    report: Report

    @property
    def view(self) -> ReportView:
        return ReportView(number=46, when=WHEN, report=self.report, has_redness=True)

    @property
    def is_doubtful(self) -> bool:
        return bool(set(self.report.photo_notes) - {PhotoNote.SIDE_LIGHT} or self.analysis.not_visible)


def told(make: Make, *, rounds: int = ROUNDS) -> Iterator[Told]:
    chances = random.Random(16)
    for _ in range(rounds):
        analysis = make(chances)
        doubts = frozenset(chances.sample(list(PhotoIssue), chances.choice((0, 0, 0, 1, 2))))
        yield Told(
            analysis=analysis,
            doubts=doubts,
            report=assess(analysis, doubts=doubts, show_skin_age=chances.random() < 0.2),
        )


def figures(make: Make, text: str) -> None:
    sys.stdout.write(f"\n{make.__name__}: {text}")


def fields(found: tuple[Finding, ...]) -> set[str]:
    return {key for finding in found for key in finding.parts or (finding.key,)}


def leads_wrongly(told: Told) -> bool:
    """Something that is surely there has a higher grade than what is told first; or one or two boxes lead."""
    sure = [each for each in (*told.report.watch, *told.report.also) if each.key not in {"mole", "freckles"}]
    highest = max((GRADES.index(each.severity) for each in sure), default=0)
    if not told.report.watch:
        return highest > GRADES.index(Severity.MILD)
    first = told.report.watch[0]
    return GRADES.index(first.severity) < highest or (first.sure_count is not None and first.sure_count <= 2)


def contradicts(told: Told) -> bool:
    """One place, or one kind of thing, in two lists; or a place that is both seen and hidden."""
    report = told.report
    seen = [fields(each) for each in (report.watch, report.also, report.unsure, report.hardly_seen)]
    names = [
        {finding.key for finding in each}
        for each in ((*report.watch, *report.also, *report.unsure), report.hardly_seen)
    ]
    places = [{place for place in Place if place in each} for each in (report.not_visible, report.partly_visible)]
    return sum(map(len, seen)) != len(set().union(*seen)) or bool(names[0] & names[1]) or bool(places[0] & places[1])


def drawn_without_a_name(told: Told, caption: str) -> set[MarkKind]:
    """Kinds that the card shows and the caption does not name, or the other way round; or surely there, and neither."""
    named = {kind for kind in told.analysis.marks if MARK_EMOJI[kind] in caption}
    drawn = set(shown_on(TOLD, told.analysis, told.report, left_out=()).marks)
    sure = {kind for kind, boxes in told.analysis.marks.items() if sure_boxes(boxes)}
    if told.analysis.provider is Provider.LOCAL and PhotoIssue.TINTED_LIGHT in told.doubts:
        sure.discard(MarkKind.RED_SPOTS)  # by the lamp
    return (named ^ drawn) | (drawn ^ sure) | (drawn ^ told.report.marked_kinds)


def misses_a_doctor_line(told: Told) -> bool:
    area = told.analysis.redness.area if told.analysis.redness else None
    is_tinted = told.analysis.provider is Provider.LOCAL and PhotoIssue.TINTED_LIGHT in told.doubts
    red = area is not None and area >= 0.3 and not is_tinted
    many = len(sure_boxes(told.analysis.marks.get(MarkKind.ACNE, ()))) >= 10
    lines = set(told.report.doctor)
    return (red and not lines & WITH_MUCH_REDNESS) or (many and not lines & WITH_MANY_PIMPLES)


@each_analyzer
def test_random_answers(make: Make) -> None:
    """What matters most leads, nothing contradicts, all that is drawn is named, no doubt is praised."""
    faults: Counter[str] = Counter()
    lengths = []
    for each in told(make):
        caption = RENDERER.render("report", "en", each.view).text
        said = plain(caption)
        lengths.append(visible_length(caption))
        faults["first item is not the one with the highest grade"] += leads_wrongly(each)
        faults["contradictions"] += contradicts(each)
        faults["drawn, not named"] += bool(drawn_without_a_name(each, said))
        faults["absence told in spite of a doubt"] += each.is_doubtful and (
            bool(each.report.hardly_seen) or any(words in said for words in ABSENCES if "where I can see" not in said)
        )
        faults["no doctor line for much redness or many pimples"] += misses_a_doctor_line(each)
        faults["too many doctor lines, or not the urgent first"] += len(each.report.doctor) > 2 or list(
            each.report.doctor
        ) != sorted(each.report.doctor, key=lambda note: URGENCY[note])
        faults["moles seen, no line on moles"] += bool(each.analysis.marks.get(MarkKind.MOLE)) and not {
            DoctorNote.MOLES,
            DoctorNote.MOLES_AND_SORES,
        } & set(each.report.doctor)
    figures(make, f"{len(lengths)} reports, median {median(lengths):.0f}, longest {max(lengths)}")
    for name, count in faults.items():
        figures(make, f"{count} {name}")
    assert +faults == Counter()
    assert median(lengths) <= MEDIAN
    assert max(lengths) <= CAPTION_LIMIT


@each_analyzer
def test_no_words_are_too_long_to_be_delivered(make: Make, tmp_path: Path) -> None:
    """Each sentence 35 % longer, as in other languages: each caption fits, with all doctor lines and what is drawn."""
    long_words = renderer_of_long_words(tmp_path)
    changes = (*SINCE, replace(SINCE[1], changes=EVERY_CHANGE), None)
    lengths, without_step = [], 0
    for place, each in enumerate(told(make)):
        view = replace(each.view, change=changes[place % len(changes)], album=(2, 3), asks=place % 2 == 0)
        caption = long_words.render("report", LOCALE, view).text
        lengths.append(visible_length(caption))
        without_step += "🌱" not in caption
        assert lengths[-1] <= CAPTION_LIMIT
        assert len(caption.rpartition("🩺")[2].partition("\n\n")[0].split("\n")) >= len(each.report.doctor)
        assert not drawn_without_a_name(each, caption)
    figures(make, f"35 % longer: median {median(lengths):.0f}, longest {max(lengths)}, {without_step} without a step")


@each_analyzer
@pytest.mark.parametrize("locale", [locale for locale in RENDERER.locales if locale != "en"])
def test_random_answers_in_other_languages(make: Make, locale: str) -> None:
    """What is told is the same; each fits, and names what is drawn."""
    for each in told(make, rounds=ROUNDS // 10):
        caption = RENDERER.render("report", locale, each.view).text
        assert visible_length(caption) <= CAPTION_LIMIT
        assert not drawn_without_a_name(each, plain(caption))


def test_what_is_disputed_is_never_the_reason() -> None:
    """Everything that was seen, called not true: nothing stands out or is drawn, nobody is sent to a doctor."""
    chances = random.Random(17)
    everything = frozenset({*Reading, *MarkKind, "sensitivity"})
    for _ in range(200):
        analysis = replace(random_vendor(chances), skin_type=None)
        report, after = assess(analysis), assess(analysis, disputed=everything)
        assert (after.watch, after.also, after.doctor, after.unsure, after.hardly_seen) == ((), (), (), (), ())
        assert (after.marked_kinds, after.moles) == (frozenset(), None)
        assert {each.key for each in report.watch} <= {each.key for each in after.untrue}


@each_analyzer
def test_nothing_is_said_ten_times(make: Make) -> None:
    """Neither in the report nor in its details is a line there twice."""
    for each in told(make, rounds=ROUNDS // 10):
        for name in ("report", "details"):
            lines = [line for line in plain(RENDERER.render(name, "en", each.view).text).splitlines() if line]
            assert len(lines) == len(set(lines))


@each_analyzer
def test_each_finding_has_one_line(make: Make) -> None:
    """As `skinbot analyze --json` tells it: its name, what there is to say of it, and nothing twice."""
    for each in told(make, rounds=ROUNDS // 30):
        for finding in (*each.report.watch, *each.report.also, *each.report.hardly_seen):
            line = plain(RENDERER.render(FindingView(finding=finding), "en").text)
            assert re.fullmatch(r"[A-Z][^\n:]+(: [^\n:]+)?", line)
