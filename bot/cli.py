"""skinbot run · analyze · playground · check · migrate · rotate-key. Exit codes stand in README.

A command loads what it needs and no more: hence the imports inside.
"""

import argparse
import asyncio
import gc
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.config import Config, ConfigInvalid, read_config
from bot.observability import configure_logging

if TYPE_CHECKING:
    from bot.local_chat import OpenChat

DONE: Final = 0
CHECK_FAILED: Final = 1
START_ANEW: Final = 1  # nothing is wrong with the set-up: a supervisor's next start may well go through
WRONG_USAGE: Final = 2
PHOTO_UNUSABLE: Final = 3
SERVICE_UNAVAILABLE: Final = 4
SETUP_WRONG: Final = 5

_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")

Command = Callable[[Config, argparse.Namespace], int]

_LEVELS: Final = ["DEBUG", "INFO", "WARNING", "ERROR"]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        config = read_config()
    except ConfigInvalid as error:
        print(error, file=sys.stderr)
        return SETUP_WRONG
    command: Command = options.command or (_run if config.telegram_token else _playground)
    if command is not _run:
        config = replace(
            config, log_level=max(config.log_level, "WARNING", key=_LEVELS.index)
        )  # it answers on the screen
    configure_logging(config)
    return command(config, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="skinbot", description="A selfie in, a kind and honest skin report out.")
    parser.set_defaults(command=None, port=None, no_browser=False)
    commands = parser.add_subparsers(metavar="COMMAND")

    run = commands.add_parser("run", help="the bot: long polling, or a webhook when WEBHOOK_URL is set")
    run.set_defaults(command=_run)

    analyze = commands.add_parser("analyze", help="one photo through the same pipeline, on the terminal")
    analyze.add_argument("photo", type=Path, metavar="PHOTO")
    analyze.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where annotated.jpg goes")
    analyze.add_argument("--json", action="store_true", help="print one JSON object instead of the report")
    analyze.add_argument("--lang", default="en", metavar="xx", help="the report's language")
    analyze.set_defaults(command=_analyze)

    playground = commands.add_parser("playground", help="the local chat: the real bot in the browser, with no account")
    playground.add_argument("--port", type=_port, metavar="N", help="of the page; 0 takes any free one")
    playground.add_argument("--no-browser", action="store_true", help="only print the address")
    playground.set_defaults(command=_playground)

    commands.add_parser("check", help="is everything set up? one line each").set_defaults(command=_check)
    bring = commands.add_parser("migrate", help="bring the database to the newest schema")
    bring.add_argument("--erased", type=Path, metavar="FILE", help="tombstones: whoever they name is erased again")
    bring.set_defaults(command=_migrate)
    backup = commands.add_parser("backup", help="copy an SQLite database while the bot runs")
    backup.add_argument("to", type=Path, metavar="FILE")
    backup.set_defaults(command=_backup)
    move = commands.add_parser("move-to", help="copy an SQLite database to PostgreSQL, with the bot stopped")
    move.add_argument("url", metavar="POSTGRESQL_URL")
    move.set_defaults(command=_move_to)
    rotate = commands.add_parser("rotate-key", help="re-encrypt what is stored with the newest key")
    rotate.set_defaults(command=_rotate_key)
    return parser


def _run(config: Config, _: argparse.Namespace) -> int:
    gc.disable()  # what is loaded here stays: looking for garbage in it costs a sixth of the time it takes
    from bot.app import serve

    gc.freeze()
    gc.enable()
    if config.telegram_token is None:
        return _wrong("TELEGRAM_TOKEN is not set")
    return asyncio.run(_until_signal(serve(config)))


def _playground(config: Config, options: argparse.Namespace) -> int:
    from bot.local_chat import USUAL_PORTS, OpenChat, PortTaken, chat

    ports = USUAL_PORTS if options.port is None else (options.port,)

    def opened(here: OpenChat) -> None:
        print(_welcome(here), flush=True)
        if not options.no_browser and _has_display():
            # In a thread: some browsers return only when their window is closed.
            threading.Thread(target=webbrowser.open, args=(here.url,), daemon=True).start()

    try:
        return asyncio.run(_until_signal(chat(config, ports=ports, on_open=opened)))
    except PortTaken as error:
        return _wrong(str(error))


def _welcome(here: "OpenChat") -> str:
    photos = "Photos are read on this computer." if here.photos_stay_here else "Photos go to AILab; each costs credits."
    kept = "Everything is forgotten when it ends." if here.forgets else "Reports stay in your DATABASE_URL."
    return f"The skin assistant waits for you at\n\n    {here.url}\n\n{photos} {kept} Ctrl+C ends it."


def _has_display() -> bool:
    """Without one, a browser of the terminal might open on top of what is printed."""
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in _DISPLAYS)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port


