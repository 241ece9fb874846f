"""All that is asked of the worker processes: bytes and frozen records go in and come out, never pixels or handles.

The bot calls these by name, so each loads what it needs only where it runs. A worker calls `load` first: behind its
walls no file can be opened any more.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Final

from bot.analysis import PhotoRefused
from bot.analysis.local import Measured, is_installed
from bot.imaging.intake.clean_photo import CleanPhoto
from bot.imaging.intake.jpeg_header import takes_much_memory
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.pictures.chart import Chart
from bot.imaging.workshop import walls
from bot.skin.analysis import Box, MarkKind
from bot.skin.photo import Conditions, PhotoIssue, RefusalReason, RejectReason

_JPEG: Final = b"\xff\xd8\xff"

Marks = Mapping[MarkKind, tuple[Box, ...]]


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """A file that became a photo. `digest`: SHA-256 of the file as it was sent."""

    photo: CleanPhoto
    digest: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Side:
    """One photo of a pair; `face` in its pixels, None shows the whole photo. `label`: its date."""

    jpeg: bytes = field(repr=False)
    face: Box | None
    label: str


def is_heavy(data: bytes) -> bool:
    """HEIC (and AVIF, which shares its container), and huge JPEGs of many scans: one at a time is enough for a machine.

    Judged by the first bytes, in the bot's own process.
    """
    return data[4:8] == b"ftyp" or takes_much_memory(data)


def take_in(data: bytes) -> TakenIn:
    """Decoded, upright, clean and looked at before anything is paid for it. Raises PhotoRejected."""
    from PIL import Image  # noqa: PLC0415 - see above; so in all of these

    from bot.analysis.photo_look import looked_at  # noqa: PLC0415

    if not data.startswith(_JPEG):  # others need what their readers take, and what Pillow keeps beside it
        Image.core.clear_cache()  # type: ignore[attr-defined]  # Pillow's documented way, untyped
    with walls.more_memory() if is_heavy(data) else nullcontext():
        photo = looked_at(data, can_see=is_installed())
    return TakenIn(photo=photo.without_pixels(), digest=hashlib.sha256(data).digest())


def measure(jpeg: bytes) -> Measured:
    """By this machine alone. Raises PhotoRefused."""
    from bot.analysis.local.measure import measured  # noqa: PLC0415

    answer = measured(jpeg)
    return Measured(raw=answer.raw, red_map=answer.red_map)


def annotate(jpeg: bytes, marks: Marks, face: Box | None, counted: bool = True) -> bytes:  # noqa: FBT001, FBT002 - a record's field
    from bot.imaging.intake.photo import canvas_of  # noqa: PLC0415
    from bot.imaging.pictures.annotate import annotate as annotated  # noqa: PLC0415

    return annotated(canvas_of(jpeg), marks, face=face, counted=counted)


def blend_redness(jpeg: bytes, red_map: bytes) -> bytes | None:
    """None when the map is broken."""
    from bot.imaging.intake.photo import canvas_of  # noqa: PLC0415
    from bot.imaging.pictures.redness import blend_redness as blended  # noqa: PLC0415

    return blended(canvas_of(jpeg), red_map)


def grid_of(red_map: bytes) -> bytes | None:
    """A map as it is kept; one that is kept already stays as it is. None when it is broken."""
    from bot.imaging.pictures.redness import grid_of as made_coarse  # noqa: PLC0415
    from bot.imaging.pictures.redness import is_grid  # noqa: PLC0415

    return red_map if is_grid(red_map) else made_coarse(red_map)


def draw_pair(before: Side, after: Side) -> bytes:
    from bot.imaging.intake.photo import canvas_of  # noqa: PLC0415
    from bot.imaging.pictures.pair import Pane  # noqa: PLC0415
    from bot.imaging.pictures.pair import draw_pair as drawn  # noqa: PLC0415

    panes = [Pane(canvas=canvas_of(side.jpeg), face=side.face, label=side.label) for side in (before, after)]
    return drawn(*panes)


def draw_chart(chart: Chart) -> bytes:
    from bot.imaging.pictures.charts import draw_chart as drawn  # noqa: PLC0415

    return drawn(chart)


TASKS: Final[Mapping[str, Callable[..., object]]] = {
    task.__name__: task for task in (take_in, measure, annotate, blend_redness, grid_of, draw_pair, draw_chart)
}

ERRORS: Final[tuple[type[Exception], ...]] = (PhotoRejected, PhotoRefused)

# What an answer may be made of, beside numbers, text and bytes: a worker that was taken over can't name anything else.
RECORDS: Final[Mapping[tuple[str, str], type]] = {
    (record.__module__, record.__qualname__): record
    for record in (
        CleanPhoto, Conditions, Measured, PhotoIssue, PhotoRefused, PhotoRejected, RefusalReason, RejectReason, TakenIn,
    )
}  # fmt: skip


def load() -> None:
    """Everything that a task opens or imports, once."""
    from bot.analysis.photo_look import load_eyes, load_readers  # noqa: PLC0415
    from bot.imaging.pictures import annotate, charts, pair, redness  # noqa: F401, PLC0415
    from bot.imaging.pictures.lettering import load_fonts  # noqa: PLC0415

    load_fonts()
    load_readers()
    if is_installed():
        load_eyes()
