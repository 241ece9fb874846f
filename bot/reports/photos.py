"""From the files of a request to clean photos: fetched, read in a process of their own, the best one chosen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Final

from bot.analysis import pixel_tasks
from bot.imaging.intake.clean_photo import MAX_FILE_BYTES, CleanPhoto
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import Workshop
from bot.imaging.workshop.cores import memory_limit
from bot.observability.metrics import Metrics, PipelineStep
from bot.reports.allowance import Allowance
from bot.reports.crash_guard import read
from bot.reports.memory_budget import MemoryBudget
from bot.skin.photo import PhotoIssue, RejectReason
from bot.storage.records import IncomingPhoto, ReportRecord
from bot.telegram.errors import FileGone, FileTooBig
from bot.telegram.messenger import Messenger

ABOUT_FACES: Final = frozenset({PhotoIssue.NO_FACE, PhotoIssue.SEVERAL_FACES})
_FILES_AT_ONCE: Final = 4  # of up to 20 MB each
_WAITING_BYTES: Final = 128_000_000  # of photos that wait for the analyzer: 0.26 MB each when 500 do ...
_WAITING_SHARE: Final = 8  # ... and no more than this part of the memory that all processes may use
_UNKNOWN_SIZE_BYTES: Final = 1_000_000
_LARGEST_JPEG_BYTES: Final = 5_000_000


class AlreadyMeasured(Exception):
    """The very same bytes were analysed for this person before, as report `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One file of a request, read: its place (0-based) among the files, and what it became."""

    place: int
    digest: bytes
    photo: CleanPhoto

    @property
    def doubts(self) -> frozenset[PhotoIssue]:
        return self.photo.issues

    @property
    def merit(self) -> tuple[int, float, int]:
        """Those with one face first, then fewer doubts, then the sharper, then the larger."""
        faceless = len(self.doubts & ABOUT_FACES)
        return (
            -len(self.doubts) - faceless * len(PhotoIssue),
            self.photo.conditions.sharpness,
            self.photo.width * self.photo.height,
        )


class PhotoIntake:
    """Few files are in memory at once; photos that are read and wait share a budget of bytes."""

    def __init__(
        self,
        *,
        messenger: Messenger,
        workshop: Workshop,
        allowance: Allowance,
        permits: Callable[[int], Awaitable[bool]],
        metrics: Metrics,
    ) -> None:
        """`permits`: whether a person lets their photos be looked at."""
        self._messenger = messenger
        self._permits = permits
        self._workshop = workshop
        self._allowance = allowance
        self._metrics = metrics
        self._files = asyncio.Semaphore(_FILES_AT_ONCE)
        self._heavy = asyncio.Semaphore(1)
        self._memory = MemoryBudget(_waiting_bytes(memory_limit()))

    @asynccontextmanager
    async def memory_for(self, report: ReportRecord) -> AsyncIterator[None]:
        """While a request's best photo is kept in memory; whoever finds no room waits without bytes."""
        async with self._memory.for_bytes(_expected_bytes(report)):
            yield

    async def take_again(self, report: ReportRecord) -> Taken:
        """The photo that a report is about, for another picture of it. Raises TooManyPhotos, PersonGone, as `take`.

        FileGone as well for whoever took their permission back: no photo of theirs is looked at.
        """
        if not await self._permits(report.person_id):
            raise FileGone
        await self._allowance.look_again(report)
        return await self.take(report.photos[report.chosen or 0])

    async def take(self, photo: IncomingPhoto, *, place: int = 0) -> Taken:
        """Fetch one file and make it a clean photo. Raises PhotoRejected and what `Messenger.fetch` raises."""
        _refuse_by_size(photo)
        async with self._files:
            with self._metrics.step(PipelineStep.FETCH):
                data = await self._messenger.fetch(photo.file_id)
            with self._metrics.step(PipelineStep.INTAKE):
                async with self._heavy if pixel_tasks.is_heavy(data) else nullcontext():
                    taken = await read(self._workshop, data)
        return Taken(place=place, digest=taken.digest, photo=taken.photo)

    async def best(self, report: ReportRecord, *, known_as: Callable[[bytes], Awaitable[int | None]]) -> Taken:
        """The best readable file of the request that is new; with none readable, the first one's reason is raised.

        One that was measured before, as the report that `known_as` says of its digest, is told of only when no other
        shows a face. Raises AlreadyMeasured, and what `take` raises.
        """
        best: Taken | None = None
        known: int | None = None
        first_reason: PhotoRejected | FileTooBig = PhotoRejected(RejectReason.NOT_A_PICTURE)
        for place, photo in reversed(list(enumerate(report.photos))):
            try:
                taken = await self.take(photo, place=place)
            except (PhotoRejected, FileTooBig) as error:
                first_reason = error
                continue
            earlier = await known_as(taken.digest)
            if earlier is not None:
                known = earlier
                continue
            best = taken if best is None or taken.merit >= best.merit else best
        if known is not None and (best is None or best.doubts & ABOUT_FACES):
            raise AlreadyMeasured(known)
        if best is None:
            raise first_reason
        return best


def _waiting_bytes(memory: int | None) -> int:
    return _WAITING_BYTES if memory is None else min(_WAITING_BYTES, memory // _WAITING_SHARE)


def _refuse_by_size(photo: IncomingPhoto) -> None:
    if photo.size is not None and photo.size > MAX_FILE_BYTES:
        raise FileTooBig


def _expected_bytes(report: ReportRecord) -> int:
    """Of the largest file of a request: of an album one is kept. A WebP or a HEIC becomes a JPEG of twice its size."""
    sizes = (photo.size * (2 if photo.as_file else 1) if photo.size else _UNKNOWN_SIZE_BYTES for photo in report.photos)
    return min(max(sizes), _LARGEST_JPEG_BYTES)
