"""A selfie's whole way, over loopback with an AILab that answers at once, or only after six seconds."""

import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, text

from bot.analysis.local.faces import find_faces
from tests.bench.bots import UNPACED
from tests.bench.photos import SIZES, photo
from tests.bench.pictures import ours
from tests.bench.processes import Process, ask, free_port, running, wait_for
from tests.bench.table import Line

_TOKEN: Final = "12345:loopback"
_TARGETS: Final = {"1280": 1.35, "12 MP": 1.60}
_PEOPLE: Final = 160
_WAITING: Final = 200
_WARM_UP: Final = 16  # the first ones wait for what is loaded after the start


def lines() -> Iterator[Line]:
    for size, at_most in _TARGETS.items():
        people = _PEOPLE if size == "1280" else 32
        with _stage(size) as stage:
            stage.flood(_WARM_UP)
            told, cpu = stage.flood(people, help_every=0.05 if size == "1280" else 0.0)
        floor = _unavoidable_seconds(size)
        yield Line.ratio(
            f"selfie → report at {size}, all over loopback: CPU ({people / told.seconds:.1f} selfies a second)",
            f"decode + encode + draw + encode + one commit ({floor * 1000:.0f} ms)",
            [cpu / people / floor],
            at_most=at_most,
        )
        if size == "1280":
            yield Line.bound(
                f"of this at {size}: finding the face, before a credit is spent (the networks alone)",
                "the same",
                [_finding_seconds(size) / floor],
            )
        if told.help_seconds:
            waits = sorted(told.help_seconds)
            late = waits[int(len(waits) * 0.95)] * 1000
            yield Line(
                what=f"a /help while {people} selfies wait: 95th percentile of {len(waits)}",
                against="–",
                measured=f"{late:.0f} ms",
                spread=f"{waits[0] * 1000:.0f}–{waits[-1] * 1000:.0f}",
                target="≤ 30 ms",
                met=late <= 30,
            )
    yield from _waiting()


def _waiting() -> Iterator[Line]:
    with _stage("1280", ailab_seconds=6.0, concurrency=_WAITING) as stage:
        stage.flood(_WARM_UP)
        before = stage.bot.rss_mb
        peak: list[float] = []
        told = stage.flood_watched(_WAITING, peak)
    at_once = told.most_analysing
    each = (max(peak) - before) / at_once
    yield Line(
        what=f"people served at once by one process while the AILab takes 6 s ({_WAITING} come at once)",
        against="–",
        measured=f"{at_once}",
        spread="–",
        target="≥ 200",
        met=at_once >= _WAITING,
    )
    yield Line(
        what="memory for each selfie that waits",
        against="–",
        measured=f"{each:.2f} MB",
        spread="–",
        target="≤ 0.5 MB",
        met=each <= 0.5,
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the town tells of a flood: how long it took, what each /help waited, calls at once at most."""

    seconds: float
    help_seconds: list[float]
    most_analysing: int


@dataclass(frozen=True, kw_only=True)
class _Stage:
    url: str
    bot: Process

    def flood(self, people: int, *, help_every: float = 0.0) -> tuple[Told, float]:
        """What the town tells, and the bot's CPU seconds."""
        ask(f"{self.url}/agree?people={people}")
        before = self.bot.cpu_seconds
        told = Told(**json.loads(ask(f"{self.url}/selfies?people={people}&help_every={help_every}")))
        return told, self.bot.cpu_seconds - before

    def flood_watched(self, people: int, rss: list[float]) -> Told:
        """`rss` is filled with the bot's memory while the selfies wait."""
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.1):
                rss.append(self.bot.rss_mb)

        watcher = threading.Thread(target=watch)
        watcher.start()
        told, _ = self.flood(people)
        ended.set()
        watcher.join()
        return told


@contextmanager
def _stage(size: str, *, ailab_seconds: float = 0.0, concurrency: int = 64) -> Iterator[_Stage]:
    town, hook = free_port(), free_port()
    url = f"http://127.0.0.1:{town}"
    address = f"http://127.0.0.1:{hook}/hook"
    command = [sys.executable, "-m", "tests.bench.town", str(town), size, address, str(ailab_seconds)]
    with tempfile.TemporaryDirectory() as folder, running(command):
        wait_for(f"{url}/bot{_TOKEN}/getMe")
        settings = {
            "TELEGRAM_TOKEN": _TOKEN,
            "TELEGRAM_API_URL": url,
            "AILAB_API_KEY": "a-key",
            "AILAB_API_URL": url,
            "AILAB_CONCURRENCY": str(concurrency),
            "DAILY_REPORTS_PER_USER": "0",
            "SENDS_PER_SECOND": UNPACED,
            "DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "WEBHOOK_URL": address,
            "WEBHOOK_SECRET": "a-secret",
            "PORT": str(hook),
        }
        with running([sys.executable, "-m", "bot", "run"], settings=settings) as bot:
            wait_for(address)
            yield _Stage(url=url, bot=bot)


def _finding_seconds(size: str) -> float:
    """CPU seconds of looking for faces, in this process."""
    canvas = ours(photo(*SIZES[size]))[0].canvas.image
    find_faces(canvas)
    spent = []
    for _ in range(9):
        before = time.process_time()
        find_faces(canvas)
        spent.append(time.process_time() - before)
    return statistics.median(spent)


def _unavoidable_seconds(size: str) -> float:
    """CPU seconds of the pixels' work and one commit, in this process."""
    data = photo(*SIZES[size])
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'floor.db'}")
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE answer (id INTEGER PRIMARY KEY, raw BLOB)"))
        spent = []
        for _ in range(9):
            before = time.process_time()
            ours(data)
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO answer (raw) VALUES (:raw)"), {"raw": b"x" * 2000})
            spent.append(time.process_time() - before)
        engine.dispose()
    return statistics.median(spent)
