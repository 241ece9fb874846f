"""What the on-device analyzer measures, on drawn faces whose every colour and place is known."""

import io
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFilter, ImageStat

from bot.analysis import PhotoRefused
from bot.analysis.local.affine import Affine
from bot.analysis.local.faces import find_faces, settled
from bot.analysis.local.frame import APART_PX, HEIGHT_PX, MIDDLE, WIDTH_PX, Frame
from bot.analysis.local.measure import measured
from bot.analysis.local.redness import redness_of
from bot.analysis.local.skin import Skin, light_trouble, skin_of
from bot.analysis.local.spots import spots_of
from bot.analysis.local.zones import Zones
from bot.skin.analysis import Analysis, Box, MarkKind, Provider, SkinZone
from bot.skin.photo import PhotoIssue, RefusalReason
from tests.pictures import drawn_face

EYES = ((310, 373), (490, 373))
SKINS = ((208, 164, 140), (224, 190, 172), (90, 60, 45))
RIGHT_CHEEK = (500, 490)


def as_jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


def analysis_of(image: Image.Image) -> Analysis:
    return measured(as_jpeg(image)).analysis


def blushing(skin: tuple[int, int, int]) -> Image.Image:
    """A face with one round red cheek, as much redder in light as any other skin would be."""
    face = drawn_face(skin=skin)
    red, green, blue = skin
    cheek = Image.new("RGB", face.size, (min(255, round(red * 1.1)), round(green * 0.88), round(blue * 0.9)))
    where = Image.new("L", face.size)
    x, y = RIGHT_CHEEK
    ImageDraw.Draw(where).ellipse((x - 45, y - 45, x + 45, y + 45), fill=255)
    face.paste(cheek, mask=where.filter(ImageFilter.GaussianBlur(8)))
    return face


def spotted(*, at: tuple[int, int], width: int, height: int) -> Image.Image:
    face = drawn_face()
    draw = ImageDraw.Draw(face)
    x, y = at
    draw.ellipse((x - width / 2, y - height / 2, x + width / 2, y + height / 2), fill=(120, 88, 72))
    return face.filter(ImageFilter.GaussianBlur(1))


def holds(box: Box, place: tuple[int, int]) -> bool:
    x, y = place
    return box.left <= x <= box.left + box.width and box.top <= y <= box.top + box.height


@pytest.mark.parametrize("skin", SKINS)
def test_face_box_lies_between_brow_and_chin_on_any_skin(skin: tuple[int, int, int]) -> None:
    """A square as wide as the vendor's, around the drawn eyes, nose and mouth."""
    face = analysis_of(drawn_face(skin=skin)).face

    assert face is not None
    assert face.width == face.height == pytest.approx(401, abs=28)  # a drawing is no face: its mesh is a little wide
    assert face.left + face.width / 2 == pytest.approx(400, abs=8)
    assert face.top == pytest.approx(308, abs=12)


def test_answer_has_only_what_was_measured() -> None:
    """No age, no skin type, no severities, no confidences: absent, not guessed."""
    answer = measured(as_jpeg(drawn_face()))
    raw = json.loads(answer.raw)

    assert answer.analysis.provider is Provider.LOCAL
    assert set(raw) == {"face_rectangle", "warning", "result"}
    assert set(raw["result"]) == {
        "skintone_ita", "skin_hue_ha", "tone_light", "sensitivity", "red_spots", "dark_spots", "freckles",
        "not_visible", "partly_visible", "redness", "sides", "under_eyes",
    }  # fmt: skip
    assert answer.analysis.readings == {}
    assert (answer.analysis.skin_type, answer.analysis.skin_age) == (None, None)


