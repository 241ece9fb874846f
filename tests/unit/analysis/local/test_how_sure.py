"""What "How sure is this?" says is what docs/on-device.md measured, in every language, and names nobody's tone."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.rendering.renderer import Renderer
from bot.skin.assess import assess
from bot.views.reports import ReportView
from tests.analyses import clear_skin, on_device

RENDERER = Renderer()
DOCS = (Path(__file__).parents[4] / "docs" / "on-device.md").read_text(encoding="utf-8")
TENTHS = {"en": {8: "eight of ten", 9: "nine of ten"}, "es": {8: "ocho de cada diez", 9: "nueve de cada diez"}}
TITLES = {"en": "How sure is this?", "es": "¿Hasta qué punto es fiable?"}
BLUSH = {"en": "faint blush", "es": "rubor leve"}
LOCALES = [pytest.param(locale, id=locale) for locale in RENDERER.locales]


def cells(group: str) -> list[str]:
    """Of a group in the table by tone and by light."""
    (row,) = re.findall(rf"^\| {re.escape(group)} \| (.*) \|$", DOCS, re.MULTILINE)
    return [cell.strip() for cell in row.split("|")]


def recall(cell: str) -> int:
    """Percent."""
    return int(cell.split(" %", maxsplit=1)[0])


def told(locale: str, *, redness: bool = True) -> str:
    """The line about how sure it is; empty where there is none."""
    report = assess(on_device())
    report = report if redness else replace(report, redness=None)
    view = ReportView(number=9, when=datetime(2026, 11, 22, tzinfo=UTC), report=report)
    text = RENDERER.render("details", locale, view).text
    return next((line for line in text.splitlines() if TITLES[locale] in line), "")


@pytest.mark.parametrize("locale", LOCALES)
def test_of_ten_drawn_spots_as_many_are_named_as_were_found(locale: str) -> None:
    """Dark ones first, then red ones; the bright photo, of which it warns, is the worst light for both."""
    found = cells("all")
    dark, red = recall(found[6]), recall(found[8])
    named = [TENTHS[locale][round(each / 10)] for each in (dark, red)]
    said = told(locale)

    assert -1 < said.find(named[0]) < said.rfind(named[1])
    lights = ("as it is", "+0.7 EV", "−0.7 EV", "−2 EV", "12 % warmer", "12 % cooler", "side light 15 %")
    assert min(lights, key=lambda light: recall(cells(light)[6])) == "+0.7 EV"


@pytest.mark.parametrize("locale", LOCALES)
def test_that_a_blush_looks_weaker_is_said_where_redness_is_told_and_was_measured(locale: str) -> None:
    """Four a* more read as less."""
    answer = float(cells("all")[5].split(" ")[0])
    assert 0 < answer < 4
    assert BLUSH[locale] in told(locale)
    assert BLUSH[locale] not in told(locale, redness=False)


def test_only_this_device_says_so() -> None:
    """Nothing of it was measured with the vendor's numbers."""
    view = ReportView(number=9, when=datetime(2026, 11, 22, tzinfo=UTC), report=assess(clear_skin()))
    assert TITLES["en"] not in RENDERER.render("details", "en", view).text
