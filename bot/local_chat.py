"""The local chat: the production bot, unchanged, over HTTP with a Telegram on loopback and its web page.

Both live in one process: one signal ends them in order, one exit code speaks for both, and nothing has to be waited
for. What goes between them is HTTP all the same.
"""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.app import build
from bot.clock import now
from bot.config import DEFAULT_DATABASE_URL, Config
from bot.playground import LoopbackTelegram
from bot.playground.web import mount

ANY_PORT: Final = 0
USUAL_PORTS: Final = (8765, ANY_PORT)
_BOT_NAME: Final = "Skin report"
_NUMBERED_SINCE: Final = 1_780_000_000  # seconds since 1970
_NUMBERS_A_SECOND: Final = 10  # more than anybody uses up; the numbers stay within 32 bits until 2033


class PortTaken(Exception):
    """The page can't be served on any of the wanted ports: another program may listen there."""


@dataclass(frozen=True, kw_only=True)
class OpenChat:
    """What the person at the keyboard should know. `forgets`: all that was said is gone when the chat ends."""

    url: str
    photos_stay_here: bool
    forgets: bool


async def chat(config: Config, *, ports: Sequence[int], on_open: Callable[[OpenChat], None]) -> None:
    """Serve the page, and the bot behind it, until cancelled; `on_open` is called once when both are there.

    The first of `ports` that is free is used; 0 is any free one. Raises PortTaken, and what building the bot raises.
    """
    stays = not config.pays
    with _own_database(config) as database_url:
        async with _telegram(ports, photos_stay_here=stays) as telegram:
            behind = _behind(config, telegram, database_url=database_url)
            async with build(behind) as app:
                forgets = database_url != config.database_url
                on_open(OpenChat(url=telegram.url, photos_stay_here=stays, forgets=forgets))
                await app.listen(behind)


@contextmanager
def _own_database(config: Config) -> Iterator[str]:
    """A database for this chat alone, gone afterwards, unless DATABASE_URL names one for it.

    Never the real bot's: this bot would take up its people's reports and reminders, and deliver them to nobody.
    """
    if config.telegram_token is None and config.database_url != DEFAULT_DATABASE_URL:
        yield config.database_url
        return
    with tempfile.TemporaryDirectory(prefix="skinbot-") as folder:
        yield f"sqlite:///{Path(folder) / 'playground.db'}"


@asynccontextmanager
async def _telegram(ports: Sequence[int], *, photos_stay_here: bool) -> AsyncIterator[LoopbackTelegram]:
    """Telegram with its page. Raises PortTaken."""
    async with AsyncExitStack() as stack:
        for port in ports:
            telegram = _with_page(port, photos_stay_here=photos_stay_here)
            with suppress(OSError):
                await stack.enter_async_context(telegram)
                break
        else:
            raise PortTaken(
                f"port {', '.join(map(str, ports))} of 127.0.0.1 can't be used: another program may listen there"
            )
        yield telegram


def _with_page(port: int, *, photos_stay_here: bool) -> LoopbackTelegram:
    """A database that outlives a chat has seen its numbers: they go on where the clock is."""
    since = max(1, int((now().timestamp() - _NUMBERED_SINCE) * _NUMBERS_A_SECOND))
    telegram = LoopbackTelegram(port=port, bot_name=_BOT_NAME, numbers_from=since)
    mount(telegram, photos_stay_here=photos_stay_here)
    return telegram


def _behind(config: Config, telegram: LoopbackTelegram, *, database_url: str) -> Config:
    """The set-up of the bot behind the page: as given, but for where Telegram and the database are."""
    return replace(
        config,
        telegram_token=telegram.token,
        telegram_api_url=telegram.url,
        database_url=database_url,
        webhook_url=None,
        port=None,
    )
