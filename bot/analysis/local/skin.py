"""Which pixels of the straight face are skin: neither hair, beard, glasses nor clothes, by this person's own colour."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.analysis.local.colour import Lab, lab_of, luminance_of
from bot.analysis.local.covering import PARTS, Covering
from bot.analysis.local.planes import Mask, Plane, amid, blurred, spread
from bot.analysis.local.zones import CHEEKS_AND_T_ZONE, SEEDS, Zones
from bot.skin.analysis import SkinZone
from bot.skin.photo import PhotoIssue

_EVEN_LUMINANCE: Final = 0.281  # L* 60, where most photographed skin lies
_MOST_GAIN: Final = 8.0  # more would show the camera's noise
_BLOWN: Final = 250
_BLACK: Final = 6
_IN_THE_DARK: Final = 40  # of 255; darker than any skin in a lit room
_HUE_REACH: Final = 0.34  # of ln(red/green) and ln(green/blue): shading leaves these as they are, other stuff does not
_REDDER: Final = 0.25  # and skin may be a good deal redder than most of it
_AROUND_PX: Final = 40
_DARKEST: Final = 0.58  # of the skin's lightness: below it is hair or deep shadow
_ROUGHEST: Final = 3.5  # times the usual roughness: hair, beard, rims of glasses
_LEAST_ROUGH: Final = 2.0  # L*
_LEAST_CHROMA: Final = 2.5  # any skin in any usual light has 10 and more
_CELL_PX: Final = 10
_SKIN_CELL: Final = 0.85
_VISIBLE_FROM: Final = 0.4  # of a zone
_WHOLE_FROM: Final = 0.75
_ENOUGH: Final = 1 / 3  # of forehead, nose and cheeks, each as much as the others: less is not the face's skin
_LEAST_SEED_PX: Final = 200


@dataclass(frozen=True, kw_only=True)
class Skin:
    """The straight face in colour, and which of it is skin.

    `lab` is as photographed. `even` is as if all skin were equally light: a blush or a spot then weighs the same on
    light and dark skin, and whatever the exposure.
    """

    lab: Lab
    even: Lab
    mask: Mask
    zones: Zones

    @property
    def is_seen(self) -> bool:
        return bool(self.mask[self.zones.masks(SEEDS) | self.zones.above_brows].sum() >= _LEAST_SEED_PX)

    @property
    def has_colour(self) -> bool:
        """False for a black-and-white photo."""
        return float(np.hypot(np.median(self.lab.a[self.mask]), np.median(self.lab.b[self.mask]))) >= _LEAST_CHROMA

    @cached_property
    def visible(self) -> frozenset[SkinZone]:
        """The zones of which enough is skin; one that a turned face hides has nothing that could be."""
        return frozenset(zone for zone in SkinZone if self._share(self.zones.mask(zone)) >= _VISIBLE_FROM)

    def _share(self, zone: Mask) -> float:
        return float((self.mask & zone).sum() / max(1, zone.sum()))

    @property
    def partly_visible(self) -> frozenset[SkinZone]:
        """Those of the visible zones of which some is hidden."""
        return frozenset(zone for zone in self.visible if self._share(self.zones.mask(zone)) < _WHOLE_FROM)

    @property
    def shows_enough(self) -> bool:
        """Whether what is seen can stand for cheeks and T-zone."""
        return sum(self._share(self.zones.mask(part)) for part in PARTS) >= _ENOUGH * len(PARTS)

    @property
    def hidden(self) -> frozenset[SkinZone]:
        return frozenset(SkinZone) - self.visible

    def hides(self, x: float, y: float) -> bool:
        """Whether that place of the straight face lies in a zone of which too little is seen."""
        return bool(self.hidden) and bool(self._hiding[round(y), round(x)])

    @cached_property
    def _hiding(self) -> Mask:
        return self.zones.masks(self.hidden)

    def within(self, zones: frozenset[SkinZone]) -> Mask:
        """The skin of those zones that are visible."""
        seen = zones & self.visible
        return self.mask & self.zones.masks(seen) if seen else np.zeros_like(self.mask)


def skin_of(pixels: NDArray[np.uint8], zones: Zones, covering: Covering | None = None) -> Skin:
    """`pixels`: the straight face. What lies over it is not taken for skin, nor for the colour of this person's."""
    lab = lab_of(pixels)
    readable = (pixels.max(axis=-1) < _BLOWN) & (pixels.max(axis=-1) > _BLACK)
    bare = np.ones_like(readable) if covering is None else covering.straight & ~zones.masks(covering.zones)
    seeds = zones.masks(SEEDS) & readable & bare
    if seeds.sum() < _LEAST_SEED_PX:
        seeds = zones.above_brows & readable & bare
    if seeds.sum() < _LEAST_SEED_PX:
        return Skin(lab=lab, even=lab, mask=np.zeros_like(readable), zones=zones)
    possible = zones.face & readable & bare & _lit_like(lab.lightness, seeds) & _smooth(lab.lightness, seeds)
    alike, redder = _coloured_like(pixels, seeds)
    likely = possible & alike
    deep = possible & redder & zones.masks(CHEEKS_AND_T_ZONE)
    if deep.any():  # in few photos; to look around costs 20 ms
        likely |= deep & amid(likely, _AROUND_PX)
    whole = blurred(likely.astype(np.float32), 3) > 0.55
    mask = whole & _joined(whole, seeds | zones.above_brows) & zones.face & readable & bare
    surely = seeds & mask  # without the rims that lie across them
    even = lab_of(pixels, gain=_gain(pixels, surely if surely.any() else seeds))
    return Skin(lab=lab, even=even, mask=mask, zones=zones)


