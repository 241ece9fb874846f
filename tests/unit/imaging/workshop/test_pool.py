"""Worker processes: what happens to one costs its own task at most, and the bot nothing."""

import asyncio
import io
import os
import pickle
import resource
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from bot.analysis import pixel_tasks
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import TaskLost, Workshop
from bot.imaging.workshop.member import Death, read_answer
from bot.reports.crash_guard import read
from bot.skin.photo import RejectReason
from tests.pictures import selfie
from tests.unit.imaging.workshop import greedy, slow_to_load
from tests.unit.imaging.workshop.bombs import empty_webp, hidden_scans, many_scans

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")


@pytest.fixture
async def pool() -> AsyncIterator[Workshop]:
    """One worker, which has read a photo."""
    with Workshop(pixel_tasks, workers=1, still_s=1.0) as opened:
        await opened.run(pixel_tasks.take_in, selfie())
        yield opened


async def begun(pool: Workshop, data: bytes) -> "asyncio.Task[pixel_tasks.TakenIn]":
    """A photo that is being read at this moment, slowly enough to be interrupted."""
    reading = asyncio.create_task(read(pool, data))
    await asyncio.sleep(0.1)
    return reading


def told(pid: int, name: str) -> str:
    """What the system tells of a process."""
    return Path(f"/proc/{pid}/{name}").read_text()


def status(pid: int, name: str) -> int:
    return next(int(line.split()[1]) for line in told(pid, "status").splitlines() if line.startswith(name))


def held(pid: int) -> set[str]:
    """Kinds of what it has open."""
    return {link.readlink().name.partition(":")[0] for link in Path(f"/proc/{pid}/fd").iterdir()}


def is_nice(pid: int) -> bool:
    return os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 15)


async def test_worker_holds_no_secret_and_few_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """No token in its environment; no file, no socket, no core, no new rights; nicer than the bot, first to go."""
    monkeypatch.setenv("TELEGRAM_TOKEN", "12345:a-secret")
    monkeypatch.setenv("DATA_KEY", "a-key")
    with Workshop(pixel_tasks, workers=1) as other:
        await other.run(pixel_tasks.take_in, selfie())
        (pid,) = other.pids()
        assert not {"TELEGRAM_TOKEN", "DATA_KEY"} & {
            line.partition("=")[0] for line in told(pid, "environ").split("\0")
        }
        for limit in ("Max open files", "Max file size", "Max core file size"):
            line = next(line for line in told(pid, "limits").splitlines() if line.startswith(limit))
            assert line.split()[-3:-1] == ["0", "0"]
        assert held(pid) <= {"pipe", "null"}
        assert status(pid, "NoNewPrivs") == 1
        assert is_nice(pid)
        assert int(told(pid, "oom_score_adj")) >= 500


async def test_hidden_scans_are_damaged_at_once(pool: Workshop) -> None:
    """6,000 scans behind what looks like a segment would take 20 s and more: no decoder sees them."""
    began = time.monotonic()
    with pytest.raises(PhotoRejected) as rejected:
        await read(pool, hidden_scans())
    assert time.monotonic() - began < 2
    assert rejected.value.reason is RejectReason.DAMAGED
    assert (await read(pool, selfie())).photo.width == 640


async def test_large_empty_picture_is_refused_unread(pool: Workshop) -> None:
    """40 bytes of 17 megapixels took 340 MB."""
    with pytest.raises(PhotoRejected) as rejected:
        await read(pool, empty_webp(4200))
    assert rejected.value.reason is RejectReason.TOO_MANY_PIXELS
    (pid,) = pool.pids()
    assert status(pid, "VmHWM") < 320_000


async def test_phones_heic_takes_no_more_than_other_photos(pool: Workshop) -> None:
    """36 megapixels in tiles of 512: as a whole they take 190 MB and more."""
    flat, buffer = Image.new("RGB", (5120, 7168), (196, 150, 130)), io.BytesIO()
    flat.paste((60, 50, 40), (1000, 1000, 3000, 3000))
    pillow_heif.from_pillow(flat).save(buffer, quality=50, tile_size=512, enc_params={"preset": "ultrafast"})
    (pid,) = pool.pids()
    before = status(pid, "VmHWM")
    assert (await read(pool, buffer.getvalue())).photo.source_height == 7168
    assert pool.pids() == [pid]
    assert status(pid, "VmHWM") - before < 140_000


async def test_photo_survives_a_worker_that_is_killed(pool: Workshop) -> None:
    """At any moment, also twice: it is read all the same."""
    for pause in (0.0, 0.01, 0.1, 0.3):
        reading = asyncio.create_task(read(pool, selfie((3000, 3000))))
        for _ in range(2):
            await asyncio.sleep(pause)
            for pid in pool.pids():
                os.kill(pid, signal.SIGKILL)
        assert (await reading).photo.width == 3000
    assert all(map(is_nice, pool.pids()))


async def test_worker_that_hangs_is_ended(pool: Workshop) -> None:
    """Nothing stirs in it any more: its photo is read by another worker."""
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    assert (await pool.run(pixel_tasks.take_in, selfie())).photo.width == 640
    assert time.monotonic() - began < 5
    assert pid not in pool.pids()


async def test_task_that_hangs_each_time_is_given_up() -> None:
    """After two workers; others go on."""
    with Workshop(greedy, workers=1, still_s=0.5) as pool:
        with pytest.raises(TaskLost) as lost:
            await pool.run(greedy.sleep)
        assert await pool.run(greedy.take, 1) == 1
    assert lost.value.death is Death.HUNG


async def test_who_sleeps_over_a_task_is_noticed_soon() -> None:
    """No task sleeps: there is nothing to wait for."""
    with Workshop(greedy, workers=1, still_s=3600) as pool:
        async with asyncio.timeout(30):
            with pytest.raises(TaskLost) as lost:
                await pool.run(greedy.sleep)
    assert lost.value.death is Death.HUNG


async def test_who_sleeps_while_it_loads_is_given_time() -> None:
    """A disk may be slow: whoever were ended for it would never be ready."""
    with Workshop(slow_to_load, workers=1) as pool:
        async with asyncio.timeout(60):
            assert await pool.run(slow_to_load.one) == 1


async def test_workers_are_replaced_one_after_the_other() -> None:
    """Both have done the same: would both load anew at once, everybody would wait for them."""
    with Workshop(slow_to_load, workers=2) as pool:
        await pool.run(slow_to_load.one)
        await asyncio.sleep(slow_to_load.SECONDS)  # by then the other is ready as well
        first, longest = set(pool.pids()), 0.0
        async with asyncio.timeout(60):
            while first & set(pool.pids()):
                began = time.monotonic()
                await asyncio.gather(pool.run(slow_to_load.one), pool.run(slow_to_load.one))
                longest = max(longest, time.monotonic() - began)
    assert longest < slow_to_load.SECONDS / 2


async def test_worker_that_grows_is_ended(pool: Workshop) -> None:
    """Past its memory it goes itself, twice; a honest photo is read after it."""
    (pid,) = pool.pids()
    resource.prlimit(pid, resource.RLIMIT_DATA, (1, 1))
    assert (await read(pool, selfie((2000, 2000)))).photo.width == 2000
    assert pid not in pool.pids()


async def test_task_that_never_ends_is_ended_by_its_cpu() -> None:
    """Whatever a decoder does, after three seconds its worker goes, it is not tried again, and others are."""
    with Workshop(greedy, workers=1) as pool:
        began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        with pytest.raises(TaskLost) as lost:
            await pool.run(greedy.burn)
        assert await pool.run(greedy.take, 1) == 1
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began
    assert lost.value.death is Death.SLOW
    assert 2 < spent < 6  # of all workers that have ended, this one only


async def test_task_that_takes_too_much_memory_is_ended() -> None:
    """What any photo may take is given; with twice of it the worker goes, and the bot's memory is its own."""
    with Workshop(greedy, workers=1) as pool:
        assert await pool.run(greedy.take, 200) == 200
        with pytest.raises(TaskLost) as lost:
            await pool.run(greedy.take, 400)
        assert await pool.run(greedy.take, 1) == 1
    assert lost.value.death is Death.GREW


async def test_others_are_read_meanwhile() -> None:
    """A photo that costs all it may holds up nobody while there is another worker."""
    with Workshop(pixel_tasks, workers=2) as pool:
        await asyncio.gather(*(pool.run(pixel_tasks.take_in, selfie()) for _ in range(2)))
        bomb = await begun(pool, many_scans())
        assert (await read(pool, selfie(seed=2))).photo.width == 640
        assert not bomb.done()
        assert (await bomb).photo.source_width == 5000


