"""A clean photo as it is handed on: its JPEG and what is known of it, no pixels."""

from dataclasses import dataclass, field
from typing import Final

from bot.skin.photo import Conditions, PhotoIssue

MAX_FILE_BYTES: Final = 20_971_520


@dataclass(frozen=True, kw_only=True)
class CloseUp:
    """A face with its surroundings, so that a large photo is not decoded once more to be drawn on.

    `corner`: where it begins in the photo, px there; `scale`: its pixels per pixel of the photo.
    """

    jpeg: bytes = field(repr=False)
    corner: tuple[float, float]
    scale: float


@dataclass(frozen=True, kw_only=True)
class SeenFace:
    """Where the first look saw the one face: the square around its mesh, px of the photo that is handed on.

    `roll`: how far the eyes' line is turned clockwise, radians. `score`: how surely it is one, 0..1. `close_up`: of one
    that fills a large photo.
    """

    middle: tuple[float, float]
    side: float
    roll: float
    score: float
    close_up: CloseUp | None = None


@dataclass(frozen=True, kw_only=True)
class CleanPhoto:
    """`jpeg` is what the analyzer gets; `width` and `height` are its pixels, `source_*` the file's own.

    `issues` are doubts about light and sharpness, and about the face where one was looked for. `face`: None where
    there is not the one face, or nothing looks for any.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    source_format: str
    source_width: int
    source_height: int
    conditions: Conditions
    issues: frozenset[PhotoIssue]
    face: SeenFace | None = None
