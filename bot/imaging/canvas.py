"""The picture that findings are drawn on."""

from dataclasses import dataclass, replace

from PIL import Image


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """An upright RGB picture of about 1280 px; `scale`: its pixels per pixel of the photo that was sent.

    `corner`: of a part of the photo, where it begins there, px of the photo.
    """

    image: Image.Image
    scale: float
    corner: tuple[float, float] = (0.0, 0.0)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place of the photo in the picture."""
        return (x - self.corner[0]) * self.scale, (y - self.corner[1]) * self.scale

    def copied(self) -> "Canvas":
        """For who needs it again after it was drawn on."""
        return replace(self, image=self.image.copy())
