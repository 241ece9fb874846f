"""Under what light a photo was taken and how sharp it is, from a small copy of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Self

from PIL import Image, ImageCms, ImageFilter, ImageStat

from bot.skin.photo import Conditions, PhotoIssue

_COLOUR_SIDE_PX: Final = 160
_SHARPNESS_SIDE_PX: Final = 640
_STRIP_PX: Final = 8  # sharpness is measured on a strip of so many rows
_EVERY_PX: Final = 32  # in each so many: on nine photos within 5 per cent of all rows, for a third of the time
_LAPLACIAN: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)

# Calibrated on portraits of light and dark skin, sharp and soft (docs/decisions.md): when unsure, no doubt is raised.
_DARK_BRIGHTEST_TENTH: Final = 24.0  # grey of 0..100 that nine tenths of the middle stay below
_BLOWN_OUT_SHARE: Final = 0.5
_BLURRED_BELOW: Final = 6.0
_FLAT_RANGE: Final = 3


@cache
def _to_lab() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")


@dataclass(frozen=True, kw_only=True)
class LightSample:
    """What is measured of one picture is measured on less than the whole: a small copy and a few strips.

    `strips`: grey, at about 640 px of the picture's long side, one below the other.
    """

    coloured: Image.Image
    strips: Image.Image

    @classmethod
    def at(cls, image: Image.Image) -> Self:
        return cls(coloured=_small(image, _COLOUR_SIDE_PX), strips=_strips(image))

    @property
    def is_flat(self) -> bool:
        """All one colour: there is nothing to see."""
        return all(high - low <= _FLAT_RANGE for low, high in _extremes(self.coloured))


def conditions_of(look: LightSample) -> Conditions:
    """`sharpness` is the Laplacian's variance over the strips."""
    lab = ImageCms.applyTransform(look.coloured, _to_lab())
    if lab is None:
        raise TypeError("a transform that is not in place gives a picture")
    stat = ImageStat.Stat(lab)
    histogram = lab.getchannel(0).histogram()
    clipped = (sum(histogram[:3]) + sum(histogram[252:])) / sum(histogram)
    return Conditions(
        brightness=round(stat.mean[0] / 2.55, 2),
        contrast=round(stat.stddev[0] / 2.55, 2),
        clipped=round(clipped, 4),
        warmth=round(stat.mean[2] - 128, 2),
        tint=round(stat.mean[1] - 128, 2),
        sharpness=round(_sharpness(look.strips), 2),
    )


def doubts_about(look: LightSample, conditions: Conditions) -> frozenset[PhotoIssue]:
    """What the whole picture's light and sharpness say; the middle counts, where the face is."""
    middle = _middle(look.coloured).convert("L")
    histogram = middle.histogram()
    pixels = sum(histogram)
    bright = sum(histogram[250:]) / pixels
    issues = set()
    if _at_share(histogram, 0.9) / 2.55 < _DARK_BRIGHTEST_TENTH:
        issues.add(PhotoIssue.TOO_DARK)
    if bright > _BLOWN_OUT_SHARE:
        issues.add(PhotoIssue.TOO_BRIGHT)
    if conditions.sharpness < _BLURRED_BELOW and not issues:
        issues.add(PhotoIssue.BLURRED)
    return frozenset(issues)


def _sharpness(strips: Image.Image) -> float:
    return float(ImageStat.Stat(strips.filter(_LAPLACIAN), _inside(*strips.size)).var[0])


@lru_cache(maxsize=16)
def _inside(width: int, height: int) -> Image.Image:
    """Each strip without its outermost pixels: the filter leaves them as they were, or saw the next strip."""
    mask = Image.new("L", (width, height))
    for top in range(0, height, _STRIP_PX):
        mask.paste(255, (1, top + 1, width - 1, top + _STRIP_PX - 1))
    return mask


def _extremes(image: Image.Image) -> Iterator[tuple[float, float]]:
    """(lowest, highest) of each band."""
    for band in image.getbands():
        lowest, highest = image.getchannel(band).getextrema()
        if isinstance(lowest, tuple) or isinstance(highest, tuple):
            raise TypeError("a band has one lowest value")
        yield lowest, highest


def _at_share(histogram: list[int], share: float) -> int:
    below, wanted = 0, sum(histogram) * share
    for value, count in enumerate(histogram):
        below += count
        if below >= wanted:
            return value
    return 255


def _small(image: Image.Image, side_px: int) -> Image.Image:
    factor = _factor(image, side_px)
    return image.reduce(factor) if factor > 1 else image


def _strips(image: Image.Image) -> Image.Image:
    factor = _factor(image, _SHARPNESS_SIDE_PX)
    rows, every = _STRIP_PX * factor, _EVERY_PX * factor
    tops = range((every - rows) // 2, image.height - rows + 1, every)
    strips = Image.new("RGB", (-(-image.width // factor), _STRIP_PX * len(tops)))
    for place, top in enumerate(tops):
        strips.paste(image.reduce(factor, (0, top, image.width, top + rows)), (0, place * _STRIP_PX))
    return strips.convert("L")


def _factor(image: Image.Image, side_px: int) -> int:
    return max(1, round(max(image.size) / side_px))


def _middle(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 5, height // 5, width - width // 5, height - height // 5))
