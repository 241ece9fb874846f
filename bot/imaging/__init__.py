"""Pixels: a file becomes a clean photo (intake), findings become a drawing (annotate). Pillow lives here."""

from typing import Final

from PIL import Image

# Of at most 16 MB each, which Pillow keeps for the next picture. By itself it gives back every one, and to have them
# anew costs a fifth of a selfie's work: the kernel hands out a zeroed page at each first touch.
_MEMORY_BLOCKS_KEPT: Final = 8

Image.core.set_blocks_max(_MEMORY_BLOCKS_KEPT)  # type: ignore[attr-defined]  # Pillow's documented way, untyped
Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit, one for all formats, would come before ours
