"""What of a file its pixels need: the rest is dropped before a decoder sees it.

Comments, previews, XMP, EXIF and text chunks are where most broken and hostile files break a reader.
"""

from dataclasses import dataclass, field

from bot.imaging.intake.colour_spaces import NOTHING_TOLD, ColourTags
from bot.imaging.intake.exif import UPRIGHT
from bot.imaging.intake.rejection import PhotoRejected
from bot.skin.photo import RejectReason


@dataclass(frozen=True, kw_only=True)
class FileParts:
    """`pixels`: a file with the picture and nothing else. `codes`: where each stretch of them stands in a
    JPEG, which ends with the last. `orientation`: EXIF's 1..8. `told`: of its colours."""

    pixels: bytes = field(repr=False)
    codes: tuple[range, ...] = ()
    orientation: int = UPRIGHT
    told: ColourTags = NOTHING_TOLD


def rejected_as_damaged() -> PhotoRejected:
    return PhotoRejected(RejectReason.DAMAGED)
