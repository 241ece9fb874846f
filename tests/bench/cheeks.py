"""What light does to one cheek's redness and to what differs between both; what a blush does; the side light gate.

    python -m tests.bench.cheeks FOLDER

Each portrait is photographed anew in other light: ±0.3 EV, 8 and 15 % warmer and cooler, 6 % greener (in linear light,
clipped as a camera does), and by itself light from a side. A blush of 4 a* (on skin of L* 60) is drawn on one cheek,
whole and in a spot of half the eyes' distance. The gate is tried on portraits that are lit evenly as they are, and on
all of them, lit evenly first as far as a slope of light across the face can.
Exit code 1 where left minus right moves half as much as one side or more, or the gate lets through more than 5 % on
portraits that are lit evenly.
"""

import math
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from PIL import Image

from bot.analysis import PhotoRefused
from bot.analysis.local.measure import measured
from bot.analysis.photo_look import looked_at
from bot.skin.analysis import Judged
from bot.skin.experiments.photo import ExperimentPhoto, Spoiled, spoils
from bot.skin.photo import HINTS, PhotoIssue
from bot.skin.scene import scene_of
from tests.bench.fairness import BLOOD, BLUSH, Portrait, Tone, as_jpeg, discs_on, kept_light, opened, portrait_of
from tests.bench.retakes import retaken

LEAST_REFUSED: Final = 0.95
MOST_MOVED: Final = 0.5  # of what one side does
SIDES: Final = (0.15, 0.2, 0.25, 0.3)  # of the light on both cheeks, their difference over their sum
RETAKES: Final = 8
EVEN: Final = 0.05
_WHOLE: Final = 0.5  # eye distances
_SPOT: Final = 0.25
_ASIDE: Final = (0.05, 0.1, -0.1, 0.15, -0.15)


def _of(red: float = 1.0, green: float = 1.0, blue: float = 1.0, *, ev: float = 0.0) -> np.ndarray:
    return np.asarray(2.0**ev * np.array([red, green, blue]))


LAMPS: Final[Mapping[str, np.ndarray]] = MappingProxyType(
    {
        "+0.3 EV": _of(ev=0.3),
        "−0.3 EV": _of(ev=-0.3),
        "8 % warmer": _of(red=1.04, blue=0.96),
        "8 % cooler": _of(red=0.96, blue=1.04),
        "15 % warmer": _of(red=1.075, blue=0.925),
        "15 % cooler": _of(red=0.925, blue=1.075),
        "6 % greener": _of(green=1.06),
    }
)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """By how much other light moved one portrait: each cheek, and left minus right. In a*."""

    lamp: str
    left: float
    right: float

    @property
    def apart(self) -> float:
        return self.left - self.right


@dataclass(frozen=True, kw_only=True)
class Blushed:
    """What a drawn blush adds to the cheek that has it, and to the other one."""

    tone: Tone
    is_whole: bool
    there: float
    elsewhere: float


Both = tuple[float, float]


def both_of(light: np.ndarray) -> Both | None:
    """Left and right redness; None where not both are read."""
    try:
        sides = measured(_photo(light)).analysis.sides.get(Judged.REDNESS)
    except PhotoRefused:
        return None
    return None if sides is None or sides.left is None or sides.right is None else (sides.left, sides.right)


def _photo(light: np.ndarray) -> bytes:
    light = np.clip(light, 0, 1)
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return as_jpeg(Image.fromarray((255 * values + 0.5).astype(np.uint8)), 95)


def moved(portrait: Portrait, before: Both) -> Iterator[Moved]:
    lamps = {**LAMPS, **{f"side light {share:+.0%}": _aside(portrait, share) for share in _ASIDE}}
    for name, lamp in lamps.items():
        after = both_of(portrait.light * lamp)
        if after is not None:
            yield Moved(lamp=name, left=after[0] - before[0], right=after[1] - before[1])


def _aside(portrait: Portrait, share: float) -> np.ndarray:
    """More light on the picture's left by that share, less on its right; steadily across the face."""
    (left, _), (right, _) = portrait.cheeks
    across = (np.arange(portrait.light.shape[1]) - (left + right) / 2) / ((right - left) / 2)
    return np.asarray(1 - share * np.clip(across, -3, 3))[None, :, None]


