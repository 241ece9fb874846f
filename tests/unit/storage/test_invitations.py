"""Invitations: so many reports and no more, whoever asks at once."""

import asyncio

import pytest

from bot.storage.people.invitations import InvitationSpent
from bot.storage.records import ReportRecord
from bot.storage.store import Store
from tests.unit.storage.making import NOON, requested

PEOPLE = 100


async def report_of(store: Store, telegram_id: int, *, message_id: int = 7) -> ReportRecord:
    return await requested(store, await store.people.meet(telegram_id, "en", now=NOON), message_id=message_id)


async def used(store: Store, telegram_id: int, report_id: int) -> bool:
    try:
        await store.invitations.use(telegram_id, report_id)
    except InvitationSpent:
        return False
    return True


async def test_hundred_people_at_once_use_no_more_than_there_is(store: Store) -> None:
    code = await store.invitations.make(20, now=NOON)
    assert all(await asyncio.gather(*(store.invitations.let_in(number, code) for number in range(PEOPLE))))
    reports = [await report_of(store, number) for number in range(PEOPLE)]
    told = await asyncio.gather(*(used(store, number, report.id) for number, report in enumerate(reports)))
    assert sum(told) == 20
    (line,) = await store.invitations.newest()
    assert (line.used, line.people) == (20, PEOPLE)


async def test_a_report_counts_once_and_can_be_given_back(store: Store) -> None:
    code = await store.invitations.make(1, now=NOON)
    await store.invitations.let_in(1, code)
    first, second = await report_of(store, 1), await report_of(store, 1, message_id=8)
    assert await used(store, 1, first.id)
    assert await used(store, 1, first.id)
    assert not await used(store, 1, second.id)
    await store.invitations.give_back(first.id)
    assert await used(store, 1, second.id)


async def test_a_code_is_kept_nowhere(store: Store) -> None:
    """And no wrong one lets anybody in."""
    code = await store.invitations.make(1, now=NOON)
    for wrong in ("", code[:-1], code + "x", code.swapcase()):
        assert not await store.invitations.let_in(1, wrong)
    assert not await store.invitations.holds(1)


@pytest.mark.parametrize("number", [1, 2])
async def test_who_is_no_guest_uses_nothing(store: Store, number: int) -> None:
    report = await report_of(store, number)
    assert await used(store, number, report.id)
    assert await store.invitations.newest() == []
