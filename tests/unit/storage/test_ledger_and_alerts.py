"""Paid calls and known troubles, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.ledger import Budget, BudgetSpent, LedgerRows
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


async def test_budget_of_one_person_is_exact(
    store: Store, url: str, keyring: Keyring, ana: PersonRecord, ben: PersonRecord
) -> None:
    """Twenty calls of one person at once, by two processes: as many as are allowed begin; another person's do too."""
    budget = Budget(per_person=3)
    reports = [await requested(store, ana, message_id=number) for number in range(20)]
    async with Database.open(url, keyring) as other:
        ledgers = (store.ledger, LedgerRows(other))
        begun = await asyncio.gather(
            *(ledgers[n % 2].begin(one.id, ana.id, now=NOON, budget=budget) for n, one in enumerate(reports)),
            return_exceptions=True,
        )
    refused = [one for one in begun if isinstance(one, BudgetSpent)]
    assert (len(refused), {one.per_person for one in refused}) == (17, {True})
    assert await store.ledger.count_since(ana.id, NOON) == 3
    bens = await requested(store, ben)
    assert await store.ledger.begin(bens.id, ben.id, now=NOON, budget=budget)


async def test_budget_of_all_is_exact(store: Store, url: str, keyring: Keyring) -> None:
    """Ten people at once, by two processes, four calls a day: four begin; a day later there is room again."""
    budget = Budget(total=4)
    people = [await store.people.meet(1000 + number, "en", now=NOON) for number in range(10)]
    reports = [await requested(store, person) for person in people]
    async with Database.open(url, keyring) as other:
        ledgers = (store.ledger, LedgerRows(other))
        begun = await asyncio.gather(
            *(ledgers[n % 2].begin(one.id, one.person_id, now=NOON, budget=budget) for n, one in enumerate(reports)),
            return_exceptions=True,
        )
    assert sum(isinstance(one, BudgetSpent) and not one.per_person for one in begun) == 6
    tomorrow = NOON + timedelta(days=1, seconds=1)
    assert await store.ledger.begin(reports[0].id, people[0].id, now=tomorrow, budget=budget)


async def test_budget_counts_no_refused_call_and_not_the_first_vain_one(store: Store, ana: PersonRecord) -> None:
    """With one analysis a day: refusals are free, a call that broke off is repeated, and then it is enough."""
    budget = Budget(per_person=1)
    report = await requested(store, ana)

    async def call(outcome: CallOutcome) -> None:
        number = await store.ledger.begin(report.id, ana.id, now=NOON, budget=budget)
        await store.ledger.end(number, outcome, now=NOON)

    for _ in range(3):
        await call(CallOutcome.REFUSED)
    await call(CallOutcome.UNCERTAIN)
    await call(CallOutcome.UNCERTAIN)
    with pytest.raises(BudgetSpent):
        await call(CallOutcome.ANSWERED)
