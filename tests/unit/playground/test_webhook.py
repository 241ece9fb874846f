import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest

from tests.telegram import StagedTelegram


@dataclass
class Receiver:
    """The bot's own server: answers with the ordered statuses, then with 200."""

    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[str, str]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    url: str = ""

    async def on_update(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        self.heard.append((update["message"]["from"]["first_name"], update["message"]["text"]))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def until(self, fits: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not fits():  # noqa: ASYNC110 - what is waited for is the server's state, which has no event
                await asyncio.sleep(0.005)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.on_update)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_refused_update_comes_again_in_order(telegram: StagedTelegram, bot: Bot, receiver: Receiver) -> None:
    """The next update of a chat comes only after the one before was taken; another chat does not wait."""
    receiver.statuses = [500, 503, 500]
    ada = telegram.person(7, first_name="Ada")
    await ada.send_text("one")
    await ada.send_text("two")
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    await telegram.person(8, first_name="Bob").send_text("hello")
    await receiver.until(lambda: not telegram.world.updates.waiting)
    ada_heard = [text for name, text in receiver.heard if name == "Ada"]
    assert ada_heard == sorted(ada_heard)
    assert ada_heard[-1] == "two"
    assert ("Bob", "hello") in receiver.heard
    assert len(receiver.heard) == 6
    assert receiver.secrets == {"s3cret"}


async def test_update_that_came_before_the_webhook_is_delivered(
    telegram: StagedTelegram, bot: Bot, receiver: Receiver
) -> None:
    """What waits is pushed as soon as a webhook is set; what is wrong with it shows in getWebhookInfo."""
    await telegram.person(7).send_text("early")
    receiver.statuses = [500]
    await bot.set_webhook(receiver.url, max_connections=1, allowed_updates=["message"])
    await receiver.until(lambda: len(receiver.heard) == 2)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (receiver.url, 1, ("message",))
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"


async def test_webhook_must_be_https(telegram: StagedTelegram, bot: Bot) -> None:
    """An address on the open net needs https, and a secret has letters, digits, _ and - only."""
    with pytest.raises(BadRequest, match=r"(?i)HTTPS URL must be provided"):
        await bot.set_webhook("http://example.org/hook")
    with pytest.raises(BadRequest, match=r"(?i)Secret token contains"):
        await bot.set_webhook("https://example.org/hook", secret_token="not good")
    assert telegram.world.updates.webhook_url == ""


async def test_deleted_webhook_keeps_or_drops_what_waits(
    telegram: StagedTelegram, bot: Bot, receiver: Receiver
) -> None:
    """deleteWebhook keeps updates for polling unless told to drop them."""
    receiver.statuses = [500] * 1000
    await bot.set_webhook(receiver.url)
    await telegram.person(7).send_text("kept")
    await receiver.until(lambda: len(receiver.heard) > 0)
    await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert telegram.world.updates.waiting == ()
