"""CPU for one update: /help answered over loopback by our whole bot and by three libraries' smallest bots."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.rendering.renderer import Renderer
from tests.bench.objects import cpu_ms
from tests.bench.processes import Process, ask, free_port, running, wait_for
from tests.bench.table import Line

_PEERS: Final = Path(__file__).parent / "peers"
_TOKEN: Final = "12345:loopback"
_WARM_UP: Final = 512
_MANY: Final = 3072
_MANY_ONE_BY_ONE: Final = 256  # for who answers one after the other, each as long as Telegram takes
_ROUNDS: Final = 3
UNPACED: Final = "100000"  # the peers pace nothing either


@dataclass(frozen=True, kw_only=True)
class Contestant:
    name: str
    command: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)
    updates: int = _MANY


def lines() -> Iterator[Line]:
    for webhook in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            spent = {one.name: _cost(one, webhook) for one in _contestants(Path(folder), webhook=webhook)}
        ours = spent.pop("ours")
        way = "webhook" if webhook else "polling"
        for peer, theirs in spent.items():
            yield Line.ratio(
                f"CPU per /help, {way}, 256 at once ({min(ours):.2f} ms)",
                f"{peer} ({min(theirs):.2f} ms)",
                [one / other for one, other in zip(ours, theirs, strict=True)],
                at_most=1.0,
            )
        objects = [cpu_ms() for _ in range(_ROUNDS)]
        yield Line.bound(
            f"of this, {way}: python-telegram-bot's own objects, with no network ({min(objects):.2f} ms)",
            f"grammY ({min(spent['grammY']):.2f} ms)",
            [one / other for one, other in zip(objects, spent["grammY"], strict=True)],
        )


def _contestants(folder: Path, *, webhook: bool) -> Iterator[Contestant]:
    port = free_port() if webhook else 0
    asked = folder / "asked.json"
    asked.write_text(json.dumps({"url": "", "token": _TOKEN, "port": port, **_answer()}))
    ours = {
        "TELEGRAM_TOKEN": _TOKEN,
        "AILAB_API_KEY": "a-key",
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "SENDS_PER_SECOND": UNPACED,
    }
    if webhook:
        ours |= {"WEBHOOK_URL": f"http://127.0.0.1:{port}/", "WEBHOOK_SECRET": "a-secret", "PORT": str(port)}
    yield Contestant(name="ours", command=[sys.executable, "-m", "bot", "run"], settings=ours)
    for name, updates in (("aiogram", _MANY), ("ptb", _MANY_ONE_BY_ONE)):
        yield Contestant(
            name=name, command=[sys.executable, str(_PEERS / f"{name}_bot.py"), str(asked)], updates=updates
        )
    node = shutil.which("node")
    if node is None:
        raise LookupError("grammY needs node")
    yield Contestant(name="grammY", command=[node, str(_PEERS / "grammy" / "bot.mjs"), str(asked)])


def _answer() -> dict[str, object]:
    """What our bot answers to /help, for the peers to say the same."""
    rendered = Renderer().render("help", "en")
    rows = [[{"text": button.label, "callback_data": button.data} for button in row] for row in rendered.rows]
    return {"text": rendered.text, "reply_markup": {"inline_keyboard": rows}}


def _cost(contestant: Contestant, webhook: bool) -> list[float]:  # noqa: FBT001 - read by its name
    """CPU milliseconds an update, for each round."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running([sys.executable, "-m", "tests.bench.telegram", str(port)]):
        wait_for(f"{url}/bot{_TOKEN}/getMe")
        with running(_told(contestant, url), settings={**contestant.settings, "TELEGRAM_API_URL": url}) as process:
            hook = _hook(contestant, webhook=webhook)
            _flood(process, url, hook, min(_WARM_UP, contestant.updates))
            return [_flood(process, url, hook, contestant.updates) for _ in range(_ROUNDS)]


def _told(contestant: Contestant, url: str) -> Sequence[str]:
    """The peers read where Telegram is from their file."""
    if contestant.name != "ours":
        asked = Path(contestant.command[-1])
        asked.write_text(json.dumps({**json.loads(asked.read_text()), "url": url}))
    return contestant.command


def _hook(contestant: Contestant, *, webhook: bool) -> str:
    if not webhook:
        return ""
    if contestant.name == "ours":
        address = contestant.settings["WEBHOOK_URL"]
    else:
        address = f"http://127.0.0.1:{json.loads(Path(contestant.command[-1]).read_text())['port']}/"
    wait_for(address)
    return f"&webhook={address}"


def _flood(process: Process, url: str, hook: str, many: int) -> float:
    before = process.cpu_seconds
    ask(f"{url}/flood?many={many}{hook}")
    return (process.cpu_seconds - before) / many * 1000
