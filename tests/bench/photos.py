"""Photos to measure with: a drawn face with the grain of a camera, at phone sizes. Nobody's face."""

import io
from functools import cache

import numpy as np
from PIL import Image

from bot.skin.analysis import Box, MarkKind
from tests.pictures import drawn_face

SIZES = {"1280": (1280, 960), "2560": (2560, 1920), "12 MP": (4000, 3000), "48 MP": (8000, 6000)}


@cache
def pixels(width: int, height: int) -> Image.Image:
    face = np.asarray(drawn_face().resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    grain = np.random.default_rng(0).normal(0, 4, (height // 2, width // 2, 1)).repeat(2, 0).repeat(2, 1)
    return Image.fromarray(np.clip(face + grain, 0, 255).astype(np.uint8))


@cache
def photo(width: int, height: int, kind: str = "JPEG", *, progressive: bool = False) -> bytes:
    """As phones write them: quality 90, 4:2:0."""
    if kind == "HEIF":
        import pillow_heif  # noqa: PLC0415 - only here

        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    options: dict[str, object] = {"quality": 90} if kind in {"JPEG", "WEBP", "HEIF"} else {"compress_level": 1}
    if kind == "JPEG":
        options |= {"subsampling": 2, "progressive": progressive}
    pixels(width, height).save(buffer, kind, **options)
    return buffer.getvalue()


def marks(count: int, *, side: int) -> dict[MarkKind, tuple[Box, ...]]:
    """Boxes of four kinds, spread over the middle of a photo of that width."""
    kinds = (MarkKind.ACNE, MarkKind.CLOSED_COMEDONES, MarkKind.SKIN_SPOT, MarkKind.MOLE)
    places = np.random.default_rng(1).uniform(0.2, 0.7, (count, 2)) * side
    boxes = [Box(left=float(x), top=float(y), width=side * 0.01, height=side * 0.01) for x, y in places]
    return {kind: tuple(boxes[start :: len(kinds)]) for start, kind in enumerate(kinds)}
