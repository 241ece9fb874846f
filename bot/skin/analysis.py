"""What was measured in one photo, in the units of the skin-analysis-advanced contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final


class Provider(StrEnum):
    AILAB = "ailab"
    LOCAL = "local"


class Judged(StrEnum):
    """What an experiment is judged by; more is worse. REDNESS: steps of a*. PIMPLES: how many."""

    REDNESS = "redness"
    PIMPLES = "pimples"


@dataclass(frozen=True, kw_only=True)
class Sides:
    """A value of the picture's left and of its right cheek; None for one that is covered, burnt out or not seen.

    `seen`: how much of the less visible cheek is bare, 0..1, where it is known.
    """

    left: float | None
    right: float | None
    seen: float | None = None


class Reading(StrEnum):
    """A field of the contract that is one class with a confidence. Named as in the contract."""

    SKIN_COLOR = "skin_color"
    LEFT_EYELIDS = "left_eyelids"
    RIGHT_EYELIDS = "right_eyelids"
    EYE_POUCH = "eye_pouch"
    EYE_POUCH_SEVERITY = "eye_pouch_severity"
    DARK_CIRCLE = "dark_circle"
    FOREHEAD_WRINKLE = "forehead_wrinkle"
    CROWS_FEET = "crows_feet"
    EYE_FINELINES = "eye_finelines"
    GLABELLA_WRINKLE = "glabella_wrinkle"
    NASOLABIAL_FOLD = "nasolabial_fold"
    NASOLABIAL_FOLD_SEVERITY = "nasolabial_fold_severity"
    PORES_FOREHEAD = "pores_forehead"
    PORES_LEFT_CHEEK = "pores_left_cheek"
    PORES_RIGHT_CHEEK = "pores_right_cheek"
    PORES_JAW = "pores_jaw"
    BLACKHEAD = "blackhead"


class MarkKind(StrEnum):
    """A kind of small thing that comes as boxes. The first four are the API's, the last two this device's."""

    ACNE = "acne"
    CLOSED_COMEDONES = "closed_comedones"
    SKIN_SPOT = "skin_spot"
    MOLE = "mole"
    RED_SPOTS = "red_spots"
    DARK_SPOTS = "dark_spots"


MARK_KINDS: Final[Mapping[Provider, tuple[MarkKind, ...]]] = {
    Provider.AILAB: (MarkKind.ACNE, MarkKind.CLOSED_COMEDONES, MarkKind.SKIN_SPOT, MarkKind.MOLE),
    Provider.LOCAL: (MarkKind.RED_SPOTS, MarkKind.DARK_SPOTS),
}


class SkinZone(StrEnum):
    """A part of the face that this device measures by itself. Left is the picture's left."""

    FOREHEAD = "forehead"
    GLABELLA = "glabella"
    NOSE = "nose"
    LEFT_CHEEK = "left_cheek"
    RIGHT_CHEEK = "right_cheek"
    LEFT_UNDER_EYE = "left_under_eye"
    RIGHT_UNDER_EYE = "right_under_eye"
    LEFT_EYE_CORNER = "left_eye_corner"
    RIGHT_EYE_CORNER = "right_eye_corner"
    LEFT_JAW = "left_jaw"
    RIGHT_JAW = "right_jaw"
    CHIN = "chin"


class SkinType(IntEnum):
    OILY = 0
    DRY = 1
    NORMAL = 2
    COMBINATION = 3


@dataclass(frozen=True, kw_only=True)
class Classified:
    """A class number of the contract. `confidence` is how sure the reader is (0..1), not how strong it is."""

    value: int
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle in pixels of the photo that was analysed; `confidence` 0..1 where it was returned.

    `faint`: it may be anything, and sends nobody to a doctor; told by this device alone.
    """

    left: float
    top: float
    width: float
    height: float
    confidence: float | None = None
    faint: bool = False

    @property
    def centre(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True, kw_only=True)
class Angle:
    """ITA or hue angle: `degrees`, and the class that came with it (None when the class was not readable)."""

    degrees: float | None
    band: int | None


class ToneLight(StrEnum):
    """By what this device allowed for a photo's light when it read the colour of the skin; PHOTO: by nothing."""

    PHOTO = "photo"
    EYES = "eyes"
    PAPER = "paper"


class Paper(StrEnum):
    """What became of a sheet of white paper that was seen beside a face: USED for the light, or why it was not."""

    USED = "used"
    SHADED = "shaded"
    TINTED = "tinted"
    CLIPPED = "clipped"


@dataclass(frozen=True, kw_only=True)
class Redness:
    """`area`: share of cheeks and T-zone that is red, 0..1. `intensity`: 0..100, by the vendor alone.

    By this device alone, in steps of a* on evenly lit skin: `reddest`, how far the reddest twentieth of cheeks and
    T-zone is above the usual, and `nose`, how far the nose is above the cheeks.
    """

    area: float | None
    intensity: float | None
    reddest: float | None = None
    nose: float | None = None


@dataclass(frozen=True, kw_only=True)
class UnderEyes:
    """The skin under both eyes, comparable only with the same person's in a photo like this one.

    `colour`: how far it is from the cheeks', in steps of a* and b*. `lines`: share of it that is a furrow, 0..1.
    """

    colour: float | None
    lines: float | None


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One photo, measured. What was not measured, or not readable, is absent or None.

    `uncounted`: kinds of marks whose number says nothing; where they are is drawn, and that they are is told.
    `freckled`: there are many small dark spots, which are then no marks of their own. `sides`: what can be judged by
    cheek.
    """

    provider: Provider
    face: Box | None = None
    head_pose_warning: bool = False
    readings: Mapping[Reading, Classified] = field(default_factory=dict)
    marks: Mapping[MarkKind, tuple[Box, ...]] = field(default_factory=dict)
    skin_type: Classified | None = None
    skin_age: int | None = None
    ita: Angle | None = None
    hue: Angle | None = None
    tone_light: ToneLight = ToneLight.PHOTO
    paper: Paper | None = None
    redness: Redness | None = None
    under_eyes: UnderEyes | None = None
    not_visible: frozenset[SkinZone] = frozenset()
    partly_visible: frozenset[SkinZone] = frozenset()
    uncounted: frozenset[MarkKind] = frozenset()
    freckled: bool = False
    sides: Mapping[Judged, Sides] = field(default_factory=dict)
