import asyncio

import pytest
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError

from tests.telegram import StagedTelegram
from tests.unit.playground.conftest import Clock, bot_of


async def test_updates_come_again_until_they_are_acknowledged(telegram: StagedTelegram, bot: Bot) -> None:
    """The next offset acknowledges; without it the same updates come again."""
    person = telegram.person(7)
    await person.send_text("one")
    await person.send_text("two")
    first = await bot.get_updates(timeout=5)
    again = await bot.get_updates(timeout=6, offset=first[0].update_id)
    rest = await bot.get_updates(timeout=7, offset=first[0].update_id + 1)
    assert [u.message.text for u in first if u.message] == ["one", "two"]
    assert [u.update_id for u in again][:1] == [first[0].update_id]
    assert [u.message.text for u in rest if u.message] == ["two"]


async def polled(telegram: StagedTelegram, times: int) -> None:
    """Until so many polls have come; from then on they wait for updates."""
    async with asyncio.timeout(10):
        while len(telegram.calls("getUpdates")) < times:  # noqa: ASYNC110 - requests come over a socket
            await asyncio.sleep(0.005)


async def test_a_waiting_poll_gets_what_comes_in(telegram: StagedTelegram, bot: Bot) -> None:
    """A long poll ends as soon as somebody writes."""
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await polled(telegram, 1)
    await telegram.person(7).send_text("hello")
    (update,) = await polling
    assert update.message is not None
    assert update.message.text == "hello"


async def test_a_second_poller_ends_the_first_with_a_conflict(telegram: StagedTelegram, bot: Bot) -> None:
    """Only one may poll; the newer one wins."""
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await polled(telegram, 1)
    async with bot_of(telegram) as other_process:
        newer = asyncio.create_task(other_process.get_updates(timeout=20))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
            await older
        await polled(telegram, 2)
        await telegram.person(7).send_text("for the newer")
        assert len(await newer) == 1


async def test_polling_while_a_webhook_is_set_is_a_conflict(telegram: StagedTelegram, bot: Bot) -> None:
    """A webhook and polling exclude each other."""
    await bot.set_webhook("https://example.org/hook")
    with pytest.raises(Conflict, match=r"(?i)can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    await telegram.person(7).send_text("x")
    assert len(await bot.get_updates(offset=5)) == 1


async def test_a_press_is_forgotten_long_before_a_message(telegram: StagedTelegram, bot: Bot, clock: Clock) -> None:
    """Presses live 150 seconds, messages a day."""
    person = telegram.person(7)
    message_id = await person.send_text("hello")
    person.forge(message_id, "x")
    clock.move(seconds=151)
    assert [u.message is not None for u in await bot.get_updates()] == [True]
    clock.move(days=1)
    assert telegram.world.updates.waiting == ()


async def test_only_allowed_updates_are_queued(telegram: StagedTelegram, bot: Bot) -> None:
    """What a bot does not ask for, it does not get, until it asks."""
    person = telegram.person(7)
    await person.send_text("first")
    first = await bot.get_updates(allowed_updates=["callback_query"], timeout=1)
    await person.send_text("unheard")
    person.forge(1, "heard")
    updates = await bot.get_updates(offset=first[-1].update_id + 1, timeout=2)
    assert [u.callback_query.data for u in updates if u.callback_query] == ["heard"]
    assert len(updates) == 1


async def test_a_poll_that_waits_does_not_hold_up_the_end(clock: Clock) -> None:
    """Closing the server ends a bot that polls for ever with a network error."""
    async with StagedTelegram(clock=clock) as telegram, bot_of(telegram) as bot:

        async def poll_for_ever() -> None:
            while True:
                await bot.get_updates(timeout=50, read_timeout=60)

        polling = asyncio.create_task(poll_for_ever())
        await polled(telegram, 1)
        await telegram.__aexit__(None, None, None)
        with pytest.raises(NetworkError):
            await polling


async def test_negative_offset_drops_all_but_the_newest(telegram: StagedTelegram, bot: Bot) -> None:
    """Offset -1 keeps only the last update."""
    for word in ("a", "b", "c"):
        await telegram.person(7).send_text(word)
    assert [u.message.text for u in await bot.get_updates(offset=-1) if u.message] == ["c"]


@pytest.mark.parametrize("token", ["12345:wrong", "nonsense"])
async def test_wrong_tokens_are_refused(telegram: StagedTelegram, token: str) -> None:
    """Another token is unauthorized; one that is no token at all is not found."""
    with pytest.raises(InvalidToken):
        async with bot_of(telegram, token):
            pass
    assert telegram.requests == []
