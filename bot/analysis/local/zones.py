"""Where the parts of one face lie on its straight picture: outlines along the places of its mesh."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from bot.analysis.local.frame import APART_PX, COARSELY, HALVED, HEIGHT_PX, MIDDLE, WIDTH_PX, Frame
from bot.analysis.local.mesh import EYES, Landmarks
from bot.analysis.local.planes import Mask, Plane
from bot.skin.analysis import SkinZone

_Outline = Sequence[int]  # numbers of the mesh

_OUTLINES: Final[Mapping[SkinZone, _Outline]] = MappingProxyType(
    {
        SkinZone.FOREHEAD: (68, 54, 103, 67, 109, 10, 338, 297, 332, 284, 298, 334, 296, 336, 9, 107, 66, 105),
        SkinZone.GLABELLA: (108, 151, 337, 285, 417, 168, 193, 55),
        SkinZone.NOSE: (193, 168, 417, 437, 438, 290, 2, 60, 218, 217),
        SkinZone.LEFT_CHEEK: (116, 117, 118, 119, 217, 165, 202, 214, 147),
        SkinZone.RIGHT_CHEEK: (345, 346, 347, 348, 437, 391, 422, 434, 376),
        SkinZone.LEFT_UNDER_EYE: (31, 128, 217, 198, 119, 118, 117),
        SkinZone.RIGHT_UNDER_EYE: (261, 357, 437, 355, 348, 347, 346),
        SkinZone.LEFT_EYE_CORNER: (139, 113, 31, 117, 116),
        SkinZone.RIGHT_EYE_CORNER: (368, 342, 261, 346, 345),
        SkinZone.LEFT_JAW: (138, 214, 202, 32, 140, 149, 150, 136),
        SkinZone.RIGHT_JAW: (367, 434, 422, 262, 369, 378, 379, 365),
        SkinZone.CHIN: (32, 208, 200, 428, 262, 400, 377, 152, 148, 176),
    }
)
_OVAL: Final = (  # of the face, clockwise from the top
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
_ABOVE_BROWS: Final = (9, 107, 66, 105, 104, 108, 151, 337, 333, 334, 296, 336)
_LIPS: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
_NOSTRILS: Final = (98, 97, 2, 326, 327)
_FOLDS: Final = (  # around the wings of the nose and from there beyond the mouth's corners
    (98, 64, 129, 203, 206, 216, 57, 61),
    (327, 294, 358, 423, 426, 436, 287, 291),
)
_EYES_AND_BROWS: Final = (
    (70, 63, 105, 66, 107, 55, 133, 155, 154, 153, 145, 144, 163, 7, 33),
    (300, 293, 334, 296, 336, 285, 362, 382, 381, 380, 374, 373, 390, 249, 263),
)
_HAIRLINE: Final = MappingProxyType(  # the mesh ends below it: how much higher it lies, in eye distances
    {54: 0.1, 103: 0.25, 67: 0.34, 109: 0.38, 10: 0.38, 338: 0.38, 297: 0.34, 332: 0.25, 284: 0.1}
)
_AROUND_FEATURES: Final = 0.05  # eye distances: the mesh lies that near to where brows, lids and lips end
_AROUND_NOSTRILS: Final = 0.09
_COARSE_NOSTRILS_PX: Final = 4
_AROUND_FOLDS: Final = 0.08
_EYE: Final = (0.34, 0.16)  # half the width and height, with the lids
_GLASSES: Final = (-0.3, 0.4)  # eye distances below the eyes: where rims and their shadow lie ...
_BESIDE_GLASSES: Final = 0.2  # ... and so much farther they may
_INWARDS: Final = (0.35, 0.61, 0.79, 0.94)  # of the way from a zone's middle to its outline: rings of like area
CHEEKS_AND_T_ZONE: Final = frozenset(
    {SkinZone.FOREHEAD, SkinZone.GLABELLA, SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK}
)
SEEDS: Final = frozenset({SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK})


class Zones:
    """Masks of 540×450, of one face."""

    def __init__(self, landmarks: Landmarks, frame: Frame) -> None:
        self._places = frame.to_photo.inverse().of(landmarks.places[:, :2])
        self._masks: dict[SkinZone, Mask] = {}

    def mask(self, zone: SkinZone) -> Mask:
        """True inside the zone, without eyes, brows, nostrils and mouth."""
        if zone not in self._masks:
            self._masks[zone] = self.masks(frozenset({zone}))
        return self._masks[zone]

    def masks(self, zones: frozenset[SkinZone]) -> Mask:
        """True inside any of them."""
        return self._inside(*(_OUTLINES[zone] for zone in zones)) & ~self._features

    def coarse(self, zone: SkinZone) -> Mask:
        """As `mask`, of 108×90, and with what of eyes, brows, nostrils and mouth lies inside."""
        return self._inside(_OUTLINES[zone], coarsely=COARSELY)

    @property
    def half_oval(self) -> Mask:
        """The face's oval, of 270×225."""
        return self._inside(_OVAL, coarsely=HALVED)

    @property
    def coarse_lips(self) -> Mask:
        """Of 108×90."""
        return self._inside(_LIPS, coarsely=COARSELY)

    @property
    def coarse_nostrils(self) -> Mask:
        """The nose's lower edge, of 108×90."""
        image = _nothing(coarsely=COARSELY)
        ImageDraw.Draw(image).line(self._points(_NOSTRILS, coarsely=COARSELY), fill=1, width=_COARSE_NOSTRILS_PX)
        return _as_mask(image)

    def samples(self, zone: SkinZone) -> Plane:
        """(x, y) of some seventy places in it, evenly spread: enough for its light, and nothing has to be drawn."""
        outline = np.array(self._points(_OUTLINES[zone]))
        outline = np.concatenate([outline, (outline + np.roll(outline, 1, axis=0)) / 2])
        middle = outline.mean(axis=0)
        return np.concatenate([middle + share * (outline - middle) for share in _INWARDS]).astype(np.float32)

    def outline(self, zone: SkinZone) -> list[tuple[float, float]]:
        """Its corners, px of the straight face; eyes, brows, nostrils and mouth may lie inside."""
        return self._points(_OUTLINES[zone])

    @property
    def oval_outline(self) -> list[tuple[float, float]]:
        """The same of the whole face, up to the hairline."""
        return self._points(_OVAL)

    @property
    def eyes(self) -> tuple[Plane, ...]:
        """The outlines of both, 16 × (x, y) along the lids."""
        return tuple(self._places[list(eye)] for eye in EYES)

    @cached_property
    def face(self) -> Mask:
        """The face's oval, without the same."""
        return self._inside(_OVAL) & ~self._features

    @cached_property
    def above_brows(self) -> Mask:
        """A band of the forehead that is bare on most faces, whatever sits on the nose."""
        return self._inside(_ABOVE_BROWS) & ~self._features

    @cached_property
    def folds(self) -> Mask:
        """Where a shadow lies that is none of the skin's own: beside nose and mouth."""
        image = _nothing()
        for fold in _FOLDS:
            points = self._points(fold)
            ImageDraw.Draw(image).line(points, fill=1, width=round(2 * _AROUND_FOLDS * APART_PX), joint="curve")
        return _as_mask(image)

    @cached_property
    def _features(self) -> Mask:
        image = _nothing()
        draw = ImageDraw.Draw(image)
        for outline in (*_EYES_AND_BROWS, _LIPS):
            points = self._points(outline)
            draw.polygon(points, fill=1)
            draw.line([*points, points[0]], fill=1, width=round(2 * _AROUND_FEATURES * APART_PX), joint="curve")
        draw.line(self._points(_NOSTRILS), fill=1, width=round(2 * _AROUND_NOSTRILS * APART_PX), joint="curve")
        return _as_mask(image)

    def _inside(self, *outlines: _Outline, coarsely: int = 1) -> Mask:
        image = _nothing(coarsely=coarsely)
        draw = ImageDraw.Draw(image)
        for outline in outlines:
            draw.polygon(self._points(outline, coarsely=coarsely), fill=1)
        return _as_mask(image)

    def _points(self, outline: _Outline, *, coarsely: int = 1) -> list[tuple[float, float]]:
        return [
            (x / coarsely, (y - _HAIRLINE.get(number, 0.0) * APART_PX) / coarsely)
            for number, (x, y) in zip(outline, self._places[list(outline)].tolist(), strict=True)
        ]


