"""What others notice while many selfies wait: how fast a /help is answered, how many are served, and in what memory."""

from collections.abc import Iterator
from typing import Final

from tests.bench.contest import Contestant, ours
from tests.bench.processes import watched
from tests.bench.table import Line, quantile, scaled

_PEOPLE: Final = 160
_ROUNDS: Final = 2
_ALONE: Final = 300
_EVERY_SECONDS: Final = 0.05
_AT_ONCE: Final = 440
_AILAB_SECONDS: Final = 6.0


def help_meanwhile(bot: Contestant) -> Iterator[Line]:
    idle = bot.help(scaled(_ALONE))
    floods = [bot.flood(scaled(_PEOPLE), help_every=_EVERY_SECONDS) for _ in range(_ROUNDS)]
    waits = [[wait * 1000 for wait in flood.told.help_seconds] for flood in floods]
    for share, name, at_most_ms in ((0.95, "95th", 50.0), (0.99, "99th", 150.0)):
        yield Line.amount(
            f"a /help while {scaled(_PEOPLE)} selfies wait: {name} percentile of {sum(map(len, waits))}",
            [quantile(wait, share) for wait in waits if wait],
            "{:.0f} ms",
            against=f"nothing else to do ({quantile(idle, share) * 1000:.0f} ms)",
            at_most=at_most_ms,
            why="both cores are full, with the Telegram and the AILab of the bench as well",
        )


def served_at_once() -> Iterator[Line]:
    """One flood: a second one would find the memory that the first one left."""
    people = scaled(_AT_ONCE)
    with ours("1280", ailab_seconds=_AILAB_SECONDS, concurrency=people) as bot:
        before = bot.bot.rss_mb
        with watched(lambda: bot.bot.rss_mb, every_s=0.1) as memory:
            at_once = bot.flood(people).told.most_analysing
    yield Line.amount(
        f"people served at once by one process while the AILab takes 6 s ({people} come at once)",
        [at_once],
        "{:.0f}",
        at_least=400,
        why="who comes first is answered before the last is taken in: two cores take in some 40 to 60 photos a second",
    )
    yield Line.amount(
        "memory of the bot's process for each of them",
        [(max(memory) - before) / at_once],
        "{:.2f} MB",
        at_most=0.4,
        why="0.26 MB is the photo that was sent to be measured",
    )
