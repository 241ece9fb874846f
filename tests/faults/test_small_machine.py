"""What docs/operating.md promises of memory: large selfies at once, and very many in a row, with nothing killed.

`make faults` runs every size and niceness at length; by itself it is a few selfies on the smallest.
"""

import asyncio
import io
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from tests.faults.conftest import CAMPAIGN, Told
from tests.faults.small_machine import NO_GROUPS, SmallMachine, can_be_made, small_machine
from tests.faults.town import Town
from tests.pictures import selfie
from tests.telegram import Actor, StagedTelegram

AT_ONCE: Final = 16 if CAMPAIGN else 3  # of 30 MP
IN_A_ROW: Final = 200 if CAMPAIGN else 3  # of 12 MP
PEOPLE: Final = AT_ONCE
LARGE: Final = (6324, 4744)
USUAL: Final = (4032, 3024)


@dataclass(frozen=True, kw_only=True)
class Size:
    megabytes: int
    cores: int
    niceness: int


SMALLEST: Final = Size(megabytes=512, cores=1, niceness=15)
SIZES: Final = (
    (
        Size(megabytes=1024, cores=2, niceness=0),
        SMALLEST,
        Size(megabytes=1024, cores=2, niceness=15),
        Size(megabytes=512, cores=1, niceness=0),
    )
    if CAMPAIGN
    else (SMALLEST,)
)

pytestmark = pytest.mark.skipif(not can_be_made(), reason=NO_GROUPS)


@cache
def _grainy(size: tuple[int, int]) -> Image.Image:
    """A face with the grain of a sensor: a file as large as a phone's."""
    face = Image.open(io.BytesIO(selfie(size))).convert("RGB")
    grain = Image.effect_noise(size, 60.0).convert("RGB")
    return Image.blend(face, grain, 0.1)


def _photo(size: tuple[int, int], number: int) -> bytes:
    picture = _grainy(size)
    for place in range(4):
        shade = 40 + 20 * (number // 10**place % 10)
        picture.paste((shade, 255 - shade, shade), (24 * place, 0, 24 * place + 24, 24))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that an ordinary user can reach, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.megabytes}MB-{size.cores}cpu-nice{size.niceness}")
async def test_large_selfies_on_a_small_machine(size: Size, folder: Path, told: Told) -> None:
    """Every one is answered with its report by an ordinary user's bot, and nothing is killed for want of memory."""
    with small_machine(folder, megabytes=size.megabytes) as machine:
        async with _town(machine) as town:
            (bot,) = town.bots
            bot.launcher, bot.python = machine.launcher(niceness=size.niceness, cores=size.cores), machine.python
            await bot.start()
            looking = asyncio.create_task(_look(machine))
            everybody = await town.consenting(PEOPLE, within=300)
            told(f"{size}: first reports of {PEOPLE} people, {machine.figures()}")
            seconds = await _at_once(town, everybody)
            told(f"{size}: {AT_ONCE} of 30 MP at once in {seconds:.0f} s, {machine.figures()}")
            seconds = await _in_a_row(town, everybody)
            told(f"{size}: {IN_A_ROW} of 12 MP in a row in {seconds:.0f} s, {machine.figures()}")
            looking.cancel()
            assert machine.killed == 0
            assert "worker" not in bot.log.read_text()
            assert bot.running
            assert await bot.stop() == 0


def _town(machine: SmallMachine) -> Town:
    return Town(
        folder=machine.folder,
        database_url=f"sqlite:///{machine.folder}/data/skinbot.db",
        settings={"ANALYZER": "local", "LOG_LEVEL": "WARNING", **machine.settings},
        telegram=_patient_telegram(),
    )


def _patient_telegram() -> StagedTelegram:
    """One that forgets no picture: whether all were answered is read off the pictures."""
    telegram = StagedTelegram()
    telegram.world.files._most_bytes = 20_000_000_000
    return telegram


async def _look(machine: SmallMachine) -> None:
    with suppress(asyncio.CancelledError):
        while True:
            machine.look()
            await asyncio.sleep(0.05)


async def _at_once(town: Town, everybody: list[Actor]) -> float:
    """Seconds until the last is answered."""
    photos = [await asyncio.to_thread(_photo, LARGE, number) for number in range(AT_ONCE)]
    began = time.monotonic()
    for person, photo in zip(everybody, photos, strict=True):
        town.sent[person.user_id] += 1
        await person.send_file(photo, name="IMG.jpg", mime="image/jpeg")
    await town.answered(everybody, within=600)
    return time.monotonic() - began


async def _in_a_row(town: Town, everybody: list[Actor]) -> float:
    began = time.monotonic()
    for number in range(IN_A_ROW):
        person = everybody[number % len(everybody)]
        town.sent[person.user_id] += 1
        photo = await asyncio.to_thread(_photo, USUAL, number)
        await person.send_file(photo, name="IMG.jpg", mime="image/jpeg")
        await town.answered(everybody, within=600)
    return time.monotonic() - began
