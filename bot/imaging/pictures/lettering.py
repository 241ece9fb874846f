"""Letters in pictures: a font that travels with the bot, for the scripts it has."""

import io
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

_FONTS: Final = Path(__file__).parent / "fonts"
_ABSENT: Final = "\U0010ffff"  # no font has it: what is drawn for it is drawn for every letter that is missing


class Weight(StrEnum):
    """The files of Roboto (Apache 2.0): Latin with all its accents, Greek, Cyrillic."""

    REGULAR = "Roboto-Regular.ttf"
    MEDIUM = "Roboto-Medium.ttf"


@lru_cache(maxsize=64)
def font(weight: Weight, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(_file(weight)), size_px)


def load_fonts() -> None:
    """From then on no file is opened."""
    for weight in Weight:
        _file(weight)


@cache
def _file(weight: Weight) -> bytes:
    return (_FONTS / weight).read_bytes()


def writable(text: str) -> bool:
    """Whether the font has every letter; a text it has not is better left to the caption than drawn as boxes."""
    return all(_has(letter) for letter in text if not letter.isspace())


def written(text: str) -> str:
    """What of a text the font has, without the rest: emoji, other scripts."""
    return " ".join("".join(letter for letter in text if letter.isspace() or _has(letter)).split())


def cut_to_fit(text: str, weight: Weight, size_px: int, width_px: int) -> str:
    """The text, or as many of its words (of its letters, where there is one word) as fit, and an ellipsis."""
    face = font(weight, size_px)
    if face.getlength(text) <= width_px:
        return text
    letters = text
    while letters and face.getlength(f"{letters}…") > width_px:
        letters = letters[:-1]
    words = letters.rpartition(" ")[0] if text[len(letters)] != " " else letters
    return f"{(words or letters).rstrip()}…"


@lru_cache(maxsize=1024)
def _has(letter: str) -> bool:
    face = font(Weight.REGULAR, 32)
    return bytes(face.getmask(letter)) != bytes(face.getmask(_ABSENT))


def fitting(text: str, weight: Weight, size_px: int, width_px: int) -> ImageFont.FreeTypeFont:
    """The font in that size, or in a smaller one in which the text is not wider."""
    while size_px > 12 and font(weight, size_px).getlength(text) > width_px:
        size_px -= 1
    return font(weight, size_px)
