"""A selfie's whole way over loopback, with an AILab that answers at once: against the floor and two peers."""

import statistics
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Final

from tests.bench.contest import PEERS, Contestant, Floor, floor, ours, peer
from tests.bench.table import Line, quantile, scaled

_PEOPLE: Final = {"1280": 160, "12 MP": 16}  # at once
_TARGETS: Final = {"1280": 1.6, "12 MP": 1.3}
_ROUNDS: Final = 2
_BLOCKS: Final = 3
_ALONE: Final = 25  # selfies of a block, one after the other


def at_1280() -> Iterator[Line]:
    """One person's wait while nobody else is there, and then everybody's."""
    with _contest("1280") as (unavoidable, bot, peers):
        alone = list(_alone({"ours": bot, **peers}))
        yield from _flooded("1280", unavoidable, bot, peers)
        yield from alone


def at_12_mp() -> Iterator[Line]:
    with _contest("12 MP") as (unavoidable, bot, peers):
        yield from _flooded("12 MP", unavoidable, bot, peers)


@contextmanager
def _contest(size: str) -> Iterator[tuple[Floor, Contestant, dict[str, Contestant]]]:
    """Floor, ours and peers by their names, all on the same cores."""
    with ExitStack() as stack:
        unavoidable, bot = stack.enter_context(floor(size)), stack.enter_context(ours(size))
        yield unavoidable, bot, {name: stack.enter_context(peer(module, size)) for module, name in PEERS.items()}


def _flooded(size: str, unavoidable: Floor, bot: Contestant, peers: Mapping[str, Contestant]) -> Iterator[Line]:
    """All in turn."""
    people = scaled(_PEOPLE[size])
    floors, mine = [], []
    theirs: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(_ROUNDS):
        floors.append(unavoidable.flood(people))
        mine.append(bot.flood(people))
        for name, one in peers.items():
            theirs[name].append(one.flood(people).a_second)
    cpu = [flooded.cpu_ms for flooded in mine]
    yield Line.ratio(
        f"selfie → report at {size}, {people} people at once: CPU of all processes ({statistics.median(cpu):.0f} ms)",
        f"the unavoidable, on all cores ({statistics.median(floors):.0f} ms)",
        [one / other for one, other in zip(cpu, floors, strict=True)],
        at_most=_TARGETS[size],
        why="a photo is opened and looked at twice, in processes that a broken file may end; what is stored is sealed",
    )
    yield from _beside_peers(f"the same at {size}: selfies a second", [flooded.a_second for flooded in mine], theirs)


def _beside_peers(what: str, mine: list[float], theirs: dict[str, list[float]]) -> Iterator[Line]:
    fastest = max(theirs, key=lambda name: statistics.median(theirs[name]))
    for name, speeds in theirs.items():
        yield Line.ratio(
            f"{what} ({statistics.median(mine):.1f})",
            f"{name} ({statistics.median(speeds):.1f})",
            [one / other for one, other in zip(mine, speeds, strict=True)],
            at_least=1.0 if name == fastest else 0.0,
            why="the peers store nothing before the end, and hold pixels in the memory of the bot's own process",
        )


def _alone(bots: Mapping[str, Contestant]) -> Iterator[Line]:
    """One person's wait on an idle machine, block by block in turn."""
    waited = _in_blocks(bots)
    mine = waited.pop("ours")
    for title, share in (("median", 0.5), ("99th percentile", 0.99)):
        each = {name: _each(blocks, share) for name, blocks in waited.items()}
        fastest = min(each, key=lambda name: statistics.median(each[name]))
        took = _each(mine, share)
        yield Line.ratio(
            f"from sent to the report on the screen, one person, nothing else to do, 1280: {title}"
            f" ({statistics.median(took):.0f} ms)",
            "the faster peer: " + ", ".join(f"{name} ({statistics.median(one):.0f} ms)" for name, one in each.items()),
            [one / other for one, other in zip(took, each[fastest], strict=True)],
            at_most=1.0,
            why="every step is stored before the next begins",
        )


def _each(blocks: list[list[float]], share: float) -> list[float]:
    """Milliseconds, one for each block; a block has too few for its hundredth: there all of them are one."""
    enough = blocks if share < 0.9 else [[wait for block in blocks for wait in block]]
    return [quantile(block, share) * 1000 for block in enough]


def _in_blocks(bots: Mapping[str, Contestant]) -> dict[str, list[list[float]]]:
    waited: dict[str, list[list[float]]] = {name: [] for name in bots}
    for _ in range(_BLOCKS):
        for name, bot in bots.items():
            waited[name].append(bot.one_by_one(scaled(_ALONE)))
    return waited