def light_trouble(pixels: NDArray[np.uint8], zones: Zones) -> PhotoIssue | None:
    """Why there is no skin, or no colour, to be seen at nose and cheeks, when it is the light."""
    brightest = pixels.max(axis=-1)[zones.masks(SEEDS)]
    if not brightest.size:
        return None
    if np.median(brightest) >= _BLOWN:
        return PhotoIssue.TOO_BRIGHT
    return PhotoIssue.TOO_DARK if np.percentile(brightest, 90) < _IN_THE_DARK else None


def _gain(pixels: NDArray[np.uint8], seeds: Mask) -> float:
    usual = float(np.median(luminance_of(pixels)[seeds]))
    return min(_MOST_GAIN, _EVEN_LUMINANCE / max(usual, 1e-4))


def _coloured_like(pixels: NDArray[np.uint8], seeds: Mask) -> tuple[Mask, Mask]:
    """What is of the skin's colour, and what is redder than skin mostly is."""
    logs = np.log(np.stack([blurred(pixels[..., channel].astype(np.float32), 1) for channel in range(3)]) + 4)
    red, yellow = logs[0] - logs[1], logs[1] - logs[2]
    off_red, off_yellow = red - np.median(red[seeds]), yellow - np.median(yellow[seeds])
    less, more = _HUE_REACH * 0.6, _HUE_REACH * 0.6 + _REDDER
    of_its_kind = (off_red > -less) & (np.abs(off_yellow) < _HUE_REACH)
    return of_its_kind & (off_red < more), of_its_kind & (off_red >= more)


def _lit_like(lightness: Plane, seeds: Mask) -> Mask:
    usual = float(np.median(lightness[seeds]))
    lit: Mask = lightness > _DARKEST * usual
    return lit


def _smooth(lightness: Plane, seeds: Mask) -> Mask:
    fine = np.abs(lightness - blurred(lightness, 2))
    rough = blurred(np.asarray(fine, dtype=np.float32), 3)
    usual = float(np.median(rough[seeds]))
    smooth: Mask = rough < max(_LEAST_ROUGH, _ROUGHEST * usual)
    return smooth


def _joined(mask: Mask, seeds: Mask) -> Mask:
    """Near what hangs together with the seeds by more than a strand: locks of hair stand by themselves."""
    cells = _cells(mask)
    reached = (_cells(seeds) > 0.5) & (cells > _SKIN_CELL)
    while True:
        grown = _grown(reached) & (cells > _SKIN_CELL)
        if (grown == reached).all():
            break
        reached = grown
    return np.kron(_grown(reached), np.ones((_CELL_PX, _CELL_PX), dtype=np.bool_))


def _cells(mask: Mask) -> Plane:
    """The share of each square of 10 px that is in the mask."""
    height, width = mask.shape
    squares = mask.reshape(height // _CELL_PX, _CELL_PX, width // _CELL_PX, _CELL_PX)
    return np.asarray(squares.mean(axis=(1, 3)), dtype=np.float32)


def _grown(cells: Mask) -> Mask:
    """With the four neighbours of each."""
    grown = cells.copy()
    grown[1:] |= cells[:-1]
    grown[:-1] |= cells[1:]
    grown[:, 1:] |= cells[:, :-1]
    grown[:, :-1] |= cells[:, 1:]
    return grown


def noise_of(plane: Plane, mask: Mask) -> float:
    """How much a plane varies over the skin, robustly."""
    return spread(plane[mask])
