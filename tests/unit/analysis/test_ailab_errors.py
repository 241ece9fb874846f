"""The one table of the vendor's codes, and what is made of a code that is not in it."""

from collections import Counter

import pytest

from bot.analysis.ailab.errors import CODES, Fate, fate_of
from bot.skin.photo import RefusalReason

ACCOUNT = {
    "ERROR_USER_NOT_EXISTS",
    "ERROR_APPLICATIONS_NOT_EXISTS",
    "ERROR_USER_LOCKED",
    "ERROR_ILLEGAL_OPERATION",
    "ERROR_AI_NOT_EXISTS",
}
TRANSIENT = {
    "EXCEEDING_LIMITS",
    "PROCESSING_FAILURE",
    "UNKNOWN_ERROR",
    "SERVICE_INTERNAL_ERROR",
    "ERROR_FILE_DOWNLOAD_FAILED",
    "ERROR_FILE_UPLOAD_FAILED",
    "ERROR_DATA_TRANSFER_FAILED",
    "ERROR_GET_FACE_IMAGE_FAILED",
    "FILE_SERVICE_ERROR",
    "AI_SERVICE_ERROR",
    "AI_SERVICE_INTERNAL_ERROR",
    "ERROR_GATEWAY",
    "ERROR_INSUFFICIENT_RESOURCES",
    "ERROR_RESOURCE_IN_TRANSIT",
    "ERROR_RESOURCE_UNAVAILABLE",
    "AI_SERVICE_FLOW_RESTRICTION",
    "ERROR_FILE_DOWNLOAD_TIMEOUT",
    "AI_SERVICE_TIMEOUT",
}


def test_all_126_codes_are_classed() -> None:
    """Photo 41, another time 18, credits 1, the operator the rest."""
    kinds = Counter("photo" if isinstance(fate, RefusalReason) else fate.value for fate in CODES.values())
    assert kinds == {"photo": 41, "later": 18, "credits": 1, "operator": 66}
    assert sum(kinds.values()) == 126


def test_what_passes_by_itself_is_tried_again() -> None:
    """Only the vendor's passing troubles are retried."""
    assert {code for code, fate in CODES.items() if fate is Fate.LATER} == TRANSIENT


def test_account_codes_are_the_operators() -> None:
    """Key and account are the operator's matter; so is the vendor's own account with its upstream."""
    upstream = {"AI_SERVICE_UNAUTHORIZED", "AI_SERVICE_NOT_FOUND"}
    assert {CODES[code] for code in ACCOUNT | upstream} == {Fate.OPERATOR}
    assert CODES["ERROR_NOT_ENOUGH_CREDITS"] is Fate.CREDITS


def test_every_reason_is_reachable() -> None:
    """No text is written for a reason that never comes."""
    assert {fate for fate in CODES.values() if isinstance(fate, RefusalReason)} == set(RefusalReason)


@pytest.mark.parametrize("part", ["LEFT_EYE", "RIGHT_EYE", "LEFT_FACE", "RIGHT_FACE", "CHIN", "NOSE", "MOUTH"])
def test_an_occlusion_names_its_part(part: str) -> None:
    """The person hears which part is covered."""
    assert CODES[f"ERROR_{part}_OCCLUSION_TOO_HIGH"] == f"{part.lower()}_covered"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Multiple faces detected.", RefusalReason.SEVERAL_FACES),
        ("multiple human faces in the image", RefusalReason.SEVERAL_FACES),
        ("No face detected in the file.", RefusalReason.NO_FACE),
        ("", RefusalReason.NO_FACE),
    ],
)
def test_two_faces_hide_behind_the_code_for_none(text: str, reason: RefusalReason) -> None:
    """The vendor tells several faces from none in the message only."""
    assert fate_of(code="ERROR_NO_FACE_IN_FILE", status=422, text=text) is reason


def test_the_code_beats_the_status() -> None:
    """48 codes moved to another status: the same code means the same under any."""
    for status in (200, 400, 422, 500, 502):
        assert fate_of(code="ERROR_BLURRY_FACE", status=status, text="") is RefusalReason.BLURRED
    assert fate_of(code="ERROR_NOT_ENOUGH_CREDITS", status=429, text="") is Fate.CREDITS
    assert fate_of(code="EXCEEDING_LIMITS", status=429, text="") is Fate.LATER


@pytest.mark.parametrize(
    ("status", "with_code", "without"),
    [
        (400, Fate.OPERATOR, Fate.LATER),
        (401, Fate.OPERATOR, Fate.OPERATOR),
        (403, Fate.OPERATOR, Fate.OPERATOR),
        (404, Fate.OPERATOR, Fate.LATER),
        (413, RefusalReason.FILE_TOO_LARGE, RefusalReason.FILE_TOO_LARGE),
        (415, RefusalReason.UNREADABLE_FILE, RefusalReason.UNREADABLE_FILE),
        (422, RefusalReason.POOR_QUALITY, RefusalReason.POOR_QUALITY),
        (429, Fate.LATER, Fate.LATER),
        (500, Fate.LATER, Fate.LATER),
        (503, Fate.LATER, Fate.LATER),
        (302, Fate.LATER, Fate.LATER),
        (200, Fate.LATER, Fate.LATER),
    ],
)
def test_an_unknown_code_goes_by_status(status: int, with_code: object, without: object) -> None:
    """A code of tomorrow is classed by where the vendor puts its kind; with no code, a gateway spoke."""
    assert fate_of(code="ERROR_OF_TOMORROW", status=status, text="") is with_code
    assert fate_of(code="", status=status, text="") is without
