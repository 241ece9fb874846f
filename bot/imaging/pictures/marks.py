"""How each kind of finding is marked: a colour and a shape of its own, so that colour alone never has to tell."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from PIL import Image, ImageDraw

from bot.skin.analysis import MarkKind

Colour = tuple[int, int, int]

_FINER: Final = 4  # ImageDraw has no antialiasing: marks are drawn this much larger, once for each size
_HALO: Final[Colour] = (20, 18, 24)
_HALO_OPACITY: Final = 0.55


@dataclass(frozen=True, kw_only=True)
class Style:
    """`corners`: 0 is a ring. `turn`: degrees. `dashes`: 0 is a whole line. `emoji` has the same colour."""

    emoji: str
    colour: Colour
    corners: int
    turn: float = 0.0
    dashes: int = 0

    @property
    def outward(self) -> float:
        """How much farther out its corners lie than its sides; a triangle's would look far larger than the rest."""
        return min(1.0 / math.cos(math.pi / self.corners), 1.5) if self.corners else 1.0


STYLES: Final[Mapping[MarkKind, Style]] = MappingProxyType(
    {
        MarkKind.ACNE: Style(emoji="🔴", colour=(255, 72, 72), corners=0),
        MarkKind.CLOSED_COMEDONES: Style(emoji="🟡", colour=(255, 217, 64), corners=4, turn=45),
        MarkKind.SKIN_SPOT: Style(emoji="🟣", colour=(190, 120, 255), corners=4),
        MarkKind.MOLE: Style(emoji="🔵", colour=(64, 164, 255), corners=0, dashes=6),
        MarkKind.RED_SPOTS: Style(emoji="🟠", colour=(255, 150, 40), corners=6),
        MarkKind.DARK_SPOTS: Style(emoji="🟤", colour=(196, 132, 84), corners=3, turn=-90),
    }
)


@dataclass(frozen=True, kw_only=True)
class Sprite:
    """The coloured line upon its dark halo (RGBA), cut to what is drawn of it. The middle stays free.

    `left`, `top`: how far the middle is from the corner, px.
    """

    image: Image.Image
    left: int
    top: int

    def put(self, image: Image.Image, centre: tuple[float, float]) -> None:
        image.paste(self.image, (round(centre[0]) - self.left, round(centre[1]) - self.top), self.image)


@lru_cache(maxsize=512)
def sprite(kind: MarkKind, radius: int, line_px: float) -> Sprite:
    """A mark whose line runs `radius` px around the middle (its inner edge keeps clear of that)."""
    style = STYLES[kind]
    reach = math.ceil((radius + line_px) * style.outward + 2 * line_px) + 1
    halo = _outline(style, reach, radius + line_px, line_px * 1.8)  # outwards: the skin inside is not darkened
    line = _outline(style, reach, radius + line_px / 2, line_px)
    whole = Image.alpha_composite(
        _inked(_HALO, halo.point(lambda value: value * _HALO_OPACITY + 0)), _inked(style.colour, line)
    )
    left, top, right, bottom = whole.getchannel("A").getbbox() or (0, 0, *whole.size)
    return Sprite(image=whole.crop((left, top, right, bottom)), left=reach - left, top=reach - top)


def _inked(colour: Colour, mask: Image.Image) -> Image.Image:
    image = Image.new("RGBA", mask.size, colour)
    image.putalpha(mask)
    return image


def _outline(style: Style, reach: int, radius: float, width: float) -> Image.Image:
    side = (2 * reach + 1) * _FINER
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    middle, far, thick = side / 2, radius * _FINER, max(1, round(width * _FINER))
    if style.corners:
        far *= style.outward  # the circle inside stays free
        points = [(middle + far * math.cos(angle), middle + far * math.sin(angle)) for angle in _angles(style)]
        draw.line([*points, points[0], points[1]], fill=255, width=thick, joint="curve")
    else:
        ring = (middle - far - thick / 2, middle - far - thick / 2, middle + far + thick / 2, middle + far + thick / 2)
        if not style.dashes:
            draw.ellipse(ring, outline=255, width=thick)
        for start, end in _arcs(style.dashes):
            draw.arc(ring, start, end, fill=255, width=thick)
    return mask.resize((2 * reach + 1, 2 * reach + 1), Image.Resampling.BOX)


def _angles(style: Style) -> list[float]:
    return [math.radians(style.turn + 360 * corner / style.corners) for corner in range(style.corners)]


def _arcs(dashes: int) -> list[tuple[float, float]]:
    step = 360 / max(dashes, 1)
    return [(step * dash, step * (dash + 0.62)) for dash in range(dashes)]
