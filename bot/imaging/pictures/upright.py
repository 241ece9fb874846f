"""The face cut out of a photo: upright by the eyes, with a margin, and in no more pixels than a phone shows."""

import io
import math
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from bot.imaging.canvas import Canvas
from bot.imaging.intake.clean_photo import CloseUp
from bot.imaging.intake.photo import DrawablePhoto, canvas_of
from bot.imaging.jpeg import FINE, write
from bot.imaging.pictures.face import FaceShape, Point, Window, shape_in
from bot.skin.analysis import Box

_SIDES: Final = 0.5  # what a card shows around the face, in eye distances
_ABOVE: Final = 0.75
_BELOW: Final = 0.45
_LEAST: Final = 0.6  # of a window's side, seen from the eyes, however near the photo's edge is
_WIDEST_PX: Final = 960
_NARROWEST_PX: Final = 640
_TALLEST_PX: Final = 1280
_OWN_UP_TO_PX: Final = 1040  # so wide a card keeps the photo's own pixels: to scale them costs as much as a JPEG
_LARGER: Final = 1.5  # than the photo's own pixels: more shows nothing more
_LEVEL: Final = 1e-6  # radians
_FINE_APART_PX: Final = 230.0  # between the eyes: finer pixels than these are not decoded
_WORTH: Final = 4  # pixels of a JPEG are read again in the time that one of a part of it is written and read
_FADE_PX: Final = 14
_BEYOND: Final = 0.02  # eye distances beyond the photo's edge that nobody sees


@dataclass(frozen=True, kw_only=True)
class Card:
    """A level face in its own picture: `window` of it in `image`, which is drawn on."""

    image: Image.Image
    window: Window

    @property
    def apart(self) -> float:
        """Between the eyes, px."""
        return self.image.width / self.window.width

    def at(self, place: Point) -> Point:
        """A place of the level face in the picture."""
        return (place[0] - self.window.left) * self.apart, (place[1] - self.window.top) * self.apart


def opened(jpeg: bytes, face: Box | None) -> Canvas:
    """A photo, decoded as finely as its face's card needs it, and no finer."""
    rough = None if face is None else shape_in(face, 1.0)
    if rough is None:
        return canvas_of(jpeg)
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        side, factor = max(image.size), 1
        while factor < 8 and rough.apart / (factor * 2) >= _FINE_APART_PX:
            factor *= 2
        image.draft("RGB", (math.ceil(image.width / factor), math.ceil(image.height / factor)))
        image.decodermaxblock = len(jpeg)  # in one go, as where it was read first
        image.load()
        return Canvas(image=image, scale=max(image.size) / side)


def opened_close_up(close_up: CloseUp) -> Canvas:
    with Image.open(io.BytesIO(close_up.jpeg), formats=["JPEG"]) as image:
        image.load()
        return Canvas(image=image, scale=close_up.scale, corner=close_up.corner)


def close_up_of(photo: DrawablePhoto, part: tuple[int, int, int, int], apart: float) -> CloseUp | None:
    """`part` of its canvas: left, top, right, bottom; `apart`: between the eyes there, px.

    In as fine pixels as `opened` has. None where the photo is soon decoded again.
    """
    source, scale, factor = photo.canvas.image, photo.canvas.scale, 1
    if apart < _FINE_APART_PX and photo.whole is not None:
        factor = max(1, int(apart / scale / _FINE_APART_PX))
        part = (int(part[0] / scale), int(part[1] / scale), int(part[2] / scale), int(part[3] / scale))
        source, scale = photo.whole, 1.0
    left, top, right, bottom = part
    if (right - left) * (bottom - top) * _WORTH > factor**2 * photo.width * photo.height:
        return None
    image = source.reduce(factor, part) if factor > 1 else source.crop(part)
    return CloseUp(jpeg=write(image, FINE), corner=(left / scale, top / scale), scale=scale / factor)


