"""A small legend without words: each mark's shape and colour with its count, in the corner where it harms least."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, Self

from PIL import Image, ImageDraw, ImageFont

from bot.imaging.pictures.marks import sprite
from bot.skin.analysis import MarkKind

_FULL_SIZE_PX: Final = 1280
_GROUND: Final = (18, 18, 24)
_GROUND_OPACITY: Final = 200
_INK: Final = (250, 250, 250)


class Area(NamedTuple):
    """A rectangle in canvas pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, centre: tuple[float, float], reach: float) -> Self:
        x, y = centre
        return cls(left=x - reach, top=y - reach, right=x + reach, bottom=y + reach)

    def touches(self, other: "Area") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def shared(self, other: "Area") -> float:
        """The area both cover, px²."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)


def draw_legend(
    image: Image.Image, counts: Mapping[MarkKind, int], *, taken: Sequence[Area], face: Area | None
) -> None:
    """Lay the legend over the picture; nothing to tell, nothing drawn."""
    if not counts:
        return
    plate = _plate(counts, unit=max(max(image.size) / _FULL_SIZE_PX, 0.45))
    if plate.width > image.width or plate.height > image.height:
        plate.thumbnail(image.size)
    place_plate(image, plate, taken=taken, face=face)


def place_plate(image: Image.Image, plate: Image.Image, *, taken: Sequence[Area], face: Area | None) -> None:
    """Put a plate (RGBA) into the corner that covers the fewest marks, then the least of the face."""
    margin = max(4, round(max(image.size) * 0.014))
    right, bottom = max(0, image.width - plate.width - margin), max(0, image.height - plate.height - margin)
    corners = [(min(margin, right), bottom), (right, bottom), (min(margin, right), min(margin, bottom))]
    corners.append((right, min(margin, bottom)))

    def harm(corner: tuple[int, int]) -> tuple[float, float]:
        x, y = corner
        here = Area(left=x, top=y, right=x + plate.width, bottom=y + plate.height)
        return sum(map(here.touches, taken)), here.shared(face) if face else 0.0

    image.paste(plate, min(corners, key=harm), plate)


def _plate(counts: Mapping[MarkKind, int], *, unit: float) -> Image.Image:
    font = _font(round(30 * unit))
    line, pad, symbol = round(46 * unit), round(16 * unit), round(34 * unit)
    wide = max(int(font.getlength(str(count))) for count in counts.values())
    plate = rounded_plate(pad * 2 + symbol + round(14 * unit) + wide, pad + line * len(counts) + pad // 2, unit=unit)
    draw = ImageDraw.Draw(plate)
    for row, (kind, count) in enumerate(counts.items()):
        middle = round(pad * 0.75) + line * row + line // 2
        mark = sprite(kind, round(11 * unit), max(1.2, 3.2 * unit))
        mark.put(plate, (pad + symbol / 2, middle))
        draw.text((pad + symbol + round(14 * unit), middle), str(count), fill=_INK, font=font, anchor="lm")
    plate.putalpha(_corners(plate.size, unit=unit))
    return plate


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def rounded_plate(width: int, height: int, *, unit: float) -> Image.Image:
    """A dark, slightly see-through ground with round corners (RGBA)."""
    plate = Image.new("RGBA", (width, height), (*_GROUND, 255))
    plate.putalpha(_corners(plate.size, unit=unit))
    return plate


@lru_cache(maxsize=128)
def _corners(size: tuple[int, int], *, unit: float) -> Image.Image:
    finer = 4
    mask = Image.new("L", (size[0] * finer, size[1] * finer))
    box = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius=round(16 * unit * finer), fill=_GROUND_OPACITY)
    return mask.resize(size, Image.Resampling.BOX)
