"""From a handed-in file to a stored answer: fetch, check, pay once, keep."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.analysis import AccountBlocked, Analyzer, Answer, PhotoRefused
from bot.clock import Clock
from bot.imaging.intake import MAX_FILE_BYTES, CleanPhoto, PhotoRejected, take_in
from bot.imaging.workshop import Workshop
from bot.messenger import FileTooBig, Messenger
from bot.reports.progress import Progress
from bot.skin.analysis import Provider
from bot.skin.photo import PhotoIssue, RejectReason
from bot.storage.ledger import CallOutcome, Ledger
from bot.storage.records import IncomingPhoto, PersonGone, PersonRecord, PhotoFacts, ReportRecord, ReportState
from bot.storage.reports import Reports

_FILES_AT_ONCE: Final = 4  # of up to 20 MB each
_A_DAY: Final = timedelta(hours=24)


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


class BudgetSpent(Exception):
    """The day's paid analyses are used up: this person's own, or the whole bot's."""

    def __init__(self, *, per_person: bool) -> None:
        super().__init__("per person" if per_person else "total")
        self.per_person = per_person


class NoLongerWanted(Exception):
    """Cancelled, or consent taken back, while the photo was being looked at: nothing is measured."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Paid analyses within 24 hours; 0 is no limit."""

    per_person: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One file of a request, read: its place (0-based) among the files, and what it became."""

    place: int
    digest: bytes
    photo: CleanPhoto
    doubts: frozenset[PhotoIssue]

    @property
    def merit(self) -> tuple[int, float, int]:
        """Fewer doubts first, then the sharper, then the larger."""
        return -len(self.doubts), self.photo.conditions.sharpness, self.photo.width * self.photo.height


class Measuring:
    def __init__(
        self,
        *,
        rows: Reports,
        ledger: Ledger,
        messenger: Messenger,
        progress: Progress,
        workshop: Workshop,
        analyzer: Analyzer,
        provider: Provider,
        budget: Budget,
        concurrency: int,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._ledger = ledger
        self._messenger = messenger
        self._progress = progress
        self._workshop = workshop
        self._analyzer = analyzer
        self._provider = provider
        self._budget = budget
        self._files = asyncio.Semaphore(_FILES_AT_ONCE)
        self._calls = asyncio.Semaphore(concurrency)
        self._now = now

    async def measure(self, person: PersonRecord, report: ReportRecord) -> tuple[ReportRecord, CleanPhoto]:
        """Bring a requested report to its stored answer.

        Raises PhotoRejected, PhotoDoubtful, AlreadyMeasured, BudgetSpent, NoLongerWanted, PersonGone, what
        `Messenger.fetch` raises, and what an `Analyzer` raises.
        """
        taken = await self._best(report)
        await self._not_twice(person, report, taken)
        if report.check_quality and taken.doubts:
            raise PhotoDoubtful(taken.doubts)
        await self._within_budget(person)
        await self._progress.say(person, report, "status_analysing")
        await self._still_wanted(report)
        answer = await self._ask(report, taken.photo)
        await self._rows.save_answer(
            report.id,
            provider=answer.analysis.provider,
            answer=answer.raw,
            red_map=answer.red_map,
            facts=_facts(taken),
            content=taken.digest,
            chosen=taken.place,
            now=self._now(),
        )
        answered = await self._rows.by_id(report.id)
        if answered is None:
            raise PersonGone
        return answered, taken.photo

    async def take(self, photo: IncomingPhoto, *, place: int = 0) -> Taken:
        """Fetch one file and make it a clean photo. Raises PhotoRejected and what `Messenger.fetch` raises."""
        if photo.size is not None and photo.size > MAX_FILE_BYTES:
            raise FileTooBig
        async with self._files:
            data = await self._messenger.fetch(photo.file_id)
            return await self._workshop.run(self._read, data, place)

    @staticmethod
    def _read(data: bytes, place: int) -> Taken:
        photo = take_in(data)
        return Taken(place=place, digest=hashlib.sha256(data).digest(), photo=photo, doubts=photo.issues)

    async def _best(self, report: ReportRecord) -> Taken:
        """The best readable file of the request; with none readable, the first one's reason is raised."""
        best: Taken | None = None
        first_reason: PhotoRejected | FileTooBig = PhotoRejected(RejectReason.NOT_A_PICTURE)
        for place, photo in reversed(list(enumerate(report.photos))):
            try:
                taken = await self.take(photo, place=place)
            except (PhotoRejected, FileTooBig) as error:
                first_reason = error
                continue
            best = taken if best is None or taken.merit >= best.merit else best
        if best is None:
            raise first_reason
        return best

    async def _still_wanted(self, report: ReportRecord) -> None:
        current = await self._rows.by_id(report.id)
        if current is None:
            raise PersonGone
        if current.state is ReportState.FAILED:
            raise NoLongerWanted

    async def _not_twice(self, person: PersonRecord, report: ReportRecord, taken: Taken) -> None:
        earlier = await self._rows.same_content(person.id, taken.digest, provider=self._provider)
        if earlier is not None and earlier.id != report.id:
            raise AlreadyMeasured(earlier.number)

    async def _within_budget(self, person: PersonRecord) -> None:
        if self._provider is Provider.LOCAL:
            return  # nothing is paid on this machine
        since = self._now() - _A_DAY
        for limit, whose in ((self._budget.per_person, person.id), (self._budget.total, None)):
            if limit and await self._ledger.count_since(whose, since) >= limit:
                raise BudgetSpent(per_person=whose is not None)

    async def _ask(self, report: ReportRecord, photo: CleanPhoto) -> Answer:
        """One analysis; each call that may be charged stands in the ledger before it is made."""
        call: int | None = None

        async def on_attempt() -> None:
            nonlocal call
            if call is not None:
                await self._ledger.end(call, CallOutcome.UNCERTAIN, now=self._now())
            call = await self._ledger.begin(report.id, report.person_id, now=self._now())

        outcome = CallOutcome.UNCERTAIN  # a call that was given up may have been charged
        async with self._calls:
            try:
                answer = await self._analyzer.analyze(
                    photo.jpeg, check_quality=report.check_quality, on_attempt=on_attempt
                )
                outcome = CallOutcome.ANSWERED
            except (PhotoRefused, AccountBlocked):
                outcome = CallOutcome.REFUSED
                raise
            finally:
                if call is not None:
                    await self._ledger.end(call, outcome, now=self._now())
        return answer


def _facts(taken: Taken) -> PhotoFacts:
    photo = taken.photo
    return PhotoFacts(
        width=photo.width,
        height=photo.height,
        bytes=len(photo.jpeg),
        doubts=tuple(sorted(taken.doubts)),
        conditions=photo.conditions,
    )
