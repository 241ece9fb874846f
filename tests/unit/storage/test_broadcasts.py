"""An admin's notices to everybody, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.storage.broadcasts import BroadcastRecord, BroadcastState
from bot.storage.engine.database import Database
from bot.storage.people.notices import ToldOutcome
from bot.storage.records import PersonGone, PersonRecord
from bot.storage.store import Store
from bot.storage.tables_of_access import broadcast
from tests.unit.storage.making import NOON

AN_HOUR = timedelta(hours=1)
WORDS = "We are away on Sunday & back on Monday. \U0001f44b"


async def written(store: Store, admin: PersonRecord, words: str = WORDS) -> BroadcastRecord:
    await store.broadcasts.ask(admin.id, now=NOON)
    draft = await store.broadcasts.write(admin.id, words, since=NOON - AN_HOUR, now=NOON)
    assert draft is not None
    return draft


async def begun(store: Store, admin: PersonRecord) -> BroadcastRecord:
    draft = await written(store, admin)
    assert await store.broadcasts.begin(admin.id, draft.id, message_id=5, now=NOON)
    found = await store.broadcasts.begun(draft.id)
    assert found is not None
    return found


async def test_words_are_awaited_for_an_hour_and_taken_once(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """From who was asked alone; and an older draft gives way to the next question."""
    rows = store.broadcasts
    await rows.ask(ana.id, now=NOON)
    later = NOON + timedelta(minutes=61)
    assert await rows.is_asked(ana.id, since=NOON - AN_HOUR, now=NOON)
    assert not await rows.is_asked(ana.id, since=later - AN_HOUR, now=later)
    assert not await rows.is_asked(ben.id, since=NOON - AN_HOUR, now=NOON)
    assert await rows.write(ben.id, WORDS, since=NOON - AN_HOUR, now=NOON) is None
    first = await rows.write(ana.id, WORDS, since=NOON - AN_HOUR, now=NOON)
    assert first is not None
    assert (first.words, first.state) == (WORDS, BroadcastState.WRITTEN)
    assert await rows.write(ana.id, "another", since=NOON - AN_HOUR, now=NOON) is None
    await rows.ask(ana.id, now=NOON)
    assert not await rows.begin(ana.id, first.id, message_id=None, now=NOON)
    assert await rows.drop(ana.id)
    assert not await rows.drop(ana.id)
    with pytest.raises(PersonGone):
        await rows.ask(ana.id + 100, now=NOON)


async def test_of_many_taps_one_begins_it(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """And only its own admin's; it goes to whoever can be reached then."""
    await store.people.mark_unreachable(ben.telegram_id, now=NOON)
    draft = await written(store, ana)
    assert not await store.broadcasts.begin(ben.id, draft.id, message_id=5, now=NOON)
    taps = (store.broadcasts.begin(ana.id, draft.id, message_id=5, now=NOON) for _ in range(5))
    assert sorted(await asyncio.gather(*taps)) == [False] * 4 + [True]
    found = await store.broadcasts.begun()
    assert found is not None
    assert (found.state, found.people, found.last_person) == (BroadcastState.SENDING, 1, ben.id)
    assert await store.broadcasts.reach() == 1


async def test_who_comes_after_it_began_is_not_looked_at(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    notice = await begun(store, ana)
    await store.people.meet(999, "en", now=NOON)
    last, people = await store.notices.still_to_tell(notice.key, after=0, up_to=notice.last_person)
    assert (last, [person.id for person in people]) == (ben.id, [ana.id, ben.id])
    assert await store.notices.still_to_tell(notice.key, after=ben.id, up_to=notice.last_person) == (None, [])


async def test_two_go_out_one_after_the_other_and_each_ends_once(
    store: Store, database: Database, ana: PersonRecord, ben: PersonRecord
) -> None:
    """The words are gone then; what became of it with whom is counted apart for each."""
    first, second = await begun(store, ana), await begun(store, ben)
    assert [each.id for each in await store.broadcasts.sending()] == [first.id, second.id]
    assert first.key != second.key
    await store.notices.begin(first.key, ana.id, now=NOON)
    await store.notices.settle(first.key, ana.id, ToldOutcome.TOLD)
    await store.notices.begin(first.key, ben.id, now=NOON)
    assert await store.notices.outcomes(first.key) == {ToldOutcome.TOLD: 1, None: 1}
    assert await store.notices.outcomes(second.key) == {}
    assert await store.broadcasts.is_sending(first.id)
    ends = (store.broadcasts.end(first.id, state, now=NOON) for state in (BroadcastState.DONE, BroadcastState.STOPPED))
    assert sorted(await asyncio.gather(*ends)) == [False, True]
    assert not await store.broadcasts.is_sending(first.id)
    over = await store.broadcasts.begun(first.id)
    assert over is not None
    assert over.words is None
    assert [each.id for each in await store.broadcasts.sending()] == [second.id]
    stored = select(broadcast.c.words).order_by(broadcast.c.id)
    gone, sealed = await database.read(lambda connection: list(connection.scalars(stored)))
    assert gone is None
    assert WORDS.encode() not in sealed


async def test_an_admin_who_is_erased_takes_it_along(store: Store, ana: PersonRecord) -> None:
    """Nobody is told any more."""
    notice = await begun(store, ana)
    await store.people.erase(ana.id, now=NOON)
    assert await store.broadcasts.sending() == []
    assert not await store.broadcasts.is_sending(notice.id)
    assert await store.broadcasts.begun() is None
    assert await store.broadcasts.reach() == 0
