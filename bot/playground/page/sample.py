"""A drawn face, for whoever has no selfie at hand: a portrait of nobody, with a few spots and some redness.

Each number is another day of the same drawn person: the light, the redness and the spots differ a little.
"""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

Colour: TypeAlias = tuple[int, int, int]
Box: TypeAlias = tuple[float, float, float, float]
Points: TypeAlias = Sequence[tuple[float, float]]

_SIZE: Final = (960, 1200)  # px; everything below is given in them
_MIDDLE: Final = 480
_EYES: Final = (384, 576)
_EYE_LINE: Final = 590

_WALL: Final = (222, 228, 224)
_SKIN: Final = (232, 188, 162)
_SHADE: Final = (176, 116, 92)
_UNDER_CHIN: Final = (146, 92, 72)
_LIGHT: Final = (255, 228, 208)
_FLUSH: Final = (210, 84, 78)
_HALO: Final = (236, 150, 136)
_SPOT: Final = (244, 128, 118)
_FRECKLE: Final = (150, 96, 70)
_HAIR: Final = (62, 42, 34)
_SHINE: Final = (128, 92, 70)
_LIPS: Final = (190, 110, 104)
_DARK: Final = (46, 30, 26)
_WHITE: Final = (244, 240, 236)
_IRIS: Final = (88, 112, 92)
_SHIRT: Final = (56, 118, 112)
_SEAM: Final = (40, 92, 88)
_UPPER_LIP: Final = (150, 66, 68)

_FRECKLES: Final = ((578, 676), (406, 690), (552, 700))
_SPOTS: Final = ((330, 742), (372, 790), (610, 760), (428, 930), (524, 936), (508, 428), (436, 452))


@cache
def sample_face(day: int = 0) -> bytes:
    """A JPEG of 960×1200 px."""
    chance = random.Random(day)  # noqa: S311 - a drawing, no secret
    canvas = Image.new("RGB", _SIZE, _WALL)
    face = _head_outline(blur=2)
    _background(canvas)
    _neck_and_shirt(canvas)
    _head(canvas, face)
    _flushed(canvas, face, strength=chance.uniform(0.30, 0.5))
    _marks(canvas, chance)
    for eye in _EYES:
        _eye(canvas, eye)
    _nose(canvas)
    _mouth(canvas)
    _fringe(canvas)
    return _developed(canvas, chance)


@dataclass(frozen=True, kw_only=True)
class Mask:
    """Where paint goes: 0 nowhere, 255 in full; its upper left corner stands at `at`."""

    image: Image.Image
    at: tuple[int, int]

    def within(self, other: "Mask") -> "Mask":
        """Only where the other one is, too."""
        x, y = self.at[0] - other.at[0], self.at[1] - other.at[1]
        there = other.image.crop((x, y, x + self.image.width, y + self.image.height))
        return Mask(image=ImageChops.multiply(self.image, there), at=self.at)


def _ellipse(box: Box, *, blur: float = 1.0) -> Mask:
    return _mask(box, blur, lambda draw, x, y: draw.ellipse((box[0] - x, box[1] - y, box[2] - x, box[3] - y), fill=255))


def _shape(points: Points, *, blur: float = 1.0) -> Mask:
    return _mask(_around(points), blur, lambda draw, x, y: draw.polygon(_moved(points, x, y), fill=255))


def _curve(points: Points, *, width: int, blur: float = 1.0) -> Mask:
    line = _smooth(points)
    return _mask(
        _around(line),
        blur + width / 2,
        lambda draw, x, y: draw.line(_moved(line, x, y), fill=255, width=width, joint="curve"),
        blur=blur,
    )


def _mask(
    box: Box, margin: float, draw: Callable[[ImageDraw.ImageDraw, int, int], None], *, blur: float | None = None
) -> Mask:
    """Only as large as what is drawn: a blur costs as much as its area."""
    room = int(3 * margin) + 2
    x, y = int(box[0]) - room, int(box[1]) - room
    image = Image.new("L", (int(box[2]) + room - x, int(box[3]) + room - y))
    draw(ImageDraw.Draw(image), x, y)
    return Mask(image=image.filter(ImageFilter.GaussianBlur(margin if blur is None else blur)), at=(x, y))


def _around(points: Points) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _moved(points: Points, x: float, y: float) -> list[tuple[float, float]]:
    return [(px - x, py - y) for px, py in points]


def _smooth(points: Points, steps: int = 24) -> list[tuple[float, float]]:
    """A Bézier curve with these control points."""
    curve = []
    for step in range(steps + 1):
        level, at = list(points), step / steps
        while len(level) > 1:
            level = [(x0 + (x1 - x0) * at, y0 + (y1 - y0) * at) for (x0, y0), (x1, y1) in pairwise(level)]
        curve.append(level[0])
    return curve


