import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright
from telegram import Bot

from bot.playground import LoopbackTelegram
from bot.playground.web import mount
from tests.browser.echo_bot import EchoBot

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


@pytest.fixture
async def telegram() -> AsyncIterator[LoopbackTelegram]:
    telegram = LoopbackTelegram(bot_name="Skin report")
    mount(telegram)
    async with telegram:
        yield telegram


@pytest.fixture
async def echo(telegram: LoopbackTelegram) -> AsyncIterator[EchoBot]:
    base, files = f"{telegram.url}/bot", f"{telegram.url}/file/bot"
    async with Bot(telegram.token, base_url=base, base_file_url=files) as bot:
        echo = EchoBot(bot)
        running = asyncio.create_task(echo.run())
        yield echo
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@pytest.fixture
def chromium() -> Path:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium: apt-get install chromium")
    return CHROMIUM


@pytest.fixture
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, telegram: LoopbackTelegram, echo: EchoBot) -> AsyncIterator[Page]:
    _ = echo
    page = await browser.new_page(viewport={"width": 390, "height": 844}, locale="en-GB")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    await page.goto(telegram.url)
    yield page
    await page.close()
    assert troubles == []
