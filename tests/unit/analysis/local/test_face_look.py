"""The face that the first look saw is drawn on; it is sought once more only where that is not the analyzer's."""

import io
import math
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from bot.analysis.face_look import FaceLook
from bot.analysis.photo_look import looked_at
from bot.analysis.pixel_tasks import draw_card
from bot.imaging.intake.clean_photo import CleanPhoto, SeenFace
from bot.skin.analysis import Box, MarkKind
from bot.skin.card import OnCard
from tests.pictures import drawn_face

FACE = drawn_face().resize((600, 600))


def jpeg_of(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def side_by_side() -> bytes:
    picture = Image.new("RGB", (1200, 600), (196, 202, 208))
    picture.paste(FACE, (0, 0))
    picture.paste(FACE, (600, 0))
    return jpeg_of(picture)


def seen_in(image: Image.Image) -> SeenFace:
    seen = looked_at(jpeg_of(image), can_see=True).face
    assert seen is not None
    return seen


def middle_of(look: FaceLook) -> tuple[float, float]:
    """Between the eyes, in the photo."""
    (x, y), canvas = look.shape.middle, look.canvas
    return x / canvas.scale + canvas.corner[0], y / canvas.scale + canvas.corner[1]


@pytest.mark.parametrize("side", [600, 3000])
def test_it_lies_where_one_would_find_it_anew(side: int) -> None:
    """Within a hundredth of the eyes' distance, in small and in large photos."""
    image = FACE.resize((side, side))
    anew, handed = FaceLook(jpeg_of(image), None), FaceLook(jpeg_of(image), None, seen_in(image))
    apart = handed.shape.apart / handed.canvas.scale
    assert math.dist(middle_of(anew), middle_of(handed)) < 0.01 * apart
    assert handed.shape.apart == pytest.approx(anew.shape.apart, rel=0.01)


def test_of_two_the_one_that_was_seen_is_drawn_on() -> None:
    """Nobody else is looked for."""
    seen = seen_in(FACE)
    right = replace(seen, middle=(seen.middle[0] + 600, seen.middle[1]))
    for face, least in ((seen, 0), (right, 600)):
        assert least < middle_of(FaceLook(side_by_side(), None, face))[0] < least + 600


def test_an_analyzer_that_saw_another_face_is_followed() -> None:
    """Its square says which."""
    box = Box(left=600 + 150, top=230, width=300, height=300)
    assert middle_of(FaceLook(side_by_side(), box, seen_in(FACE)))[0] > 600


def test_where_no_face_is_any_more_it_is_sought() -> None:
    """A photo that was fetched once more may be another file."""
    astray = SeenFace(middle=(60, 60), side=60, roll=0, score=0.9)
    assert math.dist(middle_of(FaceLook(jpeg_of(FACE), None, astray)), middle_of(FaceLook(jpeg_of(FACE), None))) < 1


def test_a_photo_that_lay_on_its_side_has_its_face_where_it_then_stands() -> None:
    """In the pixels of the photo that is handed on."""
    lying = looked_at(jpeg_of(FACE.transpose(Image.Transpose.ROTATE_90)), can_see=True)
    upright = seen_in(FACE)
    assert lying.face is not None
    assert math.dist(lying.face.middle, upright.middle) < 0.05 * upright.side
    assert abs(lying.face.roll) < math.radians(5)


def test_without_the_one_face_none_is_handed_on() -> None:
    """None at all, and two."""
    for data in (jpeg_of(FACE.crop((0, 0, 300, 220))), side_by_side()):
        assert looked_at(data, can_see=True).face is None


@pytest.mark.parametrize("side", [700, 1600, 2900])
def test_a_large_photo_is_drawn_on_as_the_face_it_is_mostly(side: int) -> None:
    """The whole is not decoded again; a mark stands where it stands on the whole, within a hundredth of the card.

    The face has as many pixels as the whole has of it, up to what a card shows.
    """
    picture = Image.new("RGB", (4000, 3000), (196, 202, 208))
    picture.paste(drawn_face().resize((side, side)), (900, 60))
    photo = looked_at(jpeg_of(picture), can_see=True).without_pixels()
    assert photo.face is not None
    assert photo.face.close_up is not None
    assert len(photo.face.close_up.jpeg) < len(photo.jpeg)
    assert photo.face.close_up.scale * side * 180 / 800 >= min(230, side * 180 / 800) - 1
    spot = Box(left=900 + side * 0.3, top=60 + side * 0.65, width=side * 0.02, height=side * 0.02)
    handed, whole = (
        place_of(spot, replace(photo, face=face)) for face in (photo.face, replace(photo.face, close_up=None))
    )
    assert handed == pytest.approx(whole, abs=0.01)


def test_a_photo_that_is_mostly_face_is_decoded_again() -> None:
    """A close-up would be as large."""
    assert seen_in(drawn_face()).close_up is None


def place_of(box: Box, photo: CleanPhoto) -> tuple[float, float]:
    """The middle of what a mark changes on the card, in shares of its width."""
    bare, marked = (
        Image.open(io.BytesIO(draw_card(photo, shown, None))).convert("RGB")
        for shown in (OnCard(bare=True), OnCard(marks={MarkKind.ACNE: (box,)}))
    )
    found = ImageChops.difference(bare, marked).convert("L").point([0] * 40 + [255] * 216).getbbox()
    assert found is not None
    left, top, right, bottom = found
    return (left + right) / 2 / bare.width, (top + bottom) / 2 / bare.width
