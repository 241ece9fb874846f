"""What a self-experiment is worth: how often it claims what is not so, and what it finds.

    python -m tests.bench.experiments [PEOPLE]

So many people (2,000) of each of seven kinds live through every plan that is offered, with the same dice each time.
Exit code 1 where false claims pass 6 %, where a plan does not find what it is said to, or a figure aimed at is missed.
docs/experiments.md has what it prints, and where each number of the people who never were comes from.
"""

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from statistics import fmean
from typing import Final

from bot.skin.analysis import Judged
from bot.skin.experiments.answer import (
    LEVEL,
    WORTH_HAVING,
    Certainty,
    Counted,
    Course,
    ExperimentAnswer,
    answer,
)
from bot.skin.experiments.plan import PLANS, Arm, Design, Finds, Offered, Plan, drawn
from bot.skin.student import threshold
from tests.bench.experiments_lived import PHOTO, Effect, Kind, World, broken_out, lived

PEOPLE: Final = 2000
MOST_FALSE: Final = 0.06
FOUND: Final = 0.80
EFFECTS: Final = (0.5, 1.0, 1.5, 2.0)
LEFT: Final = {Finds.MIDDLE: 0.5, Finds.BIG: 0.25, Finds.VERY_BIG: 0.1}  # of new pimples
MANY: Final = 10  # on each cheek
REDNESS: Final = tuple(offered for offered in PLANS if offered.judged is Judged.REDNESS)
PIMPLES: Final = tuple(offered for offered in PLANS if offered.judged is Judged.PIMPLES)

Lives = Callable[[Plan, Random], Sequence[Counted]]
Tells = Callable[[Plan, Sequence[Counted]], ExperimentAnswer]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What so many people were told, as shares."""

    people: int
    helps: float
    likely_not: float
    worse: float
    by_photos: float

    @property
    def claims(self) -> float:
        return self.helps + self.worse

    @property
    def in_three_words(self) -> str:
        shares = (self.helps, self.likely_not, self.worse, 1 - self.helps - self.likely_not)
        helps, likely_not, worse, unclear = (round(100 * share) for share in shares)
        return f"{helps} / {likely_not} ({worse}) / {unclear}"


def told(offered: Offered, lives: Lives, *, people: int, dice: str, tells: Tells) -> Told:
    """`dice`: the seed, beside the plan. `by_photos`: claims, had each photo been a unit."""
    lot = Random(f"{dice} {offered.design} {offered.weeks} {offered.photos_a_week} {offered.settling}")
    seen: Counter[str] = Counter()
    for _ in range(people):
        plan = drawn(offered, lot)
        photos = lives(plan, lot)
        found = tells(plan, photos)
        seen[found.certainty] += 1
        seen["worse"] += found.worse
        seen["by_photos"] += claims_by_photos(plan, photos)
    return Told(
        people=people,
        helps=seen[Certainty.LIKELY_HELPS] / people,
        likely_not=seen[Certainty.LIKELY_NOT] / people,
        worse=seen["worse"] / people,
        by_photos=seen["by_photos"] / people,
    )


def at_the_end(plan: Plan, photos: Sequence[Counted]) -> ExperimentAnswer:
    return answer(plan, photos, Course(weeks_gone=plan.weeks))


def as_soon_as_it_claims(plan: Plan, photos: Sequence[Counted]) -> ExperimentAnswer:
    """Of somebody who knows each week what they would be told, ends it when that is a claim, and else goes on."""
    for weeks in range(1, plan.weeks):
        early = answer(plan, photos, Course(weeks_gone=weeks, ended_early=True))
        if early.certainty is Certainty.LIKELY_HELPS or early.worse:
            return early
    return at_the_end(plan, photos)


def ended(left: int) -> Tells:
    """With so many weeks still to come."""

    def tells(plan: Plan, photos: Sequence[Counted]) -> ExperimentAnswer:
        return answer(plan, photos, Course(weeks_gone=plan.weeks - left, ended_early=bool(left)))

    return tells


def claims_by_photos(plan: Plan, photos: Sequence[Counted]) -> bool:
    """What one would do at first: Student's t over all photos, at the same level."""
    arms = [[photo.value for photo in photos if plan.order[photo.week] is arm] for arm in Arm]
    if min(map(len, arms)) < 2:
        return False
    middles = [fmean(values) for values in arms]
    squares = sum((value - middle) ** 2 for values, middle in zip(arms, middles, strict=True) for value in values)
    freedom = len(photos) - 2
    error = math.sqrt(squares / freedom * sum(1 / len(values) for values in arms))
    return abs(middles[1] - middles[0]) > threshold(LEVEL, freedom) * error


