"""Any colour space that a file may bring, to 8-bit sRGB on white ground."""

import io
from functools import cache, lru_cache
from itertools import product
from typing import Final

from PIL import Image, ImageChops, ImageCms

from bot.imaging.intake.colour_spaces import ColourTags
from bot.imaging.intake.hdr import with_profile

_WITH_ALPHA: Final = frozenset({"RGBA", "LA", "PA", "RGBa", "La"})
_WIDE: Final = frozenset({"I", "F"})
_OWN_BANDS: Final = frozenset({"RGB", "L", "CMYK", "LAB"})
_SIXTEEN_TO_EIGHT: Final = [value >> 8 for value in range(65_536)]


_ROUNDING: Final = 2
_LEVELS: Final = range(0, 256, 15)
_PROBE: Final = Image.frombytes(
    "RGB", (len(_LEVELS) ** 2, len(_LEVELS)), bytes(value for colour in product(_LEVELS, repeat=3) for value in colour)
)


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


class Colours:
    """Turns one file's pixels to sRGB; made once for all the strips of a picture."""

    def __init__(self, told: ColourTags) -> None:
        self._hdr = told.hdr
        self._profile = None if _says_srgb(told.profile) else _opened(told.profile)
        self._transforms: dict[str, ImageCms.ImageCmsTransform | None] = {}

    def to_srgb(self, image: Image.Image) -> Image.Image:
        """An RGB picture as it is meant to look; an RGB picture that is given is changed in place."""
        image = _on_white(_eight_bit(image))
        if image.mode not in _OWN_BANDS or (image.mode == "L" and self._is_of_colours):
            image = image.convert("RGB")
        if self._hdr is not None:
            image, profile = with_profile(image.convert("RGB"), self._hdr)
            self._profile, self._transforms = _opened(profile), {}
        transform = self._transform(image.mode)
        if transform is not None:
            converted = ImageCms.applyTransform(image, transform, inPlace=image.mode == "RGB")
            return image if converted is None else converted
        return image if image.mode == "RGB" else image.convert("RGB")

    @property
    def _is_of_colours(self) -> bool:
        """Then a grey picture is one of its greys."""
        profile = self._profile
        return self._hdr is not None or (profile is not None and profile.profile.xcolor_space.strip() == "RGB")

    def _transform(self, mode: str) -> ImageCms.ImageCmsTransform | None:
        if mode not in self._transforms:
            self._transforms[mode] = self._built(mode)
        return self._transforms[mode]

    def _built(self, mode: str) -> ImageCms.ImageCmsTransform | None:
        """None where nothing is to be done: no profile, a broken one, or one for other bands."""
        source = self._profile
        if source is None and mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        if source is None:
            return None
        try:
            return ImageCms.buildTransform(source, _srgb(), mode, "RGB")
        except (ImageCms.PyCMSError, ValueError):
            return None


def is_plain(mode: str) -> bool:
    """Can it be scaled as it is? Palettes, hidden colours below alpha and 16 bits can't."""
    return mode in _OWN_BANDS


def with_comparable_range(image: Image.Image) -> Image.Image:
    """32-bit pictures have no agreed white: their own darkest and lightest pixel become 0 and 255."""
    if image.mode not in _WIDE:
        return image
    lowest, highest = image.getextrema()
    if isinstance(lowest, tuple) or isinstance(highest, tuple):
        raise TypeError("a 32-bit picture has one band")
    factor = 255.0 / max(highest - lowest, 1e-9)
    return image.point(lambda value: value * factor - lowest * factor).convert("L")


def _opened(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    if not profile:
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=16)
def _says_srgb(profile: bytes) -> bool:
    """By what it does to colours from all over the space: its name may say anything."""
    opened = _opened(profile)
    if opened is None:
        return True
    try:
        transform = ImageCms.buildTransform(opened, _srgb(), "RGB", "RGB")
    except (ImageCms.PyCMSError, ValueError):
        return False
    converted = ImageCms.applyTransform(_PROBE, transform)
    if converted is None:
        raise TypeError("a transform that is not in place gives a picture")
    changes = ImageChops.difference(_PROBE, converted).tobytes()
    return max(changes) <= _ROUNDING


def _eight_bit(image: Image.Image) -> Image.Image:
    """By the upper byte: Pillow's own conversion cuts at 255, which turns pictures white."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(_SIXTEEN_TO_EIGHT, "L")
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in _WITH_ALPHA and "transparency" not in image.info:
        return image
    image = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground
