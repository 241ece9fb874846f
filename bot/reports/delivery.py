"""From a stored answer to a report on the screen; for a new report and for a past one that is shown again."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from bot.clock import Clock
from bot.imaging.intake.clean_photo import CleanPhoto
from bot.imaging.intake.rejection import PhotoRejected
from bot.observability.metrics import Metrics, PipelineStep
from bot.people.voice import Voice
from bot.rendering.renderer import plain
from bot.reports.allowance import TooManyPhotos
from bot.reports.companion import Companion
from bot.reports.paying import NoLongerWanted
from bot.reports.pictures import DrawingStyle, ReportPictures
from bot.reports.reader import ReportReader
from bot.reports.status import StatusMessage
from bot.skin.card import TOLD
from bot.skin.findings import hardly_red
from bot.storage.records import Permitted, PersonGone, PersonRecord, ReportRecord, without_places
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import FileGone, MessageLost, NotDelivered
from bot.telegram.messenger import Shown
from bot.views.reports import PhotosLimitView, RednessView, ReportView

_LOST_MESSAGES: Final = 3  # who deletes more than these while the report is drawn finds it under /report


class Delivery:
    def __init__(
        self,
        *,
        rows: ReportRows,
        voice: Voice,
        pictures: ReportPictures,
        status: StatusMessage,
        reader: ReportReader,
        metrics: Metrics,
        companion: Companion,
        permits: Callable[[Permitted], bool],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._voice = voice
        self._pictures = pictures
        self._status = status
        self._reader = reader
        self._metrics = metrics
        self._companion = companion
        self._permits = permits
        self._now = now

    async def deliver(self, person: PersonRecord, report: ReportRecord, photo: CleanPhoto | None = None) -> None:
        """Turn the status message into the report; `photo`, the photo as it was analysed, saves fetching it again.

        Raises DeliveryError, PersonGone, NoLongerWanted; a photo that Telegram no longer has gives a report without
        a picture. Whoever takes their permission back meanwhile gets nothing of it, and nothing of it is kept.
        """
        try:
            await self._deliver(person, report, photo)
        except NoLongerWanted:
            await self._drop(person, report)
            raise

    async def _deliver(self, person: PersonRecord, report: ReportRecord, photo: CleanPhoto | None) -> None:
        await self._still_wanted(report)
        self._status.say(person, report, "status_drawing")
        report = await self._companion.recognised(person, report)
        look = DrawingStyle.of(person, report)
        answer = self._reader.told(person, report)
        told = await self._companion.told(person, report, answer)
        try:
            with self._metrics.step(PipelineStep.DRAW):
                photo = photo or await self._pictures.photo(report)
                picture = await self._pictures.drawn(report, answer, look, photo)
            with self._metrics.step(PipelineStep.DELIVER):
                report, shown = await self._on_screen(person, report, picture, told.view)
        except FileGone:
            shown = None
            await self._still_wanted(report)
            await self._status.end(person, report, "report", replace(told.view, cards=()))
        await self._voice.noted(person, shown)
        await self._still_wanted(report)  # it may have been on the wire for long
        await self._rows.deliver(
            report.id,
            annotated_file_id=shown.file_id if shown and person.keeps_pictures else None,
            look=look.name,
            message_id=shown.message_id if shown else report.status_message_id,
            summary=told.summary,
            photos=None if person.keeps_pictures else without_places(report.photos),
            now=self._now(),
        )

    async def show_again(self, person: PersonRecord, report: ReportRecord) -> None:
        """A past report as a new message; nothing is analysed or paid again.

        With its stored picture where that looks as the person wants it now, else drawn anew, else without one, which
        is told where many were drawn. Who keeps no pictures gets the words, and a button that draws it.
        """
        if not person.keeps_pictures:
            words = self._reader.view(person, report, shown_again=True, offers_picture=bool(report.photos[0].file_id))
            await self._voice.say(person, "report", words)
            return
        view = self._reader.view(person, report, shown_again=True)
        look = DrawingStyle.of(person, report)
        if report.look == look.name and await self._shown_as_stored(person, report, view):
            return
        enough: TooManyPhotos | None = None
        try:
            if await self._shown_anew(person, report, view, look):
                return
        except TooManyPhotos as error:
            enough = error
        if await self._shown_as_stored(person, report, view):
            return
        await self._voice.say(person, "report", replace(view, cards=()))
        if enough is not None:
            await self._voice.say(person, PhotosLimitView(reason=enough.reason))

    async def draw_again(self, person: PersonRecord, report: ReportRecord) -> bool:
        """The picture of a past report, drawn because it was asked for. False when the photo can't be had any more.

        Raises TooManyPhotos.
        """
        view = self._reader.view(person, report, shown_again=True)
        return await self._shown_anew(person, report, view, DrawingStyle.of(person, report))

    async def tell_anew(
        self, person: PersonRecord, report: ReportRecord, *, at: int | None = None, asks: bool = False
    ) -> None:
        """Other words under the report's own picture, after the person corrected it; where it is gone there are none.

        So too under the picture of the message `at`, which shows it again; `asks`: the question stands there once more.
        Marks that were drawn stay until `redraw`.
        """
        own = report.status_message_id
        told = await self._view_now(person, report)
        for place in {own, at} - {None}:
            view = replace(told, shown_again=place != own, asks=told.asks or (asks and place == at))
            with suppress(NotDelivered):  # deleted, or a report that never had a picture
                await self._voice.turn_caption(person, place or 0, "report", view)

    async def redraw(self, person: PersonRecord, report: ReportRecord) -> bool:
        """The report's own picture as it is told now. False where the photo can't be had, and the old marks stay."""
        message_id = report.status_message_id
        if message_id is None:
            return True
        look, view = DrawingStyle.of(person, report), await self._view_now(person, report)
        try:
            photo = await self._pictures.photo_again(report)
            picture = await self._pictures.drawn(report, self._reader.told(person, report), look, photo)
            shown = await self._voice.turn_picture(person, message_id, picture, "report", view)
        except MessageLost:
            return True
        except (FileGone, TooManyPhotos, PhotoRejected):
            return False
        if shown is not None and person.keeps_pictures:
            await self._rows.set_annotated_file(report.id, shown.file_id, look=look.name)
        return True

    async def turn_card(self, person: PersonRecord, report: ReportRecord, message_id: int, card: str) -> bool:
        """A report's picture on the screen shows something else of it. False where the photo can't be had.

        Raises TooManyPhotos, DeliveryError.
        """
        answer = self._reader.told(person, report)
        if message_id == report.status_message_id:
            view = await self._view_now(person, report)
        else:
            view = self._reader.view(person, report, told=answer, shown_again=True)
        look, card = DrawingStyle.of(person, report), card if card in view.cards else TOLD
        try:
            photo = await self._pictures.photo_again(report)
        except FileGone:
            return False
        picture = await self._pictures.drawn(report, answer, look, photo, card)
        with suppress(MessageLost):
            await self._voice.turn_picture(person, message_id, picture, "report", replace(view, card=card))
        return True

    async def _view_now(self, person: PersonRecord, report: ReportRecord) -> ReportView:
        answer = self._reader.told(person, report)
        return (await self._companion.told(person, report, answer)).view

    async def told_now(self, person: PersonRecord, report: ReportRecord) -> ReportView:
        """As it is told by now; whoever keeps no pictures is offered one."""
        view = await self._view_now(person, report)
        return view if person.keeps_pictures else replace(view, cards=(), offers_picture=True)

    def details(self, person: PersonRecord, report: ReportRecord) -> ReportView:
        return self._reader.view(person, report)

    async def show_redness(self, person: PersonRecord, report: ReportRecord) -> bool:
        """The face with what counts as red. False when there is no map, or the photo can't be had any more.

        Raises TooManyPhotos.
        """
        analysis = self._reader.analysis(report)
        view = RednessView(number=report.number, hardly_any=hardly_red(analysis))
        try:
            if report.redness_file_id is not None:
                await self._voice.show(person, report.redness_file_id, "redness", view, of_face=True)
                return True
        except FileGone:
            pass  # drawn again below
        low, high = (plain(line) for line in self._voice.words(person, "redness_scale").text.split("\n"))
        drawn = await self._pictures.redness(report, analysis, (low, high))
        if drawn is None:
            return False
        shown = await self._voice.show(person, drawn, "redness", view, of_face=True)
        if person.keeps_pictures:
            await self._rows.set_redness_file(report.id, shown.file_id)
        return True

    async def _shown_as_stored(self, person: PersonRecord, report: ReportRecord, view: ReportView) -> bool:
        if report.annotated_file_id is None:
            return False
        try:
            await self._voice.show(person, report.annotated_file_id, "report", view, of_face=True)
        except FileGone:
            return False
        return True

    async def _shown_anew(
        self, person: PersonRecord, report: ReportRecord, view: ReportView, look: DrawingStyle
    ) -> bool:
        answer = self._reader.told(person, report)
        try:
            picture = await self._pictures.drawn(report, answer, look, await self._pictures.photo_again(report))
            shown = await self._voice.show(person, picture, "report", view, of_face=True)
        except FileGone:
            return False
        if person.keeps_pictures:
            await self._rows.set_annotated_file(report.id, shown.file_id, look=look.name)
        return True

    async def _still_wanted(self, report: ReportRecord) -> None:
        """Raises PersonGone, NoLongerWanted."""
        standing = await self._rows.standing(report.id)
        if standing is None:
            raise PersonGone
        if not self._permits(standing.permitted):
            raise NoLongerWanted

    async def _drop(self, person: PersonRecord, report: ReportRecord) -> None:
        """In silence: neither the report nor its status message stays, also where it is on the screen already."""
        current = await self._rows.by_id(report.id)
        if current is None:
            return
        if current.status_message_id is not None:
            await self._voice.take_back(person, [current.status_message_id])
        await self._rows.forget(report.id)

    async def _on_screen(
        self, person: PersonRecord, report: ReportRecord, picture: bytes, view: ReportView
    ) -> tuple[ReportRecord, Shown | None]:
        """A report only ever takes a known message's place: sent anew it could come twice, when an answer got lost."""
        words = self._voice.words(person, "report", view)
        for _ in range(_LOST_MESSAGES):
            if report.status_message_id is None:
                report = await self._with_new_status(person, report)
            place = report.status_message_id or 0
            try:
                shown = await self._voice.become_picture(
                    person, place, picture, words, if_wanted=partial(self._still_wanted, report)
                )
            except MessageLost:  # the person deleted the status message, not the wish for a report
                report = replace(report, status_message_id=None)
            else:
                return report, shown
        raise MessageLost

    async def _with_new_status(self, person: PersonRecord, report: ReportRecord) -> ReportRecord:
        now = self._now()
        message_id = await self._voice.promise(person, "status_drawing")
        await self._rows.begin(report.id, status_message_id=message_id, not_before=now, now=now)
        return replace(report, status_message_id=message_id)
