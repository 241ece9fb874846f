"""Bots that are sent selfies: ours, two peers and the floor, each with a Telegram and an AILab of its own."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.rendering.renderer import Renderer, plain
from tests.ailab import ANALYSIS_PATH
from tests.bench.processes import Process, ask, free_port, running, wait_for
from tests.bench.table import scaled
from tests.keys import KEY

TOKEN: Final = "12345:loopback"
UNPACED: Final = "100000"  # messages a second: the peers pace nothing either
PEERS: Final[Mapping[str, str]] = {"ptb_selfies": "python-telegram-bot in threads", "aiogram_selfies": "aiogram 3"}
_WARM_UP: Final = 16  # the first ones wait for what is loaded after the start


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the town tells of a flood; seconds, and how often each method was called."""

    seconds: float
    help_seconds: list[float]
    most_analysing: int
    calls: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Flooded:
    """`cpu_ms`: of all processes of the bot, for each selfie."""

    told: Told
    selfies: int
    cpu_ms: float

    @property
    def a_second(self) -> float:
        return self.selfies / self.told.seconds


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """`processes`: those that were started; one town brings their updates, to the first."""

    town: str
    processes: Sequence[Process]
    asks: bool
    _firsts: "count[int]" = field(default_factory=lambda: count(1, 10_000))

    @property
    def bot(self) -> Process:
        return self.processes[0]

    def flood(self, people: int, *, help_every: float = 0.0) -> Flooded:
        who = self._fresh(people)
        before = self._cpu_seconds()
        told = Told(**json.loads(ask(f"{self.town}/selfies?{who}&help_every={help_every}")))
        return Flooded(told=told, selfies=people, cpu_ms=(self._cpu_seconds() - before) / people * 1000)

    def one_by_one(self, people: int) -> list[float]:
        """Seconds from each selfie to its report."""
        waited: list[float] = json.loads(ask(f"{self.town}/one_by_one?{self._fresh(people)}"))
        return waited

    def help(self, people: int) -> list[float]:
        """Seconds from each /help to its answer, while nothing else is to be done."""
        waited: list[float] = json.loads(ask(f"{self.town}/help?people={people}"))
        return waited

    def _fresh(self, people: int) -> str:
        """Who never came before; ours asks for permission first."""
        who = f"first={next(self._firsts)}&people={people}"
        if self.asks:
            ask(f"{self.town}/agree?{who}")
        return who

    def _cpu_seconds(self) -> float:
        return sum(process.cpu_seconds_of_all for process in self.processes)


@contextmanager
def ours(
    size: str,
    *,
    ailab_seconds: float = 0.0,
    concurrency: int = 64,
    processes: int = 1,
    module: Sequence[str] = ("bot", "run"),
    **settings: str,
) -> Iterator[Contestant]:
    """The whole bot, by webhook. `processes`: so many of it share what comes; SQLite bears one."""
    with ExitStack() as stack:
        town, hooks = stack.enter_context(_town(size, ailab_seconds, hooks=processes))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        asked = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": town,
            "AILAB_API_KEY": "a-key",
            "AILAB_API_URL": town,
            "AILAB_CONCURRENCY": str(concurrency),
            "DAILY_REPORTS_PER_USER": "0",
            "DAILY_REPORTS_TOTAL": "0",
            "SENDS_PER_SECOND": UNPACED,
            "DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "DATA_KEY": KEY,
            "WEBHOOK_SECRET": "a-secret",
            "LOG_LEVEL": "ERROR",
            **settings,
        }
        bots = []
        for hook in hooks:
            own = {"WEBHOOK_URL": hook, "PORT": str(port_of(hook))}
            bots.append(stack.enter_context(running([sys.executable, "-m", *module], settings=asked | own)))
            wait_for(hook)
        yield _warm(Contestant(town=town, processes=bots, asks=True))


@contextmanager
def peer(module: str, size: str) -> Iterator[Contestant]:
    """`module`: one of PEERS."""
    with _town(size, 0.0) as (town, [hook]), tempfile.TemporaryDirectory() as folder:
        asked = {
            "url": town,
            "token": TOKEN,
            "port": port_of(hook),
            "ailab": town + ANALYSIS_PATH,
            "database": f"sqlite:///{folder}/peer.db",
            **_words(),
        }
        with running([sys.executable, "-m", f"tests.bench.peers.{module}", json.dumps(asked)]) as bot:
            wait_for(hook)
            yield _warm(Contestant(town=town, processes=[bot], asks=False))


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The unavoidable, in as many processes as there are cores."""

    processes: Sequence[Process]

    def flood(self, selfies: int) -> float:
        """CPU ms for each."""
        before = sum(process.cpu_seconds for process in self.processes)
        each = -(-selfies // len(self.processes))
        for process in self.processes:
            process.tell(str(each))
        for process in self.processes:
            process.hear()
        spent = sum(process.cpu_seconds for process in self.processes) - before
        return spent / (each * len(self.processes)) * 1000


@contextmanager
def floor(size: str) -> Iterator[Floor]:
    with ExitStack() as stack:
        town, _ = stack.enter_context(_town(size, 0.0))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        processes = [
            stack.enter_context(
                running(
                    [sys.executable, "-m", "tests.bench.unavoidable", town, size, str(folder / f"{number}.db")],
                    settings={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                )
            )
            for number in range(os.cpu_count() or 1)
        ]
        for process in processes:
            process.hear()
        yield Floor(processes=processes)


@contextmanager
def _town(size: str, ailab_seconds: float, *, hooks: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Its root, and where it brings updates to, to each in turn."""
    port = free_port()
    addresses = [f"http://127.0.0.1:{free_port()}/" for _ in range(hooks)]
    command = [sys.executable, "-m", "tests.bench.town", str(port), size, str(ailab_seconds), *addresses]
    with running(command):
        town = f"http://127.0.0.1:{port}"
        wait_for(town)
        yield town, addresses


def port_of(address: str) -> int:
    return urlsplit(address).port or 80


def _warm(contestant: Contestant) -> Contestant:
    contestant.flood(scaled(_WARM_UP))
    return contestant


def _words() -> dict[str, object]:
    """What the peers say: our own words where they need nothing to be known, and as long a caption as ours."""
    renderer = Renderer()
    helped = renderer.render("help", "en")
    rows = [[{"text": button.label, "callback_data": button.data} for button in row] for row in helped.rows]
    statuses = {name: renderer.render(f"status_{name}", "en").text for name in ("checking", "analysing", "drawing")}
    return {**statuses, "caption": plain(helped.text)[:700], "reply_markup": {"inline_keyboard": rows}}
