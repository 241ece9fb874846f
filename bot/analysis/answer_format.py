"""From an answer in the API's shape, with all its quirks, to an Analysis. What can't be read is not determined."""

import json
import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.skin.analysis import (
    Analysis,
    Angle,
    Box,
    Classified,
    Judged,
    MarkKind,
    Paper,
    Provider,
    Reading,
    Redness,
    Sides,
    SkinZone,
    ToneLight,
    UnderEyes,
)
from bot.skin.cheeks import pimples_beside

__all__ = ["Unreadable", "parse_analysis", "read_back"]

# The highest class of each reading. Pores are 0/1 here and 0..3 on the vendor's sister endpoint.
_HIGHEST: Final[Mapping[Reading, int]] = MappingProxyType(
    {
        Reading.SKIN_COLOR: 4,
        Reading.LEFT_EYELIDS: 2,
        Reading.RIGHT_EYELIDS: 2,
        Reading.EYE_POUCH: 1,
        Reading.EYE_POUCH_SEVERITY: 2,
        Reading.DARK_CIRCLE: 3,
        Reading.FOREHEAD_WRINKLE: 1,
        Reading.CROWS_FEET: 1,
        Reading.EYE_FINELINES: 1,
        Reading.GLABELLA_WRINKLE: 1,
        Reading.NASOLABIAL_FOLD: 1,
        Reading.NASOLABIAL_FOLD_SEVERITY: 2,
        Reading.PORES_FOREHEAD: 3,
        Reading.PORES_LEFT_CHEEK: 3,
        Reading.PORES_RIGHT_CHEEK: 3,
        Reading.PORES_JAW: 3,
        Reading.BLACKHEAD: 3,
    }
)
_HIGHEST_SKIN_TYPE: Final = 3
_HIGHEST_ITA_BAND: Final = 6
_HIGHEST_HUE_BAND: Final = 3
_HIGHEST_AGE: Final = 99
_MOST_COLOUR: Final = 200  # steps of a* or b*: no two colours are further apart
_MOST_BOXES: Final = 2000  # of a kind; on a face there is no room for more
_FAR_OUT_PX: Final = 1_000_000  # beyond it a number is not a place around a photo of 4095 px

# The vendor's sister endpoint and the upstream call the spots otherwise.
_MARK_KEYS: Final[Mapping[MarkKind, tuple[str, ...]]] = MappingProxyType(
    {kind: (kind.value, "brown_spot") if kind is MarkKind.SKIN_SPOT else (kind.value,) for kind in MarkKind}
)

Fields = Mapping[str, object]


def read_back(text: str, *, provider: Provider = Provider.AILAB) -> Analysis:
    """Parse a stored answer (`Answer.raw`). Raises Unreadable when it is not a JSON object."""
    return parse_analysis(read_object(text), provider=provider)


def parse_analysis(raw: Fields, *, provider: Provider = Provider.AILAB) -> Analysis:
    """Parse an answer in the API's shape: `face_rectangle`, `warning`, `result`. Never raises on what is in it."""
    result = _fields(raw.get("result"))
    face, marks = _face(raw.get("face_rectangle")), dict(_marks(result))
    return Analysis(
        provider=provider,
        face=face,
        head_pose_warning=_warns_of_head_pose(raw.get("warning")),
        readings=dict(_readings(result)),
        marks=marks,
        skin_type=_skin_type(_fields(result.get("skin_type"))),
        skin_age=_class_number(_fields(result.get("skin_age")).get("value"), _HIGHEST_AGE),
        ita=_angle(_fields(result.get("skintone_ita")), "ITA", -90, "skintone", _HIGHEST_ITA_BAND),
        hue=_hue(_fields(result.get("skin_hue_ha"))),
        tone_light=_tone_light(result.get("tone_light")),
        paper=next((paper for paper in Paper if paper.value == result.get("paper")), None),
        redness=_redness(_fields(result.get("sensitivity")), _fields(result.get("redness"))),
        under_eyes=_under_eyes(_fields(result.get("under_eyes"))),
        not_visible=_zones(result.get("not_visible")),
        partly_visible=_zones(result.get("partly_visible")),
        freckled=result.get("freckles") is True,
        sides=dict(_sides(_fields(result.get("sides")), face, marks.get(MarkKind.ACNE))),
    )


def _readings(result: Fields) -> Iterator[tuple[Reading, Classified]]:
    for reading, highest in _HIGHEST.items():
        fields = _fields(result.get(reading.value))
        value = _class_number(fields.get("value"), highest)
        if value is not None:
            yield reading, Classified(value=value, confidence=_share(fields.get("confidence")))


def _marks(result: Fields) -> Iterator[tuple[MarkKind, tuple[Box, ...]]]:
    for kind, keys in _MARK_KEYS.items():
        found = [result[key] for key in keys if isinstance(result.get(key), (dict, list))]
        if found:
            yield kind, next((boxes for boxes in map(_boxes, found) if boxes), ())


def _boxes(mark: object) -> tuple[Box, ...]:
    """The readable boxes, each with what else is told of it where there is as much of that as there are boxes."""
    rectangles = _items(_fields(mark).get("rectangle"))[:_MOST_BOXES]
    confidences, faint = (_beside(rectangles, mark, name) for name in ("confidence", "faint"))
    told = zip(rectangles, confidences, faint, strict=True)
    return tuple(box for each in told if (box := _box(*each)) is not None)


