"""Sends on a real database, with the wire to Telegram replaced by one that is told what to do."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.calendar.cities import Cities
from bot.calendar.weekly import WeeklyTime
from bot.calendar.zones import rules, zone_of
from bot.people.voice import Voice
from bot.reminders.dates import next_week
from bot.reminders.sending import ReminderSending
from bot.storage import open_store
from bot.storage.records import PersonRecord
from bot.storage.reminders import NextDate, ReminderState
from bot.storage.store import Store
from bot.telegram.errors import DeliveryError, Unreachable
from bot.telegram.messenger import Messenger
from bot.views import View, named
from bot.views.reminders import Recalled
from tests.keys import KEY

MADRID: Final = zone_of("Europe/Madrid")
WEEKLY: Final = WeeklyTime(weekday=5, minute=570)
WEDNESDAY: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
SATURDAY: Final = datetime(2026, 11, 28, 8, 36, tzinfo=UTC)  # 9:36 in Madrid
CITIES: Final = Cities()


class Wire(Voice):
    """Telegram, as far as sends go: `silent` answers nothing, `gone` can't be reached."""

    def __init__(self) -> None:
        self.said: list[int] = []
        self.silent = False
        self.gone: set[int] = set()

    async def say(
        self,
        person: PersonRecord,
        what: str | View,
        view: object | None = None,  # noqa: ARG002 - its interface
        *,
        reply_to: int | None = None,  # noqa: ARG002 - its interface
    ) -> int:
        if person.telegram_id in self.gone:
            raise Unreachable
        if self.silent:
            raise DeliveryError(named(what)[0], permanent=False)
        self.said.append(person.telegram_id)
        return 1


class Question(Messenger):
    """Does the wire answer?"""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def answers(self) -> bool:
        return not self._wire.silent


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as opened:
        yield opened


def sending(store: Store, wire: Wire, now: datetime) -> ReminderSending:
    async def nothing(_: PersonRecord) -> Recalled | None:
        return None

    return ReminderSending(
        rows=store.reminders, messenger=Question(wire), voice=wire, cities=CITIES, recall=nothing, now=lambda: now
    )


async def chosen(
    store: Store, number: int, *, zone: str = "Europe/Madrid", date: NextDate | None = None
) -> PersonRecord:
    """A person with Saturday, 9:30."""
    person = await store.people.meet(number, "en", now=WEDNESDAY)
    date = date or next_week(WEEKLY, zone_of(zone), person.id, rules=rules(), after=WEDNESDAY)
    await store.reminders.move(person.id, zone, None)
    await store.reminders.choose(person.id, WEEKLY, date)
    return person


async def test_outage_costs_at_most_the_one_in_flight(store: Store) -> None:
    """Telegram is silent for hours: one is lost, the probe finds out, the others come when it answers again."""
    wire = Wire()
    for number in range(1, 11):
        await chosen(store, number)
    wire.silent = True
    at = sending(store, wire, SATURDAY)
    for _ in range(5):
        await at.send_due()
    wire.silent = False
    await sending(store, wire, SATURDAY + timedelta(minutes=30)).send_due()
    assert len(wire.said) == 9
    assert len(set(wire.said)) == 9


async def test_gone_person_is_off(store: Store) -> None:
    """And never tried again."""
    wire = Wire()
    ana = await chosen(store, 1)
    wire.gone = {1}
    await sending(store, wire, SATURDAY).send_due()
    found = await store.reminders.of(ana.id)
    assert found is not None
    assert (found.state, found.next_date) == (ReminderState.UNREACHABLE, None)


async def test_changed_rules_move_the_dates_at_start(store: Store) -> None:
    """A date that older rules had an hour too early is put right before it falls due; a right one stays."""
    wire = Wire()
    right = next_week(WEEKLY, MADRID, 1, rules="2020a", after=WEDNESDAY)
    early = NextDate(
        occurs_at=right.occurs_at - timedelta(hours=1), due_at=right.due_at - timedelta(hours=1), rules="2020a"
    )
    ana = await chosen(store, 1, date=early)
    assert await sending(store, wire, WEDNESDAY).date_anew() == 1
    found = await store.reminders.of(ana.id)
    assert found is not None
    assert found.next_date is not None
    assert found.next_date.occurs_at == right.occurs_at
    assert found.next_date.rules == rules()
    assert await sending(store, wire, WEDNESDAY).date_anew() == 0


async def test_down_for_weeks(store: Store) -> None:
    """What is too old is skipped at once to what is not: this Saturday's comes, nothing of the weeks before."""
    wire = Wire()
    await chosen(store, 1)
    late = sending(store, wire, SATURDAY + timedelta(weeks=3))
    while await late.send_due():
        pass
    assert wire.said == [1]


async def test_zone_that_is_gone(store: Store) -> None:
    """A name that no rules know any more switches it off instead of failing for ever."""
    wire = Wire()
    ana = await chosen(store, 1)
    await store.reminders.move(ana.id, "Nowhere/City", None)
    await sending(store, wire, SATURDAY).send_due()
    assert wire.said == []
    assert await store.reminders.next_due_at() is None
