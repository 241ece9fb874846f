"""The list of the erased beside an SQLite database: nobody takes a line out of it unseen."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from bot.commands.cli import main
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.people.tombstones import TombstonesUnreadable, read_list
from bot.storage.store import Store
from bot.storage.tables import person, secret
from bot.storage.upkeep.backup import back_up
from bot.storage.upkeep.restoring import keep_erased
from bot.storage.upkeep.rotation import rotate
from tests.keys import KEY, NEXT_KEY
from tests.unit.storage.making import NOON
from tests.unit.storage.test_backup import LATER, logging_as_it_was, restore

__all__ = ["logging_as_it_was"]


@asynccontextmanager
async def started(url: str, keyring: Keyring) -> AsyncIterator[Database]:
    """A database as the bot has it after its start."""
    async with Database.open(url, keyring) as database:
        await keep_erased(database)
        yield database


async def erased(database: Database, *telegram_ids: int) -> None:
    people = Store.on(database).people
    for telegram_id in telegram_ids:
        await people.erase((await people.meet(telegram_id, "en", now=NOON)).id, now=LATER)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).with_suffix(".erased")


@pytest.fixture
async def backup(sqlite_url: str, keyring: Keyring, tmp_path: Path) -> Path:
    """Of a time when Ana (1), Ben (2) and Cleo (3) were there; Ana and Ben were erased since."""
    copy = tmp_path / "copy.db"
    async with started(sqlite_url, keyring) as database:
        for telegram_id in (1, 2, 3):
            await Store.on(database).people.meet(telegram_id, "en", now=NOON)
        await asyncio.to_thread(back_up, sqlite_url, copy)
        await erased(database, 1, 2)
    return copy


async def test_list_is_there_from_the_first_start(sqlite_url: str, keyring: Keyring) -> None:
    """An operator's line that copies it works before anybody was erased."""
    async with started(sqlite_url, keyring):
        assert file_of(sqlite_url).exists()
        assert file_of(sqlite_url).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kept", [(0, 1), (0, 2), (0,), (1, 2), (), (0, 1, 1)])
async def test_line_that_was_taken_out_stops_a_restore(
    sqlite_url: str, keyring: Keyring, backup: Path, kept: tuple[int, ...]
) -> None:
    """The first, the last, all of them, the seal, everything, or one in the place of another: nobody comes back."""
    file = file_of(sqlite_url)
    lines = file.read_text(encoding="ascii").splitlines(keepends=True)
    file.write_text("".join(lines[number] for number in kept), encoding="ascii")
    restore(backup, sqlite_url)
    async with Database.open(sqlite_url, keyring) as database:
        with pytest.raises(TombstonesUnreadable, match="was changed"):
            await keep_erased(database)


async def test_list_that_is_gone_stops_a_restore(sqlite_url: str, keyring: Keyring, backup: Path) -> None:
    """Taking all of it away is no way round."""
    file_of(sqlite_url).unlink()
    restore(backup, sqlite_url)
    async with Database.open(sqlite_url, keyring) as database:
        with pytest.raises(TombstonesUnreadable, match="is missing"):
            await keep_erased(database)


async def test_whole_list_keeps_the_erased_erased(sqlite_url: str, keyring: Keyring, backup: Path) -> None:
    """As it was written it is taken, beside a database that knows nothing of it."""
    restore(backup, sqlite_url)
    async with Database.open(sqlite_url, keyring) as database:
        assert await keep_erased(database) == 2
        assert await database.read(lambda connection: connection.scalar(select(func.count()).select_from(person))) == 1


