"""The local chat: the production bot, unchanged, over HTTP with a Telegram on loopback and its web page.

Both live in one process: one signal ends them in order, one exit code speaks for both, and nothing has to be waited
for. What goes between them is HTTP all the same.
"""

import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bot.app import build
from bot.clock import now
from bot.config import DEFAULT_DATABASE_URL, Config
from bot.config.errors import SetupError
from bot.playground.page.web import SCRIPT, mount, page_url
from bot.playground.server.telegram import LoopbackTelegram
from bot.rendering.renderer import Renderer
from bot.storage.processes.locks import DatabaseInUse, held_alone
from bot.views.person import ChatPageView

ANY_PORT: Final = 0
USUAL_PORTS: Final = (8765, ANY_PORT)
_HERE: Final = "127.0.0.1"
_FOLDERS: Final = "skinbot-chat-"
_ALIVE: Final = "alive"  # held as long as its chat lives
_BOT_NAME: Final = "Skin report"
_NUMBERED_SINCE: Final = 1_780_000_000  # seconds since 1970
_NUMBERS_A_SECOND: Final = 10  # more than anybody uses up; the numbers stay within 32 bits until 2033


class PortTaken(SetupError):
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
    stays, secret = not config.pays, secrets.token_urlsafe(32)
    with _place(config) as place:
        async with _telegram(ports, secret=secret, photos_stay_here=stays) as telegram:
            behind = _behind(config, telegram, place)
            async with build(behind) as app:
                on_open(OpenChat(url=page_url(telegram, secret), photos_stay_here=stays, forgets=place.forgets))
                await app.listen(behind)


@dataclass(frozen=True, kw_only=True)
class _Database:
    """Where this chat's reports are kept, and with which key."""

    database_url: str
    data_key: str | None = field(repr=False)
    forgets: bool


@contextmanager
def _place(config: Config) -> Iterator[_Database]:
    """A database for this chat alone, gone afterwards, unless DATABASE_URL names one for it.

    Never the real bot's: this bot would take up its people's reports and reminders, and deliver them to nobody. Its
    key is nowhere but in memory: what a kill leaves nobody can read, and the next chat takes it away.
    """
    if config.telegram_token is None and config.database_url != DEFAULT_DATABASE_URL:
        yield _Database(database_url=config.database_url, data_key=config.data_key, forgets=False)
        return
    _clear_away()
    with tempfile.TemporaryDirectory(prefix=_FOLDERS) as folder, held_alone(f"sqlite:///{folder}/{_ALIVE}"):
        url = f"sqlite:///{Path(folder) / 'playground.db'}"
        yield _Database(database_url=url, data_key=secrets.token_urlsafe(32), forgets=True)


def _clear_away() -> None:
    """Folders of this user's chats that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDERS}*"):
        with suppress(OSError, DatabaseInUse):
            if folder.is_symlink() or _is_of_another_user(folder):
                continue
            with held_alone(f"sqlite:///{folder}/{_ALIVE}"):
                shutil.rmtree(folder)


def _is_of_another_user(folder: Path) -> bool:
    """On Windows everybody has a temporary folder of their own."""
    return sys.platform != "win32" and folder.stat().st_uid != os.getuid()


@asynccontextmanager
async def _telegram(ports: Sequence[int], *, secret: str, photos_stay_here: bool) -> AsyncIterator[LoopbackTelegram]:
    """Telegram with its page. Raises PortTaken."""
    async with AsyncExitStack() as stack:
        for port in ports:
            telegram = _with_page(port, secret=secret, photos_stay_here=photos_stay_here)
            with suppress(OSError):
                await stack.enter_async_context(telegram)
                break
        else:
            raise PortTaken(
                f"port {', '.join(map(str, ports))} of 127.0.0.1 can't be used: another program may listen there"
            )
        yield telegram


def _with_page(port: int, *, secret: str, photos_stay_here: bool) -> LoopbackTelegram:
    """A database that outlives a chat has seen its numbers: they go on where the clock is."""
    since = max(1, int((now().timestamp() - _NUMBERED_SINCE) * _NUMBERS_A_SECOND))
    token = f"12345:{secrets.token_urlsafe(32)}"
    telegram = LoopbackTelegram(token=token, port=port, bot_name=_BOT_NAME, numbers_from=since)
    mount(telegram, secret=secret, words=page_in, photos_stay_here=photos_stay_here)
    return telegram


def page_in(language: str | None) -> str:
    """The page's HTML for a language tag as Telegram and browsers have them."""
    renderer = Renderer()
    locale = renderer.locale_for(language)
    return renderer.page("chat", locale, ChatPageView(locale=locale))


def _behind(config: Config, telegram: LoopbackTelegram, place: _Database) -> Config:
    """The set-up of the bot behind the page: as given, but for where Telegram, the database and its page are."""
    port = _free_port()
    return replace(
        config,
        telegram_token=telegram.token,
        telegram_api_url=telegram.url,
        database_url=place.database_url,
        data_key=place.data_key,
        webhook_url=None,
        webapp_url=f"http://{_HERE}:{port}/skin",
        telegram_script=f"{telegram.url}{SCRIPT}",
        host=_HERE,
        port=port,
    )


def _free_port() -> int:
    """Where the bot serves its page: the address has to be known before it is told to anybody."""
    with socket.socket() as free:
        free.bind((_HERE, ANY_PORT))
        return int(free.getsockname()[1])