def test_closing_while_a_worker_comes_up_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody is told that it did not start."""
    with Workshop(pixel_tasks, workers=1):
        pass
    assert caplog.records == []


async def test_signals_for_all_are_the_bots_business(pool: Workshop) -> None:
    """A supervisor that stops everything at once does not cost the photo that is being read."""
    reading = await begun(pool, selfie((3000, 3000)))
    for pid in pool.pids():
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)
        assert os.getpgid(pid) == pid  # Ctrl+C is for the group of the bot
    before = pool.pids()
    assert (await reading).photo.width == 3000
    assert pool.pids() == before


async def test_bot_that_is_killed_leaves_no_worker(tmp_path: Path) -> None:
    """They end when their input does."""
    program = (
        "import time; from bot.analysis import pixel_tasks; from bot.imaging.workshop import Workshop\n"
        "with Workshop(pixel_tasks, workers=2) as pool:\n"
        "    while len(pool.pids()) < 2: time.sleep(0.01)\n"
        "    time.sleep(1); print(*pool.pids(), flush=True); time.sleep(60)\n"
    )
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=-1, env={"PYTHONPATH": str(Path(__file__).parents[4])}, cwd=tmp_path
    )
    assert bot.stdout is not None
    pids = [int(pid) for pid in (await bot.stdout.readline()).split()]
    assert len(pids) == 2
    bot.kill()
    await bot.wait()
    async with asyncio.timeout(10):
        while any(_lives(pid) for pid in pids):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="only where the kernel groups by session")
async def test_workers_have_no_share_of_the_cpu_of_their_own(pool: Workshop) -> None:
    """In a session of its own a process gets as much as the whole bot, however nice it is."""
    assert {_group_of(pid) for pid in pool.pids()} == {_group_of("self")}


async def test_it_works_however_nice_the_bot_is(tmp_path: Path) -> None:
    """`nice -n 15` as an ordinary user: nobody may lower it again, and nothing tries to."""
    (tmp_path / "selfie.jpg").write_bytes(selfie())
    program = (
        "import os, asyncio; os.nice(15)\n"
        "from bot.analysis import pixel_tasks; from bot.imaging.workshop import Workshop\n"
        "async def main():\n"
        "    with Workshop(pixel_tasks, workers=1) as pool:\n"
        f"        taken = await pool.run(pixel_tasks.take_in, open({str(tmp_path / 'selfie.jpg')!r}, 'rb').read())\n"
        "        print(taken.photo.width, os.getpriority(os.PRIO_PROCESS, pool.pids()[0]))\n"
        "asyncio.run(main())\n"
    )
    ordinary = ["setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice"] if shutil.which("setpriv") else []
    command = [*(ordinary if os.getuid() == 0 else []), sys.executable, "-c", program]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[4])}
    bot = await asyncio.create_subprocess_exec(*command, stdout=-1, env=environ, cwd=tmp_path)
    out, _ = await bot.communicate()
    assert out.split() == [b"640", b"19"]


async def test_forged_answer_calls_nothing(tmp_path: Path) -> None:
    """A worker that was taken over can't make the bot run anything: an answer is plain things and our records."""

    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(tmp_path / "taken-over"),)

    forged = pickle.dumps(("done", Evil()))
    with pytest.raises(pickle.UnpicklingError):
        read_answer(io.BytesIO(len(forged).to_bytes(8, "big") + forged), pixel_tasks.RECORDS)
    assert not (tmp_path / "taken-over").exists()


async def test_standing_still_is_noticed() -> None:
    """Somebody waits and no worker takes it: /readyz says so."""
    pool = Workshop(pixel_tasks, workers=1)
    waiting = asyncio.create_task(pool.run(pixel_tasks.take_in, b""))
    await asyncio.sleep(0)
    assert not pool.stands_still()
    pool._moved -= 31
    assert pool.stands_still()
    waiting.cancel()


def _group_of(pid: int | str) -> str:
    return Path(f"/proc/{pid}/autogroup").read_text()


def _lives(pid: int) -> bool:
    try:
        return not Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].startswith(" Z")
    except OSError:
        return False
