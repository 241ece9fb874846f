"""Small places that are darker or redder than the skin around them: places to look at, and no more than that."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.blobs import BACKGROUND_PX, Blob, blobs_of
from bot.analysis.local.planes import Mask, blurred
from bot.analysis.local.skin import Skin

_MARGIN_PX: Final = 3  # to eyes, brows, lips, nostrils and the face's outline
_LEAST_SKIN: Final = 0.6  # of the middle distance around
_LEAST_AROUND: Final = 0.85  # of what lies next to it
_CAMERA_ROUGH: Final = 0.35  # what a camera adds, in the planes' units
_CAMERA_RESTLESS: Final = 0.3
_OVER_STUBBLE: Final = 6.5  # times as much as rough skin varies
_OVER_REST: Final = 9.0  # times as much as what varies at its own size: then it is the camera's grain that is rough
_LEAST_PX: Final = 1.5  # a radius, on the straight face: 0.42 mm a pixel
_MOST_PX: Final = 12.0
_LEAST_EVEN: Final = 0.78
_PEAKS_FROM: Final = 0.6  # of the least contrast
_FRECKLES: Final = 8
_FRECKLE_PX: Final = (1.5, 2.9)
_FRECKLE_CONTRAST: Final = 3.5
_FRECKLE_ELONGATED: Final = 1.4
_FRECKLE_EVEN: Final = 0.6


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A box on the straight face, px; `contrast` in L* or a*. `faint`: it sends nobody to a doctor."""

    left: int
    top: int
    width: int
    height: int
    contrast: float
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
    """What a blob has to be, for a spot. `contrast`: the least, in L* or a*. `clear`, `steep`: the least.

    `clear` is how far it stands above what else varies around it, in the finest detail times at its own size.
    """

    contrast: float
    clear: float
    steep: float
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
    usual=_Rules(contrast=4.5, clear=36, steep=0, most_elongated=1.3),
    shadowy=_Rules(contrast=8.0, clear=45, steep=0.58, most_elongated=1.45),
    shadow_px=3.6,
    most_rough=1.5,
    faint=10.0,
)
_RED: Final = _Kind(
    usual=_Rules(contrast=5.5, clear=42, steep=0, most_elongated=1.3),
    shadowy=_Rules(contrast=6.5, clear=50, steep=0.42, most_elongated=1.45),
    shadow_px=4.2,
    most_rough=1.1,
    faint=9.0,
)


def spots_of(skin: Skin) -> Spots:
    """A place that is both redder and darker is told once, as what it is more of."""
    share = blurred(skin.mask.astype(np.float32), BACKGROUND_PX)
    where = _inside(skin) & (share > _LEAST_SKIN)
    darker, redder = (
        blobs_of(plane, skin=skin.mask, share=share, where=where, least=_PEAKS_FROM * kind.usual.contrast)
        for plane, kind in ((-skin.even.lightness, _DARK), (skin.even.a, _RED))
    )
    dark, red = (_once(_spots(blobs, kind, skin)) for blobs, kind in ((darker, _DARK), (redder, _RED)))
    freckled = sum(_is_freckle(blob) for blob in darker) >= _FRECKLES
    return Spots(
        red=tuple(spot for spot in red if all(spot.contrast > other.contrast for other in dark if _meet(spot, other))),
        dark=tuple(
            spot
            for spot in dark
            if not (freckled and spot.faint)
            and all(spot.contrast >= other.contrast for other in red if _meet(spot, other))
        ),
        freckled=freckled,
    )


def _inside(skin: Skin) -> Mask:
    inside: Mask = blurred(skin.zones.face.astype(np.float32), _MARGIN_PX) > 0.97
    return inside


def _spots(blobs: Iterable[Blob], kind: _Kind, skin: Skin) -> Iterator[Spot]:
    for blob in blobs:
        in_fold = bool(skin.zones.folds[blob.top + blob.height // 2, blob.left + blob.width // 2])
        large = blob.radius > kind.shadow_px
        rules = kind.shadowy if in_fold or large else kind.usual
        if not (in_fold and large) and _is_whole(blob, rules) and _is_clear(blob, rules, kind.most_rough):
            yield Spot(
                left=blob.left,
                top=blob.top,
                width=blob.width,
                height=blob.height,
                contrast=blob.contrast,
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
    return round_enough and blob.around >= _LEAST_AROUND and blob.evenness >= _LEAST_EVEN


def _is_clear(blob: Blob, rules: _Rules, most_rough: float) -> bool:
    """Against stubble and pores, and against shading, which is soft."""
    over_rough = blob.contrast / (blob.roughness + _CAMERA_ROUGH)
    over_rest = blob.contrast / (blob.restless + _CAMERA_RESTLESS)
    calm = blob.roughness <= most_rough or over_rough >= _OVER_STUBBLE or over_rest >= _OVER_REST
    stands_above = blob.contrast >= rules.contrast and over_rough * over_rest >= rules.clear
    return calm and stands_above and blob.steepness >= rules.steep


def _is_freckle(blob: Blob) -> bool:
    """Also one that others stand beside."""
    small = _FRECKLE_PX[0] <= blob.radius <= _FRECKLE_PX[1] and blob.around >= _LEAST_AROUND
    shaped = blob.elongation <= _FRECKLE_ELONGATED and blob.evenness >= _FRECKLE_EVEN
    over_rough = blob.contrast / (blob.roughness + _CAMERA_ROUGH)
    return small and shaped and min(blob.contrast, over_rough) >= _FRECKLE_CONTRAST


def _meet(one: Spot, other: Spot) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )
