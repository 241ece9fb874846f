"""The local chat in this process, from its start to its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp

from bot.commands.playground import ANY_PORT, OpenChat, chat
from bot.config import Config

START_S: Final = 60.0  # on a machine that is busy


@asynccontextmanager
async def chatting(config: Config, *ports: int) -> AsyncIterator[OpenChat]:
    """What the person is told once it stands; leaving the block ends it as a signal does. Raises what `chat` raises."""
    told: asyncio.Future[OpenChat] = asyncio.get_running_loop().create_future()

    async def running() -> None:
        try:
            await chat(config, ports=ports or (ANY_PORT,), on_open=told.set_result)
        except Exception as error:  # the one who waits for the address shall hear of it
            if told.done():
                raise
            told.set_exception(error)

    task = asyncio.create_task(running())
    try:
        yield await asyncio.wait_for(told, START_S)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def page_at(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that opened what was printed; paths begin at the page's own root."""
    jar = aiohttp.CookieJar(unsafe=True)  # 127.0.0.1 is no name, and yet a browser keeps its cookies
    async with aiohttp.ClientSession(address.partition("?")[0], cookie_jar=jar) as page, page.get(address) as answer:
        assert answer.status == 200
        yield page
