"""Paid calls and known troubles, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.storage.records import CallOutcome, PersonGone, PersonRecord
from bot.storage.store import Store
from tests.unit.storage.making import NOON, requested


async def test_calls_that_may_have_been_charged_count(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Answered, uncertain and cut-off calls count for the person and in all; refused ones cost nothing."""
    report = await requested(store, ana)
    for outcome in CallOutcome:
        call = await store.ledger.begin(report.id, ana.id, now=NOON)
        await store.ledger.end(call, outcome, now=NOON)
    await store.ledger.begin(report.id, ana.id, now=NOON)
    bens = await requested(store, ben)
    await store.ledger.begin(bens.id, ben.id, now=NOON)
    assert await store.ledger.count_since(ana.id, NOON) == 3
    assert await store.ledger.count_since(ben.id, NOON) == 1
    assert await store.ledger.count_since(None, NOON) == 4
    assert await store.ledger.count_since(None, NOON + timedelta(seconds=1)) == 0


async def test_no_call_for_someone_erased(store: Store, ana: PersonRecord) -> None:
    """Once a person is gone no call of theirs begins; what they cost still counts for the whole bot."""
    report = await requested(store, ana)
    await store.ledger.begin(report.id, ana.id, now=NOON)
    await store.people.erase(ana.id, now=NOON)
    with pytest.raises(PersonGone):
        await store.ledger.begin(report.id, ana.id, now=NOON)
    assert await store.ledger.count_since(None, NOON) == 1


async def test_alert_is_raised_once(store: Store) -> None:
    """Of many that see the same trouble one alerts, until it is over; another kind is another trouble."""
    raised = await asyncio.gather(*(store.alerts.raise_once("account", now=NOON) for _ in range(10)))
    assert sorted(raised) == [False] * 9 + [True]
    assert await store.alerts.raise_once("disk", now=NOON)
    await store.alerts.clear("account")
    assert await store.alerts.raise_once("account", now=NOON)
    assert not await store.alerts.raise_once("disk", now=NOON)
