"""What a photo's pixels and light say about how far a reading of it can be trusted, and why one is no use.

PhotoError
├── PhotoRejected              the file: bot.imaging.intake.rejection
├── PhotoRefused               by the analyzer: bot.analysis
├── PhotoDoubtful              its person is asked: bot.reports
└── TooManyPhotos              of one person at once: bot.reports.allowance
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PhotoError(Exception):
    """A photo of which there will be no report as it stands."""


class PhotoIssue(StrEnum):
    """Why a photo may read badly. Doubts can be overridden by the person; see `RejectReason` for the rest."""

    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"
    FACE_SMALL = "face_small"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    TURNED_AWAY = "turned_away"
    COVERED = "covered"
    COVERED_BELOW = "covered_below"
    COVERED_ASIDE = "covered_aside"
    FACE_CUT_OFF = "face_cut_off"
    HALF_IN_SHADOW = "half_in_shadow"
    SIDE_LIGHT = "side_light"
    TINTED_LIGHT = "tinted_light"


HINTS: Final = frozenset({PhotoIssue.SIDE_LIGHT, PhotoIssue.TINTED_LIGHT})
"""Told with what is read from a photo, and no reason by themselves to ask for another one."""


class RejectReason(StrEnum):
    """Why a file can't be analysed at all, whatever the person says."""

    NOT_A_PICTURE = "not_a_picture"
    UNSUPPORTED_FORMAT = "unsupported_format"
    DAMAGED = "damaged"
    TOO_SMALL = "too_small"
    TOO_LARGE_FILE = "too_large_file"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG_AND_THIN = "too_long_and_thin"
    EMPTY_PICTURE = "empty_picture"


class RefusalReason(StrEnum):
    """Why an analyzer refused a photo that could be read as a picture: what to change. `left` is the vendor's left."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    FACE_CUT_OFF = "face_cut_off"
    LEFT_EYE_COVERED = "left_eye_covered"
    RIGHT_EYE_COVERED = "right_eye_covered"
    LEFT_FACE_COVERED = "left_face_covered"
    RIGHT_FACE_COVERED = "right_face_covered"
    CHIN_COVERED = "chin_covered"
    NOSE_COVERED = "nose_covered"
    MOUTH_COVERED = "mouth_covered"
    FACE_COVERED = "face_covered"
    BLURRED = "blurred"
    BAD_LIGHT = "bad_light"
    NOT_FRONTAL = "not_frontal"
    POOR_QUALITY = "poor_quality"
    CARTOON = "cartoon"
    NOT_A_REAL_PHOTO = "not_a_real_photo"
    NO_COLOR = "no_color"
    UNREADABLE_FILE = "unreadable_file"
    FILE_TOO_LARGE = "file_too_large"
    RESOLUTION_TOO_HIGH = "resolution_too_high"
    RESOLUTION_TOO_LOW = "resolution_too_low"
    CONTENT_REFUSED = "content_refused"


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Under what light and distance a photo was taken, to say later whether two compare.

    brightness: mean L* 0..100. contrast: standard deviation of L*. clipped: share of blown-out or black pixels 0..1.
    warmth: mean b* (yellow positive). tint: mean a* (red positive). sharpness: see `imaging.intake`. side_light: of the
    light on both cheeks, their difference over their sum, above zero where the picture's left has more; None where no
    face was looked at.
    """

    brightness: float
    contrast: float
    clipped: float
    warmth: float
    tint: float
    sharpness: float
    side_light: float | None = None
