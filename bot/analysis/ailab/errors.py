"""What each of the vendor's error codes means for us: the one table, and how codes outside it are read."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.skin.photo import RefusalReason


class Fate(StrEnum):
    """What becomes of a call that failed for a reason other than the photo."""

    CREDITS = "credits"
    OPERATOR = "operator"
    LATER = "later"


# Classed by code, not by HTTP status: 48 codes moved to another status in 2026, and 429 has two meanings.
CODES: Final[Mapping[str, RefusalReason | Fate]] = MappingProxyType(
    {
        # the photo
        "ERROR_QUALITY_CONTROL_ERROR": RefusalReason.POOR_QUALITY,
        "ERROR_LIVENESS_CONTROL_ERROR": RefusalReason.NOT_A_REAL_PHOTO,
        "ERROR_FACE_NOT_FOUND": RefusalReason.NO_FACE,
        "FILE_SIZE_EXCEEDS_LIMIT": RefusalReason.FILE_TOO_LARGE,
        "FILE_RESOLUTION_EXCEEDS_LIMITS": RefusalReason.RESOLUTION_TOO_HIGH,
        "ERROR_HIGH_RESOLUTION": RefusalReason.RESOLUTION_TOO_HIGH,
        "ERROR_REQUEST_BODY_TOO_LARGE": RefusalReason.FILE_TOO_LARGE,
        "UNSUPPORTED_FILE_TYPES": RefusalReason.UNREADABLE_FILE,
        "ERROR_UNSUPPORTED_GRAYSCALE_IMAGE": RefusalReason.NO_COLOR,
        "FILE_DECODING_FAILURE": RefusalReason.UNREADABLE_FILE,
        "ERROR_ILLEGAL_FILE": RefusalReason.UNREADABLE_FILE,
        "ERROR_INVALID_FILE": RefusalReason.UNREADABLE_FILE,
        "ERROR_LOW_RESOLUTION": RefusalReason.RESOLUTION_TOO_LOW,
        "FILE_CONTENT_NON_COMPLIANCE": RefusalReason.CONTENT_REFUSED,
        "ERROR_CONTENT_NON_COMPLIANCE": RefusalReason.CONTENT_REFUSED,
        "ERROR_NO_FACE_IN_FILE": RefusalReason.NO_FACE,
        "ERROR_FACE_SIZE_NOT_MEET_REQUIREMENTS": RefusalReason.FACE_TOO_SMALL,
        "ERROR_FACE_SIZE_RATIO_NOT_MET": RefusalReason.FACE_TOO_SMALL,
        "ERROR_SMALL_FACE_SIZE": RefusalReason.FACE_TOO_SMALL,
        "ERROR_FACE_UNRECOGNIZABLE": RefusalReason.NO_FACE,
        "ERROR_POOR_FACE_QUALITY": RefusalReason.POOR_QUALITY,
        "ERROR_BLURRY_FACE": RefusalReason.BLURRED,
        "ERROR_OBSTRUCTED_FACE": RefusalReason.FACE_COVERED,
        "ERROR_POOR_FACE_LIGHTING": RefusalReason.BAD_LIGHT,
        "ERROR_INCOMPLETE_FACE": RefusalReason.FACE_CUT_OFF,
        "ERROR_FACE_NOT_FACING_FORWARD": RefusalReason.NOT_FRONTAL,
        "ERROR_QUALITY_SCORE_NOT_MEET_REQUIREMENTS": RefusalReason.POOR_QUALITY,
        "ERROR_CARTOON_FACE_NOT_SUPPORTED": RefusalReason.CARTOON,
        "ERROR_LEFT_EYE_OCCLUSION_TOO_HIGH": RefusalReason.LEFT_EYE_COVERED,
        "ERROR_RIGHT_EYE_OCCLUSION_TOO_HIGH": RefusalReason.RIGHT_EYE_COVERED,
        "ERROR_LEFT_FACE_OCCLUSION_TOO_HIGH": RefusalReason.LEFT_FACE_COVERED,
        "ERROR_RIGHT_FACE_OCCLUSION_TOO_HIGH": RefusalReason.RIGHT_FACE_COVERED,
        "ERROR_CHIN_OCCLUSION_TOO_HIGH": RefusalReason.CHIN_COVERED,
        "ERROR_NOSE_OCCLUSION_TOO_HIGH": RefusalReason.NOSE_COVERED,
        "ERROR_MOUTH_OCCLUSION_TOO_HIGH": RefusalReason.MOUTH_COVERED,
        "ERROR_SYNTHESIS_DETECTION_FAILED": RefusalReason.NOT_A_REAL_PHOTO,
        "ERROR_LIVENESS_DETECTION_FAILED": RefusalReason.NOT_A_REAL_PHOTO,
        "ERROR_NO_RECOGNITION_TARGET_DETECTED": RefusalReason.NO_FACE,
        "ERROR_IMAGE_RECOGNITION_FAILED": RefusalReason.UNREADABLE_FILE,
        "ERROR_POSE_NOT_ENOUGH_KEYPOINTS": RefusalReason.FACE_CUT_OFF,
        "ERROR_FACE_COUNT_INVALID": RefusalReason.SEVERAL_FACES,
        # the key, the account, the credits
        "ERROR_USER_NOT_EXISTS": Fate.OPERATOR,
        "ERROR_APPLICATIONS_NOT_EXISTS": Fate.OPERATOR,
        "ERROR_USER_LOCKED": Fate.OPERATOR,
        "ERROR_ILLEGAL_OPERATION": Fate.OPERATOR,
        "ERROR_AI_NOT_EXISTS": Fate.OPERATOR,
        "ERROR_NOT_ENOUGH_CREDITS": Fate.CREDITS,
        # a bug in our request
        "ERROR_PARAMETERS": Fate.OPERATOR,
        "MISSING_PARAMETERS": Fate.OPERATOR,
        "ERROR_INVALID_PARAMETER": Fate.OPERATOR,
        "PARAMETERS_CANNOT_EMPTY": Fate.OPERATOR,
        "ERROR_INVALID_URL": Fate.OPERATOR,
        "ERROR_UNSUPPORTED_RESPONSE_FORMAT": Fate.OPERATOR,
        "ERROR_INVALID_OUTPUT_FORMAT": Fate.OPERATOR,
        "ERROR_MISSING_OUTPUT_FORMAT": Fate.OPERATOR,
        "UNSUPPORTED_PARAMETER_VALUES": Fate.OPERATOR,
        "ERROR_INVALID_PARAMETER_FORMAT": Fate.OPERATOR,
        "ERROR_PARAMETER_CONVERSION_FAILED": Fate.OPERATOR,
        "ERROR_INVALID_RESPONSE_FORMAT": Fate.OPERATOR,
        "ERROR_TOO_MANY_FILES": Fate.OPERATOR,
        "ERROR_INCORRECT_FILE_COUNT": Fate.OPERATOR,
        # what only other endpoints say: as much of a surprise as a bug
        "ERROR_MISSING_LIMIT_PARAMETER": Fate.OPERATOR,
        "ERROR_MISSING_TASKS_PARAMETER": Fate.OPERATOR,
        "ERROR_MISSING_ASSURE_DIRECTION_PARAMETER": Fate.OPERATOR,
        "ERROR_MISSING_MIN_HEIGHT_PARAMETER": Fate.OPERATOR,
        "ERROR_INVALID_SIDE_PARAMETER": Fate.OPERATOR,
        "ERROR_MASK_IMAGE_RESOLUTION_MISMATCH": Fate.OPERATOR,
        "ERROR_TOO_MANY_GROUPS_IN_GROUP_LIST": Fate.OPERATOR,
        "ERROR_TOO_MANY_UIDS_IN_UID_LIST": Fate.OPERATOR,
        "ERROR_TOO_MANY_APPS_IN_APP_LIST": Fate.OPERATOR,
        "ERROR_INVALID_FACE_BOX_PARAMETER": Fate.OPERATOR,
        "ERROR_INVALID_BIG_EYES_PARAMETER": Fate.OPERATOR,
        "ERROR_INVALID_FACE_SLIMMING_PARAMETER": Fate.OPERATOR,
        "ERROR_INVALID_SMOOTHING_PARAMETER": Fate.OPERATOR,
        "ERROR_INVALID_SKIN_WHITENING_PARAMETER": Fate.OPERATOR,
        "ERROR_FILE_NOT_FOUND": Fate.OPERATOR,
        "ERROR_USER_GROUP_NOT_FOUND": Fate.OPERATOR,
        "ERROR_USER_NOT_FOUND": Fate.OPERATOR,
        "ERROR_FACE_TOKEN_NOT_FOUND": Fate.OPERATOR,
        "ERROR_CONTENT_NOT_FOUND": Fate.OPERATOR,
        "ERROR_RESOURCE_NOT_FOUND": Fate.OPERATOR,
        "ERROR_FACE_ALREADY_EXISTS": Fate.OPERATOR,
        "ERROR_DATA_ALREADY_EXISTS": Fate.OPERATOR,
        "ERROR_USER_GROUP_ALREADY_EXISTS": Fate.OPERATOR,
        "ERROR_USER_ALREADY_EXISTS": Fate.OPERATOR,
        "ERROR_DUPLICATE_GROUP_NAME": Fate.OPERATOR,
        "ERROR_RESOURCE_IN_USE": Fate.OPERATOR,
        "ERROR_TASK_CONFLICT": Fate.OPERATOR,
        "ERROR_TASK_STOPPED_PROCESSING": Fate.OPERATOR,
        "ERROR_TASK_REVOCATION_FAILED": Fate.OPERATOR,
        "ERROR_TASK_REVOKED": Fate.OPERATOR,
        "ERROR_RESOURCE_RECLAIMED": Fate.OPERATOR,
        "ERROR_CONTENT_TOO_LONG": Fate.OPERATOR,
        "ERROR_VIDEO_DURATION_EXCEEDED": Fate.OPERATOR,
        "ERROR_FACE_COPY_SCENE_MISMATCH": Fate.OPERATOR,
        "ERROR_SCENE_TYPE_MISMATCH": Fate.OPERATOR,
        "ERROR_TEMPLATE_IMAGE_QUALITY_TOO_LOW": Fate.OPERATOR,
        "ERROR_ACTION_VERIFICATION_FAILED": Fate.OPERATOR,
        "ERROR_FACE_TRACE_LIMIT_EXCEEDED": Fate.OPERATOR,
        "ERROR_DATABASE_LIMIT_EXCEEDED": Fate.OPERATOR,
        "ERROR_BATCH_TASK_LIMIT_EXCEEDED": Fate.OPERATOR,
        "ERROR_RESPONSE_BODY_TOO_LARGE": Fate.OPERATOR,
        "ERROR_IMAGE_STORAGE_NOT_SUPPORTED": Fate.OPERATOR,
        "ERROR_FACE_IMAGE_ADDITION_FAILED": Fate.OPERATOR,
        "ERROR_FACE_BLENDING_FAILED": Fate.OPERATOR,
        "ERROR_CLEANING_USER_GROUP_DATA": Fate.OPERATOR,
        # the vendor's own account with its upstream: seconds do not mend it, the operator has to write to the vendor
        "AI_SERVICE_UNAUTHORIZED": Fate.OPERATOR,
        "AI_SERVICE_NOT_FOUND": Fate.OPERATOR,
        # another time it may work
        "EXCEEDING_LIMITS": Fate.LATER,
        "PROCESSING_FAILURE": Fate.LATER,
        "UNKNOWN_ERROR": Fate.LATER,
        "SERVICE_INTERNAL_ERROR": Fate.LATER,
        "ERROR_FILE_DOWNLOAD_FAILED": Fate.LATER,
        "ERROR_FILE_UPLOAD_FAILED": Fate.LATER,
        "ERROR_DATA_TRANSFER_FAILED": Fate.LATER,
        "ERROR_GET_FACE_IMAGE_FAILED": Fate.LATER,
        "FILE_SERVICE_ERROR": Fate.LATER,
        "AI_SERVICE_ERROR": Fate.LATER,
        "AI_SERVICE_INTERNAL_ERROR": Fate.LATER,
        "ERROR_GATEWAY": Fate.LATER,
        "ERROR_INSUFFICIENT_RESOURCES": Fate.LATER,
        "ERROR_RESOURCE_IN_TRANSIT": Fate.LATER,
        "ERROR_RESOURCE_UNAVAILABLE": Fate.LATER,
        "AI_SERVICE_FLOW_RESTRICTION": Fate.LATER,
        "ERROR_FILE_DOWNLOAD_TIMEOUT": Fate.LATER,
        "AI_SERVICE_TIMEOUT": Fate.LATER,
    }
)

# Statuses under which the vendor refuses pictures, and that its gateway also sends with no code.
_PICTURE_STATUSES: Final = MappingProxyType(
    {
        413: RefusalReason.FILE_TOO_LARGE,
        415: RefusalReason.UNREADABLE_FILE,
        422: RefusalReason.POOR_QUALITY,
    }
)
_LATER_STATUSES: Final = frozenset({408, 425, 429})
_LOCKED_OUT_STATUSES: Final = frozenset({401, 402, 403, 407})
_SEVERAL: Final = re.compile(r"\b(multiple|several|more than one)\b.{0,20}\bfaces?\b", re.IGNORECASE)


def fate_of(*, code: str, status: int, text: str) -> RefusalReason | Fate:
    """Class one failed answer. `code` is "" when the answer carries none; `text` is what it says to humans."""
    fate = CODES.get(code)
    if fate is RefusalReason.NO_FACE and _SEVERAL.search(text):
        return RefusalReason.SEVERAL_FACES  # the vendor has no code of its own for it
    if fate is not None:
        return fate
    if status in _PICTURE_STATUSES:
        return _PICTURE_STATUSES[status]
    return _fate_by_status(code=code, status=status)


def _fate_by_status(*, code: str, status: int) -> Fate:
    """An unknown code under 4xx is for the operator to look at; without a code it was a gateway that spoke."""
    if status in _LATER_STATUSES or not 400 <= status < 500:
        return Fate.LATER
    return Fate.OPERATOR if code or status in _LOCKED_OUT_STATUSES else Fate.LATER