def in_kind(kind: Kind, *, sd: float = 0.0, lag_days: float = 0.0, world: World | None = None) -> Lives:
    """`sd`: how much better it makes it, by how far photos of the same skin differ."""

    def lives(plan: Plan, lot: Random) -> Sequence[Counted]:
        return lived(plan, kind, lot, Effect(size=-sd * PHOTO[plan.design], lag_days=lag_days), world or World())

    return lives


def named(offered: Offered) -> str:
    design = "half face" if offered.design is Design.HALF_FACE else "on and off"
    settling = f" ({offered.settling} settling)" if offered.settling else ""
    return f"{design}, {offered.weeks} weeks{settling}, {offered.photos_a_week} photos"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def size_of(finds: Finds, design: Design) -> float:
    """The redness that a plan with that promise finds, in sd of a photo."""
    worth = WORTH_HAVING[design, Judged.REDNESS] / PHOTO[design]
    return {Finds.SMALL: min(worth / 2, 1.0), Finds.MIDDLE: min(worth, 1.5), Finds.BIG: min(2 * worth, 2.0)}[finds]


class Tables:
    """`missed` collects what was aimed at and not met."""

    def __init__(self, people: int) -> None:
        self._people = people
        self.missed: list[str] = []

    def all(self) -> Iterator[str]:
        error = math.sqrt(LEVEL * (1 - LEVEL) / self._people)
        yield f"{self._people} people in each cell; one standard error of 4 % is {percent(error)}"
        for table in (
            self.false_claims,
            self.peeking,
            self.power,
            self.kinds,
            self.early,
            self.block_means,
            self.slow,
            self.certainties,
            self.pimples,
            self.steadier,
            self.beyond,
        ):
            yield from ("", f"**{table.__doc__}**", "", *table())

    def false_claims(self) -> Iterator[str]:
        """False claims, "helps" and "hurts" together, of a product that does nothing (in brackets: photo by photo)"""
        yield from header("kind", map(named, REDNESS))
        for kind in Kind:
            row = [self._nothing(offered, kind, at_the_end) for offered in REDNESS]
            yield line(kind, (f"{percent(each.claims)} ({percent(each.by_photos)})" for each in row))

    def peeking(self) -> Iterator[str]:
        """False claims of people who look every week, and end it as soon as they would be told something"""
        yield from header("kind", map(named, REDNESS))
        for kind in Kind:
            row = [self._nothing(offered, kind, as_soon_as_it_claims) for offered in REDNESS]
            yield line(kind, (percent(each.claims) for each in row))

    def _nothing(self, offered: Offered, kind: Kind, tells: Tells) -> Told:
        found = self._told(offered, in_kind(kind), f"nothing {kind}", tells)
        self._aim(found.claims <= MOST_FALSE, f"false claims: {tells.__name__}, {kind}, {named(offered)}")
        return found

    def power(self) -> Iterator[str]:
        """Found: "likely helps" of steady people, by the effect in sd of a photo"""
        yield from header("plan", [*(f"{effect} sd" for effect in EFFECTS), "offered as finding"])
        for design, weeks, photos in product(Design, (8, 12), (2, 3, 4, 5, 7)):
            offered = like(design, weeks, photos)
            found = [self._told(offered, in_kind(Kind.STEADY, sd=sd), f"helps {sd}").helps for sd in EFFECTS]
            said = next((each for each in REDNESS if replace(each, finds=offered.finds) == offered), None)
            yield line(named(offered), [*map(percent, found), self._promise(said) if said else "–"])
        best = like(Design.HALF_FACE, 8, 7), like(Design.ON_OFF, 12, 4)
        one, two = (
            self._told(each, in_kind(Kind.STEADY, sd=sd), f"helps {sd}").helps
            for each, sd in zip(best, (1.0, 2.0), strict=True)
        )
        self._aim(one >= 0.80, "half face in eight weeks: 1 sd in 80 %")
        self._aim(two >= 0.95, "six pairs: 2 sd in 95 %")

    def _promise(self, offered: Offered) -> str:
        """The first size that it finds is the one that people are told."""
        sizes = (Finds.SMALL, Finds.MIDDLE, Finds.BIG)
        found = (
            self._told(offered, in_kind(Kind.STEADY, sd=size_of(each, offered.design)), f"finds {each}").helps
            for each in sizes
        )
        finds = next((size for size, share in zip(sizes, found, strict=True) if share >= FOUND), None)
        self._aim(finds is offered.finds, f"{named(offered)} finds {finds}")
        return f"{offered.finds} ({size_of(offered.finds, offered.design):.1f} sd)"

    def early(self) -> Iterator[str]:
        """Ended early: found of steady people at 2 sd, by the weeks that were left"""
        lefts = (0, 1, 2, 3, 4)
        yield from header("plan", map(str, lefts))
        for offered in REDNESS:
            lives = in_kind(Kind.STEADY, sd=2.0)
            row = [self._told(offered, lives, f"early {left}", ended(left)).helps for left in lefts]
            yield line(named(offered), map(percent, row))

    def kinds(self) -> Iterator[str]:
        """Found in each kind: "likely helps", with the effect that the plan is said to find"""
        sizes = [size_of(offered.finds, offered.design) for offered in REDNESS]
        yield from header("kind", (f"{named(each)}: {sd:.1f} sd" for each, sd in zip(REDNESS, sizes, strict=True)))
        for kind in Kind:
            row = [
                self._told(offered, in_kind(kind, sd=sd), f"helps {kind}")
                for offered, sd in zip(REDNESS, sizes, strict=True)
            ]
            yield line(kind, (percent(each.helps) for each in row))

    def block_means(self) -> Iterator[str]:
        """On and off weeks, four photos in each: found, by the effect in sd of a week's mean (not of a photo)"""
        effects = (1.0, 1.5, 2.0, 2.5)
        yield from header("pairs", (f"{effect} sd" for effect in effects))
        for pairs in (4, 6, 8, 10):
            offered = like(Design.ON_OFF, 2 * pairs, 4)
            row = [self._told(offered, in_kind(Kind.STEADY, sd=sd / 2), f"weeks {sd}").helps for sd in effects]
            yield line(str(pairs), map(percent, row))

    def slow(self) -> Iterator[str]:
        """What is slow: found of steady people at 1.5 sd, by the days until two thirds of it are there"""
        for design, lags in ((Design.HALF_FACE, (0, 7, 14, 28)), (Design.ON_OFF, (0, 1, 2, 4))):
            yield from header("plan", map(str, lags))
            for offered in (each for each in SLOW if each.design is design):
                lives = (in_kind(Kind.STEADY, sd=1.5, lag_days=lag) for lag in lags)
                row = [self._told(offered, each, f"slow {lag}").helps for each, lag in zip(lives, lags, strict=True)]
                before = f", {offered.baseline} before" if offered.baseline else ""
                yield line(named(offered) + before, map(percent, row))
            yield ""

    def certainties(self) -> Iterator[str]:
        """What drifting people are told, by what it does: helps / likely not (of these: worse) / can't tell, in %"""
        yield from header("it does", map(named, REDNESS))
        for words, share in DOES.items():
            row = []
            for offered in REDNESS:
                sd = share * WORTH_HAVING[offered.design, Judged.REDNESS] / PHOTO[offered.design]
                row.append(self._told(offered, in_kind(Kind.DRIFTING, sd=sd), f"does {words}"))
            yield line(words, (each.in_three_words for each in row))

    def pimples(self) -> Iterator[str]:
        """Pimples: told "likely helps" (and "worse"), by how many are on a cheek, and what share of new ones comes"""
        lefts = (1.0, *LEFT.values(), 0.0)
        columns = [
            *(f"{100 * left:.0f} %" for left in lefts),
            "100 %, ended as soon as it claims",
            "offered as finding",
        ]
        yield from header("plan", columns)
        for offered, usual in product(PIMPLES, (5, MANY, 15)):
            row = {left: self._told(offered, breaking_out(left, usual), f"{usual} pimples {left}") for left in lefts}
            peeked = self._told(offered, breaking_out(1.0, usual), f"{usual} pimples 1.0", as_soon_as_it_claims)
            for each in (row[1.0], peeked):
                self._aim(each.claims <= MOST_FALSE, f"false claims: {usual} pimples, {named(offered)}")
            finds = next((size for size, left in LEFT.items() if row[left].helps >= FOUND), None)
            self._aim(usual != MANY or finds is offered.finds, f"{usual} pimples, {named(offered)} finds {finds}")
            cells = (f"{percent(each.helps)} ({percent(each.worse)})" for each in (*row.values(), peeked))
            said = offered.finds if usual == MANY else "–"
            yield line(f"{usual} on each cheek: {named(offered)}", [*cells, said])

    def steadier(self) -> Iterator[str]:
        """Half face, photos that differ by 0.39 or 0.16 a* only: false claims; found, where it takes 0.78 a* away"""
        worlds = World(photo=0.5), World(photo=0.2)
        plans = [each for each in REDNESS if each.design is Design.HALF_FACE]
        yield from header("kind", (f"{named(offered)}, {world.photo}" for offered, world in product(plans, worlds)))
        for kind in Kind:
            row = []
            for offered, world in product(plans, worlds):
                nothing = self._told(offered, in_kind(kind, world=world), f"steadier {world.photo} {kind}")
                self._aim(
                    nothing.claims <= MOST_FALSE, f"false claims: steadier {world.photo}, {kind}, {named(offered)}"
                )
                found = self._told(offered, in_kind(kind, sd=1.0, world=world), f"steadier {world.photo} helps {kind}")
                row.append(f"{percent(nothing.claims)}; {percent(found.helps)}")
            yield line(kind, row)

    def beyond(self) -> Iterator[str]:
        """False claims where the world is worse than believed (nothing is aimed at here)"""
        yield from header("world", map(named, REDNESS))
        for words, kind, world in WORSE_WORLDS:
            row = [self._told(offered, in_kind(kind, world=world), f"beyond {words}") for offered in REDNESS]
            yield line(words, (percent(each.claims) for each in row))

    def _told(self, offered: Offered, lives: Lives, dice: str, tells: Tells = at_the_end) -> Told:
        return told(offered, lives, people=self._people, dice=dice, tells=tells)

    def _aim(self, met: bool, words: str) -> None:  # noqa: FBT001 - what was found
        if not met:
            self.missed.append(words)


