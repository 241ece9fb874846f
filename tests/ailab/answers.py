"""Answers as AILab gives them, and photos it would take. Nobody's face is in here."""

import base64
import functools
import io
from collections.abc import Mapping, Sequence
from typing import Final

from PIL import Image, ImageDraw

Json = dict[str, object]
Spot = tuple[float, float, float, float, float]  # left, top, width, height in pixels; confidence 0..1

KINDS: Final = ("acne", "closed_comedones", "mole", "skin_spot")
SOME_ACNE: Final[Sequence[Spot]] = ((0.35, 0.62, 0.014, 0.016, 0.82), (0.58, 0.66, 0.012, 0.012, 0.44))
SOME_SPOTS: Final[Sequence[Spot]] = ((0.40, 0.36, 0.010, 0.010, 0.61), (0.63, 0.55, 0.012, 0.012, 0.38))


def answer(
    *,
    size: tuple[int, int] = (1024, 1024),
    face: tuple[float, float, float, float] | None = None,
    warning: Sequence[str] = (),
    marks: Mapping[str, Sequence[Spot]] | None = None,
    with_map: bool = True,
    **result: object,
) -> Json:
    """A whole Advanced answer with the quirks of real ones, for a photo of `size`.

    `face` is (left, top, width, height) in pixels. `marks` are pixel boxes by kind; a few when not given. Keywords
    replace fields of `result` by name; None takes the field out.
    """
    width, height = size
    spots = _scaled(size) if marks is None else marks
    left, top, face_width, face_height = face or (width * 0.22, height * 0.25, width * 0.56, height * 0.58)
    fields: Json = {**_readings(), **{kind: _mark(spots.get(kind, ())) for kind in KINDS}}
    if with_map:
        fields["face_maps"] = {"red_area": base64.b64encode(red_map(size)).decode()}
    fields |= result
    return {
        "request_id": "20261122-req",
        "log_id": "20261122-log",
        "error_code": 0,
        "error_code_str": "",
        "error_msg": "",
        "error_detail": {"status_code": 200, "code": "", "code_message": "", "message": ""},
        "warning": list(warning),
        "face_rectangle": {"top": top, "left": left, "width": face_width, "height": face_height},
        "result": {key: value for key, value in fields.items() if value is not None},
    }


def classed(value: object, confidence: object = 0.93) -> Json:
    """One field of the contract that is a class with a confidence."""
    return {"value": value, "confidence": confidence}


@functools.cache
def red_map(size: tuple[int, int]) -> bytes:
    """A red-area map as the vendor draws it: red where the skin is red, on white, of the photo's size."""
    width, height = size
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    for centre in (0.38, 0.62):
        box = ((centre - 0.08) * width, 0.55 * height, (centre + 0.08) * width, 0.66 * height)
        draw.ellipse(box, fill=(214, 96, 88))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@functools.cache
def portrait(size: tuple[int, int] = (640, 640), *, mode: str = "RGB") -> bytes:
    """A JPEG that a request may carry; nobody's face."""
    picture = Image.new("RGB", size, (176, 138, 118)).convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _scaled(size: tuple[int, int]) -> dict[str, Sequence[Spot]]:
    width, height = size
    shares = {"acne": SOME_ACNE, "skin_spot": SOME_SPOTS}
    return {
        kind: [(x * width, y * height, w * width, h * height, sure) for x, y, w, h, sure in spots]
        for kind, spots in shares.items()
    }


def _mark(spots: Sequence[Spot]) -> Json:
    rectangles = [{"left": x, "top": y, "width": w, "height": h} for x, y, w, h, _ in spots]
    return {"rectangle": rectangles, "confidence": [spot[4] for spot in spots]}


def _readings() -> Json:
    visible = ("dark_circle", "nasolabial_fold", "pores_left_cheek", "pores_right_cheek", "blackhead")
    clear = ("forehead_wrinkle", "crows_feet", "eye_finelines", "glabella_wrinkle", "pores_forehead", "pores_jaw")
    certainties = [0.09, 0.12, 0.14, 0.65]
    return {
        **{name: classed(1, 0.91) for name in visible},
        **{name: classed(0, 0.95) for name in clear},
        "skin_color": classed(2, 0.51),
        "skin_age": {"value": 34},
        "left_eyelids": classed(1, 0.88),
        "right_eyelids": classed(1, 0.86),
        "eye_pouch": classed(0, 0.79),
        "nasolabial_fold_severity": classed(0, 0.45),
        "skin_type": {
            "skin_type": 3,
            "details": [{"value": int(sure > 0.5), "confidence": sure} for sure in certainties],
        },
        "skintone_ita": {"ITA": 39.2, "skintone": 2},
        "skin_hue_ha": {"HA": 47.9, "skin_hue": 2},
        "sensitivity": {"sensitivity_area": 0.024, "sensitivity_intensity": 32},
    }
