"""The paper that charts are drawn on; places and sizes are in the finished picture's pixels."""

from typing import Final

from PIL import Image, ImageDraw

from bot.imaging.jpeg import Encoding, write
from bot.imaging.pictures.lettering import Weight, fitting, writable

Colour = tuple[int, int, int]
Place = tuple[float, float]

WIDTH: Final = 1080
MARGIN: Final = 70
FINER: Final = 2  # drawn this much larger: ImageDraw has no antialiasing
GROUND: Final[Colour] = (253, 251, 247)
INK: Final[Colour] = (44, 42, 48)
GRID: Final[Colour] = (232, 228, 221)
_PICTURE: Final = Encoding(quality=92, subsampling=0)


class ChartPaper:
    def __init__(self, height: int) -> None:
        self._image = Image.new("RGB", (WIDTH * FINER, height * FINER), GROUND)
        self.draw: Final = ImageDraw.Draw(self._image)

    def finished(self) -> bytes:
        """A JPEG."""
        return write(self._image.reduce(FINER), _PICTURE)

    def write(
        self,
        place: Place,
        text: str,
        size: int,
        *,
        anchor: str,
        colour: Colour = INK,
        weight: Weight = Weight.REGULAR,
        width: float = WIDTH - 2 * MARGIN,
    ) -> None:
        """Smaller where `width` is too narrow for it; nothing where the font has no letters for it."""
        if text and writable(text):
            face = fitting(text, weight, size * FINER, round(width * FINER))
            self.draw.text((place[0] * FINER, place[1] * FINER), text, fill=colour, font=face, anchor=anchor)

    def line(self, start: Place, end: Place, colour: Colour, width: int) -> None:
        self.draw.line([(x * FINER, y * FINER) for x, y in (start, end)], fill=colour, width=width * FINER)

    def box(self, corner: Place, opposite: Place, colour: Colour, *, radius: int = 8) -> None:
        box = tuple(round(side * FINER) for side in (*corner, *opposite))
        self.draw.rounded_rectangle(box, radius=radius * FINER, fill=colour)

    def disc(self, place: Place, radius: float, colour: Colour) -> None:
        x, y = (side * FINER for side in place)
        self.draw.ellipse((x - radius * FINER, y - radius * FINER, x + radius * FINER, y + radius * FINER), colour)
