"""CPU for one update: /help answered over loopback by our whole bot and by two libraries' smallest bots."""

import json
import math
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.rendering.renderer import Renderer
from tests.bench.contest import TOKEN, UNPACED
from tests.bench.processes import Process, ask, free_port, running, wait_for
from tests.bench.table import Line, scaled

_PEERS: Final = Path(__file__).parent / "peers"
_WARM_UP: Final = 512
_MANY: Final = 1024
_ROUNDS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """`url`: its Telegram. `hook`: where updates are to be brought, empty where it polls."""

    url: str
    hook: str
    process: Process

    def flood(self, many: int) -> float:
        """CPU ms for each /help, 256 at once."""
        before = self.process.cpu_seconds
        ask(f"{self.url}/flood?many={many}" + (f"&webhook={self.hook}" if self.hook else ""))
        return (self.process.cpu_seconds - before) / many * 1000


@dataclass(frozen=True, kw_only=True)
class _Start:
    """How to start one; it is told where Telegram is by a setting, or in its file."""

    command: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)


def polling() -> Iterator[Line]:
    yield from _lines("polling", webhook=False)


def by_webhook() -> Iterator[Line]:
    yield from _lines("webhook", webhook=True)


def _lines(way: str, *, webhook: bool) -> Iterator[Line]:
    """All of them run, and are flooded in turn."""
    with ExitStack() as stack:
        bots = {name: _contestant(stack, name, webhook=webhook) for name in ("ours", "aiogram", "grammY")}
        for bot in bots.values():
            bot.flood(scaled(_WARM_UP))
        spent: dict[str, list[float]] = {name: [] for name in bots}
        for _ in range(_ROUNDS):
            for name, bot in bots.items():
                spent[name].append(bot.flood(scaled(_MANY)))
    mine = spent.pop("ours")
    for name, theirs in spent.items():
        yield Line.ratio(
            f"CPU per /help, {way}, 256 at once ({statistics.median(mine):.2f} ms)",
            f"{name} ({statistics.median(theirs):.2f} ms)",
            [one / other for one, other in zip(mine, theirs, strict=True)],
            at_most=0.9 if name == "aiogram" else math.inf,
            why="every update is stored before it is acknowledged; aiogram stores nothing",
        )


def _contestant(stack: ExitStack, name: str, *, webhook: bool) -> Contestant:
    port, telegram = free_port() if webhook else 0, free_port()
    url, hook = f"http://127.0.0.1:{telegram}", f"http://127.0.0.1:{port}/" if webhook else ""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    stack.enter_context(running([sys.executable, "-m", "tests.bench.telegram", str(telegram)]))
    wait_for(url)
    start = _ours(folder, url, hook, port) if name == "ours" else _peer(name, folder, url, port)
    process = stack.enter_context(running(start.command, settings=start.settings))
    if hook:
        wait_for(hook)
    return Contestant(url=url, hook=hook, process=process)


def _ours(folder: Path, url: str, hook: str, port: int) -> _Start:
    settings = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "AILAB_API_KEY": "a-key",
        "AILAB_API_URL": url,
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "SENDS_PER_SECOND": UNPACED,
    }
    if hook:
        settings |= {"WEBHOOK_URL": hook, "WEBHOOK_SECRET": "a-secret", "PORT": str(port)}
    return _Start(command=[sys.executable, "-m", "bot", "run"], settings=settings)


def _peer(name: str, folder: Path, url: str, port: int) -> _Start:
    """It says the same as ours to /help."""
    rendered = Renderer().render("help", "en")
    rows = [[{"text": button.label, "callback_data": button.data} for button in row] for row in rendered.rows]
    asked = folder / "asked.json"
    answer = {"text": rendered.text, "reply_markup": {"inline_keyboard": rows}}
    asked.write_text(json.dumps({"url": url, "token": TOKEN, "port": port, **answer}))
    if name == "aiogram":
        return _Start(command=[sys.executable, str(_PEERS / "aiogram_bot.py"), str(asked)])
    node = shutil.which("node")
    if node is None:
        raise LookupError("grammY needs node")
    return _Start(command=[node, str(_PEERS / "grammy" / "bot.mjs"), str(asked)])
