"""How to take a good selfie: one picture for everybody, drawn by tools/guide/draw.py."""

from functools import cache
from pathlib import Path
from typing import Final

_PICTURE: Final = Path(__file__).with_name("guide.jpg")


@cache
def photo_guide() -> bytes:
    """A JPEG of 1280×1424 px: the caption's points above, and below what each of them spares the person."""
    return _PICTURE.read_bytes()
