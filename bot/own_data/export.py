"""Everything of a person in one ZIP: JSON for programs, a page to read, and the pictures that Telegram still has."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.diary.products import line_of
from bot.own_data.archive import Archive
from bot.own_data.overview import overview_of
from bot.own_data.portable import portable, portable_report
from bot.people.voice import Voice, clock_of
from bot.rendering.renderer import Renderer
from bot.reports.reader import NotAnalysed, ReportReader
from bot.skin.report import Report
from bot.storage.experiments.records import ExperimentRecord
from bot.storage.people.own_data import Holdings, OwnDataRows
from bot.storage.records import PersonGone, PersonRecord, ReportRecord
from bot.telegram.errors import FileGone, FileTooBig, NotDelivered
from bot.telegram.messenger import Messenger
from bot.views.experiments import ExperimentLine
from bot.views.own_data import ExportedReport, ExportView, PackedView, PartView, PictureKind
from bot.views.person import SettingsView

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 1  # each holds up to 45 MB
_MAY_WAIT: Final = 4
_STATUS_EVERY: Final = timedelta(seconds=2)


class ExportBusy(Exception):
    """Several exports wait already: another minute will do."""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """A picture of a report: its name in the archive, and where it is: at Telegram, or here."""

    kind: str
    file_id: str | None = None
    data: bytes | None = None


class Export:
    def __init__(
        self,
        *,
        rows: OwnDataRows,
        messenger: Messenger,
        voice: Voice,
        renderer: Renderer,
        reader: ReportReader,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._messenger = messenger
        self._voice = voice
        self._renderer = renderer
        self._reader = reader
        self._now = now
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._here = 0

    async def hand_over(self, person: PersonRecord, settings: SettingsView) -> None:
        """Pack it, saying how far it is, and send it. Raises ExportBusy, PersonGone, DeliveryError."""
        if self._here > _MAY_WAIT:
            raise ExportBusy
        self._here += 1
        try:
            await self._packed_and_sent(person, settings)
        finally:
            self._here -= 1

    async def _packed_and_sent(self, person: PersonRecord, settings: SettingsView) -> None:
        status = await self._voice.say(person, PartView(done=0, total=0))
        try:
            async with self._turn:
                with Archive(made_at=self._now()) as archive:
                    reports = await self.pack(person, settings, archive, status=status)
                    packed = PackedView(reports=reports, pictures=archive.pictures, missing=len(archive.missing))
                    name = f"skin-data-{self._now():%Y-%m-%d}.zip"
                    await self._voice.hand_over(person, archive.finished(), name, packed)
        finally:
            await self._voice.take_back(person, [status])

    async def pack(
        self,
        person: PersonRecord,
        settings: SettingsView,
        archive: Archive,
        *,
        status: int | None = None,
        pictures: bool = True,
    ) -> int:
        """Returns how many reports are in it; photos that became none are packed as well.

        `status`: a message in the chat that tells how far it is. Without `pictures` those at Telegram are left there.
        Raises PersonGone, DeliveryError.
        """
        held = await self._rows.holdings(person.id)
        if held is None:
            raise PersonGone
        told: list[ExportedReport] = []
        records: list[dict[str, object]] = []
        said_at = self._now()
        async for report in self._reports(person):
            wanted = _wanted(report, pictures=pictures)
            files = {each.kind: path for each in wanted if (path := await self._packed(archive, report, each))}
            records.append(portable_report(report, files))
            told.append(self._exported(person, report, tuple((_shown(kind), path) for kind, path in files.items())))
            if status is not None and self._now() - said_at > _STATUS_EVERY:
                said_at = self._now()
                await self._say_how_far(person, status, len(told), held.handed_in)
        view = ExportView(
            made_at=self._now(),
            locale=self._voice.locale(person),
            person=overview_of(person, held),
            settings=settings,
            reports=tuple(told),
            feelings=tuple((each.at, each.told) for each in held.feelings),
            products=tuple(line_of(each) for each in held.products),
            missing=tuple(archive.missing.items()),
            experiments=tuple(_line(person, each.record) for each in held.experiments),
        )
        await asyncio.to_thread(self._add_texts, archive, person, held, records, view)
        return sum(each.report is not None for each in told)

    def _add_texts(
        self, archive: Archive, person: PersonRecord, held: Holdings, records: list[dict[str, object]], view: ExportView
    ) -> None:
        """For a thread: hundreds of reports take longer than the event loop may stand still."""
        data = portable(person, held, records, missing=archive.missing, made_at=view.made_at)
        archive.add_text("data.json", data)
        archive.add_text("index.html", self._renderer.page("export", view.locale, view, zone=clock_of(person)))

    async def _reports(self, person: PersonRecord) -> AsyncIterator[ReportRecord]:
        after = 0
        while batch := await self._rows.reports(person.id, after=after):
            for report in batch:
                yield report
            after = batch[-1].id

    async def _packed(self, archive: Archive, report: ReportRecord, wanted: _Wanted) -> str | None:
        """The picture's path in the archive; None for one that is noted down as missing."""
        name = f"{report.number:04d}-{wanted.kind}" if report.told_number else f"unread-{report.id}-{wanted.kind}"
        data = wanted.data
        try:
            if data is None:
                if archive.room == 0:
                    archive.lack(name, "no_room")
                    return None
                data = await self._messenger.fetch(wanted.file_id or "")
        except FileGone:
            archive.lack(name, "gone")
            return None
        except FileTooBig:
            archive.lack(name, "too_big")
            return None
        return await asyncio.to_thread(archive.add_picture, name, data)

    def _exported(
        self, person: PersonRecord, report: ReportRecord, pictures: tuple[tuple[PictureKind, str], ...]
    ) -> ExportedReport:
        return ExportedReport(
            number=report.told_number,
            when=report.requested_at,
            report=self._told(person, report),
            note=report.note,
            pictures=pictures,
        )

    def _told(self, person: PersonRecord, report: ReportRecord) -> Report | None:
        try:
            return self._reader.view(person, report).report
        except NotAnalysed:
            return None

    async def _say_how_far(self, person: PersonRecord, status: int, done: int, total: int) -> None:
        try:
            await self._voice.revise(person, status, PartView(done=done, total=max(done, total)))
        except NotDelivered:
            _log.info("an export's status message can't be edited")


