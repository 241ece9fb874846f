"""Whether this device reads every skin in every light alike: drawn onto faces, with what was drawn known.

    python -m tests.bench.fairness FOLDER [--few N]

Each portrait is rendered in seven lights, four times each: as it is, with a blush of 4 a* on both cheeks, with dark and
with red spots. 49 portraits make 5,488 pictures; `--few` measures about N of them, drawn by lot. Portraits go by their
own measured ITA, which is no more certain than the bot says (± 30°). "Asked about" leaves small faces out, for they are
the file's. Exit code 1 where no portrait has a face that is read. What it lacks: other cameras, other days, selfies.
"""

import argparse
import io
import math
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bot.analysis import PhotoRefused
from bot.analysis.local.colour import lab_of_light, light_of, luminance_of, luminance_of_light
from bot.analysis.local.faces import counted_faces, find_faces, settled
from bot.analysis.local.frame import Frame
from bot.analysis.local.measure import measured
from bot.analysis.local.planes import Mask, Plane, blurred
from bot.analysis.local.skin import Skin, skin_of
from bot.analysis.local.zones import Zones
from bot.analysis.photo_look import looked_at
from bot.imaging.intake.photo import PhotoRejected
from bot.skin.analysis import Analysis, Box, MarkKind, SkinZone
from bot.skin.photo import HINTS, PhotoIssue

BLUSH: Final = 4.0  # a*, on skin of L* 60
SEEDS: Final = 4
_DARKER: Final = 16.0  # L*, of 60
_REDDER: Final = 12.0  # a*
_SPOTS: Final = 4
_SPOT_MM: Final = (3.0, 7.0)
_EYES_MM: Final = 63.0
_BLUSH_RADIUS: Final = 0.25  # eye distances
_SPOTS_APART: Final = 0.25
_SPOT_MARGIN_PX: Final = 12  # of the straight face, to what is no skin
_NEAR: Final = 0.05  # eye distances from a spot's middle to its mark's
_NO_FACE: Final = frozenset({PhotoIssue.NO_FACE, PhotoIssue.SEVERAL_FACES})
_OF_THE_SIZE: Final = frozenset({PhotoIssue.FACE_SMALL})  # of the file: no light and no skin makes it
_CHEEKS: Final = (SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK)
_SPOTTED: Final = frozenset({SkinZone.FOREHEAD, *_CHEEKS})
_EVEN_LUMINANCE: Final = 0.281  # L* 60
BLOOD: Final = (0.0, 1.0, 0.6)  # how strongly it takes red, green and blue away
_PIGMENT: Final = (0.75, 1.02, 1.25)
_PICTURES: Final = ("*.jpg", "*.jpeg", "*.png")

Place = tuple[float, float]


class Tone(StrEnum):
    LIGHT = "ITA over 28°"
    MIDDLE = "ITA −30° to 28°"
    DARK = "ITA under −30°"
    UNTOLD = "ITA not told"


class Light(StrEnum):
    AS_IT_IS = "as it is"
    BRIGHTER = "+0.7 EV"
    DARKER = "−0.7 EV"
    DARK = "−2 EV"
    WARM = "12 % warmer"
    COOL = "12 % cooler"
    SIDE = "side light 15 %"


class Drawn(StrEnum):
    NOTHING = "nothing"
    BLUSH = "blush"
    DARK_SPOTS = "dark spots"
    RED_SPOTS = "red spots"


