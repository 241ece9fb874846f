"""The drawn face, which whoever has no selfie at hand sends first."""

import io

import pytest
from PIL import Image

from bot.analysis.local.measure import measured
from bot.playground.page.sample import sample_face
from bot.skin.analysis import MarkKind


@pytest.mark.parametrize("day", [0, 1, 2])
def test_the_on_device_analyzer_reads_it(day: int) -> None:
    """One face, some redness, a few spots to look at: a first report that shows what the bot can do."""
    analysis = measured(sample_face(day)).analysis
    assert analysis.face is not None
    assert 2 <= len(analysis.marks[MarkKind.RED_SPOTS]) <= 8


def test_a_day_is_a_picture_of_its_own_and_always_the_same() -> None:
    """Days differ, so that there is something to compare; one day drawn twice is the same photo."""
    assert sample_face(0) != sample_face(1)
    assert sample_face.__wrapped__(1) == sample_face(1)
    with Image.open(io.BytesIO(sample_face(0))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (960, 1200))
