"""What a cheap look at a photo finds before anything is paid for it.

Careful rather than strict: when in doubt the photo goes through.
"""

from dataclasses import dataclass, field

from bot.skin.photo import PhotoIssue


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`turn`: by how much the picture has to be turned, counter-clockwise: 0, 90, 180 or 270 degrees.

    `face_found`: then `issues` are about the face itself, and say more than those about the whole picture.
    """

    turn: int = 0
    face_found: bool = False
    issues: frozenset[PhotoIssue] = field(default_factory=frozenset)
