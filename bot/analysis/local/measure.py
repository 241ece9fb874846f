"""One photo, measured: from a JPEG to an answer in the API's own shape."""

import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis import Answer, PhotoRefused
from bot.analysis.answer_format import parse_analysis
from bot.analysis.local.cheeks import cheeks_beside
from bot.analysis.local.covering import covering_in
from bot.analysis.local.doubts import doubts_about
from bot.analysis.local.eyes import Eyes, whites_of
from bot.analysis.local.faces import Face, counted_faces, find_faces, settled
from bot.analysis.local.frame import FACE_ABOVE, FACE_SIDE, Frame
from bot.analysis.local.mesh import Landmarks
from bot.analysis.local.paper import sheet_beside
from bot.analysis.local.red_map import red_map_of
from bot.analysis.local.redness import RedSkin, redness_of
from bot.analysis.local.skin import Skin, light_trouble, skin_of
from bot.analysis.local.spots import Spot, spots_of
from bot.analysis.local.tone import cheeks_of, tone_of
from bot.analysis.local.under_eyes import UnderEyeSkin, under_eyes_of
from bot.analysis.local.zones import Zones
from bot.skin.analysis import Judged, Provider
from bot.skin.photo import PhotoIssue, RefusalReason

_SPOILED: Final[Mapping[PhotoIssue, tuple[str, ...]]] = {
    PhotoIssue.TOO_DARK: ("red_spots", "dark_spots"),
    PhotoIssue.TOO_BRIGHT: ("red_spots", "dark_spots", "sensitivity"),
}
_WORKING_SIDE_PX: Final = 1800  # a 12 MP photo is decoded at half its size
_LEAST_APART_PX: Final = 25.0  # between the eyes, in the photo: a face of some 55 px still has a colour
_LEAST_APART_FOR_SPOTS_PX: Final = 80.0  # there a spot of 3 mm has 4 px
_MOST_CUT_OFF: Final = 0.25  # of the face's square


def measured(jpeg: bytes) -> Answer:
    """Pure CPU, for a worker process. Raises PhotoRefused."""
    image, size = _opened(jpeg)
    shrunk = size[0] / image.width
    face = settled(image, _only_face(find_faces(image)))
    eyes = face.eyes
    if eyes.apart * shrunk < _LEAST_APART_PX:
        raise PhotoRefused(RefusalReason.FACE_TOO_SMALL)
    square = _face_rectangle(eyes, shrunk)
    if _share_outside(square, size) > _MOST_CUT_OFF:
        raise PhotoRefused(RefusalReason.FACE_CUT_OFF)
    frame = Frame(eyes=eyes)
    pixels, zones = frame.straight(image), Zones(face.landmarks, frame)
    skin = skin_of(pixels, zones, covering_in(image, face))
    if not skin.is_seen:
        raise PhotoRefused(light_trouble(pixels, zones) or RefusalReason.FACE_COVERED)
    if not skin.has_colour:
        raise PhotoRefused(light_trouble(pixels, zones) or RefusalReason.NO_COLOR)
    spoiled = _spoiled(doubts_about(image, face, scale=1 / shrunk))
    red = redness_of(skin) if skin.shows_enough and "sensitivity" not in spoiled else None
    result = _result(skin, red, frame, shrunk) | _toned(image, face.landmarks, skin, pixels)
    if red is not None:
        result["sides"] = {Judged.REDNESS.value: asdict(cheeks_beside(skin, pixels))}
    raw = {
        "face_rectangle": square,
        "warning": [],
        "result": {key: value for key, value in result.items() if key not in spoiled},
    }
    return Answer(
        raw=json.dumps(raw),
        red_map=red_map_of(red, frame, image.size, size) if red else None,
        analysis=parse_analysis(raw, provider=Provider.LOCAL),
    )


def _spoiled(doubts: Iterable[PhotoIssue]) -> frozenset[str]:
    """What this photo's light would invent: noise in the dark passes for spots, what is half burnt out for redness."""
    return frozenset(key for doubt in doubts for key in _SPOILED.get(doubt, ()))