def _line(person: PersonRecord, found: ExperimentRecord) -> ExperimentLine:
    told, ended = found.answer, found.ended_at
    return ExperimentLine(
        what=(found.agreed.what if found.agreed else found.draft.what) or "",
        began_on=found.agreed.began_on if found.agreed else None,
        ended_on=None if ended is None else ended.astimezone(clock_of(person)).date(),
        certainty=told.certainty if told else None,
        worse=told is not None and told.worse,
    )


def _shown(kind: str) -> PictureKind:
    """An album's photos have numbers."""
    return PictureKind.PHOTO if kind.startswith("photo") else PictureKind(kind)


def _wanted(report: ReportRecord, *, pictures: bool) -> list[_Wanted]:
    """The photo that was read (or all that came), the drawing, the redness drawing, and the small map kept here."""
    photos = report.photos if report.chosen is None else report.photos[report.chosen : report.chosen + 1]
    selfies = [
        _Wanted(kind="photo" if place == 0 else f"photo-{place + 1}", file_id=photo.file_id)
        for place, photo in enumerate(photos)
        if photo.file_id
    ]
    drawn = (("marked", report.annotated_file_id), ("redness", report.redness_file_id))
    stored = [_Wanted(kind=kind, file_id=file_id) for kind, file_id in drawn if file_id]
    red_map = [_Wanted(kind="redness-map", data=report.red_map)] if report.red_map else []
    return [*selfies, *stored, *red_map] if pictures else red_map