@pytest.mark.parametrize("skin", SKINS)
def test_tone_is_that_of_the_painted_skin(skin: tuple[int, int, int]) -> None:
    """Within the range that is told, of the colour management's own L*a*b* of the same paint."""
    analysis = analysis_of(drawn_face(skin=skin))
    grained = tuple(round(value * 0.95 + 127.5 * 0.05) for value in skin)
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = ImageCms.applyTransform(Image.new("RGB", (1, 1), grained), to_lab)
    assert lab is not None
    means = ImageStat.Stat(lab).mean
    lightness, a, b = means[0] / 2.55, means[1] - 128, means[2] - 128

    assert analysis.ita is not None
    assert analysis.hue is not None
    assert analysis.ita.degrees == pytest.approx(math.degrees(math.atan2(lightness - 50, b)), abs=8)
    assert analysis.hue.degrees == pytest.approx(math.degrees(math.atan2(b, a)), abs=8)


@pytest.mark.parametrize("skin", SKINS)
def test_blush_is_seen_where_it_is_on_any_skin(skin: tuple[int, int, int]) -> None:
    """The map is red there and white elsewhere, and about as much of the face counts as red."""
    calm, blushed = measured(as_jpeg(drawn_face(skin=skin))), measured(as_jpeg(blushing(skin)))

    assert calm.analysis.redness is not None
    assert blushed.analysis.redness is not None
    assert calm.analysis.redness.area == pytest.approx(0, abs=0.01)
    assert 0.015 < (blushed.analysis.redness.area or 0) < 0.2
    assert blushed.red_map is not None
    with Image.open(io.BytesIO(blushed.red_map)) as red_map:
        assert red_map.size == (800, 800)
        assert red_map.convert("RGB").getpixel(RIGHT_CHEEK)[1] < 170  # type: ignore[index] # RGB gives three
        for elsewhere in ((300, 490), (20, 20), (400, 780)):
            assert min(red_map.convert("RGB").getpixel(elsewhere)) > 235  # type: ignore[arg-type] # as above


def test_dark_spot_is_boxed_where_it_is() -> None:
    """One round spot, one box around it."""
    marks = analysis_of(spotted(at=(300, 500), width=12, height=12)).marks
    boxes = marks[MarkKind.DARK_SPOTS]

    assert marks[MarkKind.RED_SPOTS] == ()
    assert [holds(box, (300, 500)) for box in boxes] == [True]
    assert boxes[0].width < 40


def test_line_is_no_spot() -> None:
    """A crease or a hair is long and thin."""
    assert analysis_of(spotted(at=(300, 500), width=90, height=5)).marks[MarkKind.DARK_SPOTS] == ()


def test_spot_at_the_edge_of_what_is_seen_is_none() -> None:
    """A turned face's cheek reaches beyond the straight picture: a spot there has nothing around it to stand out of."""
    (face,) = find_faces(drawn_face())
    straight = Frame(eyes=face.eyes)
    wide = replace(face.landmarks, places=(face.landmarks.places - (400, 400, 0)) * 2.5 + (400, 400, 0))
    pixels = np.full((HEIGHT_PX, WIDTH_PX, 3), (208, 164, 140), dtype=np.uint8)
    for column in (WIDTH_PX - 6, WIDTH_PX - 60):
        pixels[320:325, column : column + 5] = (130, 95, 78)
    skin = skin_of(pixels, Zones(wide, straight))
    spots = spots_of(skin)

    assert [WIDTH_PX - 70 < spot.left < WIDTH_PX - 50 for spot in spots.dark] == [True]
    assert SkinZone.CHIN in skin.hidden  # far below


def test_small_face_has_a_tone_and_no_spots() -> None:
    """Where a spot would be no pixel, spots are not measured: absent, not "none"."""
    picture = Image.new("RGB", (600, 600), (196, 202, 208))
    picture.paste(drawn_face().resize((300, 300)), (150, 150))
    analysis = analysis_of(picture)

    assert analysis.ita is not None
    assert analysis.marks == {}


def test_forehead_under_hair_is_not_visible() -> None:
    """What hides the skin is not measured as skin."""
    face = drawn_face()
    draw = ImageDraw.Draw(face)
    for column in range(190, 610, 7):
        draw.line((column, 120, column + 12, 315), fill=(58, 44, 38), width=6)
    plain, fringed = analysis_of(drawn_face()), analysis_of(face.filter(ImageFilter.GaussianBlur(1)))

    assert SkinZone.FOREHEAD not in plain.not_visible
    assert SkinZone.FOREHEAD in fringed.not_visible
    assert fringed.ita is not None
    assert plain.ita is not None
    assert fringed.ita.degrees == pytest.approx(plain.ita.degrees, abs=4)


