"""What a person is told about one photo: findings, in an order and with a care that the templates only have to word."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.skin.analysis import MarkKind, Paper, Provider, Redness, ToneLight
from bot.skin.places import Place

MARK_EMOJI: Final[Mapping[MarkKind, str]] = {
    MarkKind.ACNE: "🔴",
    MarkKind.CLOSED_COMEDONES: "🟡",
    MarkKind.SKIN_SPOT: "🟣",
    MarkKind.MOLE: "🔵",
    MarkKind.RED_SPOTS: "🟠",
    MarkKind.DARK_SPOTS: "🟤",
}


class Region(StrEnum):
    FOREHEAD = "forehead"
    EYES = "eyes"
    CHEEKS = "cheeks"
    NOSE_MOUTH = "nose_mouth"
    CHIN = "chin"
    FACE = "face"


class Severity(StrEnum):
    """How much of something is seen. PRESENT: it is there, and no degree came (or none exists, as for a type)."""

    NONE = "none"
    PRESENT = "present"
    MILD = "mild"
    MODERATE = "moderate"
    STRONG = "strong"


class Sureness(StrEnum):
    """How sure the reader is: never how strong a thing is. UNRATED: no confidence came."""

    CLEAR = "clear"
    PROBABLE = "probable"
    UNSURE = "unsure"
    UNRATED = "unrated"


CLEAR_FROM: Final = 0.80
PROBABLE_FROM: Final = 0.55


def sureness_of(confidence: float | None) -> Sureness:
    if confidence is None:
        return Sureness.UNRATED
    if confidence >= CLEAR_FROM:
        return Sureness.CLEAR
    return Sureness.PROBABLE if confidence >= PROBABLE_FROM else Sureness.UNSURE


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked for, seen or not.

    `key` is the contract's field name, or "pores" and "lines" where `parts` are told together. `count` is how many
    boxes came, `sure_count` how many of them are probable or better (None without confidences). `kind` is a type
    (of dark circles, of skin), never a degree. `share` is the red part of cheeks and T-zone, 0..1. `faint`: all of
    the boxes are, and may be anything.
    """

    key: str
    region: Region
    severity: Severity
    confidence: float | None = None
    sureness: Sureness = Sureness.UNRATED
    count: int | None = None
    sure_count: int | None = None
    kind: str | None = None
    share: float | None = None
    faint: bool = False
    parts: tuple[str, ...] = ()

    @property
    def seen(self) -> bool:
        return self.severity is not Severity.NONE


class Step(StrEnum):
    """One small thing to do next; each has its sentence and its source in components/steps.html.j2."""

    ACNE = "acne"
    CLOSED_COMEDONES = "closed_comedones"
    BLACKHEAD = "blackhead"
    REDNESS = "redness"
    SPOTS = "spots"
    RED_SPOTS = "red_spots"
    PORES = "pores"
    EYE_BAGS = "eye_bags"
    DARK_CIRCLES_PIGMENTED = "dark_circles_pigmented"
    DARK_CIRCLES_VASCULAR = "dark_circles_vascular"
    DARK_CIRCLES_SHADOW = "dark_circles_shadow"
    LINES = "lines"
    SMILE_LINES = "smile_lines"
    OILY_SKIN = "oily_skin"
    DRY_SKIN = "dry_skin"
    COMBINATION_SKIN = "combination_skin"
    SUN = "sun"


class DoctorNote(StrEnum):
    """When to show something to a doctor, the urgent first. Never how likely anything is.

    REDNESS: much of it; it says what URGENT says, and more. MOLES_AND_SORES says what both of the others say.
    """

    REDNESS = "redness"
    URGENT = "urgent"
    ACNE = "acne"
    MOLES_AND_SORES = "moles_and_sores"
    MOLES = "moles"
    SORES = "sores"
    COMEDONES = "comedones"
    EYE_BAGS = "eye_bags"
    DARK_CIRCLES = "dark_circles"


class PhotoNote(StrEnum):
    """What about the photo, not the skin, makes a reading less sure."""

    BAD_LIGHT = "bad_light"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"
    HEAD_TURNED = "head_turned"
    COVERED = "covered"
    COVERED_BELOW = "covered_below"
    COVERED_ASIDE = "covered_aside"
    FACE_SMALL = "face_small"
    HALF_IN_SHADOW = "half_in_shadow"
    SIDE_LIGHT = "side_light"
    FACE_CUT_OFF = "face_cut_off"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"


@dataclass(frozen=True, kw_only=True)
class Zone:
    """What was looked for in one part of the face, with enough sureness to say it."""

    region: Region
    seen: tuple[Finding, ...]
    not_seen: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Tone:
    """The photo's colour angles in degrees, give or take their margins: they follow the lamp more than the skin.

    `light`: by what the photo's light was allowed for.
    """

    ita: float | None
    ita_margin: int
    hue: float | None
    hue_margin: int
    light: ToneLight


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that is told. Every finding of `findings()` stands in `zones`, `unsure` or `untrue`, or is `skin_type`;

    but what was not seen in a photo that could not show it (`shows_all` is False), and moles and dark spots that were
    not seen, stand nowhere.
    `strengths`: what was hardly seen or not at all. `rest`: what of the zones is neither among the strengths nor to be
    watched. `doctor`: most urgent first; a caption has room for two. `untrue`: what was seen and the person called not
    true. `skin_age` is a range in years, only where it was asked for. `moles`: None when they were not looked for.
    `paper`: what became of a sheet of paper that was seen beside the face.
    `not_measured`: this device can't measure all that the vendor's analysis has. `not_visible`: what hair, beard,
    a mask or shadow hid from this device, `partly_visible`: of what some is seen. `shows_nothing`: nothing could be
    measured, for whatever reason.
    """

    provider: Provider
    strengths: tuple[Finding, ...]
    watch: tuple[Finding, ...]
    step: Step
    doctor: tuple[DoctorNote, ...]
    zones: tuple[Zone, ...]
    rest: tuple[Zone, ...]
    unsure: tuple[Finding, ...]
    photo_notes: tuple[PhotoNote, ...]
    skin_type: Finding | None
    skin_age: tuple[int, int] | None
    moles: int | None
    redness: Redness | None
    tone: Tone | None
    paper: Paper | None
    not_measured: bool
    not_visible: tuple[Place, ...] = ()
    partly_visible: tuple[Place, ...] = ()
    shows_all: bool = True
    shows_nothing: bool = False
    untrue: tuple[Finding, ...] = ()
