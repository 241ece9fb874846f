"""Small places that are darker or redder than the skin around them: places to look at, and no more than that."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.blobs import BACKGROUND_PX, Blob, blobs_of
from bot.analysis.local.planes import Mask, blurred
from bot.analysis.local.skin import Skin

_MARGIN_PX: Final = 3  # to eyes, brows, lips, nostrils and the face's outline
_LEAST_SKIN: Final = 0.6  # of the middle distance around
_LEAST_AROUND: Final = 0.85  # of what lies next to it
_FAR_FROM_EDGES: Final = 0.9  # what is red, large and near where the face turns away is its shading
_CAMERA_ROUGH: Final = 0.35  # what a camera adds, in the planes' units
_CAMERA_RESTLESS: Final = 0.3
_OVER_STUBBLE: Final = 6.5  # times as much as rough skin varies
_OVER_REST: Final = 9.0  # times as much as what varies at its own size: then it is the camera's grain that is rough
_LEAST_PX: Final = 1.5  # a radius, on the straight face: 0.42 mm a pixel
_MOST_PX: Final = 12.0
_LEAST_EVEN: Final = 0.78
_PEAKS_FROM: Final = 0.6  # of the least contrast
_BACKED: Final = 1.3  # times the least contrast, where the skin is so restless that it takes both planes to see a spot
_AS_LARGE: Final = 2.0
_OF_BLOOD: Final = 0.7  # a* for each L*: blood adds 1 to 2 of it, on any skin, and pigment 0.1
_FRECKLES: Final = 8
_FRECKLE_PX: Final = (1.5, 2.9)
_FRECKLE_CONTRAST: Final = 3.5
_FRECKLE_ELONGATED: Final = 1.4
_FRECKLE_EVEN: Final = 0.6


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A box on the straight face, px; `contrast` in L* or a*. `faint`: it sends nobody to a doctor.

    `also`: its contrast as the other kind, 0 where it has none.
    """

    left: int
    top: int
    width: int
    height: int
    contrast: float
    also: float
    faint: bool

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True, kw_only=True)
class Spots:
    """`freckled`: there are many small dark ones; then the faint ones of them are no spots of their own."""

    red: tuple[Spot, ...]
    dark: tuple[Spot, ...]
    freckled: bool


@dataclass(frozen=True, kw_only=True)
class _Rules:
    """What a blob has to be, for a spot. `contrast`: the least, in L* or a*. `clear`, `steep`, `around`: the least.

    `clear` is how far it stands above what else varies around it, in the finest detail times at its own size.
    """

    contrast: float
    clear: float
    steep: float
    around: float
    most_elongated: float


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """`shadowy` are the rules for what may be a shadow: with a radius of more than `shadow_px`, or in a fold.

    What is both is a shadow.
    """

    usual: _Rules
    shadowy: _Rules
    shadow_px: float
    most_rough: float
    faint: float


_DARK: Final = _Kind(
    usual=_Rules(contrast=4.5, clear=36, steep=0, around=_LEAST_AROUND, most_elongated=1.3),
    shadowy=_Rules(contrast=8.0, clear=45, steep=0.58, around=_LEAST_AROUND, most_elongated=1.45),
    shadow_px=3.6,
    most_rough=1.5,
    faint=10.0,
)
_RED: Final = _Kind(
    usual=_Rules(contrast=5.5, clear=42, steep=0, around=_LEAST_AROUND, most_elongated=1.3),
    shadowy=_Rules(contrast=6.5, clear=50, steep=0.42, around=_FAR_FROM_EDGES, most_elongated=1.45),
    shadow_px=4.2,
    most_rough=1.1,
    faint=9.0,
)


