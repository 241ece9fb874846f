"""Whatever file is sent, and whatever becomes of a worker: it costs its sender alone, and nobody a report.

Small by itself; FAULTS_PIXELS mutated files and a twentieth as many bombs, and FAULTS_DEATHS of each kind, at length.
"""

import asyncio
import io
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pillow_heif
import pytest
from PIL import Image

from bot.analysis import pixel_tasks
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import Workshop
from bot.reports.crash_guard import read
from tests.faults.conftest import Told
from tests.pictures import drawn_face, selfie
from tests.unit.imaging.workshop.bombs import empty_webp, film_of_frames, hidden_scans

FILES: Final = int(os.environ.get("FAULTS_PIXELS", "40"))
DEATHS: Final = int(os.environ.get("FAULTS_DEATHS", "3"))
PEOPLE: Final = 20
MOST_CPU_SECONDS: Final = 3.3  # the kernel looks at its ticks
MOST_MEMORY_KB: Final = 200_000
MOST_SECONDS_BESIDE: Final = 10.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def heif(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=60)
    return buffer.getvalue()


_LARGE: Final = encoded(drawn_face().resize((2560, 2560)), "JPEG")  # more than a worker has at hand

FORMATS: Final[tuple[Callable[[Image.Image], bytes], ...]] = (
    lambda image: encoded(image, "JPEG"),
    lambda image: encoded(image, "JPEG", progressive=True),
    lambda image: encoded(image, "PNG"),
    lambda image: encoded(image, "WEBP"),
    lambda image: encoded(image, "WEBP", lossless=True, method=0),
    lambda image: encoded(image, "TIFF", compression="tiff_lzw"),
    lambda image: encoded(image, "BMP"),
    lambda image: encoded(image, "GIF"),
    lambda image: encoded(image, "AVIF", speed=10),
    heif,
)