def card_of(photo: Image.Image, shape: FaceShape) -> Card:
    """The face with a margin, as far as the photo goes. A level one is only cut out, and scaled where it has to be."""
    window = within(wanted(shape), shape, photo.size)
    part = _part(photo, shape, window) if abs(shape.roll) < _LEVEL else None
    if part is None:
        size = _size(window.width * shape.apart, window.height * shape.apart)
        return Card(image=cut(photo, shape, window, size, Image.Resampling.BILINEAR), window=window)
    left, top, right, bottom = part
    size = _size(right - left, bottom - top)
    if size == (right - left, bottom - top):
        image = photo.crop(part)
    else:
        finer = size[0] > right - left
        image = photo.resize(size, Image.Resampling.BICUBIC if finer else Image.Resampling.HAMMING, box=part)
    (x, y), (far_x, far_y) = shape.level(left, top), shape.level(right, bottom)
    return Card(image=image, window=Window(left=x, top=y, right=far_x, bottom=far_y))


def _size(width: float, height: float) -> tuple[int, int]:
    """A card's, of what has so many pixels in the photo."""
    if _NARROWEST_PX <= width <= _OWN_UP_TO_PX and height <= _TALLEST_PX:
        return round(width), round(height)
    across = min(_WIDEST_PX, max(_NARROWEST_PX, width * _LARGER), _TALLEST_PX / height * width)
    return round(across), round(across * height / width)


def _part(photo: Image.Image, shape: FaceShape, window: Window) -> tuple[int, int, int, int] | None:
    """Where a level face's window lies in the photo; None where it goes beyond the photo's edge."""
    left, top = shape.back(window.left, window.top)
    width, height = round(window.width * shape.apart), round(window.height * shape.apart)
    slack = _BEYOND * shape.apart
    if min(left, top, photo.width - left - width, photo.height - top - height) < -slack:
        return None
    x, y = (
        min(max(round(side), 0), max(whole - length, 0))
        for side, length, whole in ((left, width, photo.width), (top, height, photo.height))
    )
    return x, y, min(x + width, photo.width), min(y + height, photo.height)


def wanted(shape: FaceShape) -> Window:
    face = shape.bounds
    return Window(
        left=face.left - _SIDES, top=face.top - _ABOVE, right=face.right + _SIDES, bottom=face.bottom + _BELOW
    )


def within(window: Window, shape: FaceShape, size: tuple[int, int]) -> Window:
    """As much of it as the photo has, looked at from between the eyes straight to each side."""
    left, right = (_reach(shape, size, (way, 0.0)) for way in (-1.0, 1.0))
    up, down = (_reach(shape, size, (0.0, way)) for way in (-1.0, 1.0))
    return Window(
        left=-max(_LEAST, min(-window.left, left)),
        top=-max(_LEAST, min(-window.top, up)),
        right=max(_LEAST, min(window.right, right)),
        bottom=max(_LEAST, min(window.bottom, down)),
    )


def _reach(shape: FaceShape, size: tuple[int, int], way: Point) -> float:
    """How far the photo goes from between the eyes in that direction of the level face, in eye distances."""
    along, across = math.cos(shape.roll), math.sin(shape.roll)
    step = (way[0] * along - way[1] * across, way[0] * across + way[1] * along)
    far = math.inf
    for place, length, each in zip(shape.middle, size, step, strict=True):
        if abs(each) > 1e-9:
            far = min(far, ((length if each > 0 else 0.0) - place) / each)
    return max(0.0, far / shape.apart)


