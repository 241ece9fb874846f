"""The inbox, on both databases."""

import asyncio
import json
import time
from datetime import timedelta

from sqlalchemy import select

from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.inbox import number_of
from bot.storage.store import Store
from bot.storage.tables import inbox
from tests.unit.storage.making import NOON


async def test_take_returns_what_is_new(store: Store) -> None:
    """An update that comes again is not taken again, in the same batch of new ones or alone."""
    assert await store.inbox.take([(10, 1, "{}"), (11, 2, "{}")], now=NOON) == [10, 11]
    assert await store.inbox.take([(11, 2, "{}"), (12, None, "{}")], now=NOON) == [12]
    assert await store.inbox.take([(10, 1, "{}")], now=NOON) == []
    assert await store.inbox.take([], now=NOON) == []


async def test_take_the_same_batch_at_once(store: Store) -> None:
    """Two pollers that bring the same updates at once take each of them once in all."""
    batch = [(number, 1, "{}") for number in range(50)]
    taken = await asyncio.gather(*(store.inbox.take(batch, now=NOON) for _ in range(4)))
    assert sorted(number for numbers in taken for number in numbers) == list(range(50))


async def test_unfinished_in_the_order_they_came(store: Store) -> None:
    """After a restart updates go on in order, also when Telegram's numbers began anew lower."""
    await store.inbox.take([(901, 1, '"b"'), (900, 1, '"a"')], now=NOON)
    await store.inbox.take([(5, 1, '"c"')], now=NOON + timedelta(days=8))
    await store.inbox.take([(6, 1, '"d"')], now=NOON + timedelta(days=9))
    await store.inbox.finish(6, now=NOON + timedelta(days=9))
    assert await store.inbox.unfinished() == [(900, '"a"'), (901, '"b"'), (5, '"c"')]


async def test_hostile_text_comes_back_as_it_was(store: Store) -> None:
    """Lone surrogates, zero bytes and long texts are stored and read without a change."""
    raw = json.dumps({"text": "\ud800 \x00 \u202e " + "🙂" * 5000}, ensure_ascii=False)
    await store.inbox.take([(1, -5, raw)], now=NOON)
    assert await store.inbox.unfinished() == [(1, raw)]


async def test_finish_wipes_what_it_said(store: Store, database: Database) -> None:
    """Of a worked update only its number and times are left."""
    await store.inbox.take([(1, 77, '"secret"')], now=NOON)
    await store.inbox.finish(1, now=NOON)
    left = await database.read(lambda connection: connection.execute(select(inbox.c.chat, inbox.c.sealed)).one())
    assert left == (None, None)


async def test_one_that_is_set_aside_may_be_wiped(store: Store, database: Database) -> None:
    """As a cry for help is: it counts among those that failed, and nothing of it is left."""
    await store.inbox.take([(1, 77, '"secret"')], now=NOON)
    await store.inbox.set_aside(1, now=NOON, wiped=True)
    left = await database.read(lambda connection: connection.execute(select(inbox.c.chat, inbox.c.sealed)).one())
    assert left == (None, None)
    assert await store.figures.set_aside_since(NOON) == 1


async def test_attempts_are_counted(store: Store) -> None:
    """Every try counts, over restarts; an update that was wiped meanwhile counts as a first try."""
    await store.inbox.take([(1, 1, "{}")], now=NOON)
    assert [await store.inbox.attempt(1) for _ in range(3)] == [1, 2, 3]
    assert await store.inbox.attempt(404) == 1


async def test_set_aside_holds_up_nobody(store: Store) -> None:
    """An update that can't be worked is not unfinished any more, and is not taken again."""
    await store.inbox.take([(1, 1, "{}"), (2, 1, "{}")], now=NOON)
    await store.inbox.set_aside(1, now=NOON)
    assert await store.inbox.unfinished() == [(2, "{}")]
    assert await store.inbox.take([(1, 1, "{}")], now=NOON) == []


async def test_prune_after_a_week(store: Store) -> None:
    """Done ones are forgotten after seven days; what is not worked is never pruned."""
    await store.inbox.take([(1, 1, "{}"), (2, 1, "{}"), (3, 1, "{}")], now=NOON)
    await store.inbox.finish(1, now=NOON)
    await store.inbox.finish(2, now=NOON + timedelta(days=1))
    assert await store.inbox.prune(now=NOON + timedelta(days=7, hours=1)) == 1
    assert await store.inbox.unfinished() == [(3, "{}")]
    assert await store.inbox.take([(1, 1, "{}"), (2, 1, "{}")], now=NOON) == [1]


async def test_what_was_asked_for_is_done_before_the_database_is_closed(url: str, keyring: Keyring) -> None:
    """Also what waits for a slow write before it, of those who were told to stop and do not wait any more."""
    async with Database.open(url, keyring) as database:
        updates = Store.on(database).inbox
        await updates.take([(1, None, "{}"), (2, None, "{}")], now=NOON)
        slow = asyncio.create_task(database.write(lambda _: time.sleep(0.3)))
        first = asyncio.create_task(updates.finish(1, now=NOON))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(updates.finish(2, now=NOON))
        await asyncio.sleep(0)
        for task in (first, second):
            task.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
    await slow
    async with Database.open(url, keyring) as database:
        assert await Store.on(database).inbox.unfinished() == []


async def test_another_bots_update_of_the_same_number_is_another(store: Store) -> None:
    """Each bot counts its own; one that was stored under its bare number, as before, is still the same."""
    ours, theirs = number_of(7_000_000_001, 5), number_of(7_000_000_002, 5)
    assert await store.inbox.take([(ours, 1, "{}")], now=NOON) == [ours]
    assert await store.inbox.take([(ours, 1, "{}"), (theirs, 1, "{}")], now=NOON) == [theirs]
    await store.inbox.take([(6, 1, "{}")], now=NOON)
    assert await store.inbox.take([(number_of(7_000_000_001, 6), 1, "{}")], now=NOON) == []
