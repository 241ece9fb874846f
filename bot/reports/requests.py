"""Where selfies are handed in: a row first, then a status message, then the work begins."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.people.consent import People
from bot.people.written import tidied
from bot.reports.status import StatusMessage
from bot.storage.records import AGE_UNSURE, IncomingPhoto, PersonRecord, ReportRecord, ReportState
from bot.storage.reports.chosen_readers import ChosenReaderRows
from bot.storage.reports.due import DueReportRows
from bot.storage.reports.reports import ReportRows

ALBUM_WAIT: Final = timedelta(seconds=1.2)  # an album's parts come one by one and nobody says how many
_STATUS_WAIT: Final = timedelta(seconds=20)  # a row whose status message never appears is worked all the same
_AFTER_A_START: Final = timedelta(seconds=8)  # until Telegram has handed over what came while nobody was there
_TO_BEGIN: Final = (ReportState.COLLECTING, ReportState.REQUESTED)


class ReportRequests:
    def __init__(
        self,
        *,
        rows: ReportRows,
        due: DueReportRows,
        readers: ChosenReaderRows,
        people: People,
        status: StatusMessage,
        wake: Callable[[], None],
        bot_id: int,
        now: Clock,
    ) -> None:
        """`bot_id`: messages are counted by the bot that they are with."""
        self._rows = rows
        self._due = due
        self._readers = readers
        self._bot_id = bot_id
        self._people = people
        self._status = status
        self._wake = wake
        self._now = now

    async def hand_in(
        self, person: PersonRecord, photo: IncomingPhoto, *, album: str | None, caption: str | None = None
    ) -> None:
        """Take one selfie; what was written under it becomes its note, but for what came before the consent.

        The same message handed in twice changes nothing more. A part of an album that is worked already is a selfie of
        its own.

        Raises DeliveryError when the consent question can't be asked.
        """
        now = self._now()
        consented = self._people.consents(person)
        report, created = await self._rows.request(
            person_id=person.id,
            photo=photo,
            origin=f"{self._bot_id}:{person.telegram_id}:{photo.message_id}",
            former_origin=f"{person.telegram_id}:{photo.message_id}",
            album=f"{self._bot_id}:{album}" if album else None,
            note=tidied(caption)[0] if caption and consented else "",
            state=_first_state(consented=consented, album=album),
            not_before=now + _STATUS_WAIT,
            joined_not_before=now + ALBUM_WAIT,
            now=now,
        )
        if created:
            self._status.seen(person, photo.message_id)
        # Its first message again: an update is worked again when the process died over it.
        opens = created or report.photos[0].message_id == photo.message_id
        if opens and report.state is ReportState.AWAITING_CONSENT:
            await self._people.ask_consent(person, photo_waiting=True)
        elif opens and report.status_message_id is None and report.state in _TO_BEGIN:
            await self._begin(person, [report], wait=ALBUM_WAIT if album else timedelta(0))

    async def after_a_start(self) -> None:
        """For albums that a stop or a death cut in two: all that came meanwhile is heard first."""
        now = self._now()
        await self._rows.put_off_albums(until=now + _AFTER_A_START, now=now)

    async def release(self, person: PersonRecord) -> Sequence[ReportRecord]:
        """After consent: the selfies that waited for it. `begin` starts them."""
        now = self._now()
        released = await self._rows.release_waiting(person.id, now=now, not_before=now + _STATUS_WAIT)
        waited = [await self._rows.by_id(report_id) for report_id in released]
        return [report for report in waited if report is not None]

    async def begin(self, person: PersonRecord, reports: Sequence[ReportRecord]) -> None:
        await self._begin(person, reports, wait=timedelta(0))

    async def use_anyway(self, person: PersonRecord, number: int) -> bool:
        """The person wants a doubtful photo read. False when there is nothing (or nothing any more) to read."""
        now = self._now()
        report = await self._rows.allow_anyway(person.id, number, now=now, not_before=now + _STATUS_WAIT)
        return await self._go_on(person, report)

    async def try_again(self, person: PersonRecord, number: int) -> bool:
        """Another try at a report that failed for a passing reason. False when there is none."""
        now = self._now()
        report = await self._rows.ask_again(person.id, number, now=now, not_before=now + _STATUS_WAIT)
        return await self._go_on(person, report)

    async def read_here(self, person: PersonRecord, number: int) -> bool:
        """What the vendor can't read now is read on this machine instead. False when there is nothing to read."""
        now = self._now()
        report = await self._readers.choose_here(person.id, number, now=now, not_before=now + _STATUS_WAIT)
        return await self._go_on(person, report)

    async def tell_adult(self, person: PersonRecord) -> bool:
        """What was held until they said that they are of age is told; False when nothing is held (any more)."""
        released = await self._due.release_paid(person.id, AGE_UNSURE, now=self._now())
        self._wake()
        return released

    async def forget(self, person: PersonRecord) -> int:
        """Consent is refused: drop the selfies that waited for it, to the last trace. Returns how many."""
        return await self._rows.forget_waiting(person.id)

    async def cancel(self, person: PersonRecord) -> int:
        """Drop selfies that wait and are not read yet. Returns how many."""
        return await self._rows.cancel(person.id, now=self._now())

    async def _go_on(self, person: PersonRecord, report: ReportRecord | None) -> bool:
        if report is None:
            return False
        await self.begin(person, [report])
        return True

    async def _begin(self, person: PersonRecord, reports: Sequence[ReportRecord], *, wait: timedelta) -> None:
        for report in reports:
            await self._status.appear(person, report, then_due=self._now() + wait)
            self._wake()


def _first_state(*, consented: bool, album: str | None) -> ReportState:
    if not consented:
        return ReportState.AWAITING_CONSENT
    return ReportState.COLLECTING if album else ReportState.REQUESTED
