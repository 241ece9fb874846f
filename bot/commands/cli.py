"""skinbot run, setup, analyze, playground, check and so on, and those of `commands.operator`. Exit codes: README.

A command loads what it needs and no more: hence the imports inside.
"""

import argparse
import asyncio
import gc
import io
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.commands.operator import add_duties
from bot.config import Config, ConfigInvalid, LogFormat, read_config
from bot.config.version import build_version
from bot.observability.logs import class_and_place, configure_logging, screen_line

if TYPE_CHECKING:
    from bot.commands.playground import OpenChat

_DONE: Final = 0
_UNFORESEEN: Final = 1
_WRONG_USAGE: Final = 2
_CHECK_FAILED: Final = 1
_INTERRUPTED: Final = 130  # Ctrl+C, as shells count it

_DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")

Command = Callable[[Config, argparse.Namespace], int]

_LEVELS: Final = ["DEBUG", "INFO", "WARNING", "ERROR"]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code. What goes wrong is one line on stderr, in words of ours: see bot/commands/failures.py."""
    _see_that_one_can_speak()
    log_format = LogFormat.CONSOLE
    try:
        options = _parser().parse_args(arguments)
        if options.version:
            return _tell_version()
        config = read_config()
        log_format = config.log_format
        code = _command(config, options)
        sys.stdout.flush()
    except SystemExit:  # help was asked for, or the usage is wrong
        _let_go_of_output()
        raise
    except BrokenPipeError:  # who reads our output has read enough
        _let_go_of_output()
        return _DONE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except ConfigInvalid as error:
        return _ended(error, error.log_format)
    except Exception as error:  # noqa: BLE001 - the last line
        return _ended(error, log_format)
    return code


def _see_that_one_can_speak() -> None:
    """Also where output is closed, and on a terminal that has not every sign: what it has not is a question mark."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _tell_version() -> int:
    print(f"skinbot {build_version()}")
    return _DONE


def _command(config: Config, options: argparse.Namespace) -> int:
    command: Command = options.command or (_run if config.telegram_token else _playground)
    if command is not _run:
        config = replace(
            config, log_level=max(config.log_level, "WARNING", key=_LEVELS.index)
        )  # it answers on the screen
    configure_logging(config)
    return command(config, options)


