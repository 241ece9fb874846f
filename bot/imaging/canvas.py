"""The picture that findings are drawn on."""

from dataclasses import dataclass, replace

from PIL import Image


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """An upright RGB picture of about 1280 px; `scale`: its pixels per pixel of the photo that was sent."""

    image: Image.Image
    scale: float

    def copied(self) -> "Canvas":
        """For who needs it again after it was drawn on."""
        return replace(self, image=self.image.copy())
