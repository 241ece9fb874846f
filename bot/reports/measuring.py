"""From a handed-in file to a stored answer: the best photo is taken, asked about if need be, analysed once, kept."""

from dataclasses import dataclass, field
from typing import Final

from bot.analysis import Answer, pixel_tasks
from bot.analysis.kept import as_kept
from bot.clock import Clock
from bot.imaging.intake.clean_photo import CleanPhoto
from bot.imaging.workshop import Workshop
from bot.reports.allowance import Allowance
from bot.reports.paying import OtherReader, PaidAnalysis
from bot.reports.photos import ABOUT_FACES, PhotoIntake, Taken
from bot.reports.status import StatusMessage
from bot.skin.analysis import Provider
from bot.skin.photo import HINTS, PhotoError, PhotoIssue
from bot.storage.records import AGE_UNSURE, PersonGone, PersonRecord, PhotoFacts, ReportRecord
from bot.storage.reports.reports import ReportRows

_ADULT_YEARS: Final = 18


class PhotoDoubtful(PhotoError):
    """The photo may read badly; the person decides whether it is worth an analysis."""

    def __init__(self, issues: frozenset[PhotoIssue]) -> None:
        super().__init__(", ".join(sorted(issues)))
        self.issues = issues


class AgeUnsure(Exception):
    """The estimate is of somebody under 18: the person is asked before anything is told."""


@dataclass(frozen=True, kw_only=True)
class _Ready:
    """What is kept of a photo while it waits for the analyzer: itself, without pixels, and facts."""

    place: int
    digest: bytes
    photo: CleanPhoto = field(repr=False)
    doubts: frozenset[PhotoIssue]
    facts: PhotoFacts


class Measuring:
    def __init__(
        self,
        *,
        rows: ReportRows,
        photos: PhotoIntake,
        analysis: PaidAnalysis,
        allowance: Allowance,
        workshop: Workshop,
        status: StatusMessage,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._photos = photos
        self._analysis = analysis
        self._allowance = allowance
        self._workshop = workshop
        self._status = status
        self._now = now

    async def measure(self, person: PersonRecord, report: ReportRecord) -> tuple[ReportRecord, CleanPhoto]:
        """Bring a requested report to its stored answer; returns it with the photo that was analysed.

        Raises TooManyPhotos, PhotoRejected, PhotoDoubtful, AlreadyMeasured, NoLongerWanted, PersonGone, what
        `Messenger.fetch` raises, what `LedgerRows.begin` raises, and what an `Analyzer` raises.
        """
        reader = await self._analysis.permission.reader_of(report)
        await self._allowance.look(report, reader)
        async with self._photos.memory_for(report):
            while True:
                try:
                    return await self._measure(person, report, reader)
                except OtherReader:
                    reader = await self._analysis.permission.reader_of(report)

    async def _measure(
        self, person: PersonRecord, report: ReportRecord, reader: Provider
    ) -> tuple[ReportRecord, CleanPhoto]:
        ready = await self._ready(report, reader)
        doubts = _worth_asking_about(ready.doubts, reader)
        if report.check_quality and doubts - HINTS:
            raise PhotoDoubtful(doubts)
        self._status.say(person, report, "status_analysing")
        answer, call = await self._analysis.ask(person, report, ready.photo.jpeg, reader)
        analysed = await self._rows.save_answer(
            report.id,
            instrument=self._analysis.instrument(reader),
            answer=as_kept(answer.raw, with_age=person.show_skin_age),
            red_map=await self._kept_map(person, answer),
            facts=ready.facts,
            content=ready.digest,
            chosen=ready.place,
            paid_by=call,
            held_for=AGE_UNSURE if _may_be_a_child(answer) and not person.is_adult else None,
            now=self._now(),
        )
        if analysed is None:
            raise PersonGone
        return analysed, ready.photo

    async def _ready(self, report: ReportRecord, reader: Provider) -> _Ready:
        """Of the best photo no more than what is needed: the pixels of all of them would be many."""

        async def known_as(digest: bytes) -> int | None:
            instrument = self._analysis.instrument(reader)
            earlier = await self._rows.same_content(report.person_id, digest, instrument=instrument)
            return earlier.number if earlier is not None and earlier.id != report.id else None

        return _ready(await self._photos.best(report, known_as=known_as))

    async def _kept_map(self, person: PersonRecord, answer: Answer) -> bytes | None:
        """Made coarse before it is stored at all; who keeps no pictures keeps no map."""
        if answer.red_map is None or not person.keeps_pictures:
            return None
        return await self._workshop.run(pixel_tasks.grid_of, answer.red_map)


def _may_be_a_child(answer: Answer) -> bool:
    age = answer.analysis.skin_age
    return age is not None and age < _ADULT_YEARS


def _worth_asking_about(doubts: frozenset[PhotoIssue], reader: Provider) -> frozenset[PhotoIssue]:
    """This machine has looked with its own analyzer's eyes: where that sees no face, no yes helps."""
    return doubts - ABOUT_FACES if reader is Provider.LOCAL else doubts


def _ready(taken: Taken) -> _Ready:
    photo = taken.photo
    facts = PhotoFacts(
        width=photo.width,
        height=photo.height,
        bytes=len(photo.jpeg),
        doubts=tuple(sorted(taken.doubts)),
        conditions=photo.conditions,
    )
    return _Ready(place=taken.place, digest=taken.digest, photo=photo, doubts=taken.doubts, facts=facts)
