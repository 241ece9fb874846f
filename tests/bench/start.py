"""From the command to the first question to Telegram, against importing what is given."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from tests.bench.contest import TOKEN
from tests.bench.processes import Process, ask, free_port, running, wait_for
from tests.bench.table import Line

_GIVEN: Final = "telegram.ext, httpx, sqlalchemy, jinja2, aiohttp"
_NAMED: Final = "importing python-telegram-bot, httpx, SQLAlchemy, Jinja2 and aiohttp"
_ROUNDS: Final = 5


def lines() -> Iterator[Line]:
    mine, given = [], []
    with _ready() as (url, settings):
        for _ in range(_ROUNDS):
            given.append(_of_importing())
            mine.append(_of_the_bot(url, settings))
    for place, what, unit in ((0, "start to first poll: CPU", "s"), (1, "memory of the bot's process then", "MB")):
        ours, others = ([one[place] for one in each] for each in (mine, given))
        yield Line.ratio(
            f"{what} ({statistics.median(ours):.2f} {unit})",
            f"{_NAMED} ({statistics.median(others):.2f} {unit})",
            [one / other for one, other in zip(ours, others, strict=True)],
            at_most=1.15,
            why="our own 300 modules are loaded besides; their dataclasses alone take 0.15 s on Python 3.11",
        )


@contextmanager
def _ready() -> Iterator[tuple[str, dict[str, str]]]:
    """A Telegram, and the settings of a bot whose database is there already, as at every start but the first."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, running([sys.executable, "-m", "tests.bench.telegram", str(port)]):
        wait_for(url)
        settings = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "AILAB_API_KEY": "a-key",
            "AILAB_API_URL": url,
            "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        }
        with running([sys.executable, "-m", "bot", "migrate"], settings=settings) as first:
            first.wait()
        yield url, settings


def _of_the_bot(url: str, settings: dict[str, str]) -> tuple[float, float]:
    """CPU seconds and MB at the first poll."""
    polls = ask(f"{url}/polls")
    with running([sys.executable, "-m", "bot", "run"], settings=settings) as bot:
        return _when(bot, lambda: ask(f"{url}/polls") != polls)


def _of_importing() -> tuple[float, float]:
    code = f"import {_GIVEN}, time; print(flush=True); time.sleep(60)"
    with running([sys.executable, "-c", code]) as process:
        return _when(process, process.has_spoken)


def _when(process: Process, reached: Callable[[], bool]) -> tuple[float, float]:
    deadline = time.monotonic() + 60
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.005)
    return process.cpu_seconds, process.rss_mb
