"""From the command to the first question to Telegram, against importing what the user fixed."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Final

from tests.bench.processes import Process, ask, free_port, running, wait_for
from tests.bench.table import Line

_TOKEN: Final = "12345:loopback"
_LIBRARIES: Final = "telegram.ext, httpx, sqlalchemy, PIL.Image, jinja2"
_WITH_THEIR_TRANSPORT: Final = f"{_LIBRARIES}, httpx_aiohttp"  # what makes a /help cheap, docs/decisions.md
_ROUNDS: Final = 5


def lines() -> Iterator[Line]:
    ours = [_of_the_bot() for _ in range(_ROUNDS)]
    theirs = [_of_importing(_LIBRARIES) for _ in range(_ROUNDS)]
    wired = [_of_importing(_WITH_THEIR_TRANSPORT) for _ in range(_ROUNDS)]
    for place, what, unit, at_most in ((0, "start to first poll: CPU", "s", 1.25), (1, "memory then", "MB", 1.2)):
        mine, others, others_wired = ([one[place] for one in all_of] for all_of in (ours, theirs, wired))
        yield Line.ratio(
            f"{what} ({statistics.median(mine):.2f} {unit})",
            f"importing the five libraries alone ({statistics.median(others):.2f} {unit})",
            [one / other for one, other in zip(mine, others, strict=True)],
            at_most=at_most,
        )
        yield Line.bound(
            f"of this: importing the five and aiohttp ({statistics.median(others_wired):.2f} {unit})",
            "the same",
            [one / other for one, other in zip(others_wired, others, strict=True)],
        )


def _of_the_bot() -> tuple[float, float]:
    """CPU seconds and MB at the first poll; the database is there already, as at every start but the first."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, running([sys.executable, "-m", "tests.bench.telegram", str(port)]):
        wait_for(f"{url}/bot{_TOKEN}/getMe")
        settings = {
            "TELEGRAM_TOKEN": _TOKEN,
            "TELEGRAM_API_URL": url,
            "AILAB_API_KEY": "a-key",
            "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        }
        with running([sys.executable, "-m", "bot", "migrate"], settings=settings) as first:
            first.wait()
        with running([sys.executable, "-m", "bot", "run"], settings=settings) as bot:
            return _when(bot, lambda: ask(f"{url}/polled") == b"yes")


def _of_importing(modules: str) -> tuple[float, float]:
    code = f"import {modules}, time; print(flush=True); time.sleep(60)"
    with running([sys.executable, "-c", code]) as process:
        return _when(process, process.has_spoken)


def _when(process: Process, reached: Callable[[], bool]) -> tuple[float, float]:
    deadline = time.monotonic() + 60
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.005)
    return process.cpu_seconds, process.rss_mb
