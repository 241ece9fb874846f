"""skinbot export · erase · tell · refuse · allow: what the law asks of an operator, by Telegram id (docs/operating.md).

They work beside a running bot; it is asked nothing and need not run.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.config import Config

if TYPE_CHECKING:
    from bot.commands.operator_session import Office
    from bot.operations.informing import Notice, NoticeCounts

_DONE: Final = 0
_NOT_ALL: Final = 1
_WRONG_USAGE: Final = 2
_INTERRUPTED: Final = 130
_EVERYBODY: Final = "everybody"
_LONGEST: Final = 4096  # Telegram's limit, in UTF-16 units
_FASTEST: Final = 10.0  # beside the bot's own 25 that leaves room to what Telegram bears
_TELL_EVERY: Final = 20

Work = Callable[["Office", argparse.Namespace], Coroutine[Any, Any, int]]


def add_duties(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = commands.add_parser("export", help="everything of one person, as /export hands it over")
    export.add_argument("id", type=_telegram_id, metavar="ID", help="a Telegram id")
    export.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the ZIP to write; it must not be there"
    )
    export.add_argument("--no-pictures", action="store_true", help="leave out those that Telegram has")
    export.set_defaults(command=_doing(_export))
    erase = commands.add_parser("erase", help="erase one person, as /delete does")
    erase.add_argument("id", type=_telegram_id, metavar="ID", help="a Telegram id")
    erase.add_argument("--yes", action="store_true", help="without asking")
    erase.set_defaults(command=_doing(_erase))
    tell = commands.add_parser("tell", help="tell one person or everybody something, once each")
    tell.add_argument("whom", type=_whom, metavar="ID|everybody")
    tell.add_argument("file", type=Path, metavar="FILE", help="plain text, in UTF-8")
    tell.add_argument(
        "--in", dest="others", nargs=2, action="append", default=[], metavar=("xx", "FILE"), help="in another language"
    )
    tell.add_argument("--per-second", type=_pace, default=1.0, metavar="N", help="people a second (1; 10 at most)")
    tell.add_argument("--doubtful", action="store_true", help="also those of whom a stopped run can't tell")
    tell.add_argument("--yes", action="store_true", help="without asking")
    tell.set_defaults(command=_doing(_tell))
    for name, work, about in (
        ("refuse", _refuse, "take nothing more of one person's"),
        ("allow", _allow, "end that"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("id", type=_telegram_id, metavar="ID", help="a Telegram id")
        command.set_defaults(command=_doing(work))


def _doing(work: Work) -> Callable[[Config, argparse.Namespace], int]:
    def command(config: Config, options: argparse.Namespace) -> int:
        return asyncio.run(_in_office(work, config, options))

    return command


async def _in_office(work: Work, config: Config, options: argparse.Namespace) -> int:
    from bot.commands.operator_session import open_office

    with suppress(NotImplementedError):  # Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _me().cancel)
    try:
        async with open_office(config, per_second=getattr(options, "per_second", 1.0)) as office:
            return await work(office, options)
    except asyncio.CancelledError:  # by SIGTERM, or by Ctrl+C
        return _INTERRUPTED


def _me() -> "asyncio.Task[Any]":
    task = asyncio.current_task()
    if task is None:
        raise LookupError("this runs in a task")
    return task


async def _export(office: "Office", options: argparse.Namespace) -> int:
    if options.out.exists():
        return _wrong(f"{options.out} is there already: give another name.")
    packed = await office.export(options.id, options.out, pictures=not options.no_pictures)
    print(f"{options.out}: reports {packed.reports}, pictures {packed.pictures}, not to be had {packed.missing}.")
    return _DONE


async def _erase(office: "Office", options: argparse.Namespace) -> int:
    held = await office.holdings(options.id)
    what = f"photos and reports {held.handed_in}, notes {held.notes}, messages of the last two days {held.messages}"
    if not await _agreed(f"Erase this person ({what})? There is no way back.", options):
        return _WRONG_USAGE
    await office.erase(options.id)
    print(f"Erased: {what}; messages are deleted in the chat where Telegram still lets us.")
    return _DONE


async def _tell(office: "Office", options: argparse.Namespace) -> int:
    notice = _notice(office, options)
    if isinstance(notice, str):
        return _wrong(notice)
    await office.bot.get_me()  # a token that is refused must not use up anybody's turn
    if options.doubtful:
        print(f"To be told although they may have been: {await office.store.notices.forget_doubtful(notice.key)}.")
    if options.whom != _EVERYBODY:
        return await _tell_one(office, notice, options.whom)
    before = await office.store.notices.standing(notice.key)
    if before.told:
        print(f"This very notice was begun before: {before.told} were told.")
    if not await _agreed(
        f"Tell {before.left} people? This takes {_duration(before.left / options.per_second)}.", options
    ):
        return _WRONG_USAGE
    await office.informing.everybody(notice, _progress)
    after = await office.store.notices.standing(notice.key)
    print(f"Told: {after.told}. Can't be reached: {after.unreachable}. Not taken by Telegram: {after.left}.")
    if after.doubtful:
        print(f"May or may not have been told: {after.doubtful}. With --doubtful they are told (again).")
    return _NOT_ALL if after.left or after.doubtful else _DONE


async def _tell_one(office: "Office", notice: "Notice", telegram_id: int) -> int:
    from bot.operations.informing import NoticeOutcome

    outcome = await office.informing.one_patiently(await office.person(telegram_id), notice)
    print(_OUTCOMES[outcome.value])
    return _DONE if outcome in {NoticeOutcome.TOLD, NoticeOutcome.EARLIER} else _NOT_ALL


_OUTCOMES: Final = {
    "told": "Told.",
    "unreachable": "They can't be reached: they blocked the bot, or left Telegram.",
    "refused": "Telegram did not take it.",
    "silent": "Telegram did not answer: they were not told.",
    "doubtful": "Telegram did not answer: they may or may not have been told. With --doubtful they are told (again).",
    "earlier": "They were told these very words before.",
}


async def _refuse(office: "Office", options: argparse.Namespace) -> int:
    dropped = await office.refuse(options.id)
    if dropped is None:
        print("Refused. They are not known here, and nothing of theirs will be kept.")
    else:
        print(f"Refused. Photos that waited and were dropped: {dropped}. What they have stays until it is erased.")
    return _DONE


async def _allow(office: "Office", options: argparse.Namespace) -> int:
    if not await office.store.refusals.remove(options.id):
        return _wrong("Nobody with that Telegram id is refused.")
    print("Allowed again.")
    return _DONE


def _notice(office: "Office", options: argparse.Namespace) -> "Notice | str":
    """Or what is wrong with it."""
    from bot.operations.informing import Notice
    from bot.rendering.renderer import SOURCE_LOCALE

    texts = {}
    for locale, file in ((SOURCE_LOCALE, options.file), *((xx, Path(name)) for xx, name in options.others)):
        if locale not in office.renderer.locales:
            return f"The bot does not speak {locale}; it speaks {', '.join(office.renderer.locales)}."
        try:
            text = file.read_text(encoding="utf-8").strip()
        except OSError:
            return f"{file} can't be read."
        except UnicodeDecodeError:
            return f"{file} is no text in UTF-8."
        if not text or len(text.encode("utf-16-le")) // 2 > _LONGEST:
            return f"{file} has to hold 1 to {_LONGEST} characters."
        texts[locale] = text
    return Notice(texts=texts)


def _progress(told: "NoticeCounts") -> None:
    if (told.told + told.unreachable + told.refused + told.doubtful) % _TELL_EVERY == 0:
        print(f"told {told.told}, not reached {told.unreachable}, not taken {told.refused}", flush=True)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


async def _agreed(question: str, options: argparse.Namespace) -> bool:
    if options.yes:
        return True
    if not sys.stdin.isatty():
        print("Nothing was done: there is nobody to ask here. Say --yes.", file=sys.stderr)
        return False
    answer = await asyncio.to_thread(input, f"{question} [y/N] ")
    if answer.strip().lower() in {"y", "yes"}:
        return True
    print("Nothing was done.", file=sys.stderr)
    return False


def _wrong(says: str) -> int:
    print(says, file=sys.stderr)
    return _WRONG_USAGE


def _telegram_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 1 << 53):
        raise argparse.ArgumentTypeError("a Telegram id is a number, as 123456789")
    return int(text)


def _whom(text: str) -> int | str:
    return text if text == _EVERYBODY else _telegram_id(text)


def _pace(text: str) -> float:
    try:
        pace = float(text)
    except ValueError:
        pace = 0.0
    if not 0.01 <= pace <= _FASTEST:
        raise argparse.ArgumentTypeError(f"from 0.01 to {_FASTEST:g} people a second")
    return pace