def _beside(rectangles: list[object], mark: object, name: str) -> list[object]:
    told = _items(_fields(mark).get(name))[:_MOST_BOXES]
    return told if len(told) == len(rectangles) else [None] * len(rectangles)


def _box(rectangle: object, confidence: object = None, faint: object = None) -> Box | None:
    """None when a side can't be read. An empty or outlying box stays: whoever draws it clamps it."""
    fields = _fields(rectangle)
    sides = [_within(fields.get(name), -_FAR_OUT_PX, _FAR_OUT_PX) for name in ("left", "top", "width", "height")]
    left, top, width, height = sides
    if left is None or top is None or width is None or height is None or width < 0 or height < 0:
        return None
    return Box(
        left=left,
        top=top,
        width=width,
        height=height,
        confidence=_share(confidence),
        faint=faint is True,
    )


def _face(rectangle: object) -> Box | None:
    box = _box(rectangle)
    return box if box is not None and box.width > 0 and box.height > 0 else None


def _warns_of_head_pose(warning: object) -> bool:
    """Documented as imporper_headpose, upstream improper_headpose; a list, or one string."""
    warnings = [warning] if isinstance(warning, str) else _items(warning)
    return any(isinstance(text, str) and "headpose" in text for text in warnings)


def _skin_type(fields: Fields) -> Classified | None:
    """The type is the number beside the details; their own `value` flags are not to be read."""
    value = _class_number(fields.get("skin_type"), _HIGHEST_SKIN_TYPE)
    if value is None:
        return None
    return Classified(value=value, confidence=_share(_detail(fields.get("details"), value).get("confidence")))


def _detail(details: object, place: int) -> Fields:
    """Documented as an object "0".."3", a list in every real answer."""
    if isinstance(details, list):
        return _fields(details[place]) if place < len(details) else {}
    return _fields(_fields(details).get(str(place)))


def _hue(fields: Fields) -> Angle | None:
    """The class is `skintone` in the contract, `skin_hue` in real answers."""
    key = "skin_hue" if "skin_hue" in fields else "skintone"
    return _angle(fields, "HA", 0, key, _HIGHEST_HUE_BAND)


def _angle(fields: Fields, name: str, lowest: float, band_name: str, highest_band: int) -> Angle | None:
    degrees = _within(fields.get(name), lowest, 90)
    band = _class_number(fields.get(band_name), highest_band)
    return None if degrees is None and band is None else Angle(degrees=degrees, band=band)


def _tone_light(value: object) -> ToneLight:
    """This device's own part of an answer."""
    return next((light for light in ToneLight if light.value == value), ToneLight.PHOTO)


def _redness(fields: Fields, here: Fields) -> Redness | None:
    """`here`: this device's own part of it."""
    redness = Redness(
        area=_share(fields.get("sensitivity_area")),
        intensity=_within(fields.get("sensitivity_intensity"), 0, 100),
        reddest=_within(here.get("reddest"), 0, _MOST_COLOUR),
        nose=_within(here.get("nose"), -_MOST_COLOUR, _MOST_COLOUR),
    )
    return None if redness.area is None and redness.intensity is None else redness


def _under_eyes(fields: Fields) -> UnderEyes | None:
    """This device's own part of an answer."""
    colour, lines = _within(fields.get("colour"), 0, _MOST_COLOUR), _share(fields.get("lines"))
    return None if colour is None and lines is None else UnderEyes(colour=colour, lines=lines)


def _sides(here: Fields, face: Box | None, acne: tuple[Box, ...] | None) -> Iterator[tuple[Judged, Sides]]:
    """`here`: this device's own part of an answer."""
    redness = _fields(here.get(Judged.REDNESS))
    left, right = (_within(redness.get(side), -_MOST_COLOUR, _MOST_COLOUR) for side in ("left", "right"))
    if left is not None or right is not None:
        yield Judged.REDNESS, Sides(left=left, right=right, seen=_share(redness.get("seen")))
    if face is not None and acne is not None:
        yield Judged.PIMPLES, pimples_beside(face, acne)


def _zones(names: object) -> frozenset[SkinZone]:
    return frozenset(zone for zone in SkinZone if zone.value in _items(names))


def _fields(value: object) -> Fields:
    """PHP writes an empty object as []."""
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _class_number(value: object, highest: int) -> int | None:
    number = _within(value, 0, highest)
    return int(number) if number is not None and number.is_integer() else None


def _share(value: object) -> float | None:
    return _within(value, 0, 1)


def _within(value: object, lowest: float, highest: float) -> float | None:
    number = number_of(value)
    return number if number is not None and lowest <= number <= highest else None


def number_of(value: object) -> float | None:
    """A finite number, also from a string; true and false are not numbers."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


class Unreadable(Exception):
    """The body is not a JSON object."""


def read_object(text: bytes | str) -> dict[str, object]:
    """The JSON object in `text`; NaN and infinite numbers become null. Raises Unreadable."""
    try:
        body = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):  # ValueError: not JSON, not text, or a number of 5,000 digits
        raise Unreadable from None
    if not isinstance(body, dict):
        raise Unreadable
    return body


def _no_number(_: str) -> None:
    return None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None
