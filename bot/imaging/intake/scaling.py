"""The API's bounds in pixels, and getting a decoded picture into them without a second copy of it in memory."""

import math
from collections.abc import Callable
from typing import Final, Protocol

from PIL import Image

from bot.imaging.intake.colour import Colours, is_plain, with_comparable_range
from bot.imaging.intake.rejection import PhotoRejected
from bot.skin.photo import RejectReason

MIN_SIDE_PX: Final = 201
MAX_SIDE_PX: Final = 4095
_LONGEST_TO_SHORTEST: Final = MAX_SIDE_PX / MIN_SIDE_PX
_STRIPS: Final = 12
_MARGIN: Final = 2  # pixels of the result that a filter looks beyond a strip, with one to spare
_WHOLE_UP_TO_PX: Final = 20_000_000

# Scaling by a whole number costs little, or nothing in the decoder; what would fall below this is scaled finely.
_ENOUGH_SIDE_PX: Final = 3000
_ENOUGH_WHERE_TIGHT_PX: Final = 2000
_FINELY_UP_TO_PX: Final = 25_000_000  # both pictures are in memory meanwhile, 4 bytes a pixel


def refuse_by_shape(width: int, height: int) -> None:
    """Before a pixel is decoded."""
    shorter, longer = sorted((width, height))
    if shorter <= 0:
        raise PhotoRejected(RejectReason.DAMAGED)
    if longer > shorter * _LONGEST_TO_SHORTEST:
        raise PhotoRejected(RejectReason.TOO_LONG_AND_THIN)
    if shorter < MIN_SIDE_PX:
        raise PhotoRejected(RejectReason.TOO_SMALL)


def draft_size(width: int, height: int, *, is_tight: bool = False) -> tuple[int, int]:
    """What to ask the JPEG decoder for: a half, a quarter or an eighth, rounded down. `is_tight`: memory is.

    It divides the sides by the wish and rounds down, so that odd sides asked for rounded up are decoded whole; what it
    gives is rounded up.
    """
    longer, factor = max(width, height), 1
    while factor < 8 and math.ceil(longer / factor) > MAX_SIDE_PX:
        enough = _ENOUGH_WHERE_TIGHT_PX if is_tight else _enough(width * height // factor**2)
        if math.ceil(longer / (factor * 2)) < enough:
            break
        factor *= 2
    return width // factor, height // factor


class Bands(Protocol):
    """A picture that is not in memory as one."""

    @property
    def mode(self) -> str: ...
    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    def crop(self, box: tuple[int, int, int, int], /) -> Image.Image: ...


def in_bounds(image: Image.Image | Bands, colours: Colours) -> Image.Image:
    """The picture in sRGB with its long side at most 4095 px; `image` is not to be used afterwards."""
    hides_colours = False
    if isinstance(image, Image.Image):
        image = with_comparable_range(image)
        hides_colours = "transparency" in image.info
    if is_plain(image.mode) and not hides_colours:
        return colours.to_srgb(_fitted(image))
    factor = 1 if image.width * image.height <= _WHOLE_UP_TO_PX else math.ceil(max(image.size) / MAX_SIDE_PX)
    return _fitted(_by_strips(image, factor, colours.to_srgb, "RGB"))


def _fitted(image: Image.Image | Bands) -> Image.Image:
    factor = math.ceil(max(image.size) / MAX_SIDE_PX)
    enough = _enough(image.width * image.height)
    if factor > 1 and (max(image.size) < enough * factor or min(image.size) < MIN_SIDE_PX * factor):
        scale = MAX_SIDE_PX / max(image.size)
        width, height = (max(round(side * scale), MIN_SIDE_PX) for side in image.size)
        return _resized(image, width, height)
    if isinstance(image, Image.Image):
        return image.reduce(factor) if factor > 1 else image
    return _by_strips(image, factor, lambda strip: strip)


def _enough(pixels: int) -> int:
    """For a longest side, scaled by a whole number: else it is scaled finely."""
    return _ENOUGH_SIDE_PX if pixels <= _FINELY_UP_TO_PX else _ENOUGH_WHERE_TIGHT_PX


def _resized(image: Image.Image | Bands, width: int, height: int) -> Image.Image:
    """Strip by strip, the same within one step of 256: Pillow would keep the whole a third time, scaled one way."""
    whole = Image.new(image.mode, (width, height))
    step, scale = math.ceil(height / _STRIPS), image.height / height
    for top in range(0, height, step):
        bottom = min(top + step, height)
        first = max(math.floor((top - _MARGIN) * scale), 0)
        last = min(math.ceil((bottom + _MARGIN) * scale), image.height)
        strip = image.crop((0, first, image.width, last))
        box = (0, top * scale - first, image.width, min(bottom * scale, image.height) - first)
        whole.paste(strip.resize((width, bottom - top), Image.Resampling.HAMMING, box=box), (0, top))
    return whole


def _by_strips(
    image: Image.Image | Bands, factor: int, treated: Callable[[Image.Image], Image.Image], mode: str | None = None
) -> Image.Image:
    """Strip by strip: whole pictures with alpha would need three copies at once."""
    whole = Image.new(mode or image.mode, (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    step = math.ceil(whole.height / _STRIPS) * factor
    for top in range(0, image.height, step):
        strip = treated(image.crop((0, top, image.width, min(top + step, image.height))))
        whole.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    return whole