def _let_go_of_output() -> None:
    """What can't be written any more is not tried again at Python's own end, which would say so in its words."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _ended(error: Exception, log_format: LogFormat) -> int:
    from bot.commands.failures import ending_of

    _let_go_of_output()
    ending = ending_of(error)
    if ending is None:
        _complain(f"Nobody foresaw this. Please report this line: {class_and_place(error)}", log_format)
        return _UNFORESEEN
    for line in ending.says.splitlines():
        _complain(line, log_format)
    return ending.code


def _complain(line: str, log_format: LogFormat) -> None:
    print(screen_line(line, log_format), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="skinbot", description="A selfie in, a kind and honest skin report out.")
    parser.set_defaults(command=None, port=None, no_browser=False)
    parser.add_argument("--version", action="store_true", help="which build this is")
    commands = parser.add_subparsers(metavar="COMMAND")

    run = commands.add_parser("run", help="the bot: long polling, or a webhook when WEBHOOK_URL is set")
    run.set_defaults(command=_run)

    analyze = commands.add_parser("analyze", help="one photo through the same pipeline, on the terminal")
    analyze.add_argument("photo", type=Path, metavar="PHOTO")
    analyze.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where annotated.jpg goes")
    analyze.add_argument("--json", action="store_true", help="print one JSON object instead of the report")
    analyze.add_argument("--maps", action="store_true", help="with --json: the redness map in it, as the API writes it")
    analyze.add_argument("--lang", default="en", metavar="xx", help="the report's language")
    analyze.set_defaults(command=_analyze)

    playground = commands.add_parser("playground", help="the local chat: the real bot in the browser, with no account")
    playground.add_argument("--port", type=_port, metavar="N", help="of the page; 0 takes any free one")
    playground.add_argument("--no-browser", action="store_true", help="only print the address")
    playground.set_defaults(command=_playground)

    setup = commands.add_parser("setup", help="at most three questions, and the bot is ready to run")
    setup.add_argument("what", nargs="?", choices=["ailab"], help="ailab: let AILabTools read the photos")
    setup.set_defaults(command=_setup)

    commands.add_parser("check", help="is everything set up? one line each").set_defaults(command=_check)
    bring = commands.add_parser("migrate", help="bring the database to the newest schema")
    bring.add_argument("--erased", type=Path, metavar="FILE", help="tombstones: whoever they name is erased again")
    bring.add_argument(
        "--without-list", action="store_true", help="go on without the list of the erased of an SQLite database"
    )
    bring.set_defaults(command=_migrate)
    backup = commands.add_parser("backup", help="copy an SQLite database while the bot runs")
    backup.add_argument("to", type=Path, metavar="FILE")
    backup.set_defaults(command=_backup)
    drill = commands.add_parser("restore-drill", help="restore the newest backup into a scratch place, and count")
    drill.add_argument("--from", dest="place", metavar="PLACE", help="a backup's file or folder, or Litestream's place")
    drill.add_argument("--max-age", type=float, default=24.0, metavar="HOURS", help="older than that is stale")
    drill.set_defaults(command=_restore_drill)
    move = commands.add_parser("move-to", help="copy an SQLite database to PostgreSQL, with the bot stopped")
    move.add_argument("url", metavar="POSTGRESQL_URL")
    move.set_defaults(command=_move_to)
    rotate = commands.add_parser("rotate-key", help="re-encrypt what is stored with the newest key")
    rotate.set_defaults(command=_rotate_key)
    add_duties(commands)
    return parser


def _run(config: Config, _: argparse.Namespace) -> int:
    gc.disable()  # what is loaded here stays: looking for garbage in it costs a sixth of the time it takes
    from bot.app import serve

    gc.freeze()
    gc.enable()
    if config.telegram_token is None:
        raise ConfigInvalid({"TELEGRAM_TOKEN": ["is not set."]}, log_format=config.log_format)
    return asyncio.run(_until_signal(serve(config)))


def _playground(config: Config, options: argparse.Namespace) -> int:
    from bot.commands.playground import USUAL_PORTS, OpenChat, chat

    ports = USUAL_PORTS if options.port is None else (options.port,)

    def opened(here: OpenChat) -> None:
        print(_welcome(here), flush=True)
        if not options.no_browser and _has_display():
            # In a thread: some browsers return only when their window is closed.
            threading.Thread(target=webbrowser.open, args=(here.url,), daemon=True).start()

    return asyncio.run(_until_signal(chat(config, ports=ports, on_open=opened)))


def _welcome(here: "OpenChat") -> str:
    photos = "Photos are read on this computer." if here.photos_stay_here else "Photos go to AILab; each costs credits."
    kept = "Everything is forgotten when it ends." if here.forgets else "Reports stay in your DATABASE_URL."
    return f"The skin assistant waits for you at\n\n    {here.url}\n\n{photos} {kept} Ctrl+C ends it."


def _has_display() -> bool:
    """Without one, a browser of the terminal might open on top of what is printed."""
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in _DISPLAYS)


def _port(text: str) -> int:
    if not text.isdecimal() or not int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


async def _until_signal(work: Coroutine[None, None, None]) -> int:
    """Run `work` until it ends by itself, or a signal asks it to stop; both close everything in order."""
    task = asyncio.ensure_future(work)
    for stop in (signal.SIGTERM, signal.SIGINT):
        _on_signal(stop, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return _DONE
    return _DONE


def _on_signal(stop: signal.Signals, do: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(stop, do)
    except NotImplementedError:  # Windows: its loop has no handlers, and is woken by hand
        signal.signal(stop, lambda *_: loop.call_soon_threadsafe(do))


def _analyze(config: Config, options: argparse.Namespace) -> int:
    from bot.commands.analyze import as_json, as_text, measure, write_pictures
    from bot.rendering.renderer import Renderer

    renderer = Renderer()
    locale = renderer.locale_for(options.lang)
    try:
        data = options.photo.read_bytes()
        options.out.mkdir(parents=True, exist_ok=True)  # before anything is paid
    except OSError as error:
        _ended(error, config.log_format)
        return _WRONG_USAGE
    measured = asyncio.run(measure(config, data, locale=locale, renderer=renderer))
    pictures = write_pictures(measured, options.out)
    if options.json:
        print(as_json(measured, locale=locale, renderer=renderer, with_maps=options.maps))
    else:
        print(as_text(measured, locale=locale, renderer=renderer, pictures=pictures))
    return _DONE


def _check(config: Config, _: argparse.Namespace) -> int:
    from bot.commands.check import checkup
    from bot.rendering.renderer import Renderer, plain
    from bot.views.operator import CheckView

    lines = asyncio.run(checkup(config))
    print(plain(Renderer().render(CheckView(lines=lines), "en").text))
    return _DONE if all(line.good for line in lines) else _CHECK_FAILED


def _setup(config: Config, options: argparse.Namespace) -> int:
    from bot.commands.answers import Dialogue, GivenUp
    from bot.commands.failures import SETUP_WRONG
    from bot.commands.setup import set_up, set_up_ailab
    from bot.rendering.renderer import Renderer, plain
    from bot.views.operator import SetupView, SetupWord

    renderer = Renderer()

    def say(view: SetupView) -> None:
        print(plain(renderer.render(view, "en").text), flush=True)

    dialogue = Dialogue(say=say, ask=lambda: input("> "))
    try:
        work = set_up_ailab(config, dialogue) if options.what == "ailab" else set_up(config, dialogue, renderer)
        found = asyncio.run(work)
    except GivenUp:
        say(SetupView(word=SetupWord.GIVEN_UP))
        return SETUP_WRONG
    print(plain(renderer.render(found, "en").text))
    return _DONE if all(line.good for line in found.lines) else _CHECK_FAILED


def _migrate(config: Config, options: argparse.Namespace) -> int:
    from bot.storage.upkeep.migrating import migrate

    migrate(config.database_url)
    if options.erased is not None or options.without_list:
        asyncio.run(_erase_again(config, options.erased, without_list=options.without_list))
    return _DONE


async def _erase_again(config: Config, file: Path | None, *, without_list: bool) -> None:
    from bot.storage import open_store

    async with open_store(
        config.database_url,
        config.data_key,
        erased_list=config.erased_list,
        erased=file,
        without_list=without_list,
    ):
        return


def _backup(config: Config, options: argparse.Namespace) -> int:
    from bot.storage.upkeep.backup import back_up

    back_up(config.database_url, options.to)
    return _DONE


def _restore_drill(config: Config, options: argparse.Namespace) -> int:
    from bot.commands.drill import drilled
    from bot.rendering.renderer import Renderer, plain
    from bot.storage.upkeep.places import LITESTREAM_FILE
    from bot.views.operator import DrillLine, DrillView

    found: list[DrillLine] = []

    async def drill() -> None:  # a signal ends it in order: no copy of people's data is left behind
        found.extend(
            await drilled(config, options.place or str(LITESTREAM_FILE), max_age=timedelta(hours=options.max_age))
        )

    asyncio.run(_until_signal(drill()))
    if not found:
        return _INTERRUPTED
    print(plain(Renderer().render(DrillView(lines=tuple(found)), "en").text))
    return _DONE if all(line.good for line in found) else _CHECK_FAILED


def _move_to(config: Config, options: argparse.Namespace) -> int:
    from bot.storage.upkeep.moving import move

    print(f"{move(config.database_url, options.url)} rows")
    return _DONE


def _rotate_key(config: Config, _: argparse.Namespace) -> int:
    from bot.storage.upkeep.rotation import rotate_keys

    asyncio.run(rotate_keys(config))
    return _DONE