def spots_of(skin: Skin) -> Spots:
    """A place that is both redder and darker is told once: as red where blood rather than pigment would make it so."""
    share = blurred(skin.mask.astype(np.float32), BACKGROUND_PX)
    where = _inside(skin) & (share > _LEAST_SKIN)
    darker, redder = (
        blobs_of(plane, skin=skin.mask, share=share, where=where, least=_PEAKS_FROM * kind.usual.contrast)
        for plane, kind in ((-skin.even.lightness, _DARK), (skin.even.a, _RED))
    )
    dark = _once(_spots(darker, redder, _DARK, skin))
    blood = tuple(spot for spot in dark if spot.also >= _OF_BLOOD * spot.contrast)
    red = _once((*_spots(redder, darker, _RED, skin), *blood))
    freckled = sum(_is_freckle(blob) for blob in darker) >= _FRECKLES
    return Spots(
        red=tuple(spot for spot in red if spot in blood or spot.contrast >= _OF_BLOOD * spot.also),
        dark=tuple(
            spot
            for spot in dark
            if spot not in blood
            and not (freckled and spot.faint)
            and not any(_meet(spot, other) and other.contrast >= _OF_BLOOD * other.also for other in red)
        ),
        freckled=freckled,
    )


def _inside(skin: Skin) -> Mask:
    inside: Mask = blurred(skin.zones.face.astype(np.float32), _MARGIN_PX) > 0.97
    return inside


def _spots(blobs: Iterable[Blob], others: Sequence[Blob], kind: _Kind, skin: Skin) -> Iterator[Spot]:
    """`others`: of the other kind."""
    for blob in blobs:
        in_fold = bool(skin.zones.folds[blob.top + blob.height // 2, blob.left + blob.width // 2])
        large = blob.radius > kind.shadow_px
        rules = kind.shadowy if in_fold or large else kind.usual
        twin = _twin(blob, others)
        backing = _clearness(twin) if twin and rules is kind.usual else 0.0
        if not (in_fold and large) and _is_whole(blob, rules) and _is_clear(blob, rules, kind.most_rough, backing):
            yield Spot(
                left=blob.left,
                top=blob.top,
                width=blob.width,
                height=blob.height,
                contrast=blob.contrast,
                also=twin.contrast if twin else 0.0,
                faint=blob.contrast < kind.faint,
            )


def _once(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    """A large one has several peaks; the highest comes first."""
    kept: list[Spot] = []
    for spot in spots:
        if not any(_meet(spot, other) for other in kept):
            kept.append(spot)
    return tuple(kept)


def _is_whole(blob: Blob, rules: _Rules) -> bool:
    """No line or hair, which are long; nothing at the edge of what is seen; no fold, beside which it is brighter."""
    round_enough = blob.elongation <= rules.most_elongated and _LEAST_PX <= blob.radius <= _MOST_PX
    return round_enough and blob.around >= rules.around and blob.evenness >= _LEAST_EVEN


def _is_clear(blob: Blob, rules: _Rules, most_rough: float, backing: float) -> bool:
    """Against stubble and pores, and against shading, which is soft."""
    over_rough, over_rest = _over_rough(blob), _over_rest(blob)
    calm = blob.roughness <= most_rough or over_rough >= _OVER_STUBBLE or over_rest >= _OVER_REST
    above = blob.contrast / rules.contrast
    alone = above >= 1 and over_rough * over_rest >= rules.clear
    backed = above >= _BACKED and over_rough * over_rest + backing >= rules.clear
    return calm and (alone or backed) and blob.steepness >= rules.steep


def _over_rough(blob: Blob) -> float:
    return blob.contrast / (blob.roughness + _CAMERA_ROUGH)


def _over_rest(blob: Blob) -> float:
    return blob.contrast / (blob.restless + _CAMERA_RESTLESS)


def _clearness(blob: Blob) -> float:
    return _over_rough(blob) * _over_rest(blob)


def _twin(blob: Blob, others: Iterable[Blob]) -> Blob | None:
    """What is at its place in the other plane, and about as large: grain is hardly redder and darker at one place."""
    near = [
        other
        for other in others
        if math.dist(blob.middle, other.middle) <= blob.radius
        and other.evenness >= _LEAST_EVEN
        and other.radius <= _AS_LARGE * blob.radius
    ]
    return max(near, key=_clearness, default=None)


def _is_freckle(blob: Blob) -> bool:
    """Also one that others stand beside."""
    small = _FRECKLE_PX[0] <= blob.radius <= _FRECKLE_PX[1] and blob.around >= _LEAST_AROUND
    shaped = blob.elongation <= _FRECKLE_ELONGATED and blob.evenness >= _FRECKLE_EVEN
    return small and shaped and min(blob.contrast, _over_rough(blob)) >= _FRECKLE_CONTRAST


def _meet(one: Spot, other: Spot) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )
