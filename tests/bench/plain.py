"""A selfie's pixels as plain Pillow works them, with our networks and our drawing: for the floor and for the peers.

One decode, one look, two encodes: between the look and the drawing everything stays in memory.
"""

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from bot.analysis.answer_format import parse_analysis
from bot.analysis.local.shape import face_near, shape_of
from bot.imaging.pictures.card import draw_card
from bot.imaging.pictures.face import FaceShape, shape_of_all
from bot.skin.assess import assess
from bot.skin.card import TOLD, shown_on

_MOST_PX: Final = 4095  # what the API takes
_CANVAS_PX: Final = 1280
_AS_PHONES: Final[Mapping[str, int]] = {"quality": 90, "subsampling": 2}
_looking = threading.Lock()  # a network has one working memory


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """`canvas` and `shape` are for the drawing; `scale`: pixels of the canvas to one of the JPEG."""

    jpeg: bytes
    canvas: Image.Image
    scale: float
    shape: FaceShape


def prepare(data: bytes) -> Prepared:
    """Upright, clean, within the API's bounds, and looked at."""
    image = clean(data)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **_AS_PHONES)
    factor = max(1, max(image.size) // _CANVAS_PX)
    canvas = image.reduce(factor) if factor > 1 else image
    with _looking:
        face = face_near(canvas, None, 1.0)
    shape = shape_of_all(*canvas.size) if face is None else shape_of(face)
    return Prepared(jpeg=buffer.getvalue(), canvas=canvas, scale=1 / factor, shape=shape)


def clean(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    if max(image.size) > _MOST_PX:
        image.draft("RGB", (image.width // 2, image.height // 2))
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((_MOST_PX, _MOST_PX))
    return upright


def draw(prepared: Prepared, body: Mapping[str, object]) -> bytes:
    """The card of what the service answered."""
    analysis = parse_analysis(body)
    shown = shown_on(TOLD, analysis, assess(analysis), left_out=())
    return draw_card(prepared.canvas, prepared.shape, shown, scale=prepared.scale)