def _paint(canvas: Image.Image, mask: Mask, colour: Colour, strength: float = 1.0) -> None:
    canvas.paste(colour, mask.at, mask.image.point(lambda value: round(value * strength)))


def _both_sides(points: Points) -> list[tuple[float, float]]:
    """An outline from its left half, drawn from the top down."""
    return [*points, *((2 * _MIDDLE - x, y) for x, y in reversed(points))]


def _background(canvas: Image.Image) -> None:
    _paint(canvas, _ellipse((-200, -250, 700, 900), blur=160), (246, 246, 240), 0.8)
    _paint(canvas, _ellipse((600, 500, 1300, 1500), blur=180), (176, 194, 190), 0.7)
    _paint(canvas, _ellipse((222, 176, 738, 700), blur=2), _HAIR)
    _paint(
        canvas,
        _shape(
            _both_sides(_smooth([(480, 200), (168, 200), (214, 560), (200, 800), (166, 1064), (376, 1090)])), blur=2
        ),
        _HAIR,
    )


def _neck_and_shirt(canvas: Image.Image) -> None:
    neck = _shape(_both_sides([*_smooth([(384, 820), (396, 1010), (372, 1064), (240, 1110)]), (220, 1210)]), blur=2)
    _paint(canvas, neck, _SKIN)
    _paint(canvas, _ellipse((310, 800, 650, 1050), blur=22).within(neck), _UNDER_CHIN, 0.85)
    for flip in (1, -1):
        edge = [
            *_smooth([(-20, 1210), (60, 1110), (300, 1092)]),
            *_smooth([(344, 1080), (372, 1150), (484, 1164)]),
            (480, 1210),
        ]
        _paint(canvas, _shape([(_MIDDLE + flip * (x - _MIDDLE), y) for x, y in edge], blur=1.5), _SHIRT)
    _paint(canvas, _curve([(344, 1082), (372, 1166), (480, 1182), (588, 1166), (616, 1082)], width=10, blur=2), _SEAM)


def _head_outline(*, blur: float) -> Mask:
    left = _smooth([(480, 296), (226, 286), (240, 600), (270, 820), (366, 988), (480, 990)])
    return _shape(_both_sides(left), blur=blur)


def _head(canvas: Image.Image, face: Mask) -> None:
    for x, out in ((274, -1), (686, 1)):
        _paint(canvas, _ellipse((x - 28, 566, x + 28, 690), blur=2), _SKIN)
        _paint(canvas, _ellipse((x - 12 + out * 4, 588, x + 12 + out * 4, 662), blur=7), _SHADE, 0.6)
    _paint(canvas, face, _SHADE)
    _paint(canvas, _ellipse((292, 300, 668, 978), blur=26).within(face), _SKIN)
    for box, blur, strength in (
        ((372, 372, 588, 510), 44, 0.6),
        ((300, 640, 412, 750), 32, 0.5),
        ((548, 640, 660, 750), 32, 0.5),
        ((436, 900, 524, 950), 20, 0.5),
    ):
        _paint(canvas, _ellipse(box, blur=blur).within(face), _LIGHT, strength)


def _flushed(canvas: Image.Image, face: Mask, *, strength: float) -> None:
    for box in ((286, 664, 410, 800), (550, 664, 674, 800)):
        _paint(canvas, _ellipse(box, blur=32).within(face), _FLUSH, strength)
    _paint(canvas, _ellipse((446, 690, 514, 756), blur=20), _FLUSH, strength * 0.8)


def _marks(canvas: Image.Image, chance: random.Random) -> None:
    for x, y in _SPOTS:
        size = chance.uniform(5, 8)
        if chance.random() < 0.75:
            _paint(canvas, _round(x, y, 2 * size, blur=6), _HALO, 0.5)
            _paint(canvas, _round(x, y, size, blur=2.5), _SPOT, 0.85)
    for x, y in _FRECKLES:
        _paint(canvas, _round(x, y, 4, blur=1.5), _FRECKLE, 0.8)


def _round(x: float, y: float, radius: float, *, blur: float) -> Mask:
    return _ellipse((x - radius, y - radius, x + radius, y + radius), blur=blur)


