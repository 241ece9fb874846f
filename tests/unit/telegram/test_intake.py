"""An update is worked once, in its chat's order; one that can't be is set aside and holds up nobody."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telegram import Bot, Update

from bot.storage import open_store
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.inbox import InboxRows
from bot.telegram.intake import OneUpdate, UpdateIntake
from bot.telegram.pacing import Pace, Rate
from tests.keys import KEY


def now() -> datetime:
    return datetime.now(UTC)


def raw(update_id: int, *, chat: int = 1) -> dict[str, object]:
    message = {"message_id": update_id, "date": 1, "chat": {"id": chat, "type": "private"}, "text": "hello"}
    return {"update_id": update_id, "message": message}


class Handler:
    def __init__(self) -> None:
        self.worked: list[int] = []
        self.away = 0

    async def work(self, update: Update) -> None:
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise DatabaseUnavailable("away")
        self.worked.append(update.update_id)


def intake_of(inbox: InboxRows, handler: Handler) -> UpdateIntake:
    one = OneUpdate(inbox=inbox, bot=Bot("1:token"), work=handler.work, now=now, kept_back_s=0.0)
    return UpdateIntake(inbox=inbox, work=one.work, now=now)


async def test_a_chats_order_holds_over_a_passing_trouble(tmp_path: Path) -> None:
    """While the database is away the first of a chat waits, and the others of that chat behind it; nothing is lost."""
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        handler = Handler()
        handler.away = 2
        intake = intake_of(store.inbox, handler)
        await intake.take([raw(1), raw(2), raw(3)])
        await intake.drain()
        assert handler.worked == [1, 2, 3]
        assert await store.inbox.unfinished() == []


async def test_a_passing_trouble_counts_as_no_try(tmp_path: Path) -> None:
    """The database was away ten times: that says nothing against the update."""
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        handler = Handler()
        one = OneUpdate(inbox=store.inbox, bot=Bot("1:token"), work=handler.work, now=now)
        intake = UpdateIntake(inbox=store.inbox, work=_noted, now=now)
        await intake.take([raw(1)])
        handler.away = 10
        for _ in range(10):
            with pytest.raises(DatabaseUnavailable):
                await one.work_stored(1)
        await one.work_stored(1)
        assert handler.worked == [1]


async def test_one_that_kills_its_process_is_set_aside_in_the_end(tmp_path: Path) -> None:
    """Six processes died over it: the seventh works the chat's next one instead."""
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        await store.inbox.take([(1, 1, json.dumps(raw(1)))], now=now())
        for _ in range(6):
            await store.inbox.attempt(1)  # as each of them did before it died
        handler = Handler()
        intake = intake_of(store.inbox, handler)
        await intake.resume()
        await intake.take([raw(2)])
        await intake.drain()
        assert handler.worked == [2]
        assert await store.inbox.unfinished() == []


@pytest.mark.parametrize(
    ("part", "text", "kept"),
    [("text", "hello there bot", False), ("caption", "i want to die", False), ("text", "Madrid", True)],
)
async def test_what_is_heard_is_set_aside_without_its_words(
    tmp_path: Path, part: str, text: str, *, kept: bool
) -> None:
    """A cry for help is kept nowhere, also when nobody can answer it; what can't be understood is kept, sealed."""
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        for number in (1, 2):
            message = raw(number)["message"] | {"text": "", part: text}  # type: ignore[operator]
            await store.inbox.take([(number, 1, json.dumps({"update_id": number, "message": message}))], now=now())
        for _ in range(6):
            await store.inbox.attempt(1)
        intake = intake_of(store.inbox, Handler())
        await intake.resume()
        await intake.drain()
        with closing(sqlite3.connect(tmp_path / "x.db")) as rows:
            (left,) = rows.execute("SELECT sealed FROM inbox WHERE update_id = 1").fetchone()
        assert (left is not None) is kept
        assert await store.figures.set_aside_since(now() - timedelta(hours=1)) == 1


