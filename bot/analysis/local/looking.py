"""A cheap look at a photo before anything is paid for it: is there one face, upright, near, lit and sharp enough?

Careful rather than strict: when in doubt the photo goes through. Where the extra is not installed, every photo does.
"""

from dataclasses import dataclass, field

from PIL import Image

from bot.skin.photo import PhotoIssue


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`turn`: by how much the picture has to be turned, counter-clockwise: 0, 90, 180 or 270 degrees.

    `face_found`: then `issues` are about the face itself, and say more than those about the whole picture.
    """

    turn: int = 0
    face_found: bool = False
    issues: frozenset[PhotoIssue] = field(default_factory=frozenset)


class FirstLook:
    """Looks with the same eyes as the on-device analyzer. 0.01 s of CPU, 0.06 where none is upright: for a thread."""

    def __init__(self, *, can_see: bool) -> None:
        """`can_see`: whether the extra is installed."""
        self._can_see = can_see
        self.is_ready = not can_see

    def get_ready(self) -> None:
        """Load numpy and the networks, some 0.2 s: the first photo need not wait for them. From any thread."""
        if self._can_see:
            from bot.analysis.local.faces import load_networks  # noqa: PLC0415 - see below

            load_networks()
        self.is_ready = True

    def at(self, image: Image.Image, *, scale: float) -> Seen:
        """`image`: RGB, at most 1280 px or so; `scale`: its pixels per pixel of the photo that would be sent."""
        if not self._can_see:
            return Seen()
        from bot.analysis.local.gates import seen_in  # noqa: PLC0415 - numpy and LiteRT, which a start does not wait for

        return seen_in(image, scale=scale)
