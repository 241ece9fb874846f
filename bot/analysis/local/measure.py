"""One photo, measured: from a JPEG to an answer in the API's own shape."""

import io
import json
import math
from collections.abc import Iterable
from typing import Final

from PIL import Image

from bot.analysis import Answer, PhotoRefused
from bot.analysis.ailab.parse import parse_analysis
from bot.analysis.local.eyes import Eyes, find_eyes
from bot.analysis.local.faces import Face, find_faces, settled
from bot.analysis.local.frame import Frame
from bot.analysis.local.red_map import red_map_of
from bot.analysis.local.redness import RedSkin, redness_of
from bot.analysis.local.skin import Skin, skin_of
from bot.analysis.local.spots import Spot, dark_spots_of, red_spots_of
from bot.analysis.local.texture import textures_of
from bot.analysis.local.tone import tone_of
from bot.skin.analysis import Provider
from bot.skin.photo import RefusalReason

_WORKING_SIDE_PX: Final = 1800  # a 12 MP photo is decoded at half its size
_LEAST_APART_PX: Final = 40.0  # between the eyes: a face of some 90 px
_BOX_WIDTH: Final = 2.23  # eye distances; the vendor's square from brow to chin
_BOX_ABOVE: Final = 0.36


def measured(jpeg: bytes) -> Answer:
    """Pure CPU, for a thread. Raises PhotoRefused."""
    image, shrunk = _opened(jpeg)
    face = _only_face(find_faces(image))
    eyes = find_eyes(image, settled(image, face))
    if eyes.apart * shrunk < _LEAST_APART_PX:
        raise PhotoRefused(RefusalReason.FACE_TOO_SMALL)
    frame = Frame(eyes=eyes)
    skin = skin_of(frame.straight(image))
    if not skin.is_seen:
        raise PhotoRefused(RefusalReason.FACE_COVERED)
    red = redness_of(skin)
    raw = {
        "face_rectangle": _face_rectangle(eyes, shrunk),
        "warning": [],
        "result": _result(skin, red, frame, shrunk),
    }
    size = (round(image.width * shrunk), round(image.height * shrunk))
    return Answer(
        raw=json.dumps(raw),
        red_map=red_map_of(red, frame, image.size, size) if red else None,
        analysis=parse_analysis(raw, provider=Provider.LOCAL),
    )


def _opened(jpeg: bytes) -> tuple[Image.Image, float]:
    """The picture, decoded no larger than needed, and how many pixels of the photo one of its pixels is."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        width = image.width
        factor = 1
        while factor < 8 and max(image.size) / (factor * 2) >= _WORKING_SIDE_PX:
            factor *= 2
        image.draft("RGB", (math.ceil(image.width / factor), math.ceil(image.height / factor)))
        opened = image.convert("RGB")
    return opened, width / opened.width


def _only_face(faces: Iterable[Face]) -> Face:
    sure = [face for face in faces if face.is_sure]
    if not sure:
        raise PhotoRefused(RefusalReason.NO_FACE)
    if len(sure) > 1:
        raise PhotoRefused(RefusalReason.SEVERAL_FACES)
    return sure[0]


def _face_rectangle(eyes: Eyes, shrunk: float) -> dict[str, int]:
    side = eyes.apart * _BOX_WIDTH
    left, top = eyes.middle[0] - side / 2, eyes.middle[1] - eyes.apart * _BOX_ABOVE
    return {
        "left": round(left * shrunk),
        "top": round(top * shrunk),
        "width": round(side * shrunk),
        "height": round(side * shrunk),
    }


def _result(skin: Skin, red: RedSkin | None, frame: Frame, shrunk: float) -> dict[str, object]:
    result: dict[str, object] = {
        "red_spots": {"rectangle": _rectangles(red_spots_of(skin), frame, shrunk)},
        "dark_spots": {"rectangle": _rectangles(dark_spots_of(skin), frame, shrunk)},
        "texture": {
            zone: {"roughness": texture.roughness, "lines": texture.lines}
            for zone, texture in textures_of(skin, apart_px=frame.eyes.apart * shrunk).items()
        },
        "not_visible": sorted(skin.hidden),
    }
    tone = tone_of(skin)
    if tone is not None:
        result["skintone_ita"] = {"ITA": round(tone.ita, 2), "skintone": tone.ita_class}
        result["skin_hue_ha"] = {"HA": round(tone.hue, 2), "skintone": tone.hue_class}
    if red is not None:
        result["sensitivity"] = {
            "sensitivity_area": round(red.area, 4),
            "sensitivity_intensity": round(red.intensity, 1),
        }
    return result


def _rectangles(spots: Iterable[Spot], frame: Frame, shrunk: float) -> list[dict[str, int]]:
    return [_rectangle(spot, frame, shrunk) for spot in spots]


def _rectangle(spot: Spot, frame: Frame, shrunk: float) -> dict[str, int]:
    """The upright box in the photo around a spot on the straight face; a spot is as good as round."""
    x, y = frame.to_photo(spot.left + spot.width / 2, spot.top + spot.height / 2)
    width, height = (side * frame.scale * shrunk for side in (spot.width, spot.height))
    return {
        "left": round(x * shrunk - width / 2),
        "top": round(y * shrunk - height / 2),
        "width": max(1, round(width)),
        "height": max(1, round(height)),
    }
