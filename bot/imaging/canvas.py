"""The picture that findings are drawn on."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """An upright RGB picture of about 1280 px; `scale`: its pixels per pixel of the photo that was sent.

    Never drawn on: it may be the very photo.
    """

    image: Image.Image
    scale: float
