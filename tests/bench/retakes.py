"""How steady each followed measure of this device is: how much people differ in it, over how much photos of one do.

    python -m tests.bench.retakes FOLDER [RETAKES]

A re-take is the photo as the same person takes it again: a little lighter or darker, warmer or cooler, lit more from
one side, nearer or farther, tilted, softer, noisier, compressed anew. Only what compares by the bot's own rule counts.
Exit code 1 where a followed measure has a ratio under 3. What it lacks: another day, other skin, a lamp elsewhere.
"""

import io
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from bot.analysis import PhotoRefused
from bot.analysis.local.measure import measured
from bot.imaging.intake.photo import take_in
from bot.skin.measures import FOLLOWED_HERE, Measure, measures_of
from bot.skin.scene import Scene, differences, scene_of

LEAST_RATIO: Final = 3.0
_LEAST_PEOPLE: Final = 3
_LEAST_PHOTOS: Final = 3
_PICTURES: Final = ("*.jpg", "*.jpeg", "*.png")


@dataclass(frozen=True, kw_only=True)
class Steadiness:
    """`between`, `within`: standard deviations, in the measure's own unit; `people` who have three photos with it."""

    measure: Measure
    people: int
    between: float
    within: float

    @property
    def ratio(self) -> float:
        return self.between / self.within if self.within else 0.0

    @property
    def is_followed_rightly(self) -> bool:
        return self.people >= _LEAST_PEOPLE and self.ratio >= LEAST_RATIO


Photos = Sequence[Mapping[Measure, float]]


def steadiness(measure: Measure, people: Sequence[Photos]) -> Steadiness:
    """From all comparable photos of each person."""
    values = [[photo[measure] for photo in photos if measure in photo] for photos in people]
    known = [mine for mine in values if len(mine) >= _LEAST_PHOTOS]
    if len(known) < 2:
        return Steadiness(measure=measure, people=len(known), between=0.0, within=0.0)
    return Steadiness(
        measure=measure,
        people=len(known),
        between=statistics.stdev(statistics.fmean(mine) for mine in known),
        within=statistics.fmean(statistics.variance(mine) for mine in known) ** 0.5,
    )


def photos_of(image: Image.Image, *, retakes: int, chances: np.random.Generator) -> Photos:
    """What is measured in a portrait and in those of its re-takes that compare with it; none where it has no face."""
    first = _measured(_as_jpeg(image, 95))
    if first is None:
        return ()
    others = [_measured(retaken(image, chances)) for _ in range(retakes)]
    alike = [other[0] for other in others if other is not None and not differences(first[1], other[1])]
    return (first[0], *alike)


def retaken(image: Image.Image, chances: np.random.Generator) -> bytes:
    """A JPEG of the same face, photographed again under nearly the same conditions."""
    nearer = chances.uniform(0.85, 1.0)
    tilted = image.rotate(chances.uniform(-8, 8), Image.Resampling.BICUBIC, fillcolor=(128, 128, 128))
    size = (round(image.width * nearer), round(image.height * nearer))
    softer = tilted.resize(size, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(chances.uniform(0, 0.6)))
    light = _linear(np.asarray(softer, dtype=np.float64) / 255) * _lamp(chances, (size[1], size[0]))
    noisy = 255 * _encoded(light) + chances.normal(0, 1.5, light.shape)
    pixels = np.clip(noisy + 0.5, 0, 255).astype(np.uint8)
    return _as_jpeg(Image.fromarray(pixels), int(chances.integers(80, 96)))


def _lamp(chances: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Up to 0.3 EV, 8 % warmer or cooler, 3 % greener or pinker, and 12 % from one side to the middle."""
    warmth, tint = chances.uniform(-0.08, 0.08) / 2, chances.uniform(-0.03, 0.03)
    from_left = chances.uniform(-0.12, 0.12) * np.linspace(-1, 1, shape[1])[None, :, None]
    from_above = chances.uniform(-0.08, 0.08) * np.linspace(-1, 1, shape[0])[:, None, None]
    colour = np.array([1 + warmth, 1 + tint, 1 - warmth])
    return np.asarray(2 ** chances.uniform(-0.3, 0.3) * colour * (1 + from_left + from_above))


def _linear(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _encoded(light: np.ndarray) -> np.ndarray:
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def _as_jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _measured(jpeg: bytes) -> tuple[Mapping[Measure, float], Scene] | None:
    photo = take_in(jpeg)
    try:
        analysis = measured(photo.jpeg).analysis
    except PhotoRefused:
        return None
    scene = scene_of(analysis, conditions=photo.conditions, doubts=photo.issues, width_px=photo.width)
    return measures_of(analysis), scene


def table(people: Sequence[Photos]) -> Iterator[str]:
    photos = sum(len(mine) for mine in people)
    yield f"{len(people)} people, {photos} comparable photos of them\n"
    yield "| measure | people | they differ by (sd) | re-takes differ by (sd) | ratio | |"
    yield "|---|---|---|---|---|---|"
    for measure in FOLLOWED_HERE:
        found = steadiness(measure, people)
        verdict = "met" if found.is_followed_rightly else f"**under {LEAST_RATIO:.0f}**"
        figures = f"{found.between:.3f} | {found.within:.3f} | {found.ratio:.1f}"
        yield f"| {measure} | {found.people} | {figures} | {verdict} |"


def main() -> None:
    folder, retakes = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 8
    chances = np.random.default_rng(18)
    people = []
    for path in sorted(path for pattern in _PICTURES for path in folder.glob(pattern)):
        with Image.open(path) as image:
            photos = photos_of(image.convert("RGB"), retakes=retakes, chances=chances)
        people.extend([photos] if photos else [])
    for line in table(people):
        print(line)  # noqa: T201 - a command
    sys.exit(0 if all(steadiness(measure, people).is_followed_rightly for measure in FOLLOWED_HERE) else 1)


if __name__ == "__main__":
    main()