@cache
def eyes_mask() -> Mask:
    """The eyes with their lids, without the brows: they stand at the same place on every straight face."""
    image = _nothing()
    for sign in (-1, 1):
        x, y = MIDDLE[0] + sign * APART_PX / 2, MIDDLE[1]
        half_width, half_height = _EYE[0] * APART_PX, _EYE[1] * APART_PX
        ImageDraw.Draw(image).ellipse((x - half_width, y - half_height, x + half_width, y + half_height), fill=1)
    return _as_mask(image)


@cache
def beside_glasses() -> Plane:
    """0 where glasses sit on whoever wears them, 1 where none do: a straight face's rows, from one to the other softly.

    What is read with these weights is about the same with and without glasses.
    """
    below = (np.arange(HEIGHT_PX) - MIDDLE[1]) / APART_PX
    beyond = np.maximum(_GLASSES[0] - below, below - _GLASSES[1]) / _BESIDE_GLASSES
    return np.repeat(np.clip(beyond, 0, 1)[:, np.newaxis], WIDTH_PX, axis=1).astype(np.float32)


def _nothing(*, coarsely: int = 1) -> Image.Image:
    return Image.new("L", (WIDTH_PX // coarsely, HEIGHT_PX // coarsely))


def _as_mask(image: Image.Image) -> Mask:
    """Of one that holds 0 and 1."""
    return np.asarray(image).view(np.bool_)