def with_glasses(face: Image.Image, *, rim: tuple[int, int, int], width: int) -> Image.Image:
    """Rims around both eyes, a bridge, and temples to the sides: they part the forehead from nose and cheeks."""
    worn = face.copy()
    draw = ImageDraw.Draw(worn)
    for left in (238, 418):
        draw.rounded_rectangle((left, 322, left + 144, 424), 30, outline=rim, width=width)
    draw.line((380, 350, 420, 350), fill=rim, width=width)
    for side in ((195, 240), (560, 605)):
        draw.line((side[0], 345, side[1], 345), fill=rim, width=width)
    return worn.filter(ImageFilter.GaussianBlur(1))


@pytest.mark.parametrize(("rim", "width"), [((25, 25, 28), 14), ((110, 108, 104), 5), ((96, 58, 30), 10)])
@pytest.mark.parametrize("skin", SKINS)
def test_glasses_hide_no_forehead(skin: tuple[int, int, int], rim: tuple[int, int, int], width: int) -> None:
    """What rims only part from the cheeks is in plain sight; about as much of it counts as red as without them."""
    face = blushing(skin)
    bare, worn = analysis_of(face), analysis_of(with_glasses(face, rim=rim, width=width))

    assert SkinZone.FOREHEAD not in worn.not_visible
    assert bare.redness is not None
    assert worn.redness is not None
    assert worn.redness.area == pytest.approx(bare.redness.area, abs=0.02)


def skin_in(image: Image.Image) -> Skin:
    """As the face of the plain drawing lies, whatever is drawn over it."""
    face = settled(drawn_face(), find_faces(drawn_face())[0])
    frame = Frame(eyes=face.eyes)
    return skin_of(frame.straight(image), Zones(face.landmarks, frame))


def test_rims_do_not_light_the_skin() -> None:
    """How light all skin is taken to be is read from the skin, and not from what lies across it."""
    lit_from_above = ImageChops.multiply(
        drawn_face(), Image.linear_gradient("L").resize((800, 800)).point(lambda value: 255 - value // 2).convert("RGB")
    )
    bare, worn = skin_in(lit_from_above), skin_in(with_glasses(lit_from_above, rim=(25, 25, 28), width=40))
    cheeks = bare.mask & worn.mask & bare.zones.mask(SkinZone.LEFT_CHEEK)

    assert worn.even.lightness[cheeks].mean() == pytest.approx(bare.even.lightness[cheeks].mean(), abs=0.2)


def test_chin_does_not_say_what_red_is() -> None:
    """Cheeks and T-zone are weighed against each other: stubble or shade on chin and jaw make them no redder."""
    across = Image.linear_gradient("L").rotate(90).resize((800, 800)).point(lambda value: 255 - value // 4)
    redder = Image.merge("RGB", (Image.new("L", (800, 800), 255), across, Image.new("L", (800, 800), 255)))
    face = ImageChops.multiply(drawn_face(), redder)
    lower = Image.new("L", face.size)
    ImageDraw.Draw(lower).rectangle((0, 560, 800, 800), fill=255)
    shade = Image.new("RGB", face.size, (190, 160, 136))
    plain, shaded = redness_of(skin_in(face)), redness_of(skin_in(Image.composite(shade, face, lower)))

    assert plain is not None
    assert shaded is not None
    assert shaded.area == pytest.approx(plain.area, abs=0.01)


@pytest.mark.parametrize("degrees", [12, -25, 40])
def test_tilted_face_is_measured_as_the_upright_one(degrees: int) -> None:
    """However a head is held: the same tone, the same blush, a face of the same size."""
    face = blushing(SKINS[0])
    upright = analysis_of(face)
    tilted = analysis_of(face.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(196, 202, 208)))

    assert tilted.ita is not None
    assert upright.ita is not None
    assert tilted.ita.degrees == pytest.approx(upright.ita.degrees, abs=2)
    assert tilted.redness is not None
    assert upright.redness is not None
    assert tilted.redness.area == pytest.approx(upright.redness.area, rel=0.15)
    assert tilted.face is not None
    assert upright.face is not None
    assert tilted.face.width == pytest.approx(upright.face.width, rel=0.04)


@pytest.mark.parametrize("degrees", [0, 30])
def test_zones_lie_where_the_face_has_them(degrees: int) -> None:
    """The drawn nose, cheeks and forehead are in their zones, eyes and mouth in none."""
    image = drawn_face().rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(196, 202, 208))
    face = settled(image, find_faces(image)[0])
    frame = Frame(eyes=face.eyes)
    zones, to_frame = Zones(face.landmarks, frame), frame.to_photo.inverse()
    assert to_frame(*face.eyes.left) == pytest.approx((MIDDLE[0] - APART_PX / 2, MIDDLE[1]), abs=0.1)
    turn = Affine.turned(scale=1, roll=-math.radians(degrees), origin=(400, 400), to=(400, 400))
    drawn = {
        (400, 460): {SkinZone.NOSE},
        (280, 500): {SkinZone.LEFT_CHEEK},
        (520, 500): {SkinZone.RIGHT_CHEEK},
        (400, 250): {SkinZone.FOREHEAD},
        (400, 690): {SkinZone.CHIN},
        (310, 372): set(),
        (490, 372): set(),
        (400, 610): set(),
    }
    for place, expected in drawn.items():
        column, row = (round(value) for value in to_frame(*turn(*place)))
        assert {zone for zone in SkinZone if zones.mask(zone)[row, column]} == expected, place


