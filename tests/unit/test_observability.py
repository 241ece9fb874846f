"""Logs may be shown to anybody."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.config import read_config
from bot.observability import configure_logging

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


def test_secrets_are_masked_in_message_arguments_and_traceback(lines: io.StringIO) -> None:
    """Libraries put URLs with the token into messages and exceptions alike."""
    log = logging.getLogger("somebody.elses")
    try:
        raise ValueError(f"https://api.telegram.org/bot{_TOKEN}/getMe")
    except ValueError:
        log.exception("it failed for %s", _KEY)
    log.warning(f"another bot's token: 987654321:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")  # noqa: F541, G004
    written = lines.getvalue()
    assert "it failed for ***" in written
    assert "api.telegram.org/bot***/getMe" in written
    assert _TOKEN not in written
    assert _KEY not in written
    assert "BBHdqTcv" not in written


def test_chatty_libraries_are_kept_quiet(lines: io.StringIO) -> None:
    """httpx logs every URL at INFO, and ours hold a token."""
    logging.getLogger("httpx").info("HTTP Request: POST")
    assert lines.getvalue() == ""


def test_a_json_line_is_one_object(lines: io.StringIO) -> None:
    """Log collectors read line by line."""
    logging.getLogger("skinbot").info("two\nlines")
    written = lines.getvalue()
    if written.startswith("{"):
        assert json.loads(written)["message"] == "two\nlines"
    else:
        assert "two\nlines" in written
