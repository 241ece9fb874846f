"""The wheel, unpacked elsewhere, has all that it needs: it measures a photo, and opens the local chat."""

import asyncio
import json
import os
import sys
import zipfile
from pathlib import Path

import aiohttp
import pytest

from tests.commands import ROOT
from tests.pictures import selfie


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel, and nothing of the checkout."""
    from hatchling.builders.wheel import WheelBuilder  # noqa: PLC0415 - only here

    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def _environ(site: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(site), "TMPDIR": str(site.parent)}


def test_it_carries_the_mini_app_as_it_was_built(elsewhere: Path) -> None:
    """Every file of its page, and nothing of what only building it needs."""
    here, there = (root / "templates" / "miniapp" for root in (ROOT, elsewhere))
    built = {path.name: path.read_bytes() for path in (here / "built").iterdir()}
    assert {path.name: path.read_bytes() for path in (there / "built").iterdir()} == built
    assert {path.name for path in there.iterdir()} == {"built"}


async def test_it_measures_a_photo(elsewhere: Path, tmp_path: Path) -> None:
    """From another folder, with its own networks, fonts, texts and worker processes."""
    (tmp_path / "me.jpg").write_bytes(selfie((1280, 1280)))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "analyze", "me.jpg", "--json", "--lang", "es"),
        cwd=tmp_path,
        env=_environ(elsewhere) | {"ANALYZER": "local"},
        stdout=-1,
        stderr=-1,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err
    assert json.loads(out)["analysis"]
    assert (tmp_path / "annotated.jpg").read_bytes().startswith(b"\xff\xd8\xff")


async def test_it_opens_the_local_chat(elsewhere: Path, tmp_path: Path) -> None:
    program = (
        f"import bot; assert bot.__file__.startswith({str(elsewhere)!r}); from bot.commands.cli import main; main()"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "playground", "--no-browser", "--port", "0"),
        cwd=tmp_path,
        env=_environ(elsewhere),
        stdout=-1,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(120), aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            while not (line := (await process.stdout.readline()).decode().strip()).startswith("http://"):
                assert process.returncode is None
            async with session.get(line) as page:
                assert page.status == 200
                assert "<title>" in await page.text()
    finally:
        process.kill()
        await process.wait()
