"""Pieces of a mask and their straight-sided outlines, on drawn shapes."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.analysis.local.outlines import Point, area_of, outline_of, pieces_of
from bot.analysis.local.planes import Mask

SHAPES: dict[str, list[Point]] = {
    "aslant": [(20, 20), (100, 40), (90, 120), (15, 90)],
    "upright": [(150, 50), (220, 50), (220, 150), (150, 150)],
    "triangle": [(240, 120), (299, 110), (270, 190)],
}


def drawn(*outlines: list[Point]) -> Mask:
    image = Image.new("L", (320, 200))
    for outline in outlines:
        ImageDraw.Draw(image).polygon(outline, fill=1)
    return np.asarray(image).view(np.bool_)


@pytest.mark.parametrize("name", SHAPES)
def test_outline_has_the_corners_that_were_drawn(name: str) -> None:
    """Each within a few pixels, and no more of them."""
    (piece,) = pieces_of(drawn(SHAPES[name]), least_px=50)
    corners = outline_of(piece)
    assert len(corners) == len(SHAPES[name])
    for drawn_corner in SHAPES[name]:
        assert min(max(abs(x - drawn_corner[0]), abs(y - drawn_corner[1])) for x, y in corners) <= 4
    assert area_of(corners) == pytest.approx(piece.area, rel=0.06)


def test_a_round_piece_has_many_corners() -> None:
    """It is not taken for four sides."""
    image = Image.new("L", (200, 200))
    ImageDraw.Draw(image).ellipse((20, 30, 140, 150), fill=1)
    (piece,) = pieces_of(np.asarray(image).view(np.bool_), least_px=50)
    assert len(outline_of(piece)) > 5


def test_pieces_are_told_apart_and_small_ones_left_out() -> None:
    """What touches from row to row is one, also a ring; what is apart by a pixel is two."""
    ring = np.zeros((40, 60), dtype=np.bool_)
    ring[5:25, 5:25] = True
    ring[10:20, 10:20] = False
    ring[5:25, 26:40] = True
    ring[30, 30] = True
    assert sorted(piece.area for piece in pieces_of(ring, least_px=5)) == [280, 300]
    assert [(piece.left, piece.top, piece.right, piece.bottom) for piece in pieces_of(ring, least_px=290)] == [
        (5, 5, 25, 25)
    ]


def test_nothing_has_no_pieces() -> None:
    """An empty mask."""
    assert list(pieces_of(np.zeros((20, 20), dtype=np.bool_), least_px=1)) == []
