"""Whether a mask, a hand or a box lies over a face: by its colour, and by the features that should be there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis.local.colour import lightness_of
from bot.analysis.local.faces import Face
from bot.analysis.local.frame import COARSE, COARSELY, Frame
from bot.analysis.local.planes import Mask, Plane, amid
from bot.analysis.local.zones import Zones, eyes_mask
from bot.skin.analysis import SkinZone
from bot.skin.photo import PhotoIssue

PARTS: Final = (SkinZone.FOREHEAD, SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK)
_MOST_YAW: Final = 33.0  # degrees, as the mesh sees it
_ABOUT_HALF: Final = 0.45  # of the four parts
_COVERED: Final = 0.5  # of one
_WHOLLY: Final = 0.8

_BURNT: Final = 250
_BLACK: Final = 12
_REDS: Final = (0.04, 1.1)  # ln(red/green) of any skin in any usual light; paper, screens and most cloth lie outside
_YELLOWS: Final = (-0.2, 1.6)  # ln(green/blue)
_ANY_SKIN: Final = 0.1  # of the four parts: with less, the light is so odd that colour tells nothing
_LESS_RED: Final = 0.2  # than this person's own skin
_MORE_RED: Final = 0.45
_AROUND_PX: Final = 8
_YELLOW_REACH: Final = 0.34
_DARKEST: Final = 0.25  # of this person's lightness: a shadow covers nothing
_BURNT_AROUND: Final = 0.25  # of what is white: burnt skin fades into it, a box or a sheet does not

# Over the lightness of the skin, on a coarse picture.
_LEAST_MOUTH: Final = 0.4  # from its dark to its light: cloth and hands have 0.1 to 0.3, a few mouths too
_LEAST_LIPS: Final = 0.05  # ln(red/green) above the cheeks': cloth and hands have 0.03 at most, a few lips too
_MOST_NOSTRILS: Final = 0.78  # their lightness: cloth and hands have 0.85 and more, a few noses too
_LEAST_EYE: Final = 0.06  # how much it varies: eyes have 0.12 and more, a hand before one 0.04
_SURE_EYE: Final = 0.12

_Covered = Mapping[SkinZone, float]  # how much of a zone, 0..1
_BELOW: Final[_Covered] = MappingProxyType(
    {
        SkinZone.NOSE: 0.8,
        SkinZone.LEFT_CHEEK: 0.8,
        SkinZone.RIGHT_CHEEK: 0.8,
        SkinZone.LEFT_JAW: 1.0,
        SkinZone.RIGHT_JAW: 1.0,
        SkinZone.CHIN: 1.0,
    }
)
_ASIDE: Final[tuple[_Covered, _Covered]] = (
    {
        SkinZone.FOREHEAD: 0.4,
        SkinZone.NOSE: 0.4,
        SkinZone.LEFT_CHEEK: 1.0,
        SkinZone.LEFT_UNDER_EYE: 1.0,
        SkinZone.LEFT_EYE_CORNER: 1.0,
        SkinZone.LEFT_JAW: 1.0,
    },
    {
        SkinZone.FOREHEAD: 0.4,
        SkinZone.NOSE: 0.4,
        SkinZone.RIGHT_CHEEK: 1.0,
        SkinZone.RIGHT_UNDER_EYE: 1.0,
        SkinZone.RIGHT_EYE_CORNER: 1.0,
        SkinZone.RIGHT_JAW: 1.0,
    },
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Covering:
    """`shares`: how much of forehead, nose and cheeks is covered, 0..1.

    `bare`: 108×90, false where something of another colour lies. `zones`: under something that may have skin's colour.
    """

    shares: _Covered
    bare: Mask
    zones: frozenset[SkinZone]

    @property
    def doubts(self) -> frozenset[PhotoIssue]:
        """One, where about half of the face or more is covered."""
        if sum(self.shares.values()) < _ABOUT_HALF * len(PARTS):
            return frozenset()
        forehead, _, left, right = (self.shares[part] >= _COVERED for part in PARTS)
        if left and right and not forehead:
            return frozenset({PhotoIssue.COVERED_BELOW})
        whole = max(self.shares[SkinZone.FOREHEAD], self.shares[SkinZone.NOSE]) >= _WHOLLY
        return frozenset({PhotoIssue.COVERED_ASIDE if left != right and not whole else PhotoIssue.COVERED})

    @property
    def straight(self) -> Mask:
        """`bare` on the straight face, 540×450."""
        return np.kron(self.bare, np.ones((COARSELY, COARSELY), dtype=np.bool_))


def covering_in(image: Image.Image, face: Face) -> Covering:
    """What should be there is missed only on a face that looks at the camera."""
    frame = Frame(eyes=face.eyes)
    from_the_front = abs(face.landmarks.yaw) < _MOST_YAW
    return covering_of(frame.coarse(image), Zones(face.landmarks, frame), from_the_front=from_the_front)


def covering_of(pixels: NDArray[np.uint8], zones: Zones, *, from_the_front: bool) -> Covering:
    """`pixels`: the coarse face."""
    coarse = _Coarse(pixels, zones)
    bare = _bare(coarse)
    missed = list(_missed(coarse, zones)) if from_the_front and coarse.is_coloured else []
    return Covering(
        shares={
            part: max([_share(place & ~bare, place), *(covered.get(part, 0.0) for covered in missed)])
            for part, place in coarse.places.items()
        },
        bare=bare,
        zones=frozenset(zone for covered in missed for zone, share in covered.items() if share >= _COVERED),
    )


class _Coarse:
    """A coarse face: its lightness, ln(red/green) and ln(green/blue), and where its parts lie."""

    def __init__(self, pixels: NDArray[np.uint8], zones: Zones) -> None:
        logs = _logs()[pixels]
        self.red: Plane = logs[..., 0] - logs[..., 1]
        self.yellow: Plane = logs[..., 1] - logs[..., 2]
        red, green, blue = (pixels[..., channel] for channel in range(3))
        self.brightest = np.maximum(np.maximum(red, green), blue)
        self.darkest = np.minimum(np.minimum(red, green), blue)
        self.lightness = lightness_of(pixels)
        self.places = {part: zones.coarse(part) for part in PARTS}
        self.face: Mask = np.logical_or.reduce(list(self.places.values()))
        self.is_lit: Mask = (self.brightest > _BLACK) & (self.brightest < _BURNT)
        self.like_skin: Mask = self.is_lit & _within(self.red, _REDS) & _within(self.yellow, _YELLOWS)

    @property
    def is_coloured(self) -> bool:
        """Whether colour tells anything: not in a photo without any, nor in the oddest light."""
        return bool((self.like_skin & self.face).sum() >= max(1, _ANY_SKIN * self.face.sum()))


def _bare(coarse: _Coarse) -> Mask:
    """What may be skin, or is too bright to tell."""
    if not coarse.is_coloured:
        return np.ones_like(coarse.like_skin)
    face, white = coarse.face, coarse.darkest >= _BURNT
    burnt = (coarse.brightest >= _BURNT) & ~white
    seen = coarse.like_skin & face
    red, yellow, light = (float(np.median(plane[seen])) for plane in (coarse.red, coarse.yellow, coarse.lightness))
    possible = coarse.is_lit & _within(coarse.yellow, (yellow - _YELLOW_REACH, yellow + _YELLOW_REACH))
    possible &= coarse.lightness > _DARKEST * light
    alike = possible & _within(coarse.red, (red - _LESS_RED, red + _MORE_RED))
    alike |= possible & (coarse.red >= red + _MORE_RED) & amid(alike, _AROUND_PX)
    is_light = (burnt & face).sum() >= _BURNT_AROUND * (white & face).sum()
    bare: Mask = alike | burnt | (white & is_light)
    return bare


def _within(plane: Plane, limits: tuple[float, float]) -> Mask:
    return (plane > limits[0]) & (plane < limits[1])


def _missed(coarse: _Coarse, zones: Zones) -> Iterator[_Covered]:
    """What is covered where mouth and nostrils are missing, or one of the eyes."""
    usual = float(np.median(coarse.lightness[coarse.face])) + 1 if coarse.face.any() else 1.0
    left, right = (float(coarse.lightness[eye].std()) / usual for eye in _coarse_eyes())
    if max(left, right) > _SURE_EYE and not _has_mouth(coarse, zones.coarse_lips, usual):
        nostrils, nose = zones.coarse_nostrils, coarse.places[SkinZone.NOSE]
        shade = coarse.lightness[nostrils]
        if shade.size and nose.any() and _part_way(shade, 0.1) > _MOST_NOSTRILS * np.median(coarse.lightness[nose]):
            yield _BELOW
    for mine, other, covered in ((left, right, _ASIDE[0]), (right, left, _ASIDE[1])):
        if mine < _LEAST_EYE and other > _SURE_EYE:
            yield covered


def _has_mouth(coarse: _Coarse, lips: Mask, usual: float) -> bool:
    """By its dark and its light, or by its red; a mouth beyond the picture's edge is not missed."""
    lightness = coarse.lightness[lips]
    if not lightness.size:
        return True
    darkest, lightest = _part_way(lightness, 0.1), _part_way(lightness, 0.9)
    around = coarse.red[coarse.places[SkinZone.LEFT_CHEEK] | coarse.places[SkinZone.RIGHT_CHEEK]]
    redder = _part_way(coarse.red[lips], 0.75) - (np.median(around) if around.size else 0.0)
    return bool(lightest - darkest >= _LEAST_MOUTH * usual or redder >= _LEAST_LIPS)


def _part_way(values: Plane, share: float) -> float:
    """The value that so large a share is below."""
    return float(np.sort(values)[int(share * (values.size - 1))])


def _share(some: Mask, of: Mask) -> float:
    return float(some.sum() / max(1, of.sum()))


@cache
def _logs() -> Plane:
    return np.log(np.arange(256, dtype=np.float32) + 4)


@cache
def _coarse_eyes() -> tuple[Mask, Mask]:
    """The left and the right."""
    middle = COARSE[2] // 2
    eyes = eyes_mask()[COARSELY // 2 :: COARSELY, COARSELY // 2 :: COARSELY]
    left, right = eyes.copy(), eyes.copy()
    left[:, middle:], right[:, :middle] = False, False
    return left, right
