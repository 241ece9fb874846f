"""What a person is told about one photo: findings, in an order and with a care that the templates only have to word."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.skin.analysis import MarkKind, Paper, Provider, Redness
from bot.skin.places import Place

MARK_EMOJI: Final[Mapping[MarkKind, str]] = {
    MarkKind.ACNE: "🔴",
    MarkKind.CLOSED_COMEDONES: "🟡",
    MarkKind.SKIN_SPOT: "🟣",
    MarkKind.MOLE: "🔵",
    MarkKind.RED_SPOTS: "🔴",
    MarkKind.DARK_SPOTS: "🟣",
}


class Region(StrEnum):
    FOREHEAD = "forehead"
    EYES = "eyes"
    CHEEKS = "cheeks"
    NOSE_MOUTH = "nose_mouth"
    CHIN = "chin"
    FACE = "face"


class Severity(StrEnum):
    """How much of something is seen; `bot.skin.grades` says how much is much.

    PRESENT: it is there, and no degree came (or none exists, as for a type).
    """

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


class Portion(StrEnum):
    """A share in words: nobody can use a decimal, and light alone moves it by more than one."""

    LITTLE = "little"
    SMALL_PART = "small_part"
    TENTH = "tenth"
    FIFTH = "fifth"
    QUARTER = "quarter"
    THIRD = "third"
    HALF = "half"
    TWO_THIRDS = "two_thirds"
    THREE_QUARTERS = "three_quarters"
    MOST = "most"


_BELOW: Final = {
    Portion.LITTLE: 0.05,
    Portion.SMALL_PART: 0.10,
    Portion.TENTH: 0.15,
    Portion.FIFTH: 0.225,
    Portion.QUARTER: 0.29,
    Portion.THIRD: 0.415,
    Portion.HALF: 0.58,
    Portion.TWO_THIRDS: 0.71,
    Portion.THREE_QUARTERS: 0.85,
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked for, seen or not.

    `key` is the contract's field name, or "pores" and "lines" where `parts` are told together. `count` is how many
    boxes came, `sure_count` how many of them are sure (`findings.sure_boxes`); both are None where their number says
    nothing, and `marked` says that some are sure, which is what a picture shows. `kind` is a type (of dark circles, of
    skin), never a degree. `share` is the red part of cheeks, forehead, nose and chin, 0..1; `in_part`: some of these
    are hidden, and it is the red part of what is seen of them.
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
    in_part: bool = False
    marked: bool = False
    parts: tuple[str, ...] = ()

    @property
    def seen(self) -> bool:
        return self.severity is not Severity.NONE

    @property
    def portion(self) -> Portion | None:
        if self.share is None:
            return None
        return next((portion for portion, bound in _BELOW.items() if self.share < bound), Portion.MOST)


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
    TINTED = "tinted"
    LESS_SALT = "less_salt"
    COOL_DOWN = "cool_down"
    SHAVING = "shaving"
    NEW_PRODUCT = "new_product"
    # worded as the weekly tip of the same name
    HANDS_OFF = "hands_off"
    HAIR = "hair"
    LABEL = "label"
    MAKE_UP_OFF = "make_up_off"
    AFTER_SPORT = "after_sport"
    PATIENCE = "patience"
    NO_SCRUB = "no_scrub"
    TRIGGERS = "triggers"
    LUKEWARM = "lukewarm"
    CLOUDS = "clouds"
    SHADE = "shade"
    REAPPLY = "reapply"
    SUNGLASSES = "sunglasses"
    SLEEP = "sleep"
    OILY_TOO = "oily_too"
    SHORT_WASH = "short_wash"
    HUMIDIFIER = "humidifier"


class DoctorNote(StrEnum):
    """When to show something to a doctor, never how likely anything is. In the order of docs/doctor-lines.md.

    REDNESS: much of it; it says what URGENT says, and more. Two reasons that would take both of a report's two lines
    are told in one: REDNESS_AND_ACNE, MOLES_AND_SORES. FEELS_BAD stands in no report: `doctor.lines_on_feelings`.
    """

    REDNESS_HURTS = "redness_hurts"
    FEELS_BAD = "feels_bad"
    REDNESS_AND_ACNE = "redness_and_acne"
    REDNESS = "redness"
    URGENT = "urgent"
    MOLES_AND_SORES = "moles_and_sores"
    MOLES = "moles"
    SORES = "sores"
    ACNE = "acne"
    COMEDONES = "comedones"
    REDNESS_LASTING = "redness_lasting"
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


_HARDLY_SEEN_IN_SHORT: Final = 3
_FEW_LINES: Final = 4


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that is told. What was seen stands in just one of `watch`, `also`, `unsure` and `untrue`, or is `skin_type`.

    `watch`: what stands out, what matters most first. `also`: what was seen as well; a little of it, or more than a
    person wants to hear of first. `unsure`: possibly there. `hardly_seen`: of what was surely looked for, in a photo
    that shows all; that there are no moles and spots is told nowhere.
    `doctor`: two at most, the urgent first. `untrue`: what was seen and the person called not true. `skin_age` is a
    range in years, only where it was asked for. `moles`: None when they were not looked for.
    `paper`: what became of a sheet of paper that was seen beside the face.
    `not_measured`: this device can't measure all that the vendor's analysis has. `not_visible`: what hair, beard,
    a mask or shadow hid from this device, `partly_visible`: of what some is seen. `shows_redness`: a picture of it may
    be shown; not what the light made, nor what is none of theirs. `shows_nothing`: nothing could be
    measured, for whatever reason. `redness_is_hard`: to judge from this photo, by its light or by what a camera shows
    of redness on brown and black skin; what is felt says more then.
    """

    provider: Provider
    watch: tuple[Finding, ...]
    also: tuple[Finding, ...]
    unsure: tuple[Finding, ...]
    hardly_seen: tuple[Finding, ...]
    step: Step
    doctor: tuple[DoctorNote, ...]
    photo_notes: tuple[PhotoNote, ...]
    skin_type: Finding | None
    skin_age: tuple[int, int] | None
    moles: int | None
    redness: Redness | None
    paper: Paper | None
    not_measured: bool
    not_visible: tuple[Place, ...] = ()
    partly_visible: tuple[Place, ...] = ()
    shows_all: bool = True
    shows_redness: bool = True
    shows_nothing: bool = False
    redness_is_hard: bool = False
    untrue: tuple[Finding, ...] = ()

    def stands_out(self, key: str) -> bool:
        return any(finding.key == key for finding in self.watch)

    @property
    def also_in_short(self) -> tuple[Finding, ...]:
        """What has to be told with what stands out: what is drawn; and all, where nothing stands out."""
        return self.also_marked if self.watch else self.also

    @property
    def also_beyond(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.also if finding not in self.also_in_short)

    @property
    def hardly_in_short(self) -> tuple[Finding, ...]:
        """Some of it, where there is not much else to tell."""
        return self.hardly_seen[:_HARDLY_SEEN_IN_SHORT] if len(self.watch) + len(self.doctor) <= _FEW_LINES else ()

    @property
    def hardly_beyond(self) -> tuple[Finding, ...]:
        return self.hardly_seen[len(self.hardly_in_short) :]

    @property
    def tells_redness(self) -> bool:
        """In the caption, whether there is much of it or hardly any."""
        told = (*self.watch, *self.also_in_short, *self.hardly_in_short)
        return any(finding.key == "sensitivity" for finding in told)

    @property
    def also_marked(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.also if finding.marked)

    @property
    def marked_kinds(self) -> frozenset[MarkKind]:
        """The kinds whose sure boxes a picture shows: just those that every size of the caption names."""
        return frozenset(MarkKind(finding.key) for finding in (*self.watch, *self.also) if finding.marked)