def blushed(portrait: Portrait, before: Both) -> Iterator[Blushed]:
    for radius, number in product((_WHOLE, _SPOT), (0, 1)):
        where = discs_on(portrait, [(portrait.cheeks[number], radius * portrait.apart)], soft=0.05)
        (middle, _) = np.mean(portrait.cheeks, axis=0)
        columns = np.arange(portrait.light.shape[1])
        where = where * ((columns < middle) if number == 0 else (columns > middle))[None, :, None]
        after = both_of(portrait.light * kept_light(portrait.skin, BLOOD, where, redder=BLUSH))
        if after is not None:
            rises = [now - then for now, then in zip(after, before, strict=True)]
            yield Blushed(
                tone=portrait.tone, is_whole=radius == _WHOLE, there=rises[number], elsewhere=rises[1 - number]
            )


def experiment_photo(jpeg: bytes) -> ExperimentPhoto | None:
    """As the bot keeps it; None where it is refused."""
    photo = looked_at(jpeg, can_see=True)
    try:
        analysis = measured(photo.jpeg).analysis
    except PhotoRefused:
        return None
    scene = scene_of(analysis, conditions=photo.conditions, doubts=photo.issues, width_px=photo.width)
    return ExperimentPhoto(scene=scene, doubts=photo.issues, sides=analysis.sides.get(Judged.REDNESS))


def own_side_light(portrait: Portrait) -> float:
    left, right = portrait.lit
    return (left - right) / (left + right)


def is_refused(portrait: Portrait, share: float) -> bool:
    """Whether that much more light on the picture's left is told; the lighter cheek stays as light as it was."""
    photo = experiment_photo(_photo(portrait.light * _aside(portrait, share) / (1 + abs(share))))
    return photo is None or Spoiled.SIDE_LIGHT in spoils(photo, ())


def evened(portrait: Portrait, share: float) -> float:
    """What lights the cheeks evenly first, and then by that share from a side."""
    left, right = portrait.lit
    times = right / left * (1 + share) / (1 - share)
    return (times - 1) / (times + 1)


@dataclass(frozen=True, kw_only=True)
class Retaken:
    """One portrait, photographed again: what counts beside the first by the experiment's own rules."""

    taken: int
    counted: Sequence[Both]


def retakes_of(image: Image.Image, first: ExperimentPhoto, chances: np.random.Generator) -> Retaken:
    photos = [experiment_photo(retaken(image, chances)) for _ in range(RETAKES)]
    fine = [each.sides for each in photos if each is not None and spoils(each, [first]) <= {Spoiled.SMALL}]
    both = [(each.left, each.right) for each in fine if each is not None]
    return Retaken(
        taken=len(photos), counted=[(one, other) for one, other in both if one is not None and other is not None]
    )


def light_table(people: Sequence[Sequence[Moved]]) -> Iterator[str]:
    yield "| light | n | one cheek moves (rms, a*) | left minus right moves (rms, a*) | ratio |"
    yield "|---|---|---|---|---|"
    whole = [each for mine in people for each in mine]
    for name in dict.fromkeys(each.lamp for each in whole):
        yield _light_row(name, [each for each in whole if each.lamp == name])
    yield _light_row("**all but side light**", [each for each in whole if each.lamp in LAMPS])


def _light_row(name: str, those: Sequence[Moved]) -> str:
    one, apart = rms_of(those)
    return f"| {name} | {len(those)} | {one:.2f} | {apart:.2f} | {apart / one:.2f} |"


def rms_of(those: Sequence[Moved]) -> Both:
    """Of one cheek, and of left minus right."""
    one = [value for each in those for value in (each.left, each.right)]
    return math.hypot(*one) / math.sqrt(len(one)), math.hypot(*(each.apart for each in those)) / math.sqrt(len(those))


def blush_table(blushes: Sequence[Blushed]) -> Iterator[str]:
    yield f"| {BLUSH:.0f} a* drawn on one cheek | n | read there (mean ± sd) | on the other cheek |"
    yield "|---|---|---|---|"
    for is_whole, tone in product((True, False), (None, *Tone)):
        those = [each for each in blushes if each.is_whole is is_whole and tone in {None, each.tone}]
        if len(those) > 1:
            there, elsewhere = ([getattr(each, name) for each in those] for name in ("there", "elsewhere"))
            name = f"{'all of it' if is_whole else 'a spot'}, {tone or 'all'}"
            yield f"| {name} | {len(those)} | {_spread(there)} | {_spread(elsewhere)} |"


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.fmean(values):+.2f} ± {statistics.stdev(values):.2f}"


