"""The picture that findings are drawn on."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """An upright RGB picture of at most 1280 px; `scale`: its pixels per pixel of the photo that was sent."""

    image: Image.Image
    scale: float