_EXPOSURES: Final = {Light.BRIGHTER: 0.7, Light.DARKER: -0.7, Light.DARK: -2.0}
_WARMTHS: Final = {Light.WARM: 0.12, Light.COOL: -0.12}
_SIDE: Final = 0.15  # of the light on the two cheeks, their difference over their sum
_KINDS: Final = {Drawn.DARK_SPOTS: MarkKind.DARK_SPOTS, Drawn.RED_SPOTS: MarkKind.RED_SPOTS}


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """`light`: linear, height×width×3; `skin`: its colour on the cheeks. Places and `apart` (the eyes) in its pixels.

    `lit`: the middle light of each cheek's skin. `bare`: places with skin all around; `own`: where it has marks.
    """

    tone: Tone
    light: Plane
    skin: Plane
    apart: float
    cheeks: tuple[Place, Place]
    lit: tuple[float, float]
    bare: Sequence[Place]
    own: Sequence[Box]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Of one rendering. `reddest`: a*, None where redness is not told or a cheek hidden; `answer`: its rise by a blush.

    `spots` were drawn and `met` of them told as what they are, where spots are looked for at all; of `marks` told,
    without those the portrait has of itself, `right` lie on a drawn spot.
    """

    tone: Tone
    light: Light
    drawn: Drawn
    is_found: bool
    is_refused: bool
    doubts: frozenset[PhotoIssue] = frozenset()
    reddest: float | None = None
    answer: float | None = None
    spots: int = 0
    met: int = 0
    marks: int = 0
    right: int = 0

    @property
    def is_asked_about(self) -> bool:
        return bool(self.doubts - HINTS - _NO_FACE)

    @property
    def is_hinted_at(self) -> bool:
        return bool(self.doubts & HINTS)


def tone_of(analysis: Analysis) -> Tone:
    degrees = analysis.ita.degrees if analysis.ita else None
    if degrees is None:
        return Tone.UNTOLD
    if degrees > 28:
        return Tone.LIGHT
    return Tone.MIDDLE if degrees >= -30 else Tone.DARK


def portrait_of(image: Image.Image) -> Portrait | None:
    """None where it has no face that is read as it is."""
    try:
        analysis = measured(as_jpeg(image, 95)).analysis
    except PhotoRefused:
        return None
    faces = counted_faces(find_faces(image))
    if not faces:
        return None
    face = settled(image, faces[0])
    frame = Frame(eyes=face.eyes)
    zones, pixels = Zones(face.landmarks, frame), frame.straight(image)
    skin = skin_of(pixels, zones)
    inner = blurred(skin.mask.astype(np.float32), _SPOT_MARGIN_PX) > 0.99
    cheeks = skin.mask & zones.masks(frozenset(_CHEEKS))
    left, right = (frame.to_photo(*zones.samples(zone).mean(axis=0).tolist()) for zone in _CHEEKS)
    return Portrait(
        tone=tone_of(analysis),
        light=light_of(np.asarray(image)),
        skin=np.asarray(np.median(light_of(pixels[cheeks if cheeks.any() else skin.mask]), axis=0)),
        apart=face.eyes.apart,
        cheeks=(left, right),
        lit=(_middle_light(pixels, skin, _CHEEKS[0]), _middle_light(pixels, skin, _CHEEKS[1])),
        bare=_places(inner & zones.masks(_SPOTTED), frame),
        own=[box for kind in _KINDS.values() for box in analysis.marks.get(kind, ())],
    )


def _middle_light(pixels: NDArray[np.uint8], skin: Skin, cheek: SkinZone) -> float:
    place = skin.zones.mask(cheek)
    bare = place & skin.mask
    return float(np.median(luminance_of(pixels)[bare if bare.any() else place]))


def _places(where: Mask, frame: Frame) -> list[Place]:
    return [frame.to_photo(float(x), float(y)) for y, x in np.argwhere(where)[::7].tolist()]


def outcomes_of(portrait: Portrait, light: Light, chances: np.random.Generator) -> list[Outcome]:
    """One rendering for each thing that is drawn, in the same light."""
    lamp = _lamp(portrait, light, chances)
    found = {drawn: _outcome(portrait, light, lamp, drawn, chances) for drawn in Drawn}
    calm, red = found[Drawn.NOTHING].reddest, found[Drawn.BLUSH].reddest
    if calm is not None and red is not None:
        found[Drawn.BLUSH] = replace(found[Drawn.BLUSH], answer=red - calm)
    return list(found.values())


def _outcome(portrait: Portrait, light: Light, lamp: np.ndarray, drawn: Drawn, chances: np.random.Generator) -> Outcome:
    spots = _spots(portrait, chances) if drawn in _KINDS else []
    jpeg = photographed(_painted(portrait, drawn, spots, chances) * lamp, chances)
    outcome = Outcome(tone=portrait.tone, light=light, drawn=drawn, is_found=False, is_refused=True)
    try:
        photo = looked_at(jpeg, can_see=True)
    except PhotoRejected:
        return outcome
    outcome = replace(outcome, is_found=not photo.issues & _NO_FACE, doubts=photo.issues - _OF_THE_SIZE)
    try:
        analysis = measured(photo.jpeg).analysis
    except PhotoRefused:
        return outcome
    redness = analysis.redness if not analysis.not_visible & set(_CHEEKS) else None
    outcome = replace(outcome, is_refused=False, reddest=redness.reddest if redness else None)
    return _with_spots(outcome, portrait, analysis, spots)


def _with_spots(outcome: Outcome, portrait: Portrait, analysis: Analysis, spots: Sequence[Place]) -> Outcome:
    kind = _KINDS.get(outcome.drawn)
    if kind is None or kind not in analysis.marks:
        return outcome

    def is_at(box: Box, place: Place) -> bool:
        return math.dist(box.centre, place) <= max(_NEAR * portrait.apart, box.width / 2)

    told = [(each, box) for each in _KINDS.values() for box in analysis.marks.get(each, ())]
    right = [box for each, box in told if each is kind and any(is_at(box, spot) for spot in spots)]
    others = [box for _, box in told if box not in right]
    strange = [box for box in others if not any(is_at(box, mine.centre) for mine in portrait.own)]
    met = sum(any(is_at(box, spot) for box in right) for spot in spots)
    return replace(outcome, spots=len(spots), met=met, marks=len(right) + len(strange), right=len(right))


def _spots(portrait: Portrait, chances: np.random.Generator) -> list[Place]:
    """Apart from each other and from the marks that are there."""
    chosen: list[Place] = []
    taken = [box.centre for box in portrait.own]
    for number in chances.permutation(len(portrait.bare)).tolist():
        place = portrait.bare[number]
        if all(math.dist(place, other) >= _SPOTS_APART * portrait.apart for other in (*taken, *chosen)):
            chosen.append(place)
        if len(chosen) == _SPOTS:
            break
    return chosen


def _painted(portrait: Portrait, drawn: Drawn, spots: Sequence[Place], chances: np.random.Generator) -> np.ndarray:
    """Linear light, as a pigment leaves it."""
    if drawn is Drawn.NOTHING:
        return portrait.light
    if drawn is Drawn.BLUSH:
        where = discs_on(portrait, [(place, _BLUSH_RADIUS * portrait.apart) for place in portrait.cheeks], soft=0.05)
        return np.asarray(portrait.light * kept_light(portrait.skin, BLOOD, where, redder=BLUSH))
    px_per_mm = portrait.apart / _EYES_MM
    where = discs_on(portrait, [(place, chances.uniform(*_SPOT_MM) / 2 * px_per_mm) for place in spots], soft=0.005)
    if drawn is Drawn.DARK_SPOTS:
        return np.asarray(portrait.light * kept_light(portrait.skin, _PIGMENT, where, darker=_DARKER))
    return np.asarray(portrait.light * kept_light(portrait.skin, BLOOD, where, redder=_REDDER))


def discs_on(portrait: Portrait, discs: Sequence[tuple[Place, float]], *, soft: float) -> np.ndarray:
    """0..1, height×width×1, of middles and radii in px, drawn four times as large; `soft`: eye distances."""
    height, width = portrait.light.shape[:2]
    image = Image.new("L", (4 * width, 4 * height))
    for (x, y), radius in discs:
        box = (x - radius + 0.5, y - radius + 0.5, x + radius + 0.5, y + radius + 0.5)
        ImageDraw.Draw(image).ellipse([4 * side for side in box], fill=255)
    small = image.reduce(4).filter(ImageFilter.GaussianBlur(soft * portrait.apart))
    return np.asarray(small, dtype=np.float64)[..., None] / 255


def kept_light(
    skin: Plane, shares: Sequence[float], where: np.ndarray, *, redder: float = 0.0, darker: float = 0.0
) -> np.ndarray:
    """How much of the light stays: so that this skin, at L* 60, gets that much redder (a*) or darker (L*)."""
    even = skin * (_EVEN_LUMINANCE / float(luminance_of_light(skin)))
    before = lab_of_light(even)
    low, high = 0.0, 2.0
    for _ in range(30):
        amount = (low + high) / 2
        after = lab_of_light(even * np.exp(-amount * np.array(shares)))
        is_too_much = after.a - before.a > redder if redder else before.lightness - after.lightness > darker
        low, high = (low, amount) if is_too_much else (amount, high)
    return np.asarray(np.exp(-low * np.array(shares) * where))


def _lamp(portrait: Portrait, light: Light, chances: np.random.Generator) -> np.ndarray:
    """What the lamp gives to red, green and blue, at every place where it differs."""
    warmth = _WARMTHS.get(light, 0.0) / 2
    lamp = 2 ** _EXPOSURES.get(light, 0.0) * np.array([1 + warmth, 1.0, 1 - warmth])
    if light is not Light.SIDE:
        return lamp
    (left, _), (right, _) = portrait.cheeks
    across = (np.arange(portrait.light.shape[1]) - (left + right) / 2) / ((right - left) / 2)
    return np.asarray(lamp * (1 + chances.choice([-1, 1]) * _SIDE * np.clip(across, -3, 3))[None, :, None])


def photographed(light: np.ndarray, chances: np.random.Generator) -> bytes:
    """With a camera's grain, as JPEG."""
    light = np.clip(light, 0, 1)
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    pixels = np.clip(255 * values + chances.normal(0, 1.5, light.shape) + 0.5, 0, 255).astype(np.uint8)
    return as_jpeg(Image.fromarray(pixels), int(chances.integers(85, 96)))


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def cells_of(portraits: int, *, few: int | None) -> list[tuple[int, Light, int]]:
    """Which portrait in which light with which seed; each is as many renderings as there are things to draw."""
    cells = list(product(range(portraits), Light, range(SEEDS)))
    if few is None or few >= len(cells) * len(Drawn):
        return cells
    chosen = np.random.default_rng(18).choice(len(cells), max(1, few // len(Drawn)), replace=False)
    return [cells[number] for number in sorted(chosen.tolist())]


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Everything, each tone, each light, and each tone in each light; groups without a rendering are left out."""
    spots = "dark spots: recall | precision | red spots: recall | precision"
    yield f"| group | n | found | wrongly refused | asked about | hints | {BLUSH:.0f} a* more reads as | {spots} |"
    yield "|" + "---|" * 11
    yield _row("all", outcomes)
    for tone in Tone:
        yield from _rows(tone, [each for each in outcomes if each.tone is tone])
    for light in Light:
        yield from _rows(light, [each for each in outcomes if each.light is light])
    for tone, light in product(Tone, Light):
        yield from _rows(f"{tone}, {light}", [each for each in outcomes if (each.tone, each.light) == (tone, light)])


def _rows(name: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    if outcomes:
        yield _row(name, outcomes)


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    number = len(outcomes)
    shares = [
        _share(sum(each.is_found for each in outcomes), number),
        _share(sum(each.is_refused for each in outcomes), number),
        _share(sum(each.is_asked_about for each in outcomes), number),
        _share(sum(each.is_hinted_at for each in outcomes), number),
        _answer([each.answer for each in outcomes if each.answer is not None]),
    ]
    for drawn in _KINDS:
        with_it = [each for each in outcomes if each.drawn is drawn]
        met, spots = sum(each.met for each in with_it), sum(each.spots for each in with_it)
        right, marks = sum(each.right for each in with_it), sum(each.marks for each in with_it)
        shares += [f"{_share(met, spots)} of {spots}", f"{_share(right, marks)} of {marks}"]
    return f"| {name} | {number} | " + " | ".join(shares) + " |"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _answer(answers: Sequence[float]) -> str:
    if not answers:
        return "– (n 0)"
    spread = f" ± {statistics.stdev(answers):.1f}" if len(answers) > 1 else ""
    return f"{statistics.fmean(answers):+.1f}{spread} (n {len(answers)})"


def main() -> None:
    parser = argparse.ArgumentParser(prog="fairness")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--few", type=int, metavar="N", help="measure about N renderings, drawn by lot")
    wanted = parser.parse_args()
    paths = sorted(path for pattern in _PICTURES for path in wanted.folder.glob(pattern))
    seen = [portrait for path in paths if (portrait := portrait_of(opened(path))) is not None]
    cells = cells_of(len(seen), few=wanted.few)
    outcomes = [
        outcome
        for number, light, seed in cells
        for outcome in outcomes_of(seen[number], light, np.random.default_rng([number, list(Light).index(light), seed]))
    ]
    say = [f"{len(seen)} of {len(paths)} portraits are read as they are; {len(outcomes)} renderings of them\n"]
    tones = [f"{tone}: {sum(each.tone is tone for each in seen)}" for tone in Tone]
    for line in (*say, "Portraits: " + ", ".join(tones) + "\n", *table(outcomes)):
        print(line)  # noqa: T201 - a command
    sys.exit(0 if seen else 1)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


if __name__ == "__main__":
    main()
