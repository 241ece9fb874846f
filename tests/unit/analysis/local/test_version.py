"""Numbers of two versions of the analyzer never meet: what changes a photo's numbers needs a new version.

After a wanted change: raise `LocalAnalyzer.version`, then `SKINBOT_WRITE_GOLDEN=1 pytest` this file. What is read
besides, and leaves the other numbers as they are, needs the second alone.
"""

import io
import json
import math
import os
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageDraw, ImageFilter

from bot.analysis.local.analyzer import LocalAnalyzer
from bot.analysis.local.measure import measured
from tests.pictures import drawn_face, lit

KEPT: Final = Path(__file__).parent / "readings_of_a_version.json"
_SAME: Final = 0.01  # another JPEG library moves a number by less
_SKINS: Final = {"light": (208, 164, 140), "brown": (150, 108, 84), "deep": (108, 76, 60)}


def spotted(skin: tuple[int, int, int]) -> Image.Image:
    """Blushing, with two dark spots and a red one."""
    face = drawn_face(skin=skin)
    blush = Image.new("L", face.size)
    for x in (280, 520):
        ImageDraw.Draw(blush).ellipse((x - 40, 460, x + 40, 540), fill=255)
    red, green, blue = face.split()
    paler = [band.point(lambda value: round(0.86 * value)) for band in (green, blue)]
    face.paste(Image.merge("RGB", (red, *paler)), mask=blush.filter(ImageFilter.GaussianBlur(12)))
    draw = ImageDraw.Draw(face)
    for x, y, kept in ((350, 260, (0.55, 0.5, 0.45)), (440, 250, (0.55, 0.5, 0.45)), (395, 232, (1, 0.62, 0.62))):
        colour = tuple(round(band * share) for band, share in zip(skin, kept, strict=True))
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=colour)
    return face


def readings() -> dict[str, object]:
    faces = {name: drawn_face(skin=skin) for name, skin in _SKINS.items()}
    faces |= {f"{name}, spotted": spotted(skin) for name, skin in _SKINS.items()}
    faces["warm light"] = lit(drawn_face(), (1.1, 1, 0.85))
    faces["far"] = drawn_face().resize((280, 280), Image.Resampling.LANCZOS)
    return {name: reading(face) for name, face in faces.items()}


def reading(face: Image.Image) -> object:
    buffer = io.BytesIO()
    face.save(buffer, "JPEG", quality=95, subsampling=0)
    return json.loads(measured(buffer.getvalue()).raw)


def is_same(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME / 10)
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) <= 1
    return one == other


def without_more(now: object, kept: object) -> object:
    """What there is now of what was kept."""
    if isinstance(now, dict) and isinstance(kept, dict):
        return {key: without_more(now[key], kept[key]) for key in now if key in kept}
    return now


def test_other_numbers_are_another_version() -> None:
    """Drawn faces of three skins, spotted and blushing ones, warm light, a far face: all that is read of them."""
    golden, now = json.loads(KEPT.read_text(encoding="utf-8")), readings()
    kept = golden["readings"]
    changed = [name for name in now if not is_same(without_more(now[name], kept.get(name)), kept.get(name))]
    is_raised = golden["version"] != LocalAnalyzer.version
    if os.environ.get("SKINBOT_WRITE_GOLDEN") and (is_raised or not changed):
        fresh = {"version": LocalAnalyzer.version, "readings": now}
        KEPT.write_text(json.dumps(fresh, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return
    if changed and not is_raised:
        pytest.fail(
            f"Other numbers of {changed}: raise LocalAnalyzer.version, then run this with SKINBOT_WRITE_GOLDEN=1"
        )
    if not is_raised and not is_same(now, kept):
        pytest.fail("More is read than before: run this with SKINBOT_WRITE_GOLDEN=1 to keep it")
    if is_raised:
        pytest.fail("A new version: run this with SKINBOT_WRITE_GOLDEN=1 to keep its numbers")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"ITA": 20.1, "box": [4, 5]}, True),
        ({"ITA": 21.0, "box": [4, 5]}, False),
        ({"ITA": 20.0, "box": [4, 7]}, False),
        ({"ITA": 20.0, "box": [4]}, False),
        ({"ITA": None, "box": [4, 5]}, False),
    ],
)
def test_a_number_is_the_same_within_a_hundredth(*, other: object, same: bool) -> None:
    """What a library rounds otherwise is no other number; one that is there no more is."""
    assert is_same({"ITA": 20.0, "box": [4, 5]}, other) is same
