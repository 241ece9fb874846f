"""Polling neither dies nor stands still without a reason that is seen."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.storage.engine.database import DatabaseUnavailable
from bot.telegram.polling import Polling, PollingEnded, PollingStuck, keep_webhook
from tests.telegram import Delay, Garbage, Refuse, StagedTelegram

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates':telegram.warnings.PTBUserWarning")


@pytest.fixture
async def telegram() -> AsyncIterator[StagedTelegram]:
    async with StagedTelegram() as running:
        yield running


@pytest.fixture
async def bot(telegram: StagedTelegram) -> AsyncIterator[Bot]:
    root = f"{telegram.url}/bot"
    async with Bot(telegram.token, base_url=root, request=HTTPXRequest(), get_updates_request=HTTPXRequest()) as opened:
        yield opened


class Taken:
    def __init__(self) -> None:
        self.updates: list[object] = []
        self.away = 0
        self.changed = asyncio.Event()

    async def take(self, updates: Sequence[Mapping[str, object]]) -> None:
        if updates and self.away:
            self.away -= 1
            raise DatabaseUnavailable("away")
        self.updates += [update["update_id"] for update in updates]
        self.changed.set()


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_ends_it(telegram: StagedTelegram, bot: Bot, status: int) -> None:
    """The supervisor sees the process end; the library's own updater would stay silent."""
    telegram.fail_next("getUpdates", Refuse(status=status, description="Unauthorized"))
    with pytest.RaisesGroup(PollingEnded):
        await Polling(bot=bot, take=Taken().take).run()


async def test_silence_on_getupdates_alone_ends_it(telegram: StagedTelegram, bot: Bot) -> None:
    """Telegram answers everything else: a wedged pool, which only a fresh process mends."""
    telegram.fail_next("getUpdates", Delay(seconds=600))
    with pytest.RaisesGroup(PollingStuck):
        await Polling(bot=bot, take=Taken().take, patience_s=0.3).run()


async def test_silence_of_all_telegram_is_waited_out(telegram: StagedTelegram, bot: Bot) -> None:
    """Without a network a restart would help nobody: it goes on as soon as Telegram is there again."""
    taken = Taken()
    telegram.fail_next("getUpdates", Delay(seconds=2))
    telegram.fail_next("getMe", *[Refuse(status=502, description="Bad Gateway")] * 1000)
    task = asyncio.create_task(Polling(bot=bot, take=taken.take, patience_s=0.3).run())
    await telegram.person(1).send_text("hello")
    async with asyncio.timeout(30):
        while not taken.updates:
            taken.changed.clear()
            await taken.changed.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_machine_that_slept_is_no_silence(bot: Bot) -> None:
    """While this process did not run nobody could answer it: it goes on, and only what follows is counted."""
    task = asyncio.create_task(Polling(bot=bot, take=Taken().take, patience_s=1.2).run())
    await asyncio.sleep(0.1)
    asyncio.get_running_loop().call_soon(time.sleep, 1.5)
    await asyncio.sleep(0.1)  # over as soon as the machine is awake
    await asyncio.sleep(0.6)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_could_not_be_stored_comes_again(telegram: StagedTelegram, bot: Bot) -> None:
    """Nothing is acknowledged before it is taken; garbage and a full disk in between cost a second each."""
    taken = Taken()
    taken.away = 1
    telegram.fail_next("getUpdates", Garbage())
    await telegram.person(1).send_text("hello")
    task = asyncio.create_task(Polling(bot=bot, take=taken.take).run())
    async with asyncio.timeout(30):
        while not taken.updates:
            taken.changed.clear()
            await taken.changed.wait()
    assert len(taken.updates) == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_webhook_that_stands_is_not_set_again(telegram: StagedTelegram, bot: Bot) -> None:
    """The second process to start asks and leaves it alone."""
    url = "https://example.org/hook"
    task = asyncio.create_task(keep_webhook(bot, url, "secret", every_s=0.01))
    async with asyncio.timeout(20):
        while len(telegram.calls("getWebhookInfo")) < 3:  # noqa: ASYNC110 - the server rings no bell
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [call.params["url"] for call in telegram.calls("setWebhook")] == [url]
