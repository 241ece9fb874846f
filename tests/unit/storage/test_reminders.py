"""Reminders' rows, on both databases: chosen, claimed, moved on once."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import func, select, update

from bot.calendar.weekly import WeeklyTime
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.records import PersonGone, PersonRecord
from bot.storage.reminders import DueReminder, NextDate, Pause, PutOff, ReminderState, Send
from bot.storage.store import Store
from bot.storage.tables import person, reminder
from bot.storage.upkeep.rotation import rotate
from tests.keys import KEY, NEXT_KEY
from tests.unit.storage.making import AGREED, NOON, requested

WEEKLY: Final = WeeklyTime(weekday=5, minute=570)
WEEK: Final = timedelta(days=7)


def date(at: datetime = NOON, *, snoozed: bool = False, rules: str = "2026a") -> NextDate:
    return NextDate(occurs_at=at - timedelta(seconds=40), due_at=at, rules=rules, snoozed=snoozed)


SENT: Final = Send(late=False, following=date(NOON + WEEK), ignored=1)


async def only(store: Store, *, now: datetime = NOON) -> DueReminder:
    (due,) = await store.reminders.claim(now=now)
    return due


async def test_of_a_person_who_chose_nothing(store: Store, ana: PersonRecord) -> None:
    """Off by default: there is no row at all, and nothing falls due."""
    assert await store.reminders.of(ana.id) is None
    assert await store.reminders.next_due_at() is None
    assert await store.reminders.claim(now=NOON) == []


async def test_choose(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """With a date it is on, without one it waits for the zone; the other person's is not touched."""
    await store.reminders.choose(ana.id, WEEKLY, date())
    await store.reminders.choose(ben.id, WEEKLY, None)
    one, other = await store.reminders.of(ana.id), await store.reminders.of(ben.id)
    assert one is not None
    assert other is not None
    assert (one.state, one.weekly, one.next_date) == (ReminderState.ON, WEEKLY, date())
    assert (other.state, other.weekly, other.next_date) == (ReminderState.WAITING, WEEKLY, None)


async def test_claim_is_of_one_process(store: Store, url: str, keyring: Keyring) -> None:
    """A hundred and thirty due people, eight claims at once from two pools: nobody twice, nobody forgotten."""
    crowd = [await store.people.meet(number, "en", now=NOON) for number in range(1, 131)]
    for place, one in enumerate(crowd):
        await store.reminders.choose(one.id, WEEKLY, date(NOON - timedelta(seconds=place)))
    async with Database.open(url, keyring) as second:
        rooms = [store.reminders, Store.on(second).reminders] * 4
        batches = await asyncio.gather(*(room.claim(now=NOON) for room in rooms))
    claimed = [due.person.id for batch in batches for due in batch]
    assert sorted(claimed) == [one.id for one in crowd]
    assert max(len(batch) for batch in batches) <= 100


async def test_lease_ends_after_two_minutes(store: Store, ana: PersonRecord) -> None:
    """What a killed process had claimed is free again, with the same date."""
    await store.people.record_consent(ana.id, AGREED, now=NOON)
    await store.reminders.choose(ana.id, WEEKLY, date())
    claimed = await only(store)
    assert await store.reminders.claim(now=NOON + timedelta(seconds=119)) == []
    assert await only(store, now=NOON + timedelta(seconds=120)) == claimed


async def test_move_on_is_won_once(store: Store, ana: PersonRecord) -> None:
    """Two processes that hold the same claim: one of them sends."""
    await store.reminders.choose(ana.id, WEEKLY, date())
    due = await only(store)
    wins = await asyncio.gather(*(store.reminders.settle(due, SENT, now=NOON) for _ in range(5)))
    assert sorted(wins) == [False] * 4 + [True]
    after = await store.reminders.of(ana.id)
    assert after is not None
    assert (after.next_date, after.sent_at, after.ignored) == (date(NOON + WEEK), NOON, 1)


@pytest.mark.parametrize("change", ["stopped", "chosen anew", "snoozed", "moved", "erased"])
async def test_a_change_by_the_person_beats_the_claim(store: Store, ana: PersonRecord, change: str) -> None:
    """Whatever they did between claim and send counts: the claimed date is not sent."""
    await store.reminders.choose(ana.id, WEEKLY, date())
    due = await only(store)
    later = date(NOON + timedelta(days=2))
    match change:
        case "stopped":
            assert await store.reminders.switch_off(ana.id)
        case "chosen anew":
            await store.reminders.choose(ana.id, WEEKLY, later)
        case "snoozed":
            assert await store.reminders.answer(ana.id, later)
        case "moved":
            await store.reminders.move(ana.id, "Asia/Tokyo", later)
        case _:
            await store.people.erase(ana.id, now=NOON)
    assert not await store.reminders.settle(due, SENT, now=NOON)
    assert not await store.reminders.settle(due, Pause(), now=NOON)
    assert not await store.reminders.settle(due, PutOff(until=date(NOON + WEEK)), now=NOON)


