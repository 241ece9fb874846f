"""`skinbot analyze`: the same photo, the same words and picture as in the chat, on the terminal."""

import asyncio
import base64
import io
import json
import os
import sys
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

import pytest
from PIL import Image

from tests.ailab import LoopbackAILab, error
from tests.commands import ROOT, skinbot
from tests.pictures import drawn_face, selfie


@pytest.fixture
async def ailab() -> AsyncIterator[LoopbackAILab]:
    async with LoopbackAILab() as ailab:
        yield ailab


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpg"
    path.write_bytes(selfie())
    return path


async def test_a_report_and_two_pictures(ailab: LoopbackAILab, photo: Path, tmp_path: Path) -> None:
    """The text on the screen, the marked photo and the redness in the folder that was asked for."""
    ended = await skinbot(
        *("analyze", str(photo), "--out", "here"), cwd=tmp_path, AILAB_API_KEY=ailab.key, AILAB_API_URL=ailab.url
    )
    assert (ended.code, ended.err) == (0, "")
    assert "One small step" in ended.out
    assert "<" not in ended.out
    sizes = [_size(tmp_path / "here" / name) for name in ("annotated.jpg", "redness.jpg")]
    assert sizes[0] == sizes[1]
    assert 640 <= sizes[0][0] <= 960  # the face alone, as a phone shows it


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


async def test_spanish(ailab: LoopbackAILab, photo: Path, tmp_path: Path) -> None:
    """--lang chooses the report's language."""
    ended = await skinbot(
        *("analyze", str(photo), "--lang", "es"), cwd=tmp_path, AILAB_API_KEY=ailab.key, AILAB_API_URL=ailab.url
    )
    assert "Un pequeño paso" in ended.out


async def test_json_is_one_object_in_the_apis_shape(ailab: LoopbackAILab, photo: Path, tmp_path: Path) -> None:
    """What INTERFACE promises to scripts."""
    ended = await skinbot(
        *("analyze", str(photo), "--json"), cwd=tmp_path, AILAB_API_KEY=ailab.key, AILAB_API_URL=ailab.url
    )
    told = json.loads(ended.out)
    assert list(told) == ["provider", "analysis", "photo", "findings"]
    assert told["provider"] == "ailab"
    assert list(told["analysis"]) == ["face_rectangle", "warning", "result"]
    sent = ailab.calls[0].image
    assert told["photo"] == {"width": 640, "height": 640, "bytes": len(sent), "issues": []}
    assert Image.open(io.BytesIO(sent)).size == (640, 640)
    assert set(told["findings"][0]) == {"key", "region", "severity", "confidence", "count", "text"}
    (acne,) = [finding for finding in told["findings"] if finding["key"] == "acne"]
    assert (acne["count"], acne["confidence"]) == (2, 0.82)


DOCUMENTED: dict[str, dict[str, tuple[float, float]]] = {
    "skintone_ita": {"ITA": (-90, 90), "skintone": (0, 6)},
    "skin_hue_ha": {"HA": (0, 90), "skintone": (0, 3)},
    "sensitivity": {"sensitivity_area": (0, 1)},  # how strong: not measured here
}


@pytest.mark.parametrize("analyzer", ["ailab", "local"])
async def test_the_map_of_redness_as_the_api_writes_it(ailab: LoopbackAILab, tmp_path: Path, analyzer: str) -> None:
    """With --maps, from either analyzer: bare base64 of a JPEG of the photo's size, nearly white where skin is calm."""
    drawn_face().save(tmp_path / "me.jpg", quality=92)
    settings = {"AILAB_API_KEY": ailab.key, "AILAB_API_URL": ailab.url, "ANALYZER": analyzer}
    with_maps, without = [
        json.loads((await skinbot("analyze", "me.jpg", "--json", *flags, cwd=tmp_path, **settings)).out)
        for flags in (["--maps"], [])
    ]
    result = with_maps["analysis"]["result"]
    map_of_redness = base64.b64decode(result.pop("face_maps")["red_area"], validate=True)
    with Image.open(io.BytesIO(map_of_redness), formats=["JPEG"]) as picture:
        assert picture.size == (800, 800)
        assert picture.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    assert with_maps == without
    assert with_maps["provider"] == analyzer


async def test_what_this_machine_measures_is_in_the_apis_shape_too(tmp_path: Path) -> None:
    """Each field that is there has the documented name, kind and range; the rest is absent."""
    drawn_face().save(tmp_path / "me.jpg", quality=92)
    told = json.loads((await skinbot("analyze", "me.jpg", "--json", cwd=tmp_path, ANALYZER="local")).out)["analysis"]
    assert list(told) == ["face_rectangle", "warning", "result"]
    assert set(told["face_rectangle"]) == {"top", "left", "width", "height"}
    assert told["warning"] == []
    assert set(DOCUMENTED) <= set(told["result"])
    for field, parts in DOCUMENTED.items():
        for part, (lowest, highest) in parts.items():
            assert lowest <= told["result"][field][part] <= highest
    assert "skin_age" not in told["result"]


