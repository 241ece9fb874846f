"""What an analyzer's earlier version said is told by what is known of it today."""

import pytest

from bot.skin.analysis import Analysis, MarkKind, Provider, Redness
from bot.skin.assess import assess
from bot.skin.findings import findings
from bot.skin.instrument import FIRST, Instrument
from bot.skin.report import DoctorNote
from tests.analyses import FACE, boxes, usual_skin

FIRST_HERE = Instrument.named(Provider.LOCAL, None)
SECOND_HERE = Instrument(provider=Provider.LOCAL, version="2")


def measured_here() -> Analysis:
    marks = {MarkKind.RED_SPOTS: boxes(3), MarkKind.DARK_SPOTS: boxes(4)}
    redness = Redness(area=0.2, intensity=34)
    return Analysis(provider=Provider.LOCAL, face=FACE, marks=marks, redness=redness)


def test_the_first_one_here_counts_no_spots_any_more() -> None:
    """That there are some is still told and drawn, and who should be asked about them; how many is not."""
    told = FIRST_HERE.as_told_today(measured_here())
    counts = {finding.key: finding.count for finding in findings(told) if finding.key.endswith("_spots")}
    assert counts == {"red_spots": None, "dark_spots": None}
    assert all(finding.seen for finding in findings(told))
    assert told.marks == measured_here().marks
    assert DoctorNote.MOLES_AND_SORES in assess(told).doctor


@pytest.mark.parametrize("instrument", [FIRST_HERE, SECOND_HERE])
def test_no_strength_of_redness_is_told_of_this_device(instrument: Instrument) -> None:
    """It was 0 or above 30 by construction; the area is told as ever."""
    assert instrument.as_told_today(measured_here()).redness == Redness(area=0.2, intensity=None)


def test_what_the_vendor_measured_is_told_as_it_came() -> None:
    assert Instrument.named(Provider.AILAB, None).as_told_today(usual_skin()) == usual_skin()


def test_first_versions_are_written_down_for_good() -> None:
    """Old reports say nothing of their version: another word here would make them another analyzer's."""
    assert FIRST == {Provider.AILAB: "skin-analysis-advanced", Provider.LOCAL: "1"}
