"""Logs may be shown to anybody."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import read_config
from bot.observability.logs import about, configure_logging, hide, note
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.engine.key_file import key_setting

_TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
_KEY = "vendor-key-with-some-length"


@pytest.fixture(params=["console", "json"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What reaches the log in each format."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging(read_config({"TELEGRAM_TOKEN": _TOKEN, "AILAB_API_KEY": _KEY, "LOG_FORMAT": request.param}))
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)


def test_secrets_are_masked(lines: io.StringIO) -> None:
    """Libraries put URLs with the token into messages; whatever the secret stands in, it is masked."""
    log = logging.getLogger("bot.somewhere")
    log.warning("it failed for %s at %s", _KEY, f"https://api.telegram.org/bot{_TOKEN}/getMe")
    log.warning("another bot's token: %s", "987654321:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
    written = lines.getvalue()
    assert "it failed for *** at https://api.telegram.org/bot***/getMe" in written
    assert _TOKEN not in written
    assert _KEY not in written
    assert "BBHdqTcv" not in written


def test_every_key_and_password_is_masked_by_itself(lines: io.StringIO, tmp_path: Path) -> None:
    """One of several keys, those of a key file, and passwords within addresses, as written and as meant."""
    config = read_config(
        {
            "DATA_KEY": "newest-key-of-all, older-key-of-all",
            "DATABASE_URL": "postgresql://me:pass%40word@db/skinbot",
            "HTTPS_PROXY": "http://me:proxy-word@proxy:3128",
            "TELEGRAM_TOKEN": _TOKEN,
        }
    )
    hide(config.secrets)
    keys = key_setting(f"sqlite:///{tmp_path}/skinbot.db", None)
    told = ["newest-key-of-all", "older-key-of-all", "pass%40word", "pass@word", "proxy-word", config.webhook_guard]
    for secret in (*told, keys):
        logging.getLogger("bot.somewhere").warning("it was %s", secret)
    assert [secret for secret in (*told, keys) if secret in lines.getvalue()] == []
    assert lines.getvalue().count("***") == len(told) + 1


def test_a_traceback_tells_class_and_place_but_not_a_persons_words(lines: io.StringIO) -> None:
    """What could not be read, and what Telegram refused, is what somebody wrote; along the whole chain of causes."""
    said = ["my cheeks", "Esperanza", "sore"]
    try:
        try:
            try:
                int(said[0])
            except ValueError:
                raise KeyError(said[1])  # noqa: B904 - its context is what is looked at
        except KeyError as error:
            raise ExceptionGroup("two", [RuntimeError(said[2]), DatabaseUnavailable("OperationalError")]) from error
    except ExceptionGroup:
        logging.getLogger("bot.somewhere").exception("it failed")
    written = lines.getvalue()
    assert [word for word in said if word in written] == []
    assert all(kind in written for kind in ("ValueError", "KeyError", "RuntimeError", "ExceptionGroup"))
    assert "bot.storage.engine.database.DatabaseUnavailable: OperationalError" in written
    assert "test_logs.py" in written


def test_an_errors_number_is_told(lines: io.StringIO) -> None:
    """A full disk must be seen to be one."""
    try:
        raise OSError(28, "No space left on device", "/data/skinbot.db")
    except OSError:
        logging.getLogger("bot.somewhere").exception("it failed")
    assert "[Errno 28] No space left on device" in lines.getvalue()


def test_what_a_library_fills_in_is_left_out(lines: io.StringIO) -> None:
    """python-telegram-bot logs an answer that it can't read, whole."""
    logging.getLogger("telegram.request").error('Can not load invalid JSON data: "%s"', '{"text": "my cheeks"')
    assert "Can not load invalid JSON data" in lines.getvalue()
    assert "my cheeks" not in lines.getvalue()


async def test_asyncios_own_lines_end_before_the_task(lines: io.StringIO) -> None:
    """A task that nobody waited for is printed with its error's words; only its first line is kept."""

    said = "my cheeks"

    async def fail() -> None:
        raise ValueError(said)

    loop = asyncio.get_running_loop()
    task = loop.create_task(fail())
    await asyncio.wait([task])
    loop.call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    )
    assert "Task exception was never retrieved" in lines.getvalue()
    assert "my cheeks" not in lines.getvalue()


def test_libraries_only_warn(lines: io.StringIO) -> None:
    """Below a warning they log URLs with the token, whole updates, rows."""
    for library in (
        "httpx",
        "telegram.Bot",
        "telegram.ext.Application",
        "sqlalchemy.engine",
        "aiosqlite",
        "aiohttp.access",
    ):
        logging.getLogger(library).info("HTTP Request: POST")
    assert lines.getvalue() == ""
    logging.getLogger("bot.app").info("ours")
    assert "ours" in lines.getvalue()


def test_a_json_line_is_one_object(lines: io.StringIO) -> None:
    """Log collectors read line by line."""
    logging.getLogger("bot").info("two\nlines")
    written = lines.getvalue()
    if written.startswith("{"):
        assert json.loads(written)["message"] == "two\nlines"
    else:
        assert "two\nlines" in written


def test_every_line_says_what_it_is_about(lines: io.StringIO) -> None:
    """Facts hold inside of their block, what is learned on the way is added, and nothing is left behind."""
    log = logging.getLogger("bot.reports")
    with about(update=12):
        log.info("first")
        note(person=3)
        with about(report=7):
            note(ailab="request_id=abc")
            log.info("second")
        log.info("third")
    log.info("fourth")
    first, second, third, fourth = lines.getvalue().splitlines()
    if first.startswith("{"):
        assert {"update": "12", "person": "3", "report": "7", "ailab": "request_id=abc"}.items() <= json.loads(
            second
        ).items()
    else:
        assert second.endswith("second update=12 person=3 report=7 ailab=request_id=abc")
    assert "person" not in first
    assert "report" not in third.replace("bot.reports", "")
    assert "update" not in fourth
