"""Sends what falls due. The rows are the truth, and any process may do it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta, tzinfo
from typing import Final

from bot.calendar.cities import Cities
from bot.calendar.weekly import season
from bot.calendar.zones import ZoneUnknown, rules, zone_of
from bot.clock import Clock, Wakeup
from bot.people.voice import Voice
from bot.reminders.dates import decide, next_week, redated
from bot.reminders.tips import tip_of_the_week
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.records import PersonRecord
from bot.storage.reminders import DueReminder, NextDate, Pause, PutOff, ReminderRows, ReminderState, Send
from bot.telegram.errors import DeliveryError, Unreachable
from bot.telegram.messenger import Messenger
from bot.views import View
from bot.views.diary import FeelingView
from bot.views.experiments import PlanView
from bot.views.reminders import Recalled, ReminderNoteView

_log = logging.getLogger(__name__)

Recall = Callable[[PersonRecord], Awaitable[Recalled | None]]
"""What a reminder says about a person's past in one line; None when there is nothing (or nothing may be said)."""

Planned = Callable[[PersonRecord], Awaitable[PlanView | None]]
"""How a self-experiment of theirs stands; None without one."""

_LONGEST_SLEEP: Final = timedelta(seconds=30)
_DATE_ANEW_EVERY: Final = timedelta(hours=1)
_BEFORE_ALL: Final = 0


async def nothing_planned(_: PersonRecord) -> None:
    return None


class TelegramSilent(Exception):
    """A send got no answer: what is left waits until Telegram answers something harmless."""


class ReminderSending:
    """One reminder at a time, so that a killed process loses the one in flight and no other."""

    def __init__(
        self,
        *,
        rows: ReminderRows,
        messenger: Messenger,
        voice: Voice,
        cities: Cities,
        recall: Recall,
        planned: Planned = nothing_planned,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._messenger = messenger
        self._voice = voice
        self._cities = cities
        self._recall = recall
        self._planned = planned
        self._now = now
        self._wakeup = Wakeup()
        self._silent = False
        self._seen_until = now()

    def wake(self) -> None:
        """Say that a row may fall due sooner than expected."""
        self._wakeup.ring()

    async def run(self) -> None:
        """Send what falls due until cancelled."""
        dated_anew_at = None
        while True:
            self._wakeup.hush()
            wait = _LONGEST_SLEEP
            try:
                if dated_anew_at is None or abs(self._now() - dated_anew_at) > _DATE_ANEW_EVERY:
                    await self.date_anew()
                    dated_anew_at = self._now()
                await self.send_due()
                wait = await self._until_next()
            except DatabaseUnavailable:
                _log.warning("reminders wait for the database")
            except Exception:  # noqa: BLE001 - the ticker's last line: the bot lives on without reminders, and tries again
                _log.exception("due reminders could not be read; they are looked at again soon")
            await self._wakeup.rest(wait.total_seconds())

    async def send_due(self) -> int:
        """Work everything that is due and free; returns how many were claimed. Raises DatabaseUnavailable."""
        claimed, self._seen_until = 0, self._now()
        due_at = await self._rows.next_due_at()
        if due_at is None or due_at > self._seen_until:
            return claimed
        if self._silent and not await self._messenger.answers():
            return claimed
        self._silent = False
        while batch := await self._claim():
            claimed += len(batch)
            try:
                for due in batch:
                    await self._work(due)
            except TelegramSilent:
                self._silent = True
                break  # the rest of the batch is free again when its lease ends
        return claimed

    async def _claim(self) -> list[DueReminder]:
        self._seen_until = self._now()
        return await self._rows.claim(now=self._seen_until)

    async def date_anew(self) -> int:
        """Move the dates that were computed by other rules of the time zones, or by a clock that was ahead.

        Returns how many were looked at.
        """
        looked_at, after = await self._bring_near(), _BEFORE_ALL
        while outdated := await self._rows.outdated(rules(), after=after):
            for due in outdated:
                zone = _zone(due)
                if zone is not None:
                    await self._put_off(due, redated(due, zone, rules=rules()))
            looked_at, after = looked_at + len(outdated), outdated[-1].person.id
        return looked_at

    async def _bring_near(self) -> int:
        looked_at, after = 0, _BEFORE_ALL
        while far := await self._rows.too_far(now=self._now(), after=after):
            for due in far:
                zone = _zone(due)
                if zone is not None:
                    date = next_week(due.weekly, zone, due.person.id, rules=rules(), after=self._now())
                    await self._put_off(due, date)
            looked_at, after = looked_at + len(far), far[-1].person.id
        return looked_at

    async def _put_off(self, due: DueReminder, until: NextDate) -> None:
        await self._rows.settle(due, PutOff(until=until), now=self._now())

    async def _work(self, due: DueReminder) -> None:
        try:
            await self._decide(due)
        except (DatabaseUnavailable, TelegramSilent):
            raise
        except Exception:  # noqa: BLE001 - the sender's last line: one reminder's trouble must not end the others
            _log.exception("a reminder of person row %d was not worked", due.person.id)

    async def _decide(self, due: DueReminder) -> None:
        zone = _zone(due)
        if zone is None:
            await self._rows.switch_off(due.person.id)
            return
        now = self._now()
        verdict = decide(due, zone, rules=rules(), now=now)
        view = await self._note(due, zone, late=verdict.late) if isinstance(verdict, Send) else None
        if not await self._rows.settle(due, verdict, now=now):
            return  # sent by another process, or changed by the person meanwhile
        if view is not None:
            await self._say(due.person, view)
            if due.person.asks_feelings:
                await self._say(due.person, FeelingView(offered=due.person.feelings, weekly=True))
        elif isinstance(verdict, Pause):
            await self._say(due.person, "reminder_paused")

    async def _say(self, person: PersonRecord, what: str | View) -> None:
        """After the next date is committed: one that is cut off here is lost, and never comes twice."""
        try:
            await self._voice.say(person, what)
        except DeliveryError as error:
            if isinstance(error, Unreachable):
                await self._rows.switch_off(person.id, ReminderState.UNREACHABLE)
                _log.info("reminders of person row %d are off: unreachable", person.id)
            elif error.permanent:  # the fault may be ours, a wrong token for one: the next week is tried again
                _log.warning("a reminder of person row %d was refused", person.id)
            else:
                raise TelegramSilent from error

    async def _note(self, due: DueReminder, zone: tzinfo, *, late: bool) -> ReminderNoteView:
        here = self._now().astimezone(zone).date()
        city = await asyncio.to_thread(self._cities.principal, due.person.time_zone or "")
        now_there = season(here, city.latitude if city else None)
        recalled = await self._recall(due.person)
        return ReminderNoteView(
            recalled=recalled,
            tip=tip_of_the_week(here, now_there, person_id=due.person.id, theirs=recalled),
            season=now_there,
            due_at=due.next_date.occurs_at if late else None,
            plan=await self._planned(due.person),
        )

    async def _until_next(self) -> timedelta:
        """What fell due since the last look is worked at once; what was seen and is leased waits for its lease."""
        next_due = await self._rows.next_due_at(after=self._seen_until)
        return _LONGEST_SLEEP if next_due is None else min(_LONGEST_SLEEP, next_due - self._now())


def _zone(due: DueReminder) -> tzinfo | None:
    try:
        return zone_of(due.person.time_zone or "")
    except ZoneUnknown:
        return None
