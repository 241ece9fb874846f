"""How near the on-device analyzer comes to the vendor's published numbers, where those photos are on this machine.

The figures are printed: `pytest -s tests/unit/analysis/local/test_against_the_vendor.py`.
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.analysis import PhotoRefused
from bot.analysis.local.faces import counted_faces, find_faces
from bot.analysis.local.measure import measured
from bot.skin.analysis import Box
from bot.skin.photo import RefusalReason

SHARED = next((folder / "shared" for folder in Path(__file__).parents if (folder / "shared" / "cases").is_dir()), None)
CASES = sorted((SHARED / "cases").glob("*.jpg")) if SHARED else []
FACES = sorted((SHARED / "faces").glob("*.*g")) if SHARED else []
pytestmark = pytest.mark.skipif(SHARED is None, reason="the published photos are not on this machine")


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    height = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    shared = max(0.0, width) * max(0.0, height)
    return shared / (one.width * one.height + other.width * other.height - shared)


def greens(jpeg: bytes) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """255 minus green: 0 on white ground, more where the map is red."""
    with Image.open(io.BytesIO(jpeg)) as image:
        return 255.0 - np.asarray(image.convert("RGB").getchannel("G"), dtype=np.float64)


@pytest.mark.parametrize("photo", CASES, ids=lambda photo: photo.stem)
def test_published_case_is_met(photo: Path) -> None:
    """Face box, both angles and the red map, within what issue 3 asks for."""
    vendor = json.loads(photo.with_suffix(".json").read_text())
    result, face = vendor["result"], Box(**vendor["face_rectangle"])
    ours = measured(photo.read_bytes())
    assert ours.analysis.face is not None
    assert ours.analysis.ita is not None
    assert ours.analysis.hue is not None
    assert ours.red_map is not None
    left, top, right, bottom = (
        int(edge) for edge in (face.left, face.top, face.left + face.width, face.top + face.height)
    )
    maps = [
        greens(each)[top:bottom, left:right]
        for each in (ours.red_map, base64.b64decode(result["face_maps"]["red_area"]))
    ]
    iou = overlap(ours.analysis.face, face)
    ita_off = (ours.analysis.ita.degrees or 0) - result["skintone_ita"]["ITA"]
    hue_off = (ours.analysis.hue.degrees or 0) - result["skin_hue_ha"]["HA"]
    alike = float(np.corrcoef(maps[0].ravel(), maps[1].ravel())[0, 1])
    print(f"{photo.stem}: IoU {iou:.2f}, ITA {ita_off:+.1f}°, HA {hue_off:+.1f}°, map {alike:.2f}")  # noqa: T201

    assert iou >= 0.65
    assert abs(ita_off) <= 8
    assert abs(hue_off) <= 5
    assert alike >= 0.6


@pytest.mark.parametrize("photo", FACES, ids=lambda photo: photo.stem)
def test_faces_are_counted_right(photo: Path) -> None:
    """One on a portrait, two on two people, none on a cat or a cup."""
    with Image.open(photo) as image:
        count = len(counted_faces(find_faces(image.convert("RGB"))))
    assert count == (0 if photo.stem.startswith("no-face") else 2 if photo.stem == "two-people" else 1)


def test_cat_has_no_report() -> None:
    """Never a report for what is nobody."""
    if SHARED is None:
        raise LookupError("skipped without the photos")
    picture = io.BytesIO()
    Image.open(SHARED / "faces" / "no-face-cat.png").convert("RGB").save(picture, "JPEG")
    with pytest.raises(PhotoRefused) as refused:
        measured(picture.getvalue())
    assert refused.value.reason == RefusalReason.NO_FACE
