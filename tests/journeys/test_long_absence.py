"""Who does not come back: told once, thirty days before, and then nothing of theirs is left."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta

from bot.app import App, build
from bot.clock import now
from tests.journeys.stage import Stage, data_of
from tests.telegram import Actor, ChatMessage

A_WHILE = timedelta(days=600)
ALMOST = timedelta(days=701)
OVER = timedelta(days=732)


@asynccontextmanager
async def later(stage: Stage, by: timedelta) -> AsyncIterator[App]:
    """The bot by a clock that goes so much ahead; it hears nothing."""
    async with build(stage.config, clock=lambda: now() + by) as app:
        yield app


def notices(person: Actor) -> list[ChatMessage]:
    return [message for message in person.bot_messages if "keep" in data_of(message)]


async def test_a_notice_and_then_nothing_is_left(stage: Stage) -> None:
    """Not told too early, told once by two processes, erased thirty days later; whoever answers stays."""
    async with stage.running():
        ada, eva = await stage.consenting(1), await stage.consenting(2)
    async with later(stage, A_WHILE) as app:
        await app.own_data.retention.sweep()
    assert notices(ada) == []
    async with later(stage, ALMOST) as app, later(stage, ALMOST) as other:
        await asyncio.gather(app.own_data.retention.sweep(), other.own_data.retention.sweep())
        await app.own_data.retention.sweep()
    assert [len(notices(person)) for person in (ada, eva)] == [1, 1]
    stage.telegram.person(2)
    async with build(stage.config, clock=lambda: now() + ALMOST) as app:
        task = asyncio.create_task(app.listen(stage.config))
        await eva.press(notices(eva)[0], "keep")
        await eva.wait_for(lambda message: "Everything stays" in message.words)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    said = [len(person.bot_messages) for person in (ada, eva)]
    async with later(stage, OVER) as app, later(stage, OVER) as other:
        await asyncio.gather(app.own_data.retention.sweep(), other.own_data.retention.sweep())
    assert [len(person.bot_messages) for person in (ada, eva)] == said
    async with stage.running():
        await ada.send_text("/latest")
        await ada.wait_for(lambda message: "no reports yet" in message.words)
        before = eva.last.message_id
        await eva.send_text("/latest")
        await eva.wait_for(lambda message: message.message_id > before and message.photo is not None)


async def test_a_damaged_row_is_erased_with_the_others(stage: Stage) -> None:
    """Nobody can say in which chat a button of theirs stands; everything else goes, and so do those who come after."""
    async with stage.running():
        await stage.consenting(1)
        await stage.consenting(2)
    async with later(stage, ALMOST) as app:
        await app.own_data.retention.sweep()
    with closing(sqlite3.connect(stage.database)) as rows:
        rows.execute("UPDATE person SET telegram_id = x'00' WHERE id = 1")
        rows.commit()
    async with later(stage, OVER) as app:
        await app.own_data.retention.sweep()

    with closing(sqlite3.connect(stage.database)) as rows:
        assert rows.execute("SELECT count(*) FROM person").fetchone() == (0,)
