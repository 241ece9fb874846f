"""Backups made while the bot writes, and what a restore does not bring back."""

import asyncio
import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from bot.commands.cli import main
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.people.tombstones import TombstonesUnreadable, all_of
from bot.storage.store import Store
from bot.storage.upkeep.backup import BackupFailed, NotAFile, back_up
from bot.storage.upkeep.moving import NotEmpty, WrongWay, move
from bot.storage.upkeep.restoring import keep_erased
from bot.storage.upkeep.rotation import rotate
from tests.keys import KEY, NEXT_KEY
from tests.unit.storage.making import NOON, delivered, read, requested

LATER = NOON + timedelta(days=3)


def restore(backup: Path, url: str) -> None:
    """As docs/operating.md says: the bot stopped, the copy in the database's place, the log of the old one gone."""
    file = Path(url.removeprefix("sqlite:///"))
    for name in (file, *(file.with_name(file.name + tail) for tail in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
    shutil.copy(backup, file)


async def test_backup_while_the_bot_writes_is_whole_and_opens_with_the_key(
    sqlite_url: str, keyring: Keyring, tmp_path: Path
) -> None:
    """A writer that never pauses neither stops the copy nor is stopped; every report of before is in it."""
    copy = tmp_path / "copy.db"
    async with Database.open(sqlite_url, keyring) as database:
        store = Store.on(database)
        ana = await store.people.meet(1, "es", now=NOON)
        before = [await delivered(store, ana, message_id=number) for number in range(5)]
        writing = asyncio.create_task(_write_for_ever(Store.on(database), ana.id))
        await asyncio.to_thread(back_up, sqlite_url, copy)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    assert copy.stat().st_mode & 0o777 == 0o600
    restore(copy, sqlite_url)
    async with Database.open(sqlite_url, keyring) as database:
        again = [await read(Store.on(database), report) for report in before]
    assert again == before


async def _write_for_ever(store: object, person_id: int) -> None:
    from bot.storage.store import Store  # noqa: PLC0415 - for the type only

    assert isinstance(store, Store)
    while True:
        await store.people.set_show_skin_age(person_id, wanted=True)
        await store.people.set_locale(person_id, "es")


def test_backup_that_fails_leaves_no_half(sqlite_url: str, tmp_path: Path) -> None:
    """Neither a folder that is not there nor a damaged database leaves a file that looks like a copy."""
    with pytest.raises(BackupFailed):
        back_up(sqlite_url, tmp_path / "nowhere" / "copy.db")
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"no database at all" * 100)
    with pytest.raises(BackupFailed):
        back_up(f"sqlite:///{damaged}", tmp_path / "copy.db")
    assert list(tmp_path.glob("*copy*")) == []
    with pytest.raises(NotAFile):
        back_up("postgresql://localhost/x", tmp_path / "copy.db")


async def test_erased_person_stays_erased_after_a_restore(sqlite_url: str, keyring: Keyring, tmp_path: Path) -> None:
    """Ana was erased after the backup: the restored database loses her before anybody uses it. Ben keeps everything."""
    copy = tmp_path / "copy.db"
    async with Database.open(sqlite_url, keyring) as database:
        await keep_erased(database)
        store = Store.on(database)
        ana, ben = await store.people.meet(1, "es", now=NOON), await store.people.meet(2, "en", now=NOON)
        gone, kept = await delivered(store, ana), await delivered(store, ben)
        await asyncio.to_thread(back_up, sqlite_url, copy)
        await store.people.erase(ana.id, now=LATER)
    restore(copy, sqlite_url)
    async with Database.open(sqlite_url, keyring) as database:
        store = Store.on(database)
        assert await store.reports.by_id(gone.id) is not None
        assert await keep_erased(database) == 1
        assert await store.reports.by_id(gone.id) is None
        assert await store.people.by_id(ana.id) is None
        assert await read(store, kept) == kept
        assert await keep_erased(database) == 0


async def test_somebody_who_came_back_is_a_new_person(sqlite_url: str, keyring: Keyring, tmp_path: Path) -> None:
    """Erased, back again, backed up: a restore keeps what they handed in since."""
    copy = tmp_path / "copy.db"
    async with Database.open(sqlite_url, keyring) as database:
        await keep_erased(database)
        store = Store.on(database)
        await store.people.erase((await store.people.meet(1, "es", now=NOON)).id, now=LATER)
        back = await store.people.meet(1, "es", now=LATER)
        await requested(store, back)
        await asyncio.to_thread(back_up, sqlite_url, copy)
    restore(copy, sqlite_url)
    async with Database.open(sqlite_url, keyring) as database:
        assert await keep_erased(database) == 0
        assert await Store.on(database).people.by_id(back.id) is not None


async def test_tombstones_outlive_a_key_rotation(sqlite_url: str, keyring: Keyring, tmp_path: Path) -> None:
    """Backed up under the old key, erased under the new one: the restored row is still recognised."""
    copy = tmp_path / "copy.db"
    new = NEXT_KEY
    async with Database.open(sqlite_url, keyring) as database:
        await keep_erased(database)
        ana = await Store.on(database).people.meet(1, "es", now=NOON)
        await asyncio.to_thread(back_up, sqlite_url, copy)
    both = Keyring.from_setting(f"{new},{KEY}")
    async with Database.open(sqlite_url, both) as database:
        await rotate(database)
    async with Database.open(sqlite_url, Keyring.from_setting(new)) as database:
        await Store.on(database).people.erase(ana.id, now=LATER)
    restore(copy, sqlite_url)
    async with Database.open(sqlite_url, both) as database:
        assert await keep_erased(database) == 1


async def test_tombstones_are_forgotten_when_no_backup_is_that_old(sqlite_url: str, keyring: Keyring) -> None:
    """After 800 days, in the table and in the file; newer ones stay in both."""
    file = Path(sqlite_url.removeprefix("sqlite:///")).with_suffix(".erased")
    async with Database.open(sqlite_url, keyring) as database:
        store = Store.on(database)
        for telegram_id, erased_at in ((1, NOON), (2, LATER)):
            await store.people.erase((await store.people.meet(telegram_id, "en", now=NOON)).id, now=erased_at)
        assert len(file.read_text().splitlines()) == 1 + 2  # the seal, and the two
        assert await store.tombstones.prune(now=NOON + timedelta(days=801)) == 1
        assert len(file.read_text().splitlines()) == 1 + 1
        assert file.stat().st_mode & 0o777 == 0o600
        assert await keep_erased(database) == 0
        assert [stone.erased_at for stone in (await database.read(all_of)).values()] == [LATER]


async def test_moving_to_postgresql(sqlite_url: str, postgres_url: str, keyring: Keyring) -> None:
    """Every row arrives and opens with the same key, new rows get new numbers, and a second move changes nothing."""
    async with Database.open(sqlite_url, keyring) as database:
        store = Store.on(database)
        ana = await store.people.meet(1, "es", now=NOON)
        before = await delivered(store, ana)
        await store.inbox.take([(1, 1, "{}")], now=NOON)
    rows = await asyncio.to_thread(move, sqlite_url, postgres_url)
    assert rows == 10  # a person, a report, an update; their keys, three secrets, a mark, the main key's fingerprint
    with pytest.raises(NotEmpty):
        await asyncio.to_thread(move, sqlite_url, postgres_url)
    with pytest.raises(WrongWay):
        await asyncio.to_thread(move, postgres_url, sqlite_url)
    async with Database.open(postgres_url, keyring) as database:
        store = Store.on(database)
        assert await store.people.meet(1, "es", now=NOON) == ana
        assert await read(store, before) == before
        assert (await requested(store, ana, message_id=9)).id > before.id
        assert await store.inbox.unfinished() == [(1, "{}")]


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """Commands set up logging for their own process."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("bot", "handlers", "stamina")]
    handlers, level, levels = root.handlers[:], root.level, [log.level for log in ours]
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for log, before in zip(ours, levels, strict=True):
        log.setLevel(before)


@pytest.mark.usefixtures("logging_as_it_was")
def test_commands(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`backup`, `migrate --erased` and their exit codes, as an operator types them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DATA_KEY", KEY)
    copy, erased = tmp_path / "copy.db", tmp_path / "erased.txt"
    assert main(["backup", str(copy)]) == 0
    assert copy.exists()
    assert main(["backup", str(tmp_path / "nowhere" / "copy.db")]) == 5
    erased.write_text("")
    assert main(["migrate", "--erased", str(erased)]) == 0
    assert main(["migrate", "--erased", str(tmp_path / "not-there.txt")]) == 5
    erased.write_text("half a li")
    assert main(["migrate", "--erased", str(erased)]) == 5
    assert main(["move-to", sqlite_url]) == 5
    assert "Traceback" not in capsys.readouterr().err


async def test_tombstone_does_not_say_who(database: Database) -> None:
    """Two people's tombstones have nothing in common with their ids or with what they were looked up by."""
    store = Store.on(database)
    ana = await store.people.meet(1, "es", now=NOON)
    key = database.vault.pseudonym("person", 1)
    await store.people.erase(ana.id, now=LATER)
    stones = await database.read(all_of)
    assert len(stones) == 1
    assert key not in stones


async def test_damaged_file_of_tombstones_stops_the_start(sqlite_url: str, keyring: Keyring) -> None:
    """Better no bot than one that brings somebody back."""
    file = Path(sqlite_url.removeprefix("sqlite:///")).with_suffix(".erased")
    file.write_text("half a li", encoding="ascii")
    async with Database.open(sqlite_url, keyring) as database:
        with pytest.raises(TombstonesUnreadable):
            await keep_erased(database)


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")
async def test_pg_dump_and_pg_restore(postgres_url: str, keyring: Keyring, tmp_path: Path) -> None:
    """The real tools: reports open with the key after it; who was erased meanwhile is erased again by the list."""
    dump, erased = tmp_path / "skinbot.dump", tmp_path / "erased.txt"
    async with Database.open(postgres_url, keyring) as database:
        await keep_erased(database)
        store = Store.on(database)
        ana, ben = await store.people.meet(1, "es", now=NOON), await store.people.meet(2, "en", now=NOON)
        gone, kept = await delivered(store, ana), await delivered(store, ben)
        await _run("pg_dump", "--format=custom", "--no-owner", f"--file={dump}", _plain(postgres_url))
        await store.people.erase(ana.id, now=LATER)
    await _run("psql", "--quiet", "--output", str(erased), "--command", _COPY, _plain(postgres_url))
    name = f"skinbot_ops_restored_{os.getpid()}"
    with psycopg.connect(_plain(postgres_url), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            restored = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
            await _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_plain(restored)}", str(dump))
            async with Database.open(restored, keyring) as database:
                store = Store.on(database)
                assert await keep_erased(database, given=erased) == 1
                assert await store.reports.by_id(gone.id) is None
                assert await read(store, kept) == kept
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


_COPY = r"COPY (SELECT encode(key, 'hex'), met_at, erased_at FROM tombstone) TO STDOUT (DELIMITER ' ')"


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def _run(*command: str) -> None:
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
