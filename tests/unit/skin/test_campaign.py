"""Random answers of both analyzers, read as a person reads them: what must be said is said, and nothing else is."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from os import environ
from typing import Final

import pytest

from bot.rendering.renderer import CAPTION_LIMIT, Renderer, plain, visible_length
from bot.skin.analysis import Analysis, Angle, Box, Classified, MarkKind, Provider, Reading, Redness, SkinType, SkinZone
from bot.skin.assess import assess
from bot.skin.photo import PhotoIssue
from bot.skin.report import DoctorNote, PhotoNote
from bot.views.reports import ReportView
from tests.analyses import boxes
from tests.progressing import SINCE

RENDERER: Final = Renderer()
WHEN: Final = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)
ROUNDS: Final = int(environ.get("SKINBOT_ANALYSES", "60"))  # 1500 by hand

_VENDORS: Final = (MarkKind.ACNE, MarkKind.CLOSED_COMEDONES, MarkKind.SKIN_SPOT, MarkKind.MOLE)
_LITTLE_REDNESS: Final = {"en": "Very little redness", "es": "Se ve muy poca rojez"}
_NOTHING: Final = {"en": ("Nothing stands out in this photo", "Not seen:", "Hardly seen"), "es": ("no destaca nada.",)}


def vendor(chances: random.Random) -> Analysis:
    def some(most: int) -> tuple[Box, ...]:
        count = chances.choice((0, 0, 1, 2, chances.randint(0, most)))
        return tuple(box for _ in range(count) for box in boxes(1, chances.random()))

    return Analysis(
        provider=Provider.AILAB,
        face=Box(left=50, top=50, width=(side := chances.choice((300, 500, 900))), height=side),
        head_pose_warning=chances.random() < 0.1,
        readings={
            reading: Classified(value=chances.choice((0, 0, 1, 2, 3)), confidence=chances.random())
            for reading in Reading
            if chances.random() < 0.9
        },
        marks={kind: some(40) for kind in _VENDORS},
        skin_type=Classified(value=chances.choice(list(SkinType)), confidence=chances.random()),
        skin_age=chances.randint(14, 80),
        ita=Angle(degrees=chances.uniform(-40, 60), band=chances.choice((1, 2, 3, 4, 6))),
        hue=Angle(degrees=chances.uniform(20, 70), band=chances.choice((0, 1, 2, 3))),
        redness=Redness(area=chances.random() ** 3, intensity=chances.uniform(0, 99)),
    )


def local(chances: random.Random) -> Analysis:
    return Analysis(
        provider=Provider.LOCAL,
        face=Box(left=50, top=50, width=(side := chances.choice((300, 500, 900))), height=side),
        marks={kind: boxes(chances.choice((0, 0, 1, 4, 12))) for kind in (MarkKind.RED_SPOTS, MarkKind.DARK_SPOTS)},
        ita=Angle(degrees=30.0, band=chances.choice((2, 3, 4, 6))),
        redness=Redness(area=chances.random() ** 3, intensity=chances.uniform(0, 99)),
        not_visible=frozenset(chances.sample(list(SkinZone), chances.choice((0, 0, 1, 3)))),
        partly_visible=frozenset(chances.sample(list(SkinZone), chances.choice((0, 1, 4)))),
    )


def sure_pimples(analysis: Analysis) -> int:
    return sum((box.confidence or 0) >= 0.55 for box in analysis.marks.get(MarkKind.ACNE, ()))


@pytest.mark.parametrize("make", [vendor, local])
@pytest.mark.parametrize("locale", RENDERER.locales)
def test_random_answers(make: Callable[[random.Random], Analysis], locale: str) -> None:
    """Much redness and many pimples have their doctor line; a doubt tells no absence; each caption fits."""
    chances = random.Random(16)
    for _ in range(ROUNDS):
        analysis = make(chances)
        doubts = frozenset(chances.sample(list(PhotoIssue), chances.choice((0, 0, 0, 1, 2))))
        report = assess(analysis, doubts=doubts, show_skin_age=True)
        view = ReportView(number=46, when=WHEN, report=report, has_redness=True, change=chances.choice((*SINCE, None)))
        caption = RENDERER.render("report", locale, view).text
        said = plain(caption)
        assert visible_length(caption) <= CAPTION_LIMIT
        assert said.count("🩺") == min(2, len(report.doctor))
        area = analysis.redness.area if analysis.redness else None
        is_tinted = analysis.provider is Provider.LOCAL and PhotoIssue.TINTED_LIGHT in doubts
        if area is not None and area >= 0.3 and not is_tinted:
            assert DoctorNote.REDNESS in report.doctor[:2]
        if sure_pimples(analysis) >= 10:
            assert DoctorNote.ACNE in report.doctor[:2]
        if set(report.photo_notes) - {PhotoNote.SIDE_LIGHT} or analysis.not_visible:
            details = plain(RENDERER.render("details", locale, view).text)
            assert report.strengths == ()
            for words in (_LITTLE_REDNESS[locale], *_NOTHING[locale]):
                assert words not in said + details
        assert assess(analysis, doubts=doubts, disputed=frozenset(MarkKind)).moles is None


def test_what_is_disputed_is_never_the_reason() -> None:
    """Everything that was seen, called not true: nothing stands out, nothing is advised, nobody is sent to a doctor."""
    chances = random.Random(17)
    for _ in range(ROUNDS):
        analysis = replace(vendor(chances), skin_type=None)
        report = assess(analysis)
        everything = frozenset({*Reading, *MarkKind, "sensitivity"})
        after = assess(analysis, disputed=everything)
        assert (after.watch, after.doctor, after.zones, after.unsure) == ((), (), (), ())
        assert {each.key for each in report.watch} <= {each.key for each in after.untrue}
