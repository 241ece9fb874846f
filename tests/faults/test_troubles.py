"""Troubles around a running bot: it stays up, loses nothing, and is well again by itself."""

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ailab import garbage, html, huge, slow
from tests.faults.conftest import CAMPAIGN
from tests.faults.town import Town

_FILLER = "filler"
_DRIPPING = slow(pause=0.5, pieces=10_000 if CAMPAIGN else 10)  # what is given up after 90 s, or ends as garbage


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("there is no mount here")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=False)  # noqa: S603 - ours
    if made.returncode:
        pytest.skip("a small disk can't be mounted by this user")
    try:
        yield folder
    finally:
        subprocess.run([umount, "-l", str(folder)], check=True)  # noqa: S603 - ours


async def test_a_locked_database_and_a_vendor_out_of_order(tmp_path: Path, sqlite_url: str) -> None:
    """Locked for ten seconds, then pages, garbage, 80 MB or drops for answers: reports all the same, bounded memory."""
    async with Town(folder=tmp_path, database_url=sqlite_url) as town:
        await town.bots[0].start()
        everybody = await town.consenting(2, within=240)
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.gather(*(town.send(one) for one in everybody))
            await asyncio.sleep(10)
            other.execute("ROLLBACK")
        other.close()
        await town.answered(everybody, within=240)

        for trouble in (
            html(),
            garbage(),
            huge(80),
            _DRIPPING,
        ):  # one each: what may be charged is tried only once more
            town.vendors[0].will(trouble)
            await town.send(everybody[0])
            await town.answered(everybody, within=200)
        assert town.bots[0].running
        assert town.bots[0].peak_mb() < 350


async def test_a_full_disk(tmp_path: Path, small_disk: Path) -> None:
    """What can't be stored is not acknowledged; when there is room again everything goes on."""
    async with Town(folder=tmp_path, database_url=f"sqlite:///{small_disk}/skinbot.db") as town:
        await town.bots[0].start()
        everybody = await town.consenting(2, within=240)
        _fill(small_disk)
        await asyncio.gather(*(town.send(one) for one in everybody))
        polls = len(town.telegram.calls("getUpdates"))
        async with asyncio.timeout(240):
            while len(town.telegram.calls("getUpdates")) < polls + 2:  # noqa: ASYNC110 - it tries again and again
                await asyncio.sleep(0.05)
        assert town.bots[0].running
        (small_disk / _FILLER).unlink()
        await town.answered(everybody, within=240)


def _fill(disk: Path) -> None:
    with (disk / _FILLER).open("wb", buffering=0) as filler:
        for size in (65_536, 4096, 1):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                continue
