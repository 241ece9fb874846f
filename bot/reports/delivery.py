"""From a stored answer to a report on the screen; for a new report and for a past one that is shown again."""

from dataclasses import replace
from typing import Final

from bot.clock import Clock
from bot.imaging.annotate import annotate
from bot.imaging.intake import CleanPhoto, canvas_of
from bot.imaging.redness import blend_redness, shrink_map
from bot.imaging.workshop import Workshop
from bot.messenger import FileGone, FileTooBig, MessageLost, Messenger, Shown
from bot.metrics import Metrics, Step
from bot.reports.measuring import Measuring
from bot.reports.progress import Progress
from bot.reports.telling import Teller
from bot.skin.analysis import Analysis
from bot.storage.records import PersonRecord, ReportRecord, ReportSummary
from bot.storage.reports import Reports
from bot.views import NumberView
from bot.voice import Voice

_LOST_MESSAGES: Final = 3  # who deletes more than these while the report is drawn finds it under /report


class Delivery:
    def __init__(
        self,
        *,
        rows: Reports,
        messenger: Messenger,
        voice: Voice,
        workshop: Workshop,
        measuring: Measuring,
        progress: Progress,
        teller: Teller,
        metrics: Metrics,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._messenger = messenger
        self._voice = voice
        self._workshop = workshop
        self._measuring = measuring
        self._progress = progress
        self._teller = teller
        self._metrics = metrics
        self._now = now

    async def deliver(self, person: PersonRecord, report: ReportRecord, jpeg: bytes | None = None) -> None:
        """Turn the status message into the report; `jpeg`, the photo as it was analysed, saves fetching it again.

        Raises DeliveryError; a photo that Telegram no longer has gives a report without a picture.
        """
        self._progress.say(person, report, "status_drawing")
        try:
            with self._metrics.step(Step.DRAW):
                picture = await self._drawn(report, jpeg)
            with self._metrics.step(Step.DELIVER):
                report, shown = await self._on_screen(person, report, picture)
        except FileGone:
            shown = None
            await self._progress.end(person, report, "details", self._teller.view(person, report))
        small = await self._workshop.run(shrink_map, report.red_map) if report.red_map else None
        await self._rows.deliver(
            report.id,
            annotated_file_id=shown.file_id if shown else None,
            message_id=shown.message_id if shown else report.status_message_id,
            summary=self._summary(person, report),
            red_map=small,
            now=self._now(),
        )

    async def show_again(self, person: PersonRecord, report: ReportRecord) -> None:
        """A past report as a new message: its stored picture and its words; nothing is analysed or paid again."""
        view = self._teller.view(person, report, shown_again=True)
        try:
            if report.annotated_file_id is not None:
                await self._voice.show(person, report.annotated_file_id, "report", view)
                return
        except FileGone:
            pass  # Telegram lost the drawing; it is drawn again below
        try:
            shown = await self._voice.show(person, await self._drawn(report), "report", view)
        except FileGone:
            await self._voice.say(person, "details", view)
        else:
            await self._rows.set_annotated_file(report.id, shown.file_id)

    async def show_details(self, person: PersonRecord, report: ReportRecord) -> None:
        await self._voice.say(person, "details", self._teller.view(person, report))

    async def show_redness(self, person: PersonRecord, report: ReportRecord) -> bool:
        """The redness map over the photo. False when there is no map, or the photo can't be had any more."""
        view = NumberView(number=report.number)
        try:
            if report.redness_file_id is not None:
                await self._voice.show(person, report.redness_file_id, "redness", view)
                return True
        except FileGone:
            pass  # blended again below
        blended = await self._blended(report)
        if blended is None:
            return False
        shown = await self._voice.show(person, blended, "redness", view)
        await self._rows.set_redness_file(report.id, shown.file_id)
        return True

    async def _on_screen(
        self, person: PersonRecord, report: ReportRecord, picture: bytes
    ) -> tuple[ReportRecord, Shown | None]:
        """A report only ever takes a known message's place: sent anew it could come twice, when an answer got lost."""
        words = self._voice.words(person, "report", self._teller.view(person, report))
        for _ in range(_LOST_MESSAGES):
            if report.status_message_id is None:
                report = await self._with_new_status(person, report)
            place = report.status_message_id or 0
            try:
                return report, await self._messenger.become_picture(person.telegram_id, place, picture, words)
            except MessageLost:  # the person deleted the status message, not the wish for a report
                report = replace(report, status_message_id=None)
        raise MessageLost

    async def _with_new_status(self, person: PersonRecord, report: ReportRecord) -> ReportRecord:
        now = self._now()
        message_id = await self._voice.say(person, "status_drawing")
        await self._rows.begin(report.id, status_message_id=message_id, not_before=now, now=now)
        return replace(report, status_message_id=message_id)

    async def _drawn(self, report: ReportRecord, jpeg: bytes | None = None) -> bytes:
        analysis = self._teller.analysis(report)
        if jpeg is not None:
            return await self._workshop.run(_draw_on, jpeg, analysis)
        return await self._workshop.run(_draw, await self._fetched(report), analysis)

    async def _blended(self, report: ReportRecord) -> bytes | None:
        if report.red_map is None:
            return None
        try:
            photo = await self._fetched(report)
        except FileGone:
            return None
        return await self._workshop.run(blend_redness, photo.canvas, report.red_map)

    async def _fetched(self, report: ReportRecord) -> CleanPhoto:
        try:
            return (await self._measuring.take(report.photos[report.chosen or 0])).photo
        except FileTooBig:
            raise FileGone from None

    def _summary(self, person: PersonRecord, report: ReportRecord) -> ReportSummary:
        told = self._teller.report(person, report)
        return ReportSummary(watch=tuple(finding.key for finding in told.watch))


def _draw(photo: CleanPhoto, analysis: Analysis) -> bytes:
    return annotate(photo.canvas, analysis.marks, face=analysis.face)


def _draw_on(jpeg: bytes, analysis: Analysis) -> bytes:
    return annotate(canvas_of(jpeg), analysis.marks, face=analysis.face)
