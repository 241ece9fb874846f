"""From a handed-in file to a stored answer: fetch, check, pay once, keep."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Final

from bot.analysis import AccountBlocked, AnalysisUnavailable, Analyzer, Answer, PhotoRefused, pixel_tasks
from bot.analysis.kept import as_kept
from bot.clock import Clock
from bot.imaging.intake.clean_photo import MAX_FILE_BYTES, CleanPhoto
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import Workshop
from bot.observability.metrics import Metrics, PipelineStep
from bot.reports.allowance import Allowance
from bot.reports.crash_guard import read
from bot.reports.memory_budget import MemoryBudget
from bot.reports.status import StatusMessage
from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.skin.photo import PhotoIssue, RejectReason
from bot.storage.ledger import Budget, CallOutcome, LedgerRows
from bot.storage.records import IncomingPhoto, PersonGone, PersonRecord, PhotoFacts, ReportRecord, ReportState
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import FileTooBig
from bot.telegram.messenger import Messenger

_FILES_AT_ONCE: Final = 4  # of up to 20 MB each
_WAITING_BYTES: Final = 64_000_000  # of photos that wait for the analyzer: 0.32 MB each when 200 do
_UNKNOWN_SIZE_BYTES: Final = 1_000_000
_LARGEST_JPEG_BYTES: Final = 5_000_000
_ABOUT_FACES: Final = frozenset({PhotoIssue.NO_FACE, PhotoIssue.SEVERAL_FACES})


class PhotoDoubtful(Exception):
    """The photo may read badly; the person decides whether it is worth an analysis."""

    def __init__(self, issues: frozenset[PhotoIssue]) -> None:
        super().__init__(", ".join(sorted(issues)))
        self.issues = issues


class AlreadyMeasured(Exception):
    """The very same bytes were analysed for this person before, as report `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


class NoLongerWanted(Exception):
    """Cancelled, or consent taken back, while the photo was being looked at: nothing is measured."""


class _OtherReader(Exception):
    """While the photo waited, its sender chose where it may be read: begun anew there."""


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
        faceless = len(self.doubts & _ABOUT_FACES)
        return (
            -len(self.doubts) - faceless * len(PhotoIssue),
            self.photo.conditions.sharpness,
            self.photo.width * self.photo.height,
        )


@dataclass(frozen=True, kw_only=True)
class _Ready:
    """What is kept of a photo while it waits for the analyzer: its JPEG and facts."""

    place: int
    digest: bytes
    jpeg: bytes = field(repr=False)
    doubts: frozenset[PhotoIssue]
    facts: PhotoFacts


class Measuring:
    def __init__(
        self,
        *,
        rows: ReportRows,
        ledger: LedgerRows,
        messenger: Messenger,
        status: StatusMessage,
        workshop: Workshop,
        analyzers: Mapping[Provider, Analyzer],
        budget: Budget,
        allowance: Allowance,
        metrics: Metrics,
        reader_now: Callable[[int], Awaitable[Provider | None]],
        stopping: Callable[[], bool],
        place_to_call: Callable[[], AbstractAsyncContextManager[None]],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._ledger = ledger
        self._messenger = messenger
        self._status = status
        self._workshop = workshop
        self._analyzers = analyzers
        self._budget = budget
        self._allowance = allowance
        self._files = asyncio.Semaphore(_FILES_AT_ONCE)
        self._heavy = asyncio.Semaphore(1)
        self._room = MemoryBudget(_WAITING_BYTES)
        self._place_to_call = place_to_call
        self._metrics = metrics
        self._reader_now = reader_now
        self._stopping = stopping
        self._now = now

    async def measure(self, person: PersonRecord, report: ReportRecord) -> tuple[ReportRecord, bytes]:
        """Bring a requested report to its stored answer; returns it with the JPEG that was analysed.

        Raises TooManyPhotos, PhotoRejected, PhotoDoubtful, AlreadyMeasured, NoLongerWanted, PersonGone, what
        `Messenger.fetch` raises, what `LedgerRows.begin` raises, and what an `Analyzer` raises.
        """
        reader = await self._reader_of(report)
        await self._allowance.look(report, reader)
        async with self._room.for_bytes(_expected_bytes(report)):
            while True:
                try:
                    return await self._measure(person, report, reader)
                except _OtherReader:
                    reader = await self._reader_of(report)

    async def _measure(
        self, person: PersonRecord, report: ReportRecord, reader: Provider
    ) -> tuple[ReportRecord, bytes]:
        ready = _ready(await self._best(report, reader))
        doubts = _worth_asking_about(ready.doubts, reader)
        if report.check_quality and doubts:
            raise PhotoDoubtful(doubts)
        self._status.say(person, report, "status_analysing")
        answer, call = await self._ask(report, ready.jpeg, reader)
        await self._allowance.measured(report, reader)
        await self._still_allowed(person, call)
        analysed = await self._rows.save_answer(
            report.id,
            instrument=self._instrument(reader),
            answer=as_kept(answer.raw, with_age=person.show_skin_age),
            red_map=await self._kept_map(person, answer),
            facts=ready.facts,
            content=ready.digest,
            chosen=ready.place,
            paid_by=call,
            now=self._now(),
        )
        if analysed is None:
            raise PersonGone
        return analysed, ready.jpeg

    def _instrument(self, reader: Provider) -> Instrument:
        return Instrument(provider=reader, version=self._analyzers[reader].version)

    async def _kept_map(self, person: PersonRecord, answer: Answer) -> bytes | None:
        """Made coarse before it is stored at all; who keeps no pictures keeps no map."""
        if answer.red_map is None or not person.keeps_pictures:
            return None
        return await self._workshop.run(pixel_tasks.grid_of, answer.red_map)

    async def take_again(self, report: ReportRecord) -> Taken:
        """The photo that a report is about, for another picture of it. Raises TooManyPhotos, PersonGone, as `take`."""
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

    async def _best(self, report: ReportRecord, reader: Provider) -> Taken:
        """The best readable file of the request that is new; with none readable, the first one's reason is raised.

        One that was measured before is told of only when no other shows a face.
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
            earlier = await self._rows.same_content(report.person_id, taken.digest, instrument=self._instrument(reader))
            if earlier is not None and earlier.id != report.id:
                known = earlier.number
                continue
            best = taken if best is None or taken.merit >= best.merit else best
        if known is not None and (best is None or best.doubts & _ABOUT_FACES):
            raise AlreadyMeasured(known)
        if best is None:
            raise first_reason
        return best

    async def _still_wanted(self, report: ReportRecord, reader: Provider) -> None:
        """Right before a photo leaves: neither cancelled, nor without the consent to what is done with it now."""
        if await self._reader_of(report) is not reader:
            raise _OtherReader

    async def _reader_of(self, report: ReportRecord) -> Provider:
        """By whom its sender lets it be read. Raises PersonGone, NoLongerWanted."""
        state = await self._rows.state_of(report.id)
        if state is None:
            raise PersonGone
        reader = None if state is ReportState.FAILED else await self._reader_now(report.person_id)
        if reader is None:
            raise NoLongerWanted
        return reader

    async def _still_allowed(self, person: PersonRecord, call: int | None) -> None:
        """Whoever took their consent back while the photo was measured gets nothing of it, and nothing is kept."""
        if await self._reader_now(person.id) is None:
            if call is not None:
                await self._ledger.end(call, CallOutcome.ANSWERED, now=self._now())
            raise NoLongerWanted

    async def _ask(self, report: ReportRecord, jpeg: bytes, reader: Provider) -> tuple[Answer, int | None]:
        """One analysis, and the ledger's row of the call that was answered: it ends with the answer's commit.

        Each call that may be charged stands in the ledger before it is made.
        """
        call: int | None = None

        async def on_attempt(before_was_free: bool) -> None:  # noqa: FBT001 - an Analyzer says it so
            nonlocal call
            if call is not None:
                await self._end_call(call, CallOutcome.REFUSED if before_was_free else CallOutcome.UNCERTAIN)
                call = None
                await self._still_wanted(report, reader)  # the pause before another try may have been long
            call = await self._ledger.begin(report.id, report.person_id, budget=self._budget, now=self._now())

        outcome: CallOutcome = CallOutcome.UNCERTAIN  # a call that was given up may have been charged
        async with self._place_to_call():
            if self._stopping():
                raise asyncio.CancelledError  # handed back unpaid: the row is still due, for the next process
            await self._still_wanted(report, reader)  # here, because the place may have been waited for
            try:
                with self._metrics.step(PipelineStep.ANALYSE):
                    answer = await self._analyzers[reader].analyze(
                        jpeg, check_quality=report.check_quality, on_attempt=on_attempt
                    )
                outcome = CallOutcome.ANSWERED
            except (PhotoRefused, AccountBlocked) as error:
                outcome = CallOutcome.REFUSED
                if isinstance(error, PhotoRefused):
                    await self._allowance.refused(report)
                raise
            except AnalysisUnavailable as error:
                outcome = CallOutcome.UNCERTAIN if error.may_be_charged else CallOutcome.REFUSED
                raise
            finally:
                if call is not None and outcome is CallOutcome.ANSWERED:
                    self._metrics.paid_call(outcome)
                elif call is not None:
                    await self._end_call(call, outcome)
        return answer, call

    async def _end_call(self, call: int, outcome: CallOutcome) -> None:
        self._metrics.paid_call(outcome)
        await self._ledger.end(call, outcome, now=self._now())


def _worth_asking_about(doubts: frozenset[PhotoIssue], reader: Provider) -> frozenset[PhotoIssue]:
    """This machine has looked with its own analyzer's eyes: what that can't read, no wish makes readable."""
    return doubts - _ABOUT_FACES if reader is Provider.LOCAL else doubts


def _refuse_by_size(photo: IncomingPhoto) -> None:
    if photo.size is not None and photo.size > MAX_FILE_BYTES:
        raise FileTooBig


def _expected_bytes(report: ReportRecord) -> int:
    """Of the largest file of a request: of an album one is kept. A WebP or a HEIC becomes a JPEG of twice its size."""
    sizes = (photo.size * (2 if photo.as_file else 1) if photo.size else _UNKNOWN_SIZE_BYTES for photo in report.photos)
    return min(max(sizes), _LARGEST_JPEG_BYTES)


def _ready(taken: Taken) -> _Ready:
    photo = taken.photo
    facts = PhotoFacts(
        width=photo.width,
        height=photo.height,
        bytes=len(photo.jpeg),
        doubts=tuple(sorted(taken.doubts)),
        conditions=photo.conditions,
    )
    return _Ready(place=taken.place, digest=taken.digest, jpeg=photo.jpeg, doubts=taken.doubts, facts=facts)
