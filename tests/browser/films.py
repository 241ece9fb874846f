"""Films for Chromium's fake camera: a face that comes nearer, turns, is lit otherwise; drawn, or of a picture."""

import io
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PIL import Image, ImageFilter

from tests.pictures import lit

SIZE: Final = (720, 1280)
_ROOM: Final = (186, 190, 194)
_TOWARDS: Final = 15  # frames in which somebody does what they are told
_STILL: Final = 25  # frames in which they hold still
_EACH: Final = 3  # times it is shown: of thirty pictures a second that a film has, ten differ
# Chromium takes a camera's JPEGs for video: black is 16, white is 235. Others come out with more contrast than theirs.
_LIGHT: Final = [round(16 + value * 219 / 255) for value in range(256)]
_COLOUR: Final = [round(128 + (value - 128) * 224 / 255) for value in range(256)]


@dataclass(frozen=True, kw_only=True)
class Pose:
    """`size`: of the face's picture, in shares of the film's width; `x`, `y`: its middle. `tilt`: degrees."""

    size: float = 1.0
    x: float = 0.5
    y: float = 0.46
    tilt: float = 0.0
    light: float = 1.0
    red: float = 1.0
    blue: float = 1.0
    shade: float = 1.0
    blur: float = 0.0


NEUTRAL: Final = Pose()


def frame(face: Image.Image, pose: Pose) -> Image.Image:
    """One picture. `shade`: how much light the right side gets."""
    width, height = SIZE
    side = round(pose.size * width)
    shown = face.resize((side, side), Image.Resampling.BICUBIC).rotate(
        -pose.tilt, resample=Image.Resampling.BICUBIC, fillcolor=_ROOM
    )
    image = Image.new("RGB", SIZE, _ROOM)
    image.paste(shown, (round(pose.x * width - side / 2), round(pose.y * height - side / 2)))
    image = lit(image, (pose.light * pose.red, pose.light, pose.light * pose.blue))
    if pose.shade != 1.0:
        across = Image.linear_gradient("L").rotate(90).resize(SIZE)
        image = Image.composite(lit(image, (pose.shade,) * 3), image, across)
    return image.filter(ImageFilter.GaussianBlur(pose.blur)) if pose.blur else image


def off(chance: random.Random) -> Pose:
    """As people hold a phone when nothing guides them: judged, not measured."""
    return Pose(
        size=math.exp(chance.gauss(0, 0.16)),
        x=chance.gauss(0.5, 0.06),
        y=chance.gauss(0.46, 0.05),
        tilt=chance.gauss(0, 5),
        light=math.exp(chance.gauss(0, 0.3)),
        red=math.exp(chance.gauss(0, 0.06)),
        blue=math.exp(chance.gauss(0, 0.09)),
    )


def odd(chance: random.Random) -> Pose:
    """Anything, also what no server reads without asking."""
    pose = replace(off(chance), size=math.exp(chance.gauss(-0.2, 0.35)), tilt=chance.gauss(0, 14))
    kinds: list[dict[str, float]] = [
        {"light": chance.uniform(0.01, 0.3)},
        {"light": chance.uniform(1.5, 4)},
        {"red": chance.uniform(0.5, 1.6), "blue": chance.uniform(0.15, 1.6)},
        {"shade": chance.uniform(0.05, 0.7)},
        {"blur": chance.uniform(1, 9)},
        {"x": chance.uniform(-0.2, 1.2), "y": chance.uniform(0, 1)},
        {},
    ]
    return replace(pose, **chance.choice(kinds))


def followed(start: Pose, end: Pose, chance: random.Random) -> Iterator[Pose]:
    """Somebody does what they are told: from where they are to where they should be, never quite still."""
    for step in range(_TOWARDS + _STILL):
        left = max(0.0, 1 - step / _TOWARDS)
        shaken = {
            "size": chance.gauss(0, 0.004),
            "x": chance.gauss(0, 0.003),
            "y": chance.gauss(0, 0.002),
            "tilt": chance.gauss(0, 0.3),
        }
        yield replace(
            end,
            **{
                name: getattr(end, name) + left * (getattr(start, name) - getattr(end, name)) + shaken.get(name, 0.0)
                for name in ("size", "x", "y", "tilt", "light", "red", "blue")
            },
        )


def film(path: Path, frames: Iterable[Image.Image]) -> Path:
    """Motion JPEG, which Chromium plays over and over: a page sees the colours of `frames` within 3 of 255."""
    with path.open("wb") as file:
        for each in frames:
            file.write(jpeg(_as_video(each)) * _EACH)
    return path


def raw_film(path: Path, frames: Iterable[Image.Image]) -> Path:
    """The same as a .y4m, which nothing has to be decoded of: as a phone's camera hands its pictures over."""
    width, height = SIZE
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F30:1 Ip C420\n".encode())
        for each in frames:
            light, *colours = _as_video(each).split()
            shown = b"".join((light.tobytes(), *(colour.reduce(2).tobytes() for colour in colours)))
            file.write((b"FRAME\n" + shown) * _EACH)
    return path


def _as_video(image: Image.Image) -> Image.Image:
    return image.convert("YCbCr").point(_LIGHT + _COLOUR * 2)


def jpeg(image: Image.Image, quality: int = 95) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()
