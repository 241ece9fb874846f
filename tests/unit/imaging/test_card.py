"""The card of a report: the face near and upright, marks where the findings are, seen on every skin by every eye."""

import io
import itertools
import math
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageStat

from bot.imaging.pictures.card import draw_card, draw_on
from bot.imaging.pictures.face import FaceShape, shape_in, shape_of_all
from bot.imaging.pictures.marks import STYLES, contrast, sprite
from bot.imaging.pictures.upright import card_of, opened
from bot.skin.analysis import Box, MarkKind, SkinZone
from bot.skin.card import OnCard
from bot.skin.report import MARK_EMOJI
from tests.pictures import drawn_face

VENDORS: Final = (MarkKind.ACNE, MarkKind.CLOSED_COMEDONES, MarkKind.SKIN_SPOT, MarkKind.MOLE)
HERE: Final = (MarkKind.RED_SPOTS, MarkKind.DARK_SPOTS)
SQUARE: Final = Box(left=199, top=306, width=401, height=401)  # of a drawn face: its eyes stand 180 px apart
NOTHING: Final = OnCard(bare=True)
PHONE_PX: Final = 320
# Full loss of one kind of cones: Machado, Oliveira and Fernandes (2009), on linear light.
EYES: Final = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TONES: Final = {  # L* of the skin
    25: (78, 54, 44), 33: (100, 72, 58), 41: (126, 91, 74), 48: (146, 107, 88), 55: (166, 125, 103),
    62: (184, 144, 121), 70: (206, 165, 141), 80: (230, 193, 171),
}  # fmt: skip
PLACES: Final = ((-0.6, 0.7), (0.6, 0.7), (0.0, -0.75))  # both cheeks and the forehead, on the level face


def shape(square: Box = SQUARE) -> FaceShape:
    found = shape_in(square, 1.0)
    assert found is not None
    return found


def box_at(face: FaceShape, right: float, down: float, side: float = 9) -> Box:
    x, y = face.back(right, down)
    return Box(left=x - side / 2, top=y - side / 2, width=side, height=side)


def drawn(photo: Image.Image, face: FaceShape, shown: OnCard) -> Image.Image:
    return Image.open(io.BytesIO(draw_card(photo, face, shown, scale=1.0))).convert("RGB")


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.difference(one, other).convert("L").point([0] * 24 + [255] * 232).getbbox()


def seen_by(matrix: tuple[tuple[float, ...], ...], picture: Image.Image) -> NDArray[np.float64]:
    """Luminance, pixel by pixel."""
    value = np.asarray(picture, dtype=np.float64) / 255
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.clip(light @ np.array(matrix).T, 0, 1) @ np.array((0.2126, 0.7152, 0.0722)))


def at_phone_size(picture: Image.Image) -> Image.Image:
    height = round(picture.height * PHONE_PX / picture.width)
    return picture.resize((PHONE_PX, height), Image.Resampling.LANCZOS)


def contrast_around(bare: Image.Image, marked: Image.Image, centre: tuple[float, float], eyes: str) -> float:
    """How much a mark stands out from the skin around it: in half of twelve directions at least so much."""
    left, top = (int(side) - 16 for side in centre)
    part = (left, top, left + 33, top + 33)
    rows, columns = np.mgrid[top : top + 33, left : left + 33] + 0.5
    far = np.hypot(columns - centre[0], rows - centre[1])
    direction = np.floor((np.arctan2(rows - centre[1], columns - centre[0]) / math.tau + 0.5) * 12) % 12
    before, after = seen_by(EYES[eyes], bare.crop(part)), seen_by(EYES[eyes], marked.crop(part))
    skin = float(np.median(before[far < 14]))
    against = (np.maximum(after, skin) + 0.05) / (np.minimum(after, skin) + 0.05)
    return float(np.median([against[(far < 12) & (direction == each)].max() for each in range(12)]))


@pytest.mark.parametrize("tone", TONES)
def test_marks_are_seen_on_every_skin_by_every_eye(tone: int) -> None:
    """At the width of a small phone each kind stands out by 3 to 1 at least."""
    photo, face = drawn_face(skin=TONES[tone]), shape()
    bare = at_phone_size(card_of(photo, face).image)
    for kind, place in itertools.product(VENDORS, PLACES):
        card = card_of(photo, face)
        x, y = (side * PHONE_PX / card.image.width for side in card.at(place))
        draw_on(card, face, OnCard(marks={kind: (box_at(face, *place),)}), scale=1.0)
        marked = at_phone_size(card.image)
        for eyes in EYES:
            assert contrast_around(bare, marked, (x, y), eyes) >= 3, (kind, place, eyes)


