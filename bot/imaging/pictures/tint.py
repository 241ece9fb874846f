"""Skin that counts as red, softly coloured and outlined: nothing else is touched."""

from functools import lru_cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.imaging.pictures.face import TINTED, Tint
from bot.imaging.pictures.lettering import Weight, fitting, writable
from bot.imaging.pictures.marks import LIGHT_FROM, Colour
from bot.imaging.pictures.upright import Card

_FAINTEST: Final = 0.18
_STRONGEST: Final = 0.46
_ON_LIGHT: Final[tuple[Colour, Colour]] = ((242, 62, 96), (186, 0, 60))  # where it just counts, and at its reddest
_ON_DARK: Final[tuple[Colour, Colour]] = ((255, 96, 130), (255, 28, 84))
_RIM: Final[tuple[Colour, Colour]] = ((255, 214, 224), (110, 0, 36))  # around it: on dark skin, on light skin
_GROUND: Final[Colour] = (22, 20, 26)
_INK: Final[Colour] = (250, 248, 246)
_LETTERS: Final = 40  # px, on a card of 960
_RIM_STRENGTH: Final = 0.75


def draw_tint(card: Card, tint: Tint, *, lightness: float) -> None:
    """`lightness`: the luminance of the face's skin."""
    strength, place = laid(card, tint)
    on_light = lightness >= LIGHT_FROM
    colours = _ON_LIGHT if on_light else _ON_DARK
    ink = Image.merge("RGB", [strength.point(table) for table in _ramps(*colours)])
    counts = strength.point(_counts())
    inwards = counts.filter(ImageFilter.GaussianBlur(max(1.2, card.image.width / 480))).point(_line())
    rim = ImageChops.multiply(inwards, counts)  # what does not count is left as it is
    card.image.paste(ink, place, strength.point(_opacity()))
    card.image.paste(_RIM[on_light], (*place, place[0] + rim.width, place[1] + rim.height), rim)


def laid(card: Card, tint: Tint) -> tuple[Image.Image, tuple[int, int]]:
    """The tint in the card's own pixels, and where its corner lies there."""
    left, top = card.at((TINTED.left, TINTED.top))
    size = (round(TINTED.width * card.apart), round(TINTED.height * card.apart))
    counted = tint.strength.point(_counts()).resize(size, Image.Resampling.BICUBIC)
    spread = tint.strength.filter(ImageFilter.MaxFilter(5)).resize(size, Image.Resampling.BICUBIC)
    sharp = counted.point([255 if value >= 128 else 0 for value in range(256)])
    return Image.composite(spread.point([max(1, value) for value in range(256)]), Image.new("L", size), sharp), (
        round(left),
        round(top),
    )


def draw_scale(card: Card, ends: tuple[str, str]) -> None:
    """A bar in the lower corner, from where skin just counts as red to its reddest, with a word at each end."""
    unit = card.image.width / 960
    size, pad, height = round(_LETTERS * unit), round(22 * unit), round(24 * unit)
    words = [text if writable(text) else "" for text in ends]
    fonts = [fitting(text, Weight.MEDIUM, size, round(230 * unit)) for text in words]
    wide = [round(face.getlength(text)) + (pad if text else 0) for face, text in zip(fonts, words, strict=True)]
    bar = round(200 * unit)
    plate = Image.new("RGB", (bar + sum(wide) + 2 * pad, height + 2 * pad), _GROUND)
    slope = Image.linear_gradient("L").rotate(90).resize((bar, height))
    heat = Image.merge("RGB", [slope.point(table) for table in _ramps(_ON_DARK[0], _ON_LIGHT[1])])
    plate.paste(heat, (pad + wide[0], pad))
    pen = ImageDraw.Draw(plate)
    for text, face, x in zip(words, fonts, (pad, pad + wide[0] + bar + pad), strict=True):
        pen.text((x, plate.height / 2), text, fill=_INK, font=face, anchor="lm")
    mask = Image.new("L", (plate.width * 2, plate.height * 2))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius=mask.height // 3, fill=225)
    margin = round(24 * unit)
    place = ((card.image.width - plate.width) // 2, card.image.height - plate.height - margin)
    card.image.paste(plate, place, mask.reduce(2))


@lru_cache(maxsize=1)
def _counts() -> list[int]:
    return [0] + [255] * 255


@lru_cache(maxsize=1)
def _opacity() -> list[int]:
    return [0] + [round(255 * (_FAINTEST + (_STRONGEST - _FAINTEST) * value / 255)) for value in range(1, 256)]


@lru_cache(maxsize=1)
def _line() -> list[int]:
    """Strongest at an edge, where a blur is half of what is inside."""
    return [round(255 * _RIM_STRENGTH * min(1.0, max(0.0, (235 - value) / 90))) for value in range(256)]


@lru_cache(maxsize=2)
def _ramps(low: Colour, high: Colour) -> tuple[list[int], ...]:
    return tuple(
        [round(one + (other - one) * value / 255) for value in range(256)] for one, other in zip(low, high, strict=True)
    )