def _eye(canvas: Image.Image, x: int) -> None:
    y, out = _EYE_LINE, 1 if x > _MIDDLE else -1
    _paint(canvas, _ellipse((x - 74, y - 58, x + 74, y + 44), blur=20), _SHADE, 0.5)
    upper = [(x - 58, y + 6), (x - 34, y - 42), (x + 34, y - 42), (x + 58, y + 6)]
    lower = [(x + 58, y + 6), (x + 30, y + 34), (x - 30, y + 34), (x - 58, y + 6)]
    opening = _shape([*_smooth(upper), *_smooth(lower)], blur=1.2)
    _paint(canvas, opening, _WHITE)
    for radius, colour in ((26, _DARK), (23, _IRIS), (11, _DARK)):
        _paint(canvas, _round(x, y - 4, radius, blur=1.2).within(opening), colour)
    _paint(canvas, _round(x - 9, y - 14, 5, blur=0.8), _WHITE)
    _paint(canvas, _ellipse((x - 60, y - 60, x + 60, y - 18), blur=6).within(opening), _DARK, 0.5)
    _paint(canvas, _curve(lower, width=4, blur=2), _SHADE, 0.9)
    _paint(canvas, _curve(upper, width=8), _DARK)
    _paint(canvas, _curve([(x + out * 46, y - 6), (x + out * 60, y - 2), (x + out * 70, y - 14)], width=6), _DARK)
    _paint(
        canvas,
        _curve([(x - 50, y - 40), (x - 20, y - 64), (x + 20, y - 64), (x + 50, y - 40)], width=5, blur=2),
        _SHADE,
    )
    brow = [(x - out * 62, y - 80), (x - out * 20, y - 104), (x + out * 30, y - 112), (x + out * 80, y - 82)]
    _paint(canvas, _curve(brow, width=15, blur=3), _HAIR, 0.9)


def _nose(canvas: Image.Image) -> None:
    for x, out in ((_MIDDLE - 34, -1), (_MIDDLE + 34, 1)):
        _paint(canvas, _curve([(x, 560), (x + out * -6, 650), (x + out * 8, 700)], width=16, blur=12), _SHADE, 0.45)
    _paint(canvas, _curve([(_MIDDLE, 560), (_MIDDLE, 690)], width=20, blur=10), _LIGHT, 0.6)
    _paint(canvas, _ellipse((458, 694, 502, 732), blur=10), _LIGHT, 0.6)
    for x, out in ((_MIDDLE - 36, -1), (_MIDDLE + 36, 1)):
        wing = [(x + out * 4, 712), (x + out * 22, 730), (x + out * 8, 754), (x - out * 8, 750)]
        _paint(canvas, _curve(wing, width=6, blur=3), _SHADE)
        _paint(canvas, _ellipse((x - 12 - out * 6, 746, x + 12 - out * 6, 758), blur=3), _DARK, 0.7)
    _paint(canvas, _curve([(444, 766), (480, 780), (516, 766)], width=8, blur=8), _SHADE, 0.6)


def _mouth(canvas: Image.Image) -> None:
    """A small smile."""
    line = [(392, 834), (436, 864), (524, 864), (568, 834)]
    bow = [(392, 834), (434, 826), (452, 812), (480, 826)]
    upper = _both_sides(_smooth(bow))
    lips = _shape([*upper, *_smooth([(568, 834), (532, 902), (428, 902), (392, 834)])], blur=2.5)
    _paint(canvas, lips, _LIPS)
    _paint(canvas, _shape([*upper, *reversed(_smooth(line))], blur=2.5), _UPPER_LIP, 0.6)
    _paint(canvas, _ellipse((448, 866, 512, 880), blur=6), _LIGHT, 0.5)
    _paint(canvas, _curve(line, width=5, blur=1.5), _DARK, 0.8)
    _paint(canvas, _ellipse((432, 892, 528, 912), blur=10), _SHADE, 0.6)
    for x in (384, 576):
        _paint(canvas, _ellipse((x - 8, 826, x + 8, 840), blur=6), _SHADE, 0.9)


def _fringe(canvas: Image.Image) -> None:
    """The hair over the brow, parted, and the light on it."""
    for flip in (1, -1):
        strand = _smooth([(498, 262), (430, 330), (300, 370), (262, 520), (244, 640)])
        outer = _smooth([(244, 640), (222, 420), (250, 230), (498, 190)])
        _paint(canvas, _shape([(_MIDDLE + flip * (x - _MIDDLE), y) for x, y in [*strand, *outer]], blur=2.5), _HAIR)
        for shine in (
            [(300, 330), (340, 250), (440, 226)],
            [(236, 560), (232, 430), (280, 330)],
            [(258, 940), (236, 820), (244, 700)],
        ):
            _paint(
                canvas, _curve([(_MIDDLE + flip * (x - _MIDDLE), y) for x, y in shine], width=12, blur=9), _SHINE, 0.55
            )


def _developed(canvas: Image.Image, chance: random.Random) -> bytes:
    """The light of that day, and the grain of a camera."""
    lit = ImageEnhance.Brightness(canvas).enhance(chance.uniform(0.97, 1.03))
    grain = Image.frombytes("L", _SIZE, chance.randbytes(_SIZE[0] * _SIZE[1])).convert("RGB")
    out = io.BytesIO()
    Image.blend(lit, grain, 0.035).save(out, "JPEG", quality=92)
    return out.getvalue()
