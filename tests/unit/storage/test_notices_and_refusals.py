"""Whom an operator's notice has reached, and whom the operator does not serve: on both databases."""

import asyncio

from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.people.notices import NoticeProgress, ToldOutcome
from bot.storage.records import PersonRecord, ReportState
from bot.storage.store import Store
from tests.unit.storage.making import NOON, delivered, requested

NOTICE = bytes(range(32))


async def test_a_notice_is_begun_once_by_whoever_comes_first(store: Store, ana: PersonRecord) -> None:
    """Of two processes, and of one that comes after a kill, one alone may send; another notice is another matter."""
    begun = await asyncio.gather(*(store.notices.begin(NOTICE, ana.id, now=NOON) for _ in range(5)))
    assert sorted(begun) == [False] * 4 + [True]
    assert await store.notices.begin(bytes(32), ana.id, now=NOON)
    assert not await store.notices.begin(NOTICE, ana.id + 100, now=NOON)


async def test_who_is_left_is_who_was_not_begun(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """What certainly did not arrive is undone; what may have is counted, and told again only when that is asked for."""
    await store.notices.begin(NOTICE, ana.id, now=NOON)
    assert await store.notices.standing(NOTICE) == NoticeProgress(told=0, doubtful=1, left=1, unreachable=0)
    assert await store.notices.still_to_tell(NOTICE, after=0) == (ben.id, [ben])
    assert await store.notices.still_to_tell(NOTICE, after=ben.id) == (None, [])
    await store.notices.begin(NOTICE, ben.id, now=NOON)
    await store.notices.undo(NOTICE, ben.id)
    await store.people.mark_unreachable(ben.telegram_id, now=NOON)
    assert await store.notices.standing(NOTICE) == NoticeProgress(told=0, doubtful=1, left=0, unreachable=1)
    assert await store.notices.forget_doubtful(NOTICE) == 1
    await store.notices.begin(NOTICE, ana.id, now=NOON)
    await store.notices.settle(NOTICE, ana.id, ToldOutcome.TOLD)
    assert await store.notices.forget_doubtful(NOTICE) == 0
    assert await store.notices.standing(NOTICE) == NoticeProgress(told=1, doubtful=0, left=0, unreachable=1)


async def test_everybody_is_found_over_many_batches(store: Store) -> None:
    """Each once, by the order in which they came."""
    met = [await store.people.meet(1000 + number, "en", now=NOON) for number in range(120)]
    found: list[int] = []
    after = 0
    while True:
        last, people = await store.notices.still_to_tell(NOTICE, after=after)
        if last is None:
            break
        found += [person.id for person in people]
        after = last
    assert found == [person.id for person in met]


async def test_an_erasure_takes_who_was_told(store: Store, ana: PersonRecord) -> None:
    """Nothing says any more that somebody was told something."""
    await store.notices.begin(NOTICE, ana.id, now=NOON)
    await store.people.erase(ana.id, now=NOON)
    assert await store.notices.standing(NOTICE) == NoticeProgress(told=0, doubtful=0, left=0, unreachable=0)


async def test_a_refusal_outlives_the_person_and_the_process(
    store: Store, ana: PersonRecord, ben: PersonRecord, url: str, keyring: Keyring
) -> None:
    """It is known by the tombstone's hash; it ends when the operator says so."""
    await store.refusals.add(ana.telegram_id, now=NOON)
    await store.refusals.add(ana.telegram_id, now=NOON)
    await store.people.erase(ana.id, now=NOON)
    async with Database.open(url, keyring) as another:
        refusals = Store.on(another).refusals
        asked = (ana.telegram_id, ben.telegram_id, ana.telegram_id)
        assert await asyncio.gather(*map(refusals.hold, asked)) == [True, False, True]
        assert await refusals.remove(ana.telegram_id)
        assert not await refusals.remove(ana.telegram_id)
    assert not await store.refusals.hold(ana.telegram_id)


async def test_only_what_waits_is_dropped(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Reports stay, and so does everything of others."""
    told = await delivered(store, ana)
    await requested(store, ana, message_id=8)
    await requested(store, ana, message_id=9, state=ReportState.AWAITING_CONSENT)
    await requested(store, ben, message_id=10)
    assert len(await store.own_data.drop_waiting(ana.id)) == 2
    assert [report.id for report in await store.own_data.reports(ana.id, after=0)] == [told.id]
    assert len(await store.own_data.reports(ben.id, after=0)) == 1


async def test_whoever_is_looked_up_is_not_met(store: Store, ana: PersonRecord) -> None:
    """Nobody new comes to be by it."""
    assert await store.people.known(ana.telegram_id) == ana
    assert await store.people.known(999) is None
    assert await store.figures.people() == 1
