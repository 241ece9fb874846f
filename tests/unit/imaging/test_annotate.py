"""Marks stand where the findings are, leave the skin free, and can be told apart."""

import io
import itertools
import math

import pytest
from PIL import Image, ImageChops

from bot.imaging.canvas import Canvas
from bot.imaging.intake.photo import take_in
from bot.imaging.pictures.annotate import annotate
from bot.imaging.pictures.marks import STYLES, sprite
from bot.imaging.pictures.redness import blend_redness, grid_of, is_grid
from bot.skin.analysis import Box, MarkKind
from bot.skin.report import MARK_EMOJI
from tests.ailab import red_map
from tests.pictures import drawn_face, selfie

GREY = Canvas(image=Image.new("RGB", (1000, 1000), (150, 120, 105)), scale=1.0)
FACE = Box(left=250, top=250, width=500, height=500)


def changed(canvas: Canvas, drawn: bytes, area: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Where the drawing differs within an area: its bounding box on the canvas."""
    after = Image.open(io.BytesIO(drawn)).convert("RGB")
    assert after.size == canvas.image.size
    strong = ImageChops.difference(after, canvas.image).convert("L").point([0] * 24 + [255] * 232)
    found = strong.crop(area).getbbox()
    return found and (found[0] + area[0], found[1] + area[1], found[2] + area[0], found[3] + area[1])


@pytest.mark.parametrize("kind", [kind for kind in MarkKind if kind is not MarkKind.DARK_SPOTS])
@pytest.mark.parametrize(
    "box", [Box(left=400, top=500, width=9, height=9), Box(left=600, top=300, width=60, height=44)]
)
def test_a_mark_is_centred_on_its_box(kind: MarkKind, box: Box) -> None:
    """Within two pixels, small boxes and large ones alike."""
    x, y = box.centre
    around = (int(x) - 90, int(y) - 90, int(x) + 90, int(y) + 90)
    found = changed(GREY, annotate(GREY.copied(), {kind: (box,)}, face=FACE), around)
    assert found is not None
    assert math.dist(((found[0] + found[2]) / 2, (found[1] + found[3]) / 2), (x, y)) <= 2


@pytest.mark.parametrize("kind", list(MarkKind))
def test_the_skin_inside_a_mark_is_not_covered(kind: MarkKind) -> None:
    """The box itself stays as it was."""
    box = Box(left=480, top=490, width=16, height=12)
    inside = (481, 491, 495, 501)
    assert changed(GREY, annotate(GREY.copied(), {kind: (box,)}, face=FACE), inside) is None


@pytest.mark.parametrize("width", [3000, 1280, 640])
def test_boxes_follow_the_photos_scale(width: int) -> None:
    """Boxes are in pixels of what was sent; the drawing is at most 1280 px."""
    photo = take_in(selfie((width, width)))
    box = Box(left=width * 0.6, top=width * 0.55, width=width * 0.02, height=width * 0.02)
    x, y = (side * photo.canvas.scale for side in box.centre)
    around = (int(x) - 60, int(y) - 60, int(x) + 60, int(y) + 60)
    found = changed(photo.canvas, annotate(photo.canvas.copied(), {MarkKind.ACNE: (box,)}, face=FACE), around)
    assert found is not None
    assert math.dist(((found[0] + found[2]) / 2, (found[1] + found[3]) / 2), (x, y)) <= 2


def test_broken_boxes_do_no_harm() -> None:
    """No size, no number, outside of the picture: left out, or brought to the edge."""
    boxes = (
        Box(left=5, top=5, width=0, height=0),
        Box(left=math.nan, top=5, width=9, height=9),
        Box(left=math.inf, top=5, width=9, height=9),
        Box(left=-500, top=-500, width=90, height=90),
        Box(left=5000, top=5000, width=90, height=90),
        Box(left=-1e12, top=1e12, width=1e12, height=1e12),
    )
    drawn = annotate(GREY.copied(), {MarkKind.MOLE: boxes})
    assert Image.open(io.BytesIO(drawn)).size == (1000, 1000)


def test_two_hundred_boxes_on_a_tiny_picture_are_drawn() -> None:
    """The legend shrinks with the picture."""
    tiny = Canvas(image=Image.new("RGB", (220, 205), (150, 120, 105)), scale=0.5)
    boxes = tuple(Box(left=i % 20 * 20, top=i // 20 * 40, width=6, height=6) for i in range(200))
    drawn = annotate(tiny.copied(), dict.fromkeys(MarkKind, boxes))
    assert Image.open(io.BytesIO(drawn)).size == (220, 205)


def test_nothing_found_draws_nothing() -> None:
    """No findings, no legend: the photo as it is."""
    assert changed(GREY, annotate(GREY.copied(), {MarkKind.ACNE: ()}), (0, 0, 1000, 1000)) is None


def test_the_legend_keeps_off_marks_and_face() -> None:
    """With marks in three corners it takes the fourth."""
    marks = tuple(Box(left=x, top=y, width=20, height=20) for x, y in ((30, 30), (950, 30), (30, 950)))
    drawn = annotate(GREY.copied(), {MarkKind.ACNE: marks}, face=FACE)
    assert changed(GREY, drawn, (800, 880, 1000, 1000)) is not None
    for box in marks:
        x, y = (int(side) for side in box.centre)
        assert changed(GREY, drawn, (x - 8, y - 8, x + 8, y + 8)) is None


def test_kinds_differ_in_shape_not_only_in_colour() -> None:
    """Whoever can't tell the colours apart tells the outlines apart."""
    for one, other in itertools.combinations(MarkKind, 2):
        first, second = (sprite(kind, 14, 3.0).image.getchannel("A") for kind in (one, other))
        side = max(first.width, second.width)
        stack = [Image.new("L", (side, side)) for _ in range(2)]
        for ground, line in zip(stack, (first, second), strict=True):
            ground.paste(line, ((side - line.width) // 2, (side - line.height) // 2))
        apart = ImageChops.difference(*stack).histogram()
        assert sum(apart[128:]) > 40, (one, other)


def test_the_pictures_colours_are_the_captions_emoji() -> None:
    """One palette for the drawing and for the words."""
    assert {kind: style.emoji for kind, style in STYLES.items()} == dict(MARK_EMOJI)


def test_redness_is_blended_where_the_map_is_red() -> None:
    """The map's red area shows, its white ground leaves the photo; by the grid that is kept as well."""
    photo = take_in(selfie((640, 640)))
    grid = grid_of(red_map((640, 640)))
    assert grid is not None
    white = blend_redness(photo.canvas, white_map())
    for version in (red_map((640, 640)), grid):
        blended = blend_redness(photo.canvas, version)
        assert blended is not None
        assert white is not None
        side = Image.open(io.BytesIO(blended)).width
        assert changed(opened(white), blended, (0, 0, side, side * 4 // 10)) is None
        assert changed(opened(white), blended, (side // 4, side // 2, side, side * 3 // 4)) is not None


def opened(picture: bytes) -> Canvas:
    return Canvas(image=Image.open(io.BytesIO(picture)).convert("RGB"), scale=1.0)


@pytest.mark.parametrize("size", [(900, 1200), (1200, 900), (384, 384), (4000, 500)])
def test_the_map_is_kept_without_the_face_in_it(size: tuple[int, int]) -> None:
    """At most 32 x 32 cells, and of the vendor's pale drawing of eyes, nose and mouth nothing at all."""
    pale = Image.new("RGB", size, "white")
    pale.paste(drawn_face().resize(size).point([205 + value // 5 for value in range(256)] * 3))
    grid = grid_of(as_jpeg(pale))
    assert grid is not None
    assert is_grid(grid)
    assert max(grid[:2]) == 32
    assert len(grid) <= 2 + 32 * 32
    assert not any(grid[2:])


def test_a_map_that_was_kept_before_is_no_grid() -> None:
    """So that it is found and made coarse."""
    assert not is_grid(red_map((384, 384)))
    assert not is_grid(b"")


def as_jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def white_map() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 640), "white").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize("broken", [b"", b"\xff\xd8\xff\xe0 broken", b"not a picture"])
def test_a_broken_map_is_no_map(broken: bytes) -> None:
    """It costs the second picture, not the report."""
    canvas = Canvas(image=drawn_face(), scale=1.0)
    assert blend_redness(canvas, broken) is None
    assert grid_of(broken) is None
