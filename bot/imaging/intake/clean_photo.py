"""A clean photo as it is handed on: its JPEG and what is known of it, no pixels."""

from dataclasses import dataclass, field
from typing import Final

from bot.skin.photo import Conditions, PhotoIssue

MAX_FILE_BYTES: Final = 20_971_520


@dataclass(frozen=True, kw_only=True)
class CleanPhoto:
    """`jpeg` is what the analyzer gets; `width` and `height` are its pixels, `source_*` the file's own.

    `issues` are doubts about light and sharpness, and about the face where one was looked for.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    source_format: str
    source_width: int
    source_height: int
    conditions: Conditions
    issues: frozenset[PhotoIssue]