async def test_one_that_the_library_cannot_read_is_set_aside(tmp_path: Path) -> None:
    """Whatever shape it has."""
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        handler = Handler()
        intake = intake_of(store.inbox, handler)
        await intake.take([{"update_id": 1, "message": {"chat": {"id": 1}}}, raw(2)])
        await intake.drain()
        assert handler.worked == [2]


async def test_what_begins_at_once_is_counted_as_it_is_stored(tmp_path: Path) -> None:
    """A word that finds its chat's lane empty costs no second commit; what waits behind it was not begun.

    The word that killed its process is a suspect all the same.
    """
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        intake = UpdateIntake(inbox=store.inbox, work=_noted, now=now)
        photo = {"update_id": 3, "message": {"chat": {"id": 3}, "photo": []}}
        await intake.take([raw(1, chat=1), raw(2, chat=1), photo])
        await intake.drain()
        assert [await store.inbox.attempts(number) for number in (1, 2, 3)] == [1, 0, 0]


async def test_suspects_are_worked_one_by_one(tmp_path: Path) -> None:
    """Of three that were under way when a process died only one is in danger of being counted again."""
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        await store.inbox.take([(number, number, "{}") for number in (1, 2, 3)], now=now())
        for number in (1, 2, 3):
            await store.inbox.attempt(number)
        at_work, most = 0, 0

        async def work(_: Update) -> None:
            nonlocal at_work, most
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.01)
            at_work -= 1

        one = OneUpdate(inbox=store.inbox, bot=Bot("1:token"), work=work, now=now, kept_back_s=0.0)
        await asyncio.gather(*(one.work(number, '{"update_id": 1}') for number in (1, 2, 3)))
        assert most == 1


async def test_commands_pass_photos_by(tmp_path: Path) -> None:
    """While the photos of a crowd are taken on, eight at a time, somebody's word is not behind them all."""
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        worked: list[int] = []
        waiting: set[int] = set()
        go_on, one_worked = asyncio.Event(), asyncio.Event()

        async def work(update_id: int, text: str, *, begun: bool = False) -> None:  # noqa: ARG001 - as it is called
            if "photo" in json.loads(text)["message"]:
                waiting.add(update_id)
                await go_on.wait()
            worked.append(update_id)
            one_worked.set()

        intake = UpdateIntake(inbox=store.inbox, work=work, now=now)
        photos = [{"update_id": number, "message": {"chat": {"id": number}, "photo": []}} for number in range(1, 101)]
        await intake.take(photos)
        await intake.take([raw(199, chat=199)])
        await asyncio.wait_for(one_worked.wait(), 5)
        assert worked == [199]
        assert waiting == set(range(1, 9))
        go_on.set()
        await intake.drain()
        assert sorted(worked) == [*range(1, 101), 199]


async def test_chats_that_have_to_wait_keep_nobody_else_from_work(tmp_path: Path) -> None:
    """Twelve chats are told to be silent with a photo each on hand; the thirteenth is worked at once.

    They go on in their turn, never more than eight at work.
    """
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        pace = Pace(per_second=1000, chat=Rate(per_second=2.0, burst=1))
        worked: list[int] = []
        at_work, most = 0, 0
        honest = asyncio.Event()

        async def work(update_id: int, text: str, *, begun: bool = False) -> None:  # noqa: ARG001 - as it is called
            nonlocal at_work, most
            chat = json.loads(text)["message"]["chat"]["id"]
            await pace.turn(chat)
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.01)
            at_work -= 1
            worked.append(update_id)
            if chat == 13:
                honest.set()

        for chat in range(1, 13):
            await pace.turn(chat)  # the next in this chat waits for half a second
        intake = UpdateIntake(inbox=store.inbox, work=work, now=now)
        await intake.take(
            [{"update_id": chat, "message": {"chat": {"id": chat}, "photo": []}} for chat in range(1, 14)]
        )
        await asyncio.wait_for(honest.wait(), 5)
        assert worked == [13]
        await intake.drain()
        assert sorted(worked) == list(range(1, 14))
        assert most == 8


async def _noted(update_id: int, text: str, *, begun: bool = False) -> None:
    """Leave it where it is."""