def breaking_out(left: float, usual: float = MANY) -> Lives:
    def lives(plan: Plan, lot: Random) -> Sequence[Counted]:
        return broken_out(plan, lot, usual=usual, left=left)

    return lives


def like(design: Design, weeks: int, photos: int) -> Offered:
    """The plan for redness of that design, length and number of photos; else as the nearest that is offered."""
    mine = [each for each in REDNESS if each.design is design]
    model = min(mine, key=lambda each: (abs(each.weeks - weeks), abs(each.photos_a_week - photos)))
    return replace(model, weeks=weeks, photos_a_week=photos, finds=Finds.BIG)


SLOW: Final = (
    replace(like(Design.HALF_FACE, 8, 4), baseline=4, settling=0),
    like(Design.HALF_FACE, 8, 4),
    like(Design.HALF_FACE, 8, 7),
    replace(like(Design.HALF_FACE, 8, 7), baseline=3, settling=1),
    replace(like(Design.HALF_FACE, 12, 4), baseline=6, settling=0),
    like(Design.HALF_FACE, 12, 4),
    replace(like(Design.HALF_FACE, 12, 7), baseline=6, settling=0),
    like(Design.HALF_FACE, 12, 7),
    like(Design.ON_OFF, 8, 4),
    like(Design.ON_OFF, 12, 4),
)
DOES: Final = {
    "harm that one just notices": -1.0,
    "nothing": 0.0,
    "half of a benefit that one notices": 0.5,
    "a benefit that one just notices": 1.0,
    "twice that": 2.0,
}
WORSE_WORLDS: Final = (
    ("drifting, two fifths of it on one cheek", Kind.DRIFTING, World(one_sided=0.4)),
    ("drifting, three fifths of it on one cheek", Kind.DRIFTING, World(one_sided=0.6)),
    ("flares, two fifths of each on one cheek", Kind.CARRY_OVER, World(one_sided=0.4)),
    ("a second product, twice as strong", Kind.SECOND_PRODUCT, World(second=2.0)),
    ("a lamp that comes and stays, and moves photos by half a sd", Kind.STEADY, World(lasting_lamp=0.5)),
    ("the same, by one sd", Kind.STEADY, World(lasting_lamp=1.0)),
)


def header(first: str, others: Sequence[str] | Iterator[str]) -> Iterator[str]:
    cells = [first, *others]
    yield line(cells[0], cells[1:])
    yield "|" + "---|" * len(cells)


def line(first: str, others: Sequence[str] | Iterator[str]) -> str:
    return "| " + " | ".join([first, *others]) + " |"


def main() -> None:
    tables = Tables(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
    for each in tables.all():
        print(each, flush=True)  # noqa: T201 - a command
    for each in tables.missed:
        print(f"**missed**: {each}", flush=True)  # noqa: T201 - a command
    sys.exit(1 if tables.missed else 0)


if __name__ == "__main__":
    main()
