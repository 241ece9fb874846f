"""A report for whoever would rather not count."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.rendering.renderer import Renderer, plain
from bot.skin.analysis import Analysis, Provider
from bot.skin.assess import assess, seen_findings
from bot.skin.quiet import without_numbers
from bot.views.reports import ReportView
from tests.analyses import clear_skin, everything_at_once, on_device, usual_skin

RENDERER = Renderer()
ANALYSES = [clear_skin(), usual_skin(), everything_at_once(), on_device()]


@pytest.mark.parametrize("analysis", ANALYSES)
@pytest.mark.parametrize("locale", RENDERER.locales)
def test_no_measured_number_is_told(analysis: Analysis, locale: str) -> None:
    """Neither in the caption nor in the details: what is left of digits stands in care steps and doctor lines."""
    told = without_numbers(assess(analysis, show_skin_age=True))
    view = ReportView(number=1, when=datetime(2026, 5, 4, tzinfo=UTC), report=told)
    for name in ("report", "details"):
        text = plain(RENDERER.render(name, locale, view).text)
        said = re.split("🌱|🩺|NHS", text)[0].split("\n", 1)[1]
        assert not any(sign.isdigit() or sign in "%°" for sign in said), text


@pytest.mark.parametrize("analysis", ANALYSES)
def test_the_same_is_seen(analysis: Analysis) -> None:
    """Order, sureness and words stay as they are."""
    loud = assess(analysis)
    quiet = without_numbers(loud)
    assert [finding.key for finding in quiet.watch] == [finding.key for finding in loud.watch]
    assert (quiet.step, quiet.doctor, quiet.provider) == (loud.step, loud.doctor, loud.provider)
    assert without_numbers(quiet) == quiet


@pytest.mark.parametrize("analysis", [*ANALYSES, replace(everything_at_once(confidence=0.3), provider=Provider.AILAB)])
def test_what_was_seen_can_be_named_one_by_one(analysis: Analysis) -> None:
    """Sure or not, each thing once, and no field in two of them."""
    seen = seen_findings(analysis)
    fields = [key for finding in seen for key in finding.parts or (finding.key,)]
    assert len(fields) == len(set(fields))
    assert all(finding.seen for finding in seen)
