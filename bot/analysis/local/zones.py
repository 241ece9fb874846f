"""Where the parts of a face lie, in eye distances from the middle between the eyes: x to the right, y down."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from bot.analysis.local.frame import APART_PX, HEIGHT_PX, MIDDLE, WIDTH_PX
from bot.analysis.local.planes import Mask
from bot.skin.analysis import SkinZone

Points = Sequence[tuple[float, float]]


def _mirrored(points: Points) -> Points:
    return [(-x, y) for x, y in points]


_CHEEK: Final = [(-0.98, 0.3), (-0.22, 0.28), (-0.36, 0.78), (-0.6, 1.12), (-0.82, 1.0)]
_UNDER_EYE: Final = [(-0.82, 0.16), (-0.22, 0.16), (-0.26, 0.36), (-0.76, 0.36)]
_CORNER: Final = [(-1.02, -0.12), (-0.8, -0.08), (-0.8, 0.2), (-1.0, 0.26)]
_JAW: Final = [(-0.88, 1.02), (-0.58, 1.16), (-0.42, 1.6), (-0.6, 1.62)]

_OUTLINES: Final[Mapping[SkinZone, Points]] = MappingProxyType(
    {
        SkinZone.FOREHEAD: [(-0.85, -0.5), (-0.72, -0.95), (-0.3, -1.12), (0.3, -1.12), (0.72, -0.95), (0.85, -0.5)],
        SkinZone.GLABELLA: [(-0.2, -0.5), (0.2, -0.5), (0.15, -0.12), (-0.15, -0.12)],
        SkinZone.NOSE: [(-0.13, -0.1), (0.13, -0.1), (0.24, 0.55), (0.2, 0.68), (-0.2, 0.68), (-0.24, 0.55)],
        SkinZone.LEFT_CHEEK: _CHEEK,
        SkinZone.RIGHT_CHEEK: _mirrored(_CHEEK),
        SkinZone.LEFT_UNDER_EYE: _UNDER_EYE,
        SkinZone.RIGHT_UNDER_EYE: _mirrored(_UNDER_EYE),
        SkinZone.LEFT_EYE_CORNER: _CORNER,
        SkinZone.RIGHT_EYE_CORNER: _mirrored(_CORNER),
        SkinZone.LEFT_JAW: _JAW,
        SkinZone.RIGHT_JAW: _mirrored(_JAW),
        SkinZone.CHIN: [(-0.4, 1.42), (0.4, 1.42), (0.32, 1.78), (-0.32, 1.78)],
    }
)
_OVAL: Final = ((0.0, 0.33), (1.08, 1.52))  # the middle and the half axes
_MOUTH: Final = ((0.0, 1.12), (0.52, 0.27))
_FEATURES: Final = (  # eyes with their brows, nostrils, mouth
    ((-0.52, -0.1), (0.42, 0.26)),
    ((0.52, -0.1), (0.42, 0.26)),
    ((0.0, 0.74), (0.26, 0.08)),
    _MOUTH,
)
CHEEKS_AND_T_ZONE: Final = frozenset(
    {SkinZone.FOREHEAD, SkinZone.GLABELLA, SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK}
)
SEEDS: Final = frozenset({SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK})


@cache
def zone_mask(zone: SkinZone) -> Mask:
    """540×450, True inside the zone."""
    image = Image.new("1", (WIDTH_PX, HEIGHT_PX))
    ImageDraw.Draw(image).polygon([_placed(x, y) for x, y in _OUTLINES[zone]], fill=1)
    return np.asarray(image) & ~_features()


def zones_mask(zones: frozenset[SkinZone]) -> Mask:
    mask: Mask = np.logical_or.reduce([zone_mask(zone) for zone in sorted(zones)])
    return mask


@cache
def face_mask() -> Mask:
    """The face's oval without eyes, brows, nostrils and mouth."""
    return _ellipse(*_OVAL) & ~_features()


@cache
def eyes_mask() -> Mask:
    """The eyes with their lids, without the brows."""
    return _ellipse((-0.5, 0.0), (0.34, 0.16)) | _ellipse((0.5, 0.0), (0.34, 0.16))


@cache
def mouth_mask() -> Mask:
    return _ellipse(*_MOUTH)


@cache
def _features() -> Mask:
    mask: Mask = np.logical_or.reduce([_ellipse(*feature) for feature in _FEATURES])
    return mask


def _ellipse(middle: tuple[float, float], axes: tuple[float, float]) -> Mask:
    rows, columns = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX].astype(np.float32)
    x, y = _placed(*middle)
    inside: Mask = ((columns - x) / (axes[0] * APART_PX)) ** 2 + ((rows - y) / (axes[1] * APART_PX)) ** 2 < 1
    return inside


def _placed(x: float, y: float) -> tuple[float, float]:
    return MIDDLE[0] + x * APART_PX, MIDDLE[1] + y * APART_PX
