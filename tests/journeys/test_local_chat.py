"""The local chat as a person starts it: a process, a page, and the production bot behind it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.commands.playground import ANY_PORT, OpenChat, PortTaken
from bot.config import Config, read_config
from bot.people.consent import CONSENT_VERSION
from tests.ailab import LoopbackAILab
from tests.local_chat import START_S, chatting, page_at
from tests.pictures import selfie
from tests.telegram import StagedTelegram

Chat = dict[str, Any]  # the page's own JSON

ORDERLY_END_S = 20.0

YES = f"consent:yes:{CONSENT_VERSION}"


@asynccontextmanager
async def started(
    *arguments: str, folder: Path, **environ: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`skinbot …` in an empty folder, and the address that it printed."""
    root = str(Path(__file__).parents[2])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": root, "TMPDIR": str(folder), **environ},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process, await asyncio.wait_for(_line(process, b"http://"), START_S)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _line(process: asyncio.subprocess.Process, beginning: bytes) -> str:
    """The next line that begins so."""
    assert process.stdout is not None
    async for line in process.stdout:
        if line.strip().startswith(beginning):
            return line.decode().strip()
    raise AssertionError("it ended before it said so")


async def until(page: aiohttp.ClientSession, fits: Callable[[Chat], object]) -> Chat:
    """The first person's chat, as soon as it is so."""
    async with asyncio.timeout(START_S), page.get("/chat/events") as events:
        async for line in events.content:
            if line.startswith(b"data: "):
                for chat in json.loads(line[6:])["chats"]:
                    if fits(chat):
                        return dict(chat)
    raise AssertionError("the events ended")


def labels(chat: Chat) -> list[str]:
    return [button["callback_data"] for m in chat["messages"] for row in m["buttons"] for button in row]


async def ended(process: asyncio.subprocess.Process, by: signal.Signals) -> int:
    process.send_signal(by)
    return await asyncio.wait_for(process.wait(), ORDERLY_END_S)


async def test_a_photo_goes_through_and_a_signal_ends_it_in_order(tmp_path: Path) -> None:
    """Consent, photo, report in the page's own words; then SIGTERM: exit code 0, and nothing of it is left on disk."""
    async with (
        LoopbackAILab() as ailab,
        started(
            "playground", "--no-browser", "--port", "0", folder=tmp_path,
            AILAB_API_KEY=ailab.key, AILAB_API_URL=ailab.url,
        ) as (process, url),
        page_at(url) as page,
    ):  # fmt: skip
        async with page.post("/chat/people", json={"name": "Ada", "language": "en"}) as answer:
            ada = (await answer.json())["id"]
        async with page.post(f"/chat/people/{ada}/photo", data=selfie()) as answer:
            assert answer.status == 200
        asked = await until(page, lambda chat: YES in labels(chat))
        press = {"message": asked["messages"][-1]["id"], "data": YES}
        async with page.post(f"/chat/people/{ada}/press", json=press) as answer:
            assert answer.status == 200
        done = await until(page, lambda chat: "details:1" in labels(chat))
        assert "Skin report 1" in done["messages"][-1]["html"]
        assert done["messages"][-1]["photo"]
        assert await ended(process, signal.SIGTERM) == 0
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - quick, and not awaited


def chat_in(folder: Path) -> AbstractAsyncContextManager[tuple[asyncio.subprocess.Process, str]]:
    return started("playground", "--no-browser", "--port", "0", folder=folder, AILAB_API_KEY="k")


def left_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


async def test_what_a_kill_leaves_nobody_can_read_and_the_next_chat_takes_away(tmp_path: Path) -> None:
    """The key is nowhere on the disk; another chat that still runs keeps its own."""
    async with chat_in(tmp_path) as (alive, url):
        async with chat_in(tmp_path) as (dead, _):
            assert await ended(dead, signal.SIGKILL) == -signal.SIGKILL
        assert left_in(tmp_path).count("playground.db") == 2
        assert not [name for name in left_in(tmp_path) if name.endswith(".key")]
        async with chat_in(tmp_path) as (third, _):
            assert left_in(tmp_path).count("playground.db") == 2
            assert await ended(third, signal.SIGTERM) == 0
        assert left_in(tmp_path).count("playground.db") == 1
        async with page_at(url) as page, page.post("/chat/people", json={"name": "Ada"}) as answer:
            assert answer.status == 200
        assert await ended(alive, signal.SIGTERM) == 0
    assert left_in(tmp_path) == []


async def test_without_a_token_skinbot_is_the_local_chat(tmp_path: Path) -> None:
    """No command, no token: the page comes up, and opens in the browser that the machine names."""
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "opened $1"\n')
    browser.chmod(0o700)
    async with started(folder=tmp_path, AILAB_API_KEY="k", BROWSER=str(browser)) as (process, url):
        async with page_at(url) as page, page.get("/") as answer:
            assert answer.status == 200
        assert await asyncio.wait_for(_line(process, b"opened "), START_S) == f"opened {url}"
        assert await ended(process, signal.SIGINT) == 0


def config_with(**environ: str) -> Config:
    return read_config({"AILAB_API_KEY": "k", **environ})


async def answers(here: OpenChat) -> None:
    """The bot behind the page has introduced itself, and answers."""
    async with page_at(here.url) as page:
        async with page.post("/chat/people", json={"name": "Eva", "language": "es"}) as answer:
            eva = (await answer.json())["id"]
        async with page.post(f"/chat/people/{eva}/text", json={"text": "/help"}) as answer:
            assert answer.status == 200
        await until(page, lambda chat: chat["about"] and len(chat["messages"]) > 1)


async def test_the_real_bots_database_is_left_alone(tmp_path: Path) -> None:
    """With a token set the database is the real bot's: the local bot would take up its work and deliver to nobody."""
    url = f"sqlite:///{tmp_path / 'real.db'}"
    async with chatting(config_with(TELEGRAM_TOKEN="1:real", DATABASE_URL=url)) as here:
        assert here.forgets
        await answers(here)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - quick, and not awaited


async def test_a_database_named_for_the_local_chat_is_kept(tmp_path: Path) -> None:
    """Without a token DATABASE_URL is meant for this chat, which can be opened again on it."""
    url = f"sqlite:///{tmp_path / 'mine.db'}"
    for _ in range(3):
        async with chatting(config_with(DATABASE_URL=url)) as here:
            assert not here.forgets
            await answers(here)
    assert (tmp_path / "mine.db").exists()


async def test_the_first_free_port_of_those_wanted() -> None:
    """Another program on the usual port is no trouble; on the only port that was asked for it is told."""
    async with StagedTelegram() as other:
        taken = urlsplit(other.url).port or 0
        with pytest.raises(PortTaken, match=str(taken)):
            async with chatting(config_with(), taken):
                pass
        async with chatting(config_with(), taken, ANY_PORT) as here:
            assert here.url != other.url
            await answers(here)