def cut(
    photo: Image.Image,
    shape: FaceShape,
    window: Window,
    size: tuple[int, int],
    resampling: Image.Resampling = Image.Resampling.BICUBIC,
) -> Image.Image:
    """That window of the level face in that size. What lies beyond the photo's edge is a blur of what is at it."""
    scale = window.width * shape.apart / size[0]
    along, across = scale * math.cos(shape.roll), scale * math.sin(shape.roll)
    x, y = shape.middle
    left, top = window.left * shape.apart / scale, window.top * shape.apart / scale
    corner = (x + left * along - top * across, y + left * across + top * along)
    xs = [corner[0] + w * along - h * across for w in (0, size[0]) for h in (0, size[1])]
    ys = [corner[1] + w * across + h * along for w in (0, size[0]) for h in (0, size[1])]
    part = (math.floor(min(xs)) - 2, math.floor(min(ys)) - 2, math.ceil(max(xs)) + 2, math.ceil(max(ys)) + 2)
    source = _mirrored(photo, part)
    factor = max(1, int(scale))
    small = source.reduce(factor) if factor > 1 else source
    way = (along, -across, corner[0] - part[0], across, along, corner[1] - part[1])
    laid = small.transform(size, Image.Transform.AFFINE, tuple(value / factor for value in way), resampling)
    right, bottom = photo.width - part[0], photo.height - part[1]
    edge = ((-part[0], -part[1]), (right, -part[1]), (right, bottom), (-part[0], bottom))
    return _softened(laid, [_back(way, place) for place in edge])


def _back(way: tuple[float, ...], place: Point) -> Point:
    """Where that place of the source lies in what was laid."""
    a, b, c, d, e, f = way
    x, y, whole = place[0] - c, place[1] - f, a * e - b * d
    return (e * x - b * y) / whole, (a * y - d * x) / whole


def _mirrored(photo: Image.Image, part: tuple[int, int, int, int]) -> Image.Image:
    """A part of the photo; beyond its edges, what is before them once more."""
    inside = (max(part[0], 0), max(part[1], 0), min(part[2], photo.width), min(part[3], photo.height))
    seen = photo.crop(inside)
    if inside == part or min(seen.size) < 1:
        return seen if min(seen.size) >= 1 else photo
    whole = Image.new(photo.mode, (part[2] - part[0], part[3] - part[1]))
    left, top = inside[0] - part[0], inside[1] - part[1]
    rows = Image.new(photo.mode, (whole.width, seen.height))
    _tiled(rows, seen, ImageOps.mirror(seen), left, across=True)
    _tiled(whole, rows, ImageOps.flip(rows), top, across=False)
    return whole


def _tiled(ground: Image.Image, tile: Image.Image, turned: Image.Image, start: int, *, across: bool) -> None:
    step, end = (tile.width, ground.width) if across else (tile.height, ground.height)
    first = -math.ceil(start / step)
    for number in range(first, math.ceil((end - start) / step)):
        place = start + number * step
        ground.paste(turned if number % 2 else tile, (place, 0) if across else (0, place))


def _softened(laid: Image.Image, edge: list[Point]) -> Image.Image:
    """The picture, blurred beyond the photo's edge, whose corners are given."""
    slack = _BEYOND * laid.width / 3
    corners = [(0, 0), (laid.width, 0), (laid.width, laid.height), (0, laid.height)]
    if all(_holds(edge, corner, slack) for corner in corners):
        return laid
    mask = Image.new("L", laid.size)
    ImageDraw.Draw(mask).polygon(edge, fill=255)
    mask = mask.filter(ImageFilter.BoxBlur(_FADE_PX)).point([max(0, 2 * value - 255) for value in range(256)])
    small = laid.reduce(8).filter(ImageFilter.GaussianBlur(4))
    return Image.composite(laid, small.resize(laid.size, Image.Resampling.BICUBIC), mask)


def _holds(edge: list[Point], place: Point, slack: float) -> bool:
    """Whether the place is inside the photo, whose corners go clockwise."""
    for (x, y), (next_x, next_y) in zip(edge, edge[1:] + edge[:1], strict=True):
        length = math.hypot(next_x - x, next_y - y)
        if ((next_x - x) * (place[1] - y) - (next_y - y) * (place[0] - x)) / max(length, 1e-6) < -slack:
            return False
    return True
