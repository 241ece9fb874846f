"""skinbot run · analyze · check · migrate · rotate-key. Exit codes stand in README.

A command loads what it needs and no more: hence the imports inside.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.config import Config, ConfigInvalid, read_config
from bot.observability import configure_logging

DONE: Final = 0
CHECK_FAILED: Final = 1
START_ANEW: Final = 1  # nothing is wrong with the set-up: a supervisor's next start may well go through
WRONG_USAGE: Final = 2
PHOTO_UNUSABLE: Final = 3
SERVICE_UNAVAILABLE: Final = 4
SETUP_WRONG: Final = 5

_LEVELS: Final = ["DEBUG", "INFO", "WARNING", "ERROR"]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        config = read_config()
    except ConfigInvalid as error:
        print(error, file=sys.stderr)
        return SETUP_WRONG
    if options.command is not _run:
        config = replace(
            config, log_level=max(config.log_level, "WARNING", key=_LEVELS.index)
        )  # it answers on the screen
    configure_logging(config)
    command: Callable[[Config, argparse.Namespace], int] = options.command
    return command(config, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="skinbot", description="A selfie in, a kind and honest skin report out.")
    parser.set_defaults(command=_run)
    commands = parser.add_subparsers(metavar="COMMAND")

    run = commands.add_parser("run", help="the bot: long polling, or a webhook when WEBHOOK_URL is set")
    run.set_defaults(command=_run)

    analyze = commands.add_parser("analyze", help="one photo through the same pipeline, on the terminal")
    analyze.add_argument("photo", type=Path, metavar="PHOTO")
    analyze.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where annotated.jpg goes")
    analyze.add_argument("--json", action="store_true", help="print one JSON object instead of the report")
    analyze.add_argument("--lang", default="en", metavar="xx", help="the report's language")
    analyze.set_defaults(command=_analyze)

    commands.add_parser("check", help="is everything set up? one line each").set_defaults(command=_check)
    commands.add_parser("migrate", help="bring the database to the newest schema").set_defaults(command=_migrate)
    rotate = commands.add_parser("rotate-key", help="re-encrypt what is stored with the newest key")
    rotate.set_defaults(command=_rotate_key)
    return parser


def _run(config: Config, _: argparse.Namespace) -> int:
    from bot.app import serve

    if config.telegram_token is None:
        return _wrong("TELEGRAM_TOKEN is not set")
    return asyncio.run(_until_signal(serve(config)))


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
    from bot.storage.place import DatabaseUrlInvalid

    return (
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
    except OSError as error:
        print(f"{options.photo}: {error.strerror}", file=sys.stderr)
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


def _migrate(config: Config, _: argparse.Namespace) -> int:
    from bot.storage.migrating import migrate

    try:
        migrate(config.database_url)
    except _setup_errors() as error:
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