async def _until_signal(work: Coroutine[None, None, None]) -> int:
    """Run `work` until it ends by itself, or a signal asks it to stop; both close everything in order."""
    from bot.polling import PollingEnded, PollingStuck

    task = asyncio.ensure_future(work)
    for stop in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(stop, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return DONE
    except ExceptionGroup as group:
        reason = _first_of(group)
        if isinstance(reason, PollingStuck):
            print(reason, file=sys.stderr)
            return START_ANEW
        if not isinstance(reason, (PollingEnded, *_setup_errors())):
            raise
        return _wrong_setup(reason)
    except _setup_errors() as error:
        return _wrong_setup(error)
    return DONE


def _first_of(group: ExceptionGroup) -> Exception:
    """The first error in a group of groups."""
    first = group.exceptions[0]
    return _first_of(first) if isinstance(first, ExceptionGroup) else first


def _setup_errors() -> tuple[type[Exception], ...]:
    """What opening the bot raises when the operator has to act."""
    from telegram.error import InvalidToken

    from bot.analysis.choice import AnalyzerMissing
    from bot.storage.database import DatabaseUnavailable
    from bot.storage.keys import KeyInvalid, KeyMismatch, KeyMissing
    from bot.storage.locks import DatabaseInUse
    from bot.storage.place import DatabaseUrlInvalid
    from bot.storage.tombstones import TombstonesUnreadable
    from bot.web import AddressUnusable

    return (
        AddressUnusable,
        TombstonesUnreadable,
        DatabaseInUse,
        DatabaseUnavailable,
        DatabaseUrlInvalid,
        InvalidToken,
        KeyInvalid,
        KeyMismatch,
        KeyMissing,
        AnalyzerMissing,
    )


def _analyze(config: Config, options: argparse.Namespace) -> int:
    from bot.rendering import Renderer
    from bot.terminal import PhotoUnusable, ServiceUnavailable, as_json, as_text, measure, write_pictures

    renderer = Renderer()
    locale = renderer.locale_for(options.lang)
    try:
        data = options.photo.read_bytes()
        options.out.mkdir(parents=True, exist_ok=True)  # before anything is paid
    except OSError as error:
        print(f"{error.filename or options.photo}: {error.strerror}", file=sys.stderr)
        return WRONG_USAGE
    try:
        measured = asyncio.run(measure(config, data, locale=locale, renderer=renderer))
    except PhotoUnusable as error:
        print(error, file=sys.stderr)
        return PHOTO_UNUSABLE
    except ServiceUnavailable as error:
        print(error, file=sys.stderr)
        return SERVICE_UNAVAILABLE
    except _setup_errors() as error:
        return _wrong_setup(error)
    pictures = write_pictures(measured, options.out)
    if options.json:
        print(as_json(measured, locale=locale, renderer=renderer))
    else:
        print(as_text(measured, locale=locale, renderer=renderer, pictures=pictures))
    return DONE


def _check(config: Config, _: argparse.Namespace) -> int:
    from bot.checkup import checkup
    from bot.rendering import Renderer, plain
    from bot.views import CheckView

    lines = asyncio.run(checkup(config))
    print(plain(Renderer().render("check", "en", CheckView(lines=lines)).text))
    return DONE if all(line.good for line in lines) else CHECK_FAILED


def _migrate(config: Config, options: argparse.Namespace) -> int:
    from bot.storage.migrating import migrate

    wrong: tuple[type[Exception], ...] = (OSError, *_setup_errors())
    try:
        migrate(config.database_url)
        if options.erased is not None:
            asyncio.run(_erase_again(config, options.erased))
    except wrong as error:
        return _wrong_setup(error)
    return DONE


async def _erase_again(config: Config, file: Path) -> None:
    from bot.storage import open_store

    async with open_store(config.database_url, config.data_key, erased=file):
        return


def _backup(config: Config, options: argparse.Namespace) -> int:
    from bot.storage.backup import BackupFailed, NotAFile, back_up

    wrong: tuple[type[Exception], ...] = (BackupFailed, *_setup_errors())
    try:
        back_up(config.database_url, options.to)
    except NotAFile:
        return _wrong("PostgreSQL is backed up by pg_dump: see docs/operating.md")
    except wrong as error:
        return _wrong_setup(error)
    return DONE


def _move_to(config: Config, options: argparse.Namespace) -> int:
    from bot.storage.moving import NotEmpty, WrongWay, move

    wrong: tuple[type[Exception], ...] = (NotEmpty, WrongWay, *_setup_errors())
    try:
        print(f"{move(config.database_url, options.url)} rows")
    except wrong as error:
        return _wrong_setup(error)
    return DONE


def _rotate_key(config: Config, _: argparse.Namespace) -> int:
    from bot.app import rotate_keys

    try:
        asyncio.run(rotate_keys(config))
    except _setup_errors() as error:
        return _wrong_setup(error)
    return DONE


def _wrong_setup(error: object) -> int:
    return _wrong(f"{type(error).__name__}: {error}")


def _wrong(reason: str) -> int:
    print(reason, file=sys.stderr)
    return SETUP_WRONG
