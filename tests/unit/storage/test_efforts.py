"""A day's calls and looks belong to a person also over an erasure, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.ledger import Budget, BudgetSpent, LedgerRows
from bot.storage.people.efforts import EffortKind, EffortRows
from bot.storage.people.people import PersonRows
from bot.storage.records import PersonGone, PersonRecord
from bot.storage.store import Store
from bot.storage.tables import paid_call
from tests.unit.storage.making import NOON, requested

DORA = 777_888_999
BUDGET = Budget(per_person=3)


async def tried(ledger: LedgerRows, store: Store, person: PersonRecord, *, at: int, photo: int = 0) -> bool:
    """Whether a call of a new photo of theirs began, so many minutes after noon."""
    now = NOON + timedelta(minutes=at)
    report = await requested(store, person, message_id=10 * at + photo, now=now)
    try:
        await ledger.begin(report.id, person.id, now=now, budget=BUDGET)
    except BudgetSpent:
        return False
    return True


async def test_erasing_and_coming_back_does_not_renew_the_day(store: Store, url: str, keyring: Keyring) -> None:
    """Ten erasures and returns, by two processes: not one call more than the limit; the day after there is room."""
    begun = 0
    async with Database.open(url, keyring) as other:
        ledgers, peoples = (store.ledger, LedgerRows(other)), (store.people, PersonRows(other))
        for time in range(11):
            dora = await peoples[time % 2].meet(DORA, "en", now=NOON)
            tries = [tried(ledgers[n % 2], store, dora, at=10 * time, photo=n) for n in range(4)]
            begun += sum(await asyncio.gather(*tries))
            await peoples[time % 2].erase(dora.id, now=NOON + timedelta(minutes=10 * time + 5))
    assert begun == BUDGET.per_person
    assert await store.ledger.count_since(None, NOON) == BUDGET.per_person
    dora = await store.people.meet(DORA, "en", now=NOON)
    assert await tried(store.ledger, store, dora, at=24 * 60 + 30)


async def test_what_is_kept_over_an_erasure_is_nobodys_after_a_day(store: Store, database: Database) -> None:
    """And says nothing of others."""
    dora, emil = [await store.people.meet(DORA + n, "en", now=NOON) for n in range(2)]
    assert await tried(store.ledger, store, dora, at=0)
    await store.efforts.note(dora.id, EffortKind.LOOK, photos=7, now=NOON)
    await store.people.erase(dora.id, now=NOON)
    assert await store.efforts.of_day(emil.id, now=NOON) == []
    await store.efforts.prune(now=NOON + timedelta(hours=24, seconds=1))
    dora = await store.people.meet(DORA, "en", now=NOON)
    assert await store.efforts.of_day(dora.id, now=NOON) == []
    kept = select(func.count()).select_from(paid_call).where(paid_call.c.spent_by.is_not(None))
    assert await database.read(lambda connection: connection.scalar(kept)) == 0


async def test_looks_come_back_with_the_person(store: Store, database: Database) -> None:
    """Of a day ago they are over; for somebody who is gone nothing is noted."""
    dora = await store.people.meet(DORA, "en", now=NOON)
    await store.efforts.note(dora.id, EffortKind.LOOK, photos=7, now=NOON)
    await store.people.erase(dora.id, now=NOON)
    with pytest.raises(PersonGone):
        await store.efforts.note(dora.id, EffortKind.LOOK, now=NOON)
    again = await store.people.meet(DORA, "en", now=NOON)
    efforts = EffortRows(database)
    assert [one.photos for one in await efforts.of_day(again.id, now=NOON + timedelta(hours=24))] == [7]
    assert await efforts.of_day(again.id, now=NOON + timedelta(hours=24, seconds=1)) == []


async def test_calls_of_a_clock_that_was_ahead_do_not_count(store: Store, ana: PersonRecord) -> None:
    """Three calls and forty looks of next month: today is as if they had not been. Clocks differ by seconds, though."""
    month = 30 * 24 * 60
    assert [await tried(store.ledger, store, ana, at=month + n) for n in range(4)] == [True, True, True, False]
    await store.efforts.note(ana.id, EffortKind.LOOK, photos=40, now=NOON + timedelta(days=30))
    assert await store.efforts.of_day(ana.id, now=NOON) == []
    assert [await tried(store.ledger, store, ana, at=n) for n in range(1, 4)] == [True] * 3
    report = await requested(store, ana, message_id=99)
    with pytest.raises(BudgetSpent):
        await store.ledger.begin(report.id, ana.id, now=NOON + timedelta(minutes=2, seconds=10), budget=BUDGET)
