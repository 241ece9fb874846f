"""What lies on which cheek, of a face that nothing but its square is known of."""

from collections.abc import Iterable
from typing import Final

from bot.skin.analysis import Box, Sides

# Shares of the square from brow to chin, from its middle line outwards and from its top down.
_FROM_MIDDLE: Final = (0.11, 0.5)  # from beside the nose to the ear
_FROM_TOP: Final = (0.27, 0.72)  # from under the eye to the mouth's corner


def pimples_beside(face: Box, acne: Iterable[Box]) -> Sides:
    """How many lie on the picture's left cheek, and on its right one: each that is counted over time."""
    places = [_on_cheek(face, box) for box in acne]
    return Sides(left=sum(place < 0 for place in places), right=sum(place > 0 for place in places))


def _on_cheek(face: Box, box: Box) -> int:
    """-1 on the left one, 1 on the right one, 0 on none."""
    x, y = box.centre
    across, down = (x - face.centre[0]) / face.width, (y - face.top) / face.height
    if not (_FROM_MIDDLE[0] <= abs(across) <= _FROM_MIDDLE[1] and _FROM_TOP[0] <= down <= _FROM_TOP[1]):
        return 0
    return 1 if across > 0 else -1
