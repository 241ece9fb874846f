"""All that is asked of the worker processes: bytes and frozen records go in and come out, never pixels or handles.

The bot calls these by name, so each loads what it needs only where it runs. A worker calls `load` first: behind its
walls no file can be opened any more.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.analysis import PhotoRefused
from bot.analysis.local import Measured, is_installed
from bot.imaging.intake.clean_photo import CleanPhoto, CloseUp, SeenFace
from bot.imaging.intake.jpeg_header import takes_much_memory
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.pictures.chart import Chart
from bot.imaging.pictures.experiment import AnswerPicture
from bot.imaging.workshop import walls
from bot.skin.analysis import Box
from bot.skin.card import OnCard
from bot.skin.photo import Conditions, PhotoIssue, RefusalReason, RejectReason

if TYPE_CHECKING:
    from bot.imaging.pictures.pair import Pane

_JPEG: Final = b"\xff\xd8\xff"

Ends = tuple[str, str]
"""Words at both ends of a scale."""


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


def draw_card(photo: CleanPhoto, shown: OnCard, face: Box | None, red_map: bytes | None = None) -> bytes:
    """`face`: where the analyzer saw it. `red_map`: for where the face is not found again, and redness is shown."""
    from bot.analysis.face_look import FaceLook  # noqa: PLC0415
    from bot.imaging.pictures.card import draw_card as drawn  # noqa: PLC0415

    look = FaceLook(photo.jpeg, face, photo.face)
    tint = None if shown.redness is None else look.tint(shown.redness, red_map)
    return drawn(look.canvas.image, look.shape, shown, scale=look.canvas.scale, corner=look.canvas.corner, tint=tint)


def draw_redness(photo: CleanPhoto, face: Box | None, share: float | None, red_map: bytes, ends: Ends) -> bytes | None:
    """What counts as red, drawn anew from the photo; by the map alone where the face is not found in it again.

    `share`: how much of cheeks and T-zone was told to be red. None when nothing can be had from either.
    """
    from bot.analysis.face_look import FaceLook  # noqa: PLC0415
    from bot.imaging.pictures.redness import draw_redness as drawn  # noqa: PLC0415

    look = FaceLook(photo.jpeg, face, photo.face)
    tint = look.tint(share, red_map)
    return None if tint is None else drawn(look.canvas.image, look.shape, tint, ends)


def grid_of(red_map: bytes) -> bytes | None:
    """A map as it is kept; one that is kept already stays as it is. None when it is broken."""
    from bot.imaging.pictures.redness import grid_of as made_coarse  # noqa: PLC0415
    from bot.imaging.pictures.redness import is_grid  # noqa: PLC0415

    return red_map if is_grid(red_map) else made_coarse(red_map)


def draw_pair(before: Side, after: Side) -> bytes:
    from bot.imaging.pictures.pair import draw_pair as drawn  # noqa: PLC0415

    return drawn(_pane(before), _pane(after))


def cut_pair(before: Side, after: Side) -> tuple[bytes, bytes]:
    """Eye on eye as `draw_pair`, each by itself and without its label."""
    from bot.imaging.pictures.pair import cut_pair as cut  # noqa: PLC0415

    return cut(_pane(before), _pane(after))


def _pane(side: Side) -> "Pane":
    from bot.analysis.face_look import FaceLook  # noqa: PLC0415
    from bot.imaging.pictures.pair import Pane  # noqa: PLC0415

    look = FaceLook(side.jpeg, side.face)
    return Pane(canvas=look.canvas, shape=look.aligned, label=side.label)


def draw_chart(chart: Chart) -> bytes:
    from bot.imaging.pictures.charts import draw_chart as drawn  # noqa: PLC0415

    return drawn(chart)


def draw_answer(answer: AnswerPicture) -> bytes:
    from bot.imaging.pictures.answers import draw_answer as drawn  # noqa: PLC0415

    return drawn(answer)


TASKS: Final[Mapping[str, Callable[..., object]]] = {
    task.__name__: task
    for task in (take_in, measure, draw_card, draw_redness, grid_of, draw_pair, cut_pair, draw_chart, draw_answer)
}

ERRORS: Final[tuple[type[Exception], ...]] = (PhotoRejected, PhotoRefused)

# What an answer may be made of, beside numbers, text and bytes: a worker that was taken over can't name anything else.
RECORDS: Final[Mapping[tuple[str, str], type]] = {
    (record.__module__, record.__qualname__): record
    for record in (
        CleanPhoto, CloseUp, Conditions, Measured, PhotoIssue, PhotoRefused, PhotoRejected, RefusalReason, RejectReason,
        SeenFace, TakenIn,
    )
}  # fmt: skip


def load() -> None:
    """Everything that a task opens or imports, once."""
    from bot.analysis import face_look  # noqa: F401, PLC0415
    from bot.analysis.photo_look import load_eyes, load_readers  # noqa: PLC0415
    from bot.imaging.pictures import answers, card, charts, pair, redness  # noqa: F401, PLC0415
    from bot.imaging.pictures.lettering import load_fonts  # noqa: PLC0415

    load_fonts()
    load_readers()
    if is_installed():
        load_eyes()