async def test_changed_list_is_written_anew_beside_a_database_that_knows_it_all(
    sqlite_url: str, keyring: Keyring, backup: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No restore: the bot starts, says so, and the next restore finds the list whole."""
    file = file_of(sqlite_url)
    whole = file.read_text(encoding="ascii")
    file.write_text(whole[: len(whole) * 2 // 3], encoding="ascii")
    with caplog.at_level(logging.WARNING):
        async with started(sqlite_url, keyring):
            assert file.read_text(encoding="ascii") == whole
    assert "was changed by somebody" in caplog.text
    restore(backup, sqlite_url)
    async with Database.open(sqlite_url, keyring) as database:
        assert await keep_erased(database) == 2


async def test_list_of_before_seals_is_taken_once(sqlite_url: str, keyring: Keyring, backup: Path) -> None:
    """Also where a kill cut its last line off, of which the database knows; from then on it has to have a seal."""
    file = file_of(sqlite_url)
    unsealed = "".join(file.read_text(encoding="ascii").splitlines(keepends=True)[1:])
    async with Database.open(sqlite_url, keyring) as database:
        await database.write(
            lambda connection: connection.execute(delete(secret).where(secret.c.name.like("tombstones s%")))
        )
    file.write_text(unsealed[:-9], encoding="ascii")
    async with started(sqlite_url, keyring):
        assert file.read_text(encoding="ascii").endswith(unsealed)
    file.write_text(unsealed, encoding="ascii")
    restore(backup, sqlite_url)
    async with Database.open(sqlite_url, keyring) as database:
        with pytest.raises(TombstonesUnreadable, match="was changed"):
            await keep_erased(database)


async def test_another_main_key_leaves_the_seal_valid(sqlite_url: str, backup: Path) -> None:
    """Before the change and after it, by the restored database's own key or the new one."""
    both = Keyring.from_setting(f"{NEXT_KEY},{KEY}")
    async with started(sqlite_url, both) as database:
        await rotate(database)
    async with started(sqlite_url, Keyring.from_setting(NEXT_KEY)) as database:
        await erased(database, 3)
    restore(backup, sqlite_url)
    async with Database.open(sqlite_url, both) as database:
        assert await keep_erased(database) == 3


async def test_many_who_are_erased_at_once_are_all_in_the_list(sqlite_url: str, keyring: Keyring) -> None:
    """By two connections, as by two processes: whoever writes last knows of all."""
    async with started(sqlite_url, keyring) as one, started(sqlite_url, keyring) as other:
        await asyncio.gather(*(erased(at, number) for number in range(1, 11) for at in (one, other) if number % 2))
        await asyncio.gather(*(erased((one, other)[number % 2], number) for number in range(11, 31)))
    assert len(file_of(sqlite_url).read_text().splitlines()) == 1 + 5 + 20


@pytest.mark.usefixtures("logging_as_it_was")
def test_operator_is_told_how_to_go_on(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence and exit 5; `migrate --without-list` goes on, and sets aside what stood there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DATA_KEY", KEY)
    (empty := tmp_path / "none.txt").touch()
    assert main(["migrate", "--erased", str(empty)]) == 0
    file = file_of(sqlite_url)
    file.write_text("sealed 00\n", encoding="ascii")
    assert main(["migrate", "--erased", str(empty)]) == 5
    told = capsys.readouterr().err
    assert f"The list of the erased, {file}, was changed by somebody" in told
    assert "skinbot migrate --without-list" in told
    assert "Traceback" not in told
    assert main(["migrate", "--without-list"]) == 0
    assert file.with_name("test.erased.before").read_text(encoding="ascii") == "sealed 00\n"
    assert main(["migrate", "--erased", str(empty)]) == 0


async def test_list_may_stand_apart_from_the_database(sqlite_url: str, keyring: Keyring, tmp_path: Path) -> None:
    """The whole folder is lost, a copy of the database is put there: the list elsewhere keeps the erased erased."""
    apart, copy = tmp_path / "apart", tmp_path / "copy.db"
    apart.mkdir()
    kept_at = apart / "skinbot.erased"
    async with Database.open(sqlite_url, keyring, erased_list=kept_at) as database:
        await keep_erased(database)
        for telegram_id in (1, 2):
            await Store.on(database).people.meet(telegram_id, "en", now=NOON)
        await asyncio.to_thread(back_up, sqlite_url, copy)
        await erased(database, 1)
    assert not file_of(sqlite_url).exists()
    shutil.rmtree(file_of(sqlite_url).parent)
    file_of(sqlite_url).parent.mkdir()
    restore(copy, sqlite_url)
    async with Database.open(sqlite_url, keyring, erased_list=kept_at) as database:
        assert await keep_erased(database) == 1


async def test_nobody_is_told_erased_before_the_list_says_it(sqlite_url: str, keyring: Keyring, tmp_path: Path) -> None:
    """Where the list can't be written the erasure fails, and so does each repetition until it can be."""
    apart = tmp_path / "apart"
    apart.mkdir()
    kept_at = apart / "skinbot.erased"
    async with Database.open(sqlite_url, keyring, erased_list=kept_at) as database:
        await keep_erased(database)
        people = Store.on(database).people
        ana = await people.meet(1, "en", now=NOON)
        apart.rename(tmp_path / "unplugged")
        for _ in range(2):  # an update is worked again, and finds nobody to erase any more
            with pytest.raises(FileNotFoundError):
                await people.erase(ana.id, now=LATER)
        (tmp_path / "unplugged").rename(apart)
        assert not await people.erase(ana.id, now=LATER)
        assert len(read_list(kept_at).stones) == 1