async def test_a_photo_that_cannot_be_used(tmp_path: Path) -> None:
    """3, with the reason on stderr and nothing on stdout."""
    (tmp_path / "me.jpg").write_bytes(b"no picture")
    ended = await skinbot("analyze", "me.jpg", cwd=tmp_path, AILAB_API_KEY="a-key", AILAB_API_URL="http://127.0.0.1:9")
    assert (ended.code, ended.out) == (3, "")
    assert "not a picture" in ended.err


async def test_a_photo_that_the_service_refuses(ailab: LoopbackAILab, photo: Path, tmp_path: Path) -> None:
    """Also 3: it is the photo that has to change."""
    ailab.will(error("ERROR_NO_FACE_IN_FILE", status=422))
    ended = await skinbot("analyze", str(photo), cwd=tmp_path, AILAB_API_KEY=ailab.key, AILAB_API_URL=ailab.url)
    assert (ended.code, ended.out) == (3, "")
    assert "face" in ended.err


async def test_an_account_that_is_blocked(ailab: LoopbackAILab, photo: Path, tmp_path: Path) -> None:
    """4: neither the photo nor the settings are wrong."""
    ailab.will(error("ERROR_NOT_ENOUGH_CREDITS", status=429))
    ended = await skinbot("analyze", str(photo), cwd=tmp_path, AILAB_API_KEY=ailab.key, AILAB_API_URL=ailab.url)
    assert ended.code == 4
    assert ailab.key not in ended.err


@pytest.mark.parametrize(
    ("arguments", "settings", "code"),
    [
        (["analyze", "nowhere.jpg"], {"AILAB_API_KEY": "a-key"}, 2),
        (["analyze"], {}, 2),
        (
            ["analyze", "me.jpg", "--out", "me.jpg"],
            {"AILAB_API_KEY": "a-key", "AILAB_API_URL": "http://127.0.0.1:9"},
            2,
        ),
        (["dance"], {}, 2),
        (["analyze", "me.jpg"], {"ANALYZER": "ailab"}, 5),
        (["run"], {"PORT": "many"}, 5),
    ],
)
@pytest.mark.usefixtures("photo")
async def test_wrong_usage_and_wrong_set_up(
    arguments: list[str], settings: dict[str, str], code: int, tmp_path: Path
) -> None:
    """2 for the command line, 5 for the settings, and a reason in words."""
    ended = await skinbot(*arguments, cwd=tmp_path, **settings)
    assert ended.code == code
    assert ended.err
    assert "Traceback" not in ended.err


async def test_which_build_it_is(tmp_path: Path) -> None:
    """The installed one's number, also where nothing is set up, or wrongly."""
    ended = await skinbot("--version", cwd=tmp_path, PORT="many")
    assert (ended.code, ended.out, ended.err) == (0, f"skinbot {version('skinbot')}\n", "")


async def test_a_terminal_that_has_not_every_sign(photo: Path, tmp_path: Path) -> None:
    """What it has not is a question mark, and everything else is told."""
    speaking = {"PYTHONIOENCODING": "ascii", "ANALYZER": "local"}
    ended = await skinbot("analyze", str(photo), "--lang", "es", cwd=tmp_path, **speaking)
    assert (ended.code, ended.err) == (0, "")
    assert "diagn?stico" in ended.out
    assert "TELEGRAM_TOKEN is not set" in (await skinbot("check", cwd=tmp_path, **speaking)).out


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("check >&-", 1, ""),
        ("--version >&-", 0, ""),
        ("--help > /dev/full", 0, ""),
        ("migrate 2>&-", 0, ""),
        ("migrate; true", 5, "The folder where this was started is gone: go to one that is there.\n"),
    ],
    ids=["closed", "closed_version", "full_help", "closed_errors", "folder_gone"],
)
async def test_a_place_where_nobody_can_listen(command: str, code: int, said: str, tmp_path: Path) -> None:
    """Output is closed or full, or the folder is gone: no traceback, and the exit code is what it is elsewhere."""
    here = tmp_path / "here"
    here.mkdir()
    gone = f"rmdir {here};" if "true" in command else ""
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f'{gone} "$0" -m bot {command.removesuffix("; true")}'),
        sys.executable,
        cwd=here,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=-1,
        stderr=-1,
    )
    _, err = await process.communicate()
    assert (process.returncode, err.decode()) == (code, said)