def test_contrast_is_that_of_two_luminances() -> None:
    """Black on white has 21, whichever comes first."""
    assert contrast(0.0, 1.0) == contrast(1.0, 0.0) == pytest.approx(21)


@pytest.mark.parametrize("turn", [0, 17, -35, 180])
@pytest.mark.parametrize("kind", MarkKind)
def test_a_mark_stands_where_its_box_is(kind: MarkKind, turn: int) -> None:
    """Within two pixels of the upright card, however the photo is turned."""
    photo = drawn_face().rotate(turn, Image.Resampling.BICUBIC)
    middle, straight = (400.0, 400.0), shape()
    angle = math.radians(-turn)

    def turned(x: float, y: float) -> tuple[float, float]:
        right, down = x - middle[0], y - middle[1]
        return (
            middle[0] + right * math.cos(angle) - down * math.sin(angle),
            middle[1] + right * math.sin(angle) + down * math.cos(angle),
        )

    left, right = (turned(*eye) for eye in straight.eyes)
    face = FaceShape(eyes=(left, right), oval=straight.oval, zones=straight.zones)
    bare, marked = (
        drawn(photo, face, shown) for shown in (NOTHING, OnCard(marks={kind: (box_at(face, -0.6, 0.7, 12),)}))
    )
    found = changed(bare, marked)
    assert found is not None
    place = card_of(photo, face).at((-0.6, 0.7))
    assert math.dist(((found[0] + found[2]) / 2, (found[1] + found[3]) / 2), place) <= 2


@pytest.mark.parametrize("kind", MarkKind)
def test_the_skin_inside_a_mark_is_not_covered(kind: MarkKind) -> None:
    """The box itself stays as it was."""
    face = shape()
    box = box_at(face, -0.6, 0.7, 14)
    card = card_of(drawn_face(), face)
    left, top = card.at(face.level(box.left, box.top))
    right, bottom = card.at(face.level(box.left + 14, box.top + 14))
    inside = (round(left), round(top), round(right), round(bottom))
    bare, marked = (drawn(drawn_face(), face, shown) for shown in (NOTHING, OnCard(marks={kind: (box,)})))
    assert changed(bare.crop(inside), marked.crop(inside)) is None