def refusal_of(image: Image.Image) -> str:
    with pytest.raises(PhotoRefused) as refused:
        measured(as_jpeg(image))
    return refused.value.reason


def test_picture_without_a_face_is_refused() -> None:
    """A landscape has no report."""
    landscape = Image.linear_gradient("L").resize((900, 600)).convert("RGB")
    ImageDraw.Draw(landscape).polygon([(0, 600), (300, 200), (600, 600)], fill=(60, 90, 60))
    assert refusal_of(landscape) == RefusalReason.NO_FACE


def test_black_and_white_photo_is_refused() -> None:
    """Without colour there is neither a tone nor redness."""
    assert refusal_of(drawn_face().convert("L").convert("RGB")) == RefusalReason.NO_COLOR


@pytest.mark.parametrize(("value", "reason"), [(255, PhotoIssue.TOO_BRIGHT), (20, PhotoIssue.TOO_DARK), (128, None)])
def test_light_that_leaves_no_skin_is_named(value: int, reason: PhotoIssue | None) -> None:
    """Burnt out or black: neither a mask nor a photo without colour is to blame."""
    (face,) = find_faces(drawn_face())
    zones = Zones(face.landmarks, Frame(eyes=face.eyes))
    assert light_trouble(np.full((HEIGHT_PX, WIDTH_PX, 3), value, dtype=np.uint8), zones) is reason


def test_two_faces_are_refused() -> None:
    """Whose skin it is has to be clear."""
    picture = Image.new("RGB", (1600, 800))
    picture.paste(drawn_face(), (0, 0))
    picture.paste(drawn_face(seed=5), (800, 0))
    assert refusal_of(picture) == RefusalReason.SEVERAL_FACES


def test_small_face_in_the_background_is_not_counted() -> None:
    """A poster on the wall is nobody's selfie."""
    picture = Image.new("RGB", (1200, 800), (196, 202, 208))
    picture.paste(drawn_face(), (0, 0))
    picture.paste(drawn_face(seed=5).resize((260, 260)), (900, 100))
    face = analysis_of(picture).face
    assert face is not None
    assert face.left + face.width / 2 == pytest.approx(400, abs=10)
