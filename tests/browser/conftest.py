"""One Chromium for all tests here: starting it takes longer than most of them. Each test has a page of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from telegram import Bot

from bot.commands.playground import page_in
from bot.config import read_config
from bot.playground.page.web import mount, page_url
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.echo_bot import EchoBot
from tests.local_chat import chatting
from tests.telegram import StagedTelegram

SECRET = "a-secret-of-the-page"
PATIENCE_MS = 60_000  # on a machine that is busy; nothing waits longer than it takes


@pytest_asyncio.fixture(loop_scope="session")
async def telegram() -> AsyncIterator[StagedTelegram]:
    telegram = StagedTelegram(bot_name="Skin report")
    mount(telegram, secret=SECRET, words=page_in)
    async with telegram:
        yield telegram


@pytest_asyncio.fixture(loop_scope="session")
async def echo(telegram: StagedTelegram) -> AsyncIterator[EchoBot]:
    base, files = f"{telegram.url}/bot", f"{telegram.url}/file/bot"
    async with Bot(telegram.token, base_url=base, base_file_url=files) as bot:
        echo = EchoBot(bot)
        running = asyncio.create_task(echo.run())
        yield echo
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@pytest.fixture(scope="session")
def chromium() -> Path:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium: apt-get install chromium")
    return CHROMIUM


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, telegram: StagedTelegram, echo: EchoBot) -> AsyncIterator[Page]:
    _ = echo
    async with opened(browser, page_url(telegram, SECRET)) as page:
        yield page


@pytest_asyncio.fixture(loop_scope="session")
async def local_chat(browser: Browser) -> AsyncIterator[Page]:
    """The page of `skinbot playground`: the production bot and the on-device analyzer behind it."""
    async with chatting(read_config({})) as here, opened(browser, here.url) as page:
        yield page


@contextlib.asynccontextmanager
async def opened(browser: Browser, url: str) -> AsyncIterator[Page]:
    """The page on a phone; whatever it complains about in its console fails the test."""
    page = await browser.new_page(viewport={"width": 390, "height": 844}, locale="en-GB")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(url)
    yield page
    await page.close()
    assert troubles == []