def retakes_line(people: Sequence[Retaken]) -> str:
    taken, counted = sum(each.taken for each in people), sum(len(each.counted) for each in people)
    known = [each.counted for each in people if len(each.counted) > 2]
    one = math.sqrt(statistics.fmean(statistics.variance(left for left, _ in mine) for mine in known))
    apart = math.sqrt(statistics.fmean(statistics.variance(left - right for left, right in mine) for mine in known))
    return (
        f"re-takes of {len(people)} portraits that count: {counted} of {taken}; of {len(known)} with three or more, "
        f"one cheek differs by {one:.2f} a* (sd), left minus right by {apart:.2f}"
    )


def gate_of(portraits: Sequence[Portrait]) -> list[bool]:
    """Of those that are lit evenly as they are."""
    even = [each for each in portraits if abs(own_side_light(each)) < EVEN]
    return [is_refused(each, sign * share) for each in even for share in SIDES for sign in (-1, 1)]


def gate_lines(portraits: Sequence[Portrait], refused: Sequence[bool]) -> Iterator[str]:
    yield f"15 to 30 % more light from one side, on evenly lit portraits, is refused: {sum(refused)} of {len(refused)}"
    for share in SIDES:
        told = [is_refused(each, evened(each, sign * share)) for each in portraits for sign in (-1, 1)]
        yield f"{share:.0%} of it on all portraits, evened out first: {sum(told)} of {len(told)}"


def as_they_are_line(photos: Sequence[ExperimentPhoto]) -> str:
    good = [each for each in photos if not each.doubts - HINTS - {PhotoIssue.FACE_SMALL}]
    aside = [Spoiled.SIDE_LIGHT in spoils(each, ()) for each in photos]
    good_aside = [Spoiled.SIDE_LIGHT in spoils(each, ()) for each in good]
    return (
        f"portraits as they are that it refuses: {sum(aside)} of {len(aside)}; "
        f"of those with no other doubt about them {sum(good_aside)} of {len(good_aside)}"
    )


@dataclass(frozen=True, kw_only=True)
class Looked:
    """All that is drawn onto one portrait; `moved` is empty where not both cheeks are read as it is."""

    portrait: Portrait
    first: ExperimentPhoto
    moved: Sequence[Moved]
    blushed: Sequence[Blushed]
    retaken: Retaken | None


def looked(path: Path, chances: np.random.Generator) -> Looked | None:
    """None where the portrait is not read as it is."""
    image = opened(path)
    portrait, first = portrait_of(image), experiment_photo(as_jpeg(image, 95))
    if portrait is None or first is None:
        return None
    before = both_of(portrait.light)
    return Looked(
        portrait=portrait,
        first=first,
        moved=list(moved(portrait, before)) if before else [],
        blushed=list(blushed(portrait, before)) if before else [],
        retaken=retakes_of(image, first, chances) if spoils(first, ()) <= {Spoiled.SMALL} else None,
    )


def main() -> None:
    folder = Path(sys.argv[1])
    paths = sorted(path for pattern in ("*.jpg", "*.jpeg", "*.png") for path in folder.glob(pattern))
    chances = np.random.default_rng(20)
    people = [found for path in paths if (found := looked(path, chances)) is not None]
    portraits = [each.portrait for each in people]
    lights, refused = [each.moved for each in people if each.moved], gate_of(portraits)
    say = [
        f"{len(people)} of {len(paths)} portraits are read, both cheeks of {len(lights)}\n",
        *light_table(lights),
        "",
        *blush_table([blush for each in people for blush in each.blushed]),
        "",
        *gate_lines(portraits, refused),
        as_they_are_line([each.first for each in people]),
        retakes_line([each.retaken for each in people if each.retaken]),
    ]
    for line in say:
        print(line)  # noqa: T201 - a command
    one, apart = rms_of([each for mine in lights for each in mine if each.lamp in LAMPS])
    sys.exit(0 if apart < MOST_MOVED * one and sum(refused) >= LEAST_REFUSED * len(refused) else 1)


if __name__ == "__main__":
    main()
