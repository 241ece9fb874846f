"""Before and after: eye on eye, without bars, in the light they were taken in."""

import io
import math
from typing import Final

import pytest
from PIL import Image, ImageStat

from bot.analysis import pixel_tasks
from bot.analysis.local.faces import find_faces, looked_over
from bot.skin.analysis import Box
from tests.pictures import drawn_face, lit

PANE_PX: Final = 640
GAP_PX: Final = 16
FOOT_PX: Final = 96
PHOTOS: Final = {
    "straight": (0, (0, 0, 800, 800), 800),
    "turned": (14, (0, 0, 800, 800), 700),
    "near": (-6, (140, 120, 680, 760), 900),
    "far": (3, (-500, -200, 1300, 1600), 1200),
    "at an edge": (0, (150, 0, 800, 780), 600),
}


def side(name: str) -> pixel_tasks.Side:
    turn, part, height = PHOTOS[name]
    image = drawn_face().rotate(turn, Image.Resampling.BICUBIC, fillcolor=(196, 202, 208))
    ground = Image.new("RGB", (part[2] - part[0], part[3] - part[1]), (196, 202, 208))
    ground.paste(image, (-part[0], -part[1]))
    photo = ground.resize((round(height * ground.width / ground.height), height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=92)
    return pixel_tasks.Side(jpeg=buffer.getvalue(), face=None, label="3 jun 2026 · 1")


def panes(before: pixel_tasks.Side, after: pixel_tasks.Side) -> list[Image.Image]:
    picture = Image.open(io.BytesIO(pixel_tasks.draw_pair(before, after))).convert("RGB")
    assert picture.width == 2 * PANE_PX + GAP_PX
    height = picture.height - FOOT_PX
    return [picture.crop((left, 0, left + PANE_PX, height)) for left in (0, PANE_PX + GAP_PX)]


@pytest.mark.parametrize("name", PHOTOS)
def test_the_eyes_of_a_pair_are_at_the_same_places(name: str) -> None:
    """Within two pixels of 640, whatever the photos' size, tilt and crop."""
    eyes = [looked_over(pane, find_faces(pane)[0]).eyes for pane in panes(side("straight"), side(name))]
    assert math.dist(eyes[0].left, eyes[1].left) <= 2
    assert math.dist(eyes[0].right, eyes[1].right) <= 2


@pytest.mark.parametrize("name", PHOTOS)
def test_a_pair_has_no_bars(name: str) -> None:
    """Along no edge of a pane is there anything darker than these photos have there."""
    for pane in panes(side("straight"), side(name)):
        edges = ((0, 0, PANE_PX, 6), (0, 0, 6, pane.height), (PANE_PX - 6, 0, PANE_PX, pane.height))
        assert all(min(ImageStat.Stat(pane.crop(edge)).mean) > 60 for edge in edges)


def test_light_is_left_as_it_was_taken() -> None:
    """A photo in warmer, darker light stays so."""
    buffer = io.BytesIO()
    lit(drawn_face(), (0.6, 0.45, 0.3)).save(buffer, "JPEG", quality=92)
    dark = pixel_tasks.Side(jpeg=buffer.getvalue(), face=None, label="")
    one, other = (ImageStat.Stat(pane).mean for pane in panes(side("straight"), dark))
    assert one[2] / one[0] > other[2] / other[0] + 0.1
    assert sum(one) > sum(other) * 1.2


def test_photos_without_faces_stand_side_by_side_whole() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 400), (200, 20, 20)).save(buffer, "JPEG")
    plain = pixel_tasks.Side(jpeg=buffer.getvalue(), face=Box(left=0, top=0, width=0, height=0), label="")
    for pane in panes(plain, plain):
        assert ImageStat.Stat(pane).mean == pytest.approx((200, 20, 20), abs=4)
