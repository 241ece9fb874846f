"""From a stored answer to a report on the screen; for a new report and for a past one that is shown again."""

from dataclasses import replace

from bot.clock import Clock
from bot.imaging.annotate import annotate
from bot.imaging.intake import CleanPhoto
from bot.imaging.redness import blend_redness, shrink_map
from bot.imaging.workshop import Workshop
from bot.messenger import FileGone, FileTooBig, MessageLost, Messenger, Shown
from bot.reports.measuring import Measuring
from bot.reports.progress import Progress
from bot.reports.telling import Teller
from bot.reports.tracking import Tracking
from bot.skin.analysis import Analysis
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.reports import Reports
from bot.views import NumberView, ReportView
from bot.voice import Voice


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
        tracking: Tracking,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._messenger = messenger
        self._voice = voice
        self._workshop = workshop
        self._measuring = measuring
        self._progress = progress
        self._teller = teller
        self._tracking = tracking
        self._now = now

    async def deliver(self, person: PersonRecord, report: ReportRecord, photo: CleanPhoto | None = None) -> None:
        """Turn the status message into the report; `photo` saves fetching it again.

        Raises DeliveryError; a photo that Telegram no longer has gives a report without a picture.
        """
        await self._progress.say(person, report, "status_drawing")
        change = await self._tracking.since_last(person, report)
        view = replace(self._teller.view(person, report), change=change)
        try:
            shown = await self._on_screen(person, report, await self._drawn(report, photo), view)
        except FileGone:
            shown = None
            await self._progress.end(person, report, "details", view)
        small = await self._workshop.run(shrink_map, report.red_map) if report.red_map else None
        await self._rows.deliver(
            report.id,
            annotated_file_id=shown.file_id if shown else None,
            message_id=shown.message_id if shown else report.status_message_id,
            summary=self._tracking.summary(person, report),
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
        self, person: PersonRecord, report: ReportRecord, picture: bytes, view: ReportView
    ) -> Shown | None:
        words = self._voice.words(person, "report", view)
        if report.status_message_id is None:
            return await self._messenger.show(person.telegram_id, picture, words)
        try:
            return await self._messenger.become_picture(person.telegram_id, report.status_message_id, picture, words)
        except MessageLost:  # the person deleted the status message, not the wish for a report
            return await self._messenger.show(person.telegram_id, picture, words)

    async def _drawn(self, report: ReportRecord, photo: CleanPhoto | None = None) -> bytes:
        analysis = self._teller.analysis(report)
        return await self._workshop.run(_draw, photo or await self._fetched(report), analysis)

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


def _draw(photo: CleanPhoto, analysis: Analysis) -> bytes:
    return annotate(photo.canvas, analysis.marks, face=analysis.face)
