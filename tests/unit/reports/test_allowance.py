"""How much of one person is looked at, asked before any work is done for it."""

from datetime import datetime, timedelta

import pytest

from bot.reports.allowance import Allowance, TooManyPhotos
from bot.skin.analysis import Provider
from bot.storage.ledger import Budget, BudgetSpent
from bot.storage.records import PersonRecord, ReportFate, ReportRecord, Settlement
from bot.storage.store import Store
from bot.views.reports import TooMany
from tests.unit.storage.making import NOON, requested


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


def allowance_of(store: Store, clock: Clock, *, per_person: int = 5) -> Allowance:
    return Allowance(
        efforts=store.efforts,
        ledger=store.ledger,
        invitations=None,
        switches=store.switches,
        budget=Budget(per_person=per_person),
        now=clock,
    )


async def looked(allowance: Allowance, report: ReportRecord, reader: Provider = Provider.AILAB) -> TooMany | None:
    try:
        await allowance.look(report, reader)
    except TooManyPhotos as error:
        return error.reason
    return None


async def test_photos_that_are_looked_at_are_counted(store: Store, ana: PersonRecord) -> None:
    """Forty an hour, a hundred a day; the next day goes on."""
    clock = Clock()
    allowance = allowance_of(store, clock)
    report = await requested(store, ana)
    told = []
    for _ in range(3):
        told.append([await looked(allowance, report) for _ in range(41)])
        clock.time += timedelta(hours=1, seconds=1)
    assert [one.count(None) for one in told] == [40, 40, 20]
    assert [one[-1] for one in told] == [TooMany.HOUR, TooMany.HOUR, TooMany.DAY]
    clock.time += timedelta(days=1)
    assert await looked(allowance, report) is None


async def test_photos_that_are_refused_are_counted(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Ten calls that cost nothing but the vendor's patience; nobody else is told anything."""
    allowance = allowance_of(store, Clock())
    report = await requested(store, ana)
    for _ in range(10):
        assert await looked(allowance, report) is None
        await allowance.refused(report)
    assert await looked(allowance, report) is TooMany.UNREADABLE
    assert await looked(allowance, await requested(store, ben)) is None


async def test_reports_of_this_machine_are_counted(store: Store, ana: PersonRecord) -> None:
    """They cost nobody money, and everybody's time."""
    clock = Clock()
    allowance = allowance_of(store, clock)
    report = await requested(store, ana)
    told = []
    for _ in range(24):
        told.append(await looked(allowance, report, Provider.LOCAL))
        if told[-1] is None:
            await allowance.measured(report, Provider.LOCAL)
        clock.time += timedelta(minutes=30) if len(told) >= 10 else timedelta(0)
    assert told.count(None) == 20
    assert told[-1] is TooMany.DAY


async def looked_again(allowance: Allowance, report: ReportRecord) -> TooMany | None:
    try:
        await allowance.look_again(report)
    except TooManyPhotos as error:
        return error.reason
    return None


async def test_photos_that_are_fetched_again_are_counted_apart(store: Store, ana: PersonRecord) -> None:
    """A hundred an hour, three hundred a day; they take nothing from the new photos, nor those from them."""
    clock = Clock()
    allowance = allowance_of(store, clock)
    report = await requested(store, ana)
    told = []
    for _ in range(4):
        told.append([await looked_again(allowance, report) for _ in range(101)])
        clock.time += timedelta(hours=1, seconds=1)
    assert [one.count(None) for one in told] == [100, 100, 100, 0]
    assert {one[-1] for one in told} == {TooMany.AGAIN}
    assert [await looked(allowance, report) for _ in range(41)].count(None) == 40
    clock.time += timedelta(days=1)
    assert await looked_again(allowance, report) is None


async def test_a_day_that_is_used_up_is_told_before_anything_is_fetched(store: Store, ana: PersonRecord) -> None:
    """The same answer that the ledger gives right before a call."""
    allowance = allowance_of(store, Clock(), per_person=1)
    earlier = await requested(store, ana, message_id=1)
    await store.ledger.begin(earlier.id, ana.id, now=NOON)
    with pytest.raises(BudgetSpent):
        await allowance.look(await requested(store, ana, message_id=2), Provider.AILAB)


async def test_who_waits_because_of_us_is_not_counted(store: Store, ana: PersonRecord) -> None:
    """While the account is refused a photo is looked at every ten minutes: that is no wish of the person's."""
    allowance = allowance_of(store, Clock())
    report = await requested(store, ana)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.WAITING, reason="account", until=NOON), now=NOON)
    waiting = await store.reports.by_id(report.id)
    assert waiting is not None
    assert [await looked(allowance, waiting) for _ in range(50)] == [None] * 50


async def test_without_a_limit_by_person_nothing_is_counted(store: Store, ana: PersonRecord) -> None:
    """Zero is no limit."""
    allowance = allowance_of(store, Clock(), per_person=0)
    report = await requested(store, ana)
    assert [await looked(allowance, report) for _ in range(50)] == [None] * 50
