"""How each kind of finding is marked: by a colour and a shape of its own, and seen on every skin.

A mark is a band of its colour between two edges, and the edges are what is seen: pale on dark skin, deep on light skin.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from PIL import Image, ImageDraw

from bot.skin.analysis import MarkKind

Colour = tuple[int, int, int]

_FINER: Final = 3  # ImageDraw has no antialiasing: marks are drawn this much larger, once for each size
_EDGES: Final = 2.9  # times the band's width, in all
LIGHT_FROM: Final = 0.185  # luminance; on skin as light as this and lighter, deep edges are seen better than pale ones
_ENOUGH: Final = 3.4  # contrast, to keep to one look all over a face that is lit unevenly


@dataclass(frozen=True, kw_only=True)
class Hue:
    """`band` between edges: `pale` ones on dark skin, `deep` ones on light skin."""

    band: Colour
    pale: Colour
    deep: Colour

    def edge(self, *, on_light: bool) -> Colour:
        return self.deep if on_light else self.pale


RED: Final = Hue(band=(244, 52, 70), pale=(255, 242, 242), deep=(58, 0, 14))
YELLOW: Final = Hue(band=(255, 205, 30), pale=(255, 252, 232), deep=(30, 24, 8))
PURPLE: Final = Hue(band=(166, 88, 250), pale=(249, 244, 255), deep=(32, 4, 70))
BLUE: Final = Hue(band=(40, 138, 255), pale=(238, 247, 255), deep=(0, 20, 66))
WHITE: Final = Hue(band=(255, 255, 255), pale=(255, 255, 255), deep=(20, 20, 28))
AQUA: Final = Hue(band=(70, 224, 214), pale=(236, 255, 253), deep=(0, 32, 38))


@dataclass(frozen=True, kw_only=True)
class Style:
    """`corners`: 0 is round. `dashes`: 0 is a whole line. `emoji` has the same colour."""

    emoji: str
    hue: Hue
    corners: int = 0
    turn: float = 0.0
    dashes: int = 0


STYLES: Final[Mapping[MarkKind, Style]] = MappingProxyType(
    {
        MarkKind.ACNE: Style(emoji="🔴", hue=RED),
        MarkKind.CLOSED_COMEDONES: Style(emoji="🟡", hue=YELLOW, corners=4, turn=45),
        MarkKind.SKIN_SPOT: Style(emoji="🟣", hue=PURPLE, dashes=4, turn=28),
        MarkKind.MOLE: Style(emoji="🔵", hue=BLUE, dashes=8),
        MarkKind.RED_SPOTS: Style(emoji="🔴", hue=RED),
        MarkKind.DARK_SPOTS: Style(emoji="🟣", hue=PURPLE, dashes=4, turn=28),
    }
)
"""Two kinds look alike where no analyzer tells both: the vendor's pimples and this device's red spots."""


@dataclass(frozen=True, kw_only=True)
class Sprite:
    """A mark (RGBA), cut to what is drawn of it. The middle stays free. `left`, `top`: from the corner to it, px."""

    image: Image.Image
    left: int
    top: int

    def put(self, image: Image.Image, centre: tuple[float, float]) -> None:
        """Onto an RGB picture in memory: what Pillow's own `paste` looks at first is known, and takes long."""
        left, top = round(centre[0]) - self.left, round(centre[1]) - self.top
        drawn = self.image.im
        image.im.paste(drawn, (left, top, left + self.image.width, top + self.image.height), drawn)


@lru_cache(maxsize=256)
def sprite(kind: MarkKind, radius: int, band_px: float, *, on_light: bool) -> Sprite:
    """A mark that keeps `radius` px around the middle free."""
    style = STYLES[kind]
    whole = band_px * _EDGES
    reach = math.ceil((radius + whole) * (1.25 if style.corners else 1.0)) + 2
    edges = _outline(style, reach, radius + whole / 2, whole, longer=band_px)
    band = _outline(style, reach, radius + whole / 2, band_px, longer=0)
    drawn = Image.alpha_composite(_inked(style.hue.edge(on_light=on_light), edges), _inked(style.hue.band, band))
    left, top, right, bottom = drawn.getchannel("A").getbbox() or (0, 0, *drawn.size)
    return Sprite(image=drawn.crop((left, top, right, bottom)), left=reach - left, top=reach - top)


def luminance(colour: Colour) -> float:
    """0 to 1, as WCAG weighs it."""
    light = _light()
    return 0.2126 * light[colour[0]] + 0.7152 * light[colour[1]] + 0.0722 * light[colour[2]]


@cache
def _light() -> list[float]:
    return [value / 3294.6 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in range(256)]


@lru_cache(maxsize=32)
def dot(kind: MarkKind, radius: int, edge: int, *, on_light: bool) -> Sprite:
    """Of many, that leave no room for more: its colour within an edge."""
    hue, reach = STYLES[kind].hue, radius + edge + 1
    masks = []
    for far in (radius + edge, radius):
        mask = Image.new("L", ((2 * reach + 1) * _FINER, (2 * reach + 1) * _FINER))
        middle, width = mask.width / 2, far * _FINER
        ImageDraw.Draw(mask).ellipse((middle - width, middle - width, middle + width, middle + width), fill=255)
        masks.append(mask.reduce(_FINER))
    drawn = Image.alpha_composite(_inked(hue.edge(on_light=on_light), masks[0]), _inked(hue.band, masks[1]))
    return Sprite(image=drawn, left=reach, top=reach)


def on_light(hue: Hue, skin: float, *, usual: float) -> bool:
    """Whether deep edges are the ones to take on skin of that luminance; `usual` is that of most of the face."""
    mostly = usual >= LIGHT_FROM
    if contrast(luminance(hue.edge(on_light=mostly)), skin) >= _ENOUGH:
        return mostly
    return skin >= LIGHT_FROM


def contrast(one: float, other: float) -> float:
    """Of two luminances, 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _inked(colour: Colour, mask: Image.Image) -> Image.Image:
    image = Image.new("RGBA", mask.size, colour)
    image.putalpha(mask)
    return image


def _outline(style: Style, reach: int, radius: float, width: float, *, longer: float) -> Image.Image:
    side = (2 * reach + 1) * _FINER
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    middle, far, thick = side / 2, radius * _FINER, max(1, round(width * _FINER))
    box = (middle - far - thick / 2, middle - far - thick / 2, middle + far + thick / 2, middle + far + thick / 2)
    if style.corners:
        draw.rounded_rectangle(box, radius=far * 0.45, outline=255, width=thick)
    elif not style.dashes:
        draw.ellipse(box, outline=255, width=thick)
    for start, end in _arcs(style, math.degrees(longer / 2 / max(radius, 1))):
        draw.arc(box, start, end, fill=255, width=thick)
    return mask.reduce(_FINER)


def _arcs(style: Style, longer: float) -> list[tuple[float, float]]:
    """`longer`: by how many degrees at each end, for the edges around a dash's ends."""
    step = 360 / max(style.dashes, 1)
    share = 0.74 if style.dashes < 6 else 0.56
    starts = [style.turn + step * dash for dash in range(style.dashes)]
    return [(start - longer, start + step * share + longer) for start in starts]