async def test_due_tells_the_newest_selfie(store: Store, ana: PersonRecord) -> None:
    """So that a selfie after a reminder counts as an answer to it."""
    await store.reminders.choose(ana.id, WEEKLY, date())
    await requested(store, ana, message_id=1, now=NOON - timedelta(days=3))
    await requested(store, ana, message_id=2, now=NOON - timedelta(days=1))
    assert (await only(store)).scanned_at == NOON - timedelta(days=1)


async def test_paused_has_no_date(store: Store, ana: PersonRecord) -> None:
    """It never falls due, keeps its time, and can be answered no more; choosing again switches it on."""
    await store.reminders.choose(ana.id, WEEKLY, date())
    assert await store.reminders.settle(await only(store), Pause(), now=NOON)
    assert await store.reminders.next_due_at() is None
    assert not await store.reminders.answer(ana.id)
    paused = await store.reminders.of(ana.id)
    assert paused is not None
    assert (paused.state, paused.weekly) == (ReminderState.PAUSED, WEEKLY)


async def test_switch_off_twice(store: Store, ana: PersonRecord) -> None:
    """The second time there is nothing to stop."""
    await store.reminders.choose(ana.id, WEEKLY, None)
    assert await store.reminders.switch_off(ana.id)
    assert not await store.reminders.switch_off(ana.id)


async def test_suggest_once_in_a_life(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Of many askers at once one is told yes, later none; and never about somebody who has chosen already."""
    assert not await store.reminders.knows_of_them(ana.id)
    asked = await asyncio.gather(*(store.reminders.suggest_once(ana.id, now=NOON) for _ in range(5)))
    assert sorted(asked) == [False] * 4 + [True]
    assert await store.reminders.knows_of_them(ana.id)
    await store.reminders.choose(ben.id, WEEKLY, None)
    assert await store.reminders.knows_of_them(ben.id)
    assert not await store.reminders.suggest_once(ben.id, now=NOON)


async def test_who_only_named_a_city_does_not_know_of_reminders(store: Store, ana: PersonRecord) -> None:
    """There is a row for whoever was asked for their city; it is no suggestion."""
    await store.reminders.ask_zone(ana.id, now=NOON)
    assert not await store.reminders.knows_of_them(ana.id)


async def test_zone_is_kept_with_the_person(store: Store, ana: PersonRecord) -> None:
    """Asked for, then known, and asked for no more."""
    await store.reminders.ask_zone(ana.id, now=NOON)
    assert await store.reminders.zone_asked(ana.id, since=NOON, now=NOON)
    assert not await store.reminders.zone_asked(ana.id, since=NOON + timedelta(seconds=1), now=NOON)
    await store.reminders.move(ana.id, "Asia/Tokyo", None)
    met = await store.people.by_id(ana.id)
    assert met is not None
    assert met.time_zone == "Asia/Tokyo"
    assert not await store.reminders.zone_asked(ana.id, since=NOON, now=NOON)


async def test_outdated(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Only what was dated by other rules, page by page."""
    await store.reminders.choose(ana.id, WEEKLY, date(rules="2025z"))
    await store.reminders.choose(ben.id, WEEKLY, date(rules="2026a"))
    found = await store.reminders.outdated("2026a", after=0)
    assert [due.person.id for due in found] == [ana.id]
    assert await store.reminders.outdated("2026a", after=ana.id) == []


async def test_damaged_person_holds_up_nobody(
    store: Store, database: Database, ana: PersonRecord, ben: PersonRecord
) -> None:
    """The one that can't be opened is left out, the other is claimed."""
    await store.reminders.choose(ana.id, WEEKLY, date(NOON - timedelta(seconds=5)))
    await store.reminders.choose(ben.id, WEEKLY, date())
    damage = update(person).where(person.c.id == ana.id).values(telegram_id=b"no seal at all")
    await database.write(lambda connection: connection.execute(damage))
    assert (await only(store)).person.id == ben.id


async def test_erasing_takes_the_reminder_along(store: Store, database: Database, ana: PersonRecord) -> None:
    """No row is left, and nothing can be stored for a person who is gone."""
    await store.reminders.choose(ana.id, WEEKLY, date())
    await store.people.erase(ana.id, now=NOON)
    count = select(func.count()).select_from(reminder)
    assert await database.read(lambda connection: connection.execute(count).scalar_one()) == 0
    with pytest.raises(PersonGone):
        await store.reminders.choose(ana.id, WEEKLY, date())
    with pytest.raises(PersonGone):
        await store.reminders.suggest_once(ana.id, now=NOON)


async def test_rotation_leaves_reminders_due(url: str, keyring: Keyring) -> None:
    """Its person is opened with the new key."""
    async with Database.open(url, keyring) as database:
        store = Store.on(database)
        ana = await store.people.meet(1, "es", now=NOON)
        await store.reminders.choose(ana.id, WEEKLY, date())
    both = Keyring.from_setting(f"{NEXT_KEY},{KEY}")
    async with Database.open(url, both) as database:
        await rotate(database)
    async with Database.open(url, Keyring.from_setting(NEXT_KEY)) as database:
        assert (await only(Store.on(database))).person.telegram_id == 1