@pytest.mark.parametrize("kinds", [VENDORS, HERE])
def test_kinds_of_one_analyzer_differ_in_shape_not_only_in_colour(kinds: tuple[MarkKind, ...]) -> None:
    """Whoever can't tell the colours apart tells the outlines apart."""
    for one, other in itertools.combinations(kinds, 2):
        masks = [sprite(kind, 14, 5.5, on_light=True).image.getchannel("A") for kind in (one, other)]
        side = max(max(mask.size) for mask in masks)
        stack = [Image.new("L", (side, side)) for _ in range(2)]
        for ground, mask in zip(stack, masks, strict=True):
            ground.paste(mask, ((side - mask.width) // 2, (side - mask.height) // 2))
        assert sum(ImageChops.difference(*stack).histogram()[128:]) > 40, (one, other)


def test_no_mark_is_a_warning_sign() -> None:
    """Neither a triangle nor a square on its tip."""
    for style in STYLES.values():
        assert style.corners in {0, 4}
        assert not style.corners or style.turn == 45  # so that its sides are level


def test_the_pictures_colours_are_the_captions_emoji() -> None:
    """One palette for the drawing and for the words."""
    assert {kind: style.emoji for kind, style in STYLES.items()} == dict(MARK_EMOJI)


def test_a_half_body_portrait_becomes_a_face() -> None:
    """The eyes are at least an eighth of the card apart, and it has no more pixels than it needs."""
    photo = Image.new("RGB", (1200, 1600), (120, 130, 140))
    photo.paste(drawn_face().resize((400, 400)), (400, 100))
    face = shape(Box(left=400 + 199 / 2, top=100 + 306 / 2, width=401 / 2, height=401 / 2))
    card = card_of(photo, face)
    assert card.apart >= card.image.width / 4
    assert 640 <= card.image.width <= 960


@pytest.mark.parametrize("cut", [(150, 150, 650, 720), (190, 230, 610, 690), (0, 0, 800, 800)])
def test_a_tight_crop_has_no_bars(cut: tuple[int, int, int, int]) -> None:
    """The card ends where the photo does; in its corners there is no black and nothing flat."""
    face = shape(Box(left=SQUARE.left - cut[0], top=SQUARE.top - cut[1], width=401, height=401))
    card = card_of(drawn_face().crop(cut), face).image
    for corner in ((0, 0), (card.width - 24, 0), (0, card.height - 24), (card.width - 24, card.height - 24)):
        part = card.crop((*corner, corner[0] + 24, corner[1] + 24))
        assert max(ImageStat.Stat(part).mean) > 30


@pytest.mark.parametrize("count", [0, 7, 200])
def test_any_number_of_boxes_is_drawn(count: int) -> None:
    """None outlines the zones that were looked at; two hundred leave most of the face free."""
    face, photo = shape(), drawn_face()
    boxes = tuple(box_at(face, (n % 20 - 10) / 11, (n // 20 - 4) / 6, 6) for n in range(count))
    bare, shown = drawn(photo, face, NOTHING), drawn(photo, face, OnCard(marks={MarkKind.ACNE: boxes}))
    assert changed(bare, shown) is not None
    covered = ImageChops.difference(bare, shown).convert("L").point([0] * 40 + [255] * 216)
    assert covered.histogram()[255] < bare.width * bare.height * 0.12


def test_what_was_hidden_is_not_outlined() -> None:
    """With nothing to mark the forehead is outlined only where it was looked at."""
    photo, face = drawn_face(), shape()
    whole = drawn(photo, face, OnCard())
    without = drawn(photo, face, OnCard(hidden=frozenset({SkinZone.FOREHEAD})))
    found = changed(whole, without)
    assert found is not None
    assert found[3] < card_of(photo, face).at((0, -0.3))[1]


def test_zones_of_pores_and_of_lines_look_different() -> None:
    """On the same cheek."""
    cheek = frozenset({SkinZone.LEFT_CHEEK})
    pores, lines = (drawn(drawn_face(), shape(), each) for each in (OnCard(pores=cheek), OnCard(lines=cheek)))
    assert changed(pores, lines) is not None


def test_broken_boxes_do_no_harm() -> None:
    """No size, no number, outside of the card: left out."""
    boxes = (
        Box(left=5, top=5, width=0, height=0),
        Box(left=math.nan, top=5, width=9, height=9),
        Box(left=math.inf, top=5, width=9, height=9),
        Box(left=-1e12, top=1e12, width=1e12, height=1e12),
        Box(left=5000, top=5000, width=90, height=90),
    )
    bare, shown = (drawn(drawn_face(), shape(), each) for each in (OnCard(), OnCard(marks={MarkKind.MOLE: boxes})))
    assert changed(bare, shown) is None


@pytest.mark.parametrize("size", [(220, 1000), (1280, 240), (3000, 3000)])
def test_without_a_face_all_of_the_photo_is_shown(size: tuple[int, int]) -> None:
    """With its marks."""
    photo = Image.new("RGB", size, (170, 130, 110))
    face = shape_of_all(*size)
    box = Box(left=size[0] * 0.7, top=size[1] * 0.6, width=9, height=9)
    card = card_of(photo, face)
    assert card.image.width / card.image.height == pytest.approx(size[0] / size[1], rel=0.02)
    bare, shown = (drawn(photo, face, each) for each in (NOTHING, OnCard(marks={MarkKind.ACNE: (box,)})))
    assert changed(bare, shown) is not None


@pytest.mark.parametrize(
    "broken", [Box(left=0, top=0, width=0, height=0), Box(left=math.nan, top=0, width=9, height=9)]
)
def test_a_face_without_a_size_is_none(broken: Box) -> None:
    assert shape_in(broken, 1.0) is None


def test_a_photo_is_decoded_as_finely_as_its_face_needs() -> None:
    """A face that fills twelve megapixels is not; one that is small in them is."""
    buffer = io.BytesIO()
    Image.new("RGB", (4000, 3000), (150, 120, 100)).save(buffer, "JPEG")
    near = opened(buffer.getvalue(), Box(left=500, top=100, width=2600, height=2600))
    far = opened(buffer.getvalue(), Box(left=1800, top=300, width=500, height=500))
    assert (near.image.width, far.image.width) == (1000, 4000)