def _opened(jpeg: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """The picture, decoded no larger than needed, and the photo's own size."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        size = image.size
        factor = 1
        while factor < 8 and max(image.size) / (factor * 2) >= _WORKING_SIDE_PX:
            factor *= 2
        image.draft("RGB", (math.ceil(image.width / factor), math.ceil(image.height / factor)))
        opened = image.convert("RGB")
    return opened, size


def _only_face(faces: Iterable[Face]) -> Face:
    sure = counted_faces(faces)
    if not sure:
        raise PhotoRefused(RefusalReason.NO_FACE)
    if len(sure) > 1:
        raise PhotoRefused(RefusalReason.SEVERAL_FACES)
    return sure[0]


def _face_rectangle(eyes: Eyes, shrunk: float) -> dict[str, int]:
    side = eyes.apart * FACE_SIDE
    left, top = eyes.middle[0] - side / 2, eyes.middle[1] - eyes.apart * FACE_ABOVE
    return {
        "left": round(left * shrunk),
        "top": round(top * shrunk),
        "width": round(side * shrunk),
        "height": round(side * shrunk),
    }


def _share_outside(square: dict[str, int], size: tuple[int, int]) -> float:
    width = min(size[0], square["left"] + square["width"]) - max(0, square["left"])
    height = min(size[1], square["top"] + square["height"]) - max(0, square["top"])
    return 1 - max(0, width) * max(0, height) / (square["width"] * square["height"])


def _result(skin: Skin, red: RedSkin | None, frame: Frame, shrunk: float) -> dict[str, object]:
    apart_px = frame.eyes.apart * shrunk
    result: dict[str, object] = {
        "not_visible": sorted(skin.hidden),
        "partly_visible": sorted(skin.partly_visible),
        "under_eyes": _rounded(under_eyes_of(skin, apart_px=apart_px)),
    }
    if apart_px >= _LEAST_APART_FOR_SPOTS_PX:
        spots = spots_of(skin)
        for name, found in (("red_spots", spots.red), ("dark_spots", spots.dark)):
            in_sight = [spot for spot in found if not skin.hides(*spot.middle)]
            if in_sight or skin.shows_enough:  # an empty list says that there are none
                result[name] = _marks(in_sight, frame, shrunk)
        result["freckles"] = spots.freckled
    if red is not None:
        result["sensitivity"] = {"sensitivity_area": round(red.area, 4)}
        result["redness"] = {"reddest": round(red.reddest, 2), "nose": None if red.nose is None else round(red.nose, 2)}
    return result


def _rounded(under: UnderEyeSkin) -> dict[str, float | None]:
    return {
        "colour": None if under.colour is None else round(under.colour, 2),
        "lines": None if under.lines is None else round(under.lines, 4),
    }


def _toned(image: Image.Image, face: Landmarks, skin: Skin, pixels: NDArray[np.uint8]) -> dict[str, object]:
    cheeks = cheeks_of(skin, pixels)
    if cheeks is None:
        return {}
    whites = whites_of(pixels, skin.zones.eyes)
    sheet = sheet_beside(image, face, cheeks=cheeks, whites=whites)
    told: dict[str, object] = {} if sheet is None else {"paper": sheet.verdict.value}
    tone = tone_of(cheeks, whites=whites, sheet=sheet)
    if tone is not None:
        told["skintone_ita"] = {"ITA": round(tone.ita, 2), "skintone": tone.ita_class}
        told["skin_hue_ha"] = {"HA": round(tone.hue, 2), "skintone": tone.hue_class}
        told["tone_light"] = tone.light.value
    return told


def _marks(spots: Sequence[Spot], frame: Frame, shrunk: float) -> dict[str, object]:
    return {
        "rectangle": [_rectangle(spot, frame, shrunk) for spot in spots],
        "faint": [spot.faint for spot in spots],
    }


def _rectangle(spot: Spot, frame: Frame, shrunk: float) -> dict[str, int]:
    """The upright box in the photo around a spot on the straight face; a spot is as good as round."""
    x, y = frame.to_photo(*spot.middle)
    width, height = (side * frame.scale * shrunk for side in (spot.width, spot.height))
    return {
        "left": round(x * shrunk - width / 2),
        "top": round(y * shrunk - height / 2),
        "width": max(1, round(width)),
        "height": max(1, round(height)),
    }
