"""What a cheap look at a photo finds before anything is paid for it.

Careful rather than strict: when in doubt the photo goes through.
"""

from dataclasses import dataclass, field

from bot.imaging.intake.clean_photo import SeenFace
from bot.skin.photo import PhotoIssue


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`turn`: by how much the picture has to be turned, counter-clockwise: 0, 90, 180 or 270 degrees.

    `face`: the one that is there; then `issues` are about it, and say more than those about the whole picture.
    `surroundings`: what a card may show of it: left, top, right, bottom; `apart`: between its eyes, px of this picture.
    `side_light`: as in `Conditions`.
    """

    turn: int = 0
    face: SeenFace | None = None
    surroundings: tuple[int, int, int, int] = (0, 0, 0, 0)
    apart: float = 0.0
    issues: frozenset[PhotoIssue] = field(default_factory=frozenset)
    side_light: float | None = None
