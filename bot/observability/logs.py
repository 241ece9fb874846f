"""Logs that may be shown to anybody: no token, no key, no name, no text, no file id."""

import json
import logging
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final

from bot.config import Config, LogFormat

_TOKEN: Final = re.compile(r"\d{5,}:[A-Za-z0-9_-]{10,}")
_MASK: Final = "***"
_OURS: Final = ("bot", "handlers")  # what other rooms log below a warning may hold updates, URLs and file ids
_LONGEST_NOTE: Final = 120
_SHORTEST_SECRET: Final = 4  # a shorter one stands in every other word

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed, only replaced


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Every line that is logged inside carries these facts: row numbers and the vendor's ids, nothing personal."""
    token = _about.set({**_about.get(), **_noted(facts)})
    try:
        yield
    finally:
        _about.reset(token)


def note(**facts: object) -> None:
    """Facts that became known inside of `about`: they last until its end."""
    _about.set({**_about.get(), **_noted(facts)})


def _noted(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(fact)[:_LONGEST_NOTE] for name, fact in facts.items() if fact is not None}


def configure_logging(config: Config) -> None:
    """Send every record to stderr, redacted, in the chosen format. LOG_LEVEL is ours: libraries only warn."""
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(config.log_format, config.secrets))
    logging.basicConfig(level=max(logging.WARNING, _level(config)), handlers=[handler], force=True)
    for room in _OURS:
        logging.getLogger(room).setLevel(config.log_level)
    logging.getLogger("stamina").setLevel(logging.ERROR)  # it calls every retry a warning


def hide(secrets: Iterable[str]) -> None:
    """Mask these, too, from now on: what is read from a file was not known when logging began."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, RedactingFormatter):
            handler.formatter.hide(secrets)


def _level(config: Config) -> int:
    return int(logging.getLevelNamesMapping()[config.log_level])


def _formatter(log_format: LogFormat, secrets: Iterable[str]) -> logging.Formatter:
    if log_format is LogFormat.JSON:
        return JsonFormatter(secrets)
    return RedactingFormatter(secrets, "%(asctime)s %(levelname)-7s %(name)s: %(message)s")


class RedactingFormatter(logging.Formatter):
    """Masks secrets in the finished line; of an error it tells class and place, and its words only where they are ours.

    Other errors' words may be a person's: ValueError repeats what could not be read, Telegram what it refused.
    """

    def __init__(self, secrets: Iterable[str], fmt: str | None = None) -> None:
        super().__init__(fmt)
        self._secrets: tuple[str, ...] = ()
        self.hide(secrets)

    def hide(self, secrets: Iterable[str]) -> None:
        """The longest first, so that nothing is left of one that holds another."""
        known = {*self._secrets, *(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)}
        self._secrets = tuple(sorted(known, key=len, reverse=True))

    def format(self, record: logging.LogRecord) -> str:
        return self.redacted(super().format(_public(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        facts = "".join(f" {name}={fact}" for name, fact in _about.get().items())
        return super().formatMessage(record) + facts

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's name
        return "\n".join(_told(ei[1], depth=0)) if ei[1] else ""

    def redacted(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, _MASK)
        return _TOKEN.sub(_MASK, line)


class JsonFormatter(RedactingFormatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _public(record).getMessage(),
            **_about.get(),
        }
        if record.exc_info and record.exc_info[1]:
            entry["traceback"] = self.formatException(record.exc_info)
        return self.redacted(json.dumps(entry, ensure_ascii=False))


def _public(record: logging.LogRecord) -> logging.LogRecord:
    """Our own lines as they are; of a library's only what its author wrote: its arguments may be a whole answer of
    Telegram's, and below the first line asyncio prints whole tasks. A cached `exc_text` was not made by us.
    """
    public = logging.makeLogRecord({**record.__dict__, "exc_text": None, "stack_info": None})
    if record.name.partition(".")[0] not in _OURS:
        public.msg, public.args = str(record.msg).partition("\n")[0], None
    return public


def screen_line(sentence: str, log_format: LogFormat) -> str:
    """One line for stderr before a command ends: JSON where whatever collects the logs expects it."""
    if log_format is LogFormat.CONSOLE:
        return _TOKEN.sub(_MASK, sentence)
    return JsonFormatter(()).format(logging.LogRecord("bot", logging.ERROR, "", 0, sentence, None, None))


def class_and_place(error: BaseException) -> str:
    """One line about an error that nobody foresaw, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).parent.name != "asyncio"] or frames
    at = f" in {Path(*Path(ours[-1].filename).parts[-2:])}:{ours[-1].lineno}" if ours else ""
    return f"{_named(error)}{at}"


def _told(error: BaseException, *, depth: int) -> list[str]:
    """An error, what caused it and what a group holds: frames and classes."""
    lines = []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and depth < 8:
        lines = [*_told(before, depth=depth + 1), "  … which led to:"]
    lines += [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
    lines.append(_named(error))
    if isinstance(error, BaseExceptionGroup) and depth < 8:
        for inner in error.exceptions:
            lines += ["  … of the group:", *_told(inner, depth=depth + 1)]
    return lines


def _named(error: BaseException) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind.__module__.split(".")[0] in _OURS:
        return f"{name}: {error}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name}: [Errno {error.errno}] {error.strerror}"
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)  # SQLITE_FULL, 53100
    return f"{name}: {code}" if isinstance(code, str) else name