def mutated(dice: random.Random, sources: list[bytes]) -> bytes:
    """Flipped bytes, most of them near the beginning, a piece doubled or lost, an end cut off."""
    data = bytearray(dice.choice(sources))
    for _ in range(dice.randrange(1, 20)):
        data[min(int(dice.expovariate(1 / 400)), len(data) - 1)] = dice.randrange(256)
    for _ in range(dice.randrange(4)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    at, size = dice.randrange(len(data)), dice.randrange(1, 5000)
    if dice.random() < 0.3:
        data[at:at] = data[at : at + size] * dice.randrange(1, 30)
    elif dice.random() < 0.3:
        del data[at : at + size]
    return bytes(data)


def bomb(dice: random.Random) -> bytes:
    """As large as just may be, or past it, in the format that is dearest; or made to cost time."""
    flat = Image.new("RGB", (100, 100), (190, 150, 130))
    return dice.choice(
        (
            lambda: hidden_scans(dice.randrange(800, 3000), dice.choice((6000, 12_000))),
            lambda: empty_webp(dice.randrange(2000, 4300)),
            lambda: film_of_frames(60, dice.randrange(1000, 3000)),
            lambda: encoded(flat.resize((dice.randrange(3000, 6000),) * 2), "PNG"),
            lambda: encoded(flat.resize((dice.randrange(3000, 5400),) * 2), "TIFF", compression="tiff_lzw"),
            lambda: encoded(flat.resize((dice.randrange(2000, 3740),) * 2), "AVIF", speed=10),
            lambda: encoded(flat.resize((dice.randrange(3000, 7000),) * 2), "JPEG", progressive=True),
            lambda: heif(flat.resize((dice.randrange(2000, 5200),) * 2)),
        )
    )()


@dataclass(kw_only=True)
class Figures:
    """`cpu_s` and `memory_kb`: the dearest file's, over the idle worker. `beside_s`: how long an honest selfie took."""

    files: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    cpu_s: float = 0.0
    memory_kb: int = 0
    beside_s: float = 0.0


async def test_mutated_files_and_bombs(told: Told) -> None:
    """Each at most 3 s of CPU and 200 MB over the idle worker; a selfie beside them is read within 10 s."""
    dice = random.Random(16)
    sources = [make(drawn_face().resize((420, 420))) for make in FORMATS]
    figures = Figures()
    with (
        Workshop(pixel_tasks, workers=1, on_death=lambda death: figures.ended.update([death])) as hostile,
        Workshop(pixel_tasks, workers=1) as town,
    ):
        await asyncio.gather(read(hostile, selfie()), read(town, selfie()))
        others = asyncio.create_task(_honest(town, figures))
        for number in range(FILES + max(2, FILES // 20)):
            file = mutated(dice, sources) if number < FILES else await asyncio.to_thread(bomb, dice)
            await _measured(hostile, file, figures)
        others.cancel()
    told(figures)
    assert figures.cpu_s <= MOST_CPU_SECONDS
    assert figures.memory_kb <= MOST_MEMORY_KB
    assert figures.beside_s <= MOST_SECONDS_BESIDE


async def _honest(pool: Workshop, figures: Figures) -> None:
    while True:
        began = time.monotonic()
        await read(pool, selfie())
        figures.beside_s = max(figures.beside_s, time.monotonic() - began)
        await asyncio.sleep(0.5)


async def _measured(pool: Workshop, file: bytes, figures: Figures) -> None:
    """Read it, and see what that took of the worker."""
    await asyncio.sleep(0.1)  # the memory of the one before is given back
    (pid,) = pool.pids() or [0]
    cpu, idle = _cpu_s(pid), _memory_kb(pid, "VmRSS")
    _forget_the_most(pid)
    watch = asyncio.create_task(_watched(pid, figures, cpu, idle))
    with suppress(PhotoRejected):
        await read(pool, file)
    watch.cancel()
    _noted(pid, figures, cpu, idle)
    figures.files += 1
    while not pool.pids():  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.05)


async def _watched(pid: int, figures: Figures, cpu: float, idle: int) -> None:
    while True:
        await asyncio.sleep(0.02)
        _noted(pid, figures, cpu, idle)


def _forget_the_most(pid: int) -> None:
    with suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _noted(pid: int, figures: Figures, cpu: float, idle: int) -> None:
    with suppress(OSError, StopIteration, IndexError):
        figures.cpu_s = max(figures.cpu_s, _cpu_s(pid) - cpu)
        figures.memory_kb = max(figures.memory_kb, _memory_kb(pid, "VmHWM") - idle)


def _cpu_s(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _memory_kb(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


@pytest.mark.parametrize("how", ["killed", "hung", "grown"])
async def test_workers_that_end(how: str, told: Told) -> None:
    """While twenty people send selfies: all are read, but for those that met two workers that hung or grew."""
    dice = random.Random(5)
    died: Counter[str] = Counter()
    damaged: list[float] = []
    waits: list[float] = []
    with Workshop(pixel_tasks, workers=2, still_s=1.0, on_death=lambda death: died.update([death])) as pool:
        await asyncio.gather(*(read(pool, selfie()) for _ in range(2)))
        town = [asyncio.create_task(_sends(pool, number, waits, damaged)) for number in range(PEOPLE)]
        while died.total() < DEATHS:
            await asyncio.sleep(dice.uniform(0.3, 2.5))
            harm(dice.choice(pool.pids() or [0]), how)
        for person in town:
            person.cancel()
        results = await asyncio.gather(*town, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
        assert (await pool.run(pixel_tasks.take_in, selfie())).photo.width == 640
    waits.sort()
    told(
        f"{how}: {dict(died)}; {len(waits)} selfies read, {len(damaged)} damaged in kind words;"
        f" read after {waits[len(waits) // 2]:.1f} s in the middle, {waits[-1]:.1f} s at most"
    )
    assert len(damaged) <= (died["hung"] + died["grew"]) // 2


def harm(pid: int, how: str) -> None:
    """Kill a worker, make it hang, or leave it no room to grow; none with 0."""
    import resource  # noqa: PLC0415 - not on every system

    with suppress(OSError):
        if not pid:
            return
        if how == "killed":
            os.kill(pid, signal.SIGKILL)
        elif how == "hung":
            os.kill(pid, signal.SIGSTOP)
        else:
            resource.prlimit(pid, resource.RLIMIT_DATA, (1, 1))


async def _sends(pool: Workshop, number: int, waits: list[float], damaged: list[float]) -> None:
    """Somebody sends one selfie after the other, every fifth person large ones; each is read, or damaged."""
    photo, width = (_LARGE, 2560) if number % 5 == 0 else (selfie(seed=number % 3), 640)
    while True:
        began = time.monotonic()
        try:
            assert (await read(pool, photo)).photo.width == width
        except PhotoRejected:
            damaged.append(time.monotonic() - began)
        else:
            waits.append(time.monotonic() - began)
        await asyncio.sleep(0.2)
