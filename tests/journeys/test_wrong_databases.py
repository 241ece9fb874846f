"""A database that was harmed or is another's: a start ends in one line of ours, and `skinbot check` foresees it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from bot.commands.failures import ending_of, ending_of_trouble
from bot.storage.engine.troubles import Trouble, trouble_of
from tests.commands import skinbot
from tests.journeys.test_wrong_setups import TOKEN, is_one_line_of_ours

Harm = Callable[[Path], None]


def asked(statement: str) -> Harm:
    def harm(database: Path) -> None:
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(statement)

    return harm


def beside(suffix: str, content: bytes) -> Harm:
    def harm(database: Path) -> None:
        database.with_suffix(suffix).write_bytes(content)

    return harm


def anew(statement: str) -> Harm:
    """Another program's database in its place."""

    def harm(database: Path) -> None:
        for file in database.parent.iterdir():
            file.unlink()
        asked(statement)(database)

    return harm


HARMS: Final[dict[str, tuple[Harm, str, str]]] = {
    "newer": (
        asked("UPDATE alembic_version SET version_num = '9999'"),
        "Nothing was changed: the database is of a newer version",
        "install that version again",
    ),
    "of_an_unknown_version": (
        asked("UPDATE alembic_version SET version_num = '3f2a9c'"),
        "Nothing was changed: the database has tables that another program made",
        "another program",
    ),
    "without_its_version": (
        asked("DELETE FROM alembic_version"),
        "Nothing was changed: the database has tables that another program made",
        "another program",
    ),
    "of_another_program": (
        anew("CREATE TABLE person (name TEXT)"),
        "Nothing was changed: the database has tables that another program made",
        "another program",
    ),
    "damaged_secret": (
        asked("UPDATE secret SET key = x'00'"),
        "Encrypted data can't be opened: it is damaged, or was moved.",
        "Encrypted data can't be opened",
    ),
    "key_file_of_something_else": (
        beside(".key", bytes(range(128, 200))),
        "DATA_KEY, or the key file: data/skinbot.key is no key file",
        "The encryption key does not fit this database",
    ),
    "key_of_another_database": (
        beside(".key", b"a-Key-of-Another-Database-0123456789_abcdefg"),
        "The encryption key does not fit",
        "The encryption key does not fit this database",
    ),
    "list_of_the_erased_damaged": (
        beside(".erased", b"what is this\n"),
        "The list of the erased, data/skinbot.erased, is damaged",
        "The list of the erased",
    ),
}


@pytest.mark.parametrize(("harm", "begins", "foreseen"), HARMS.values(), ids=HARMS.keys())
async def test_a_harmed_database_is_one_line_and_foreseen(
    harm: Harm, begins: str, foreseen: str, tmp_path: Path
) -> None:
    """No restart helps, so the code is 5; who asks before the start is told the same."""
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:9", "LOG_LEVEL": "ERROR"}
    assert (await skinbot("migrate", cwd=tmp_path)).code == 0
    assert (await skinbot("rotate-key", cwd=tmp_path)).code == 0
    asked("DELETE FROM schema_mark")(tmp_path / "data/skinbot.db")
    harm(tmp_path / "data/skinbot.db")
    is_one_line_of_ours(await skinbot("run", cwd=tmp_path, **settings), begins=begins, code=5)
    checked = await skinbot("check", cwd=tmp_path, **settings)
    assert (checked.code, checked.err) == (1, "")
    (said,) = [line for line in checked.out.splitlines() if foreseen in line][:1]
    assert said.startswith("❌")


async def test_a_folder_in_the_databases_place_is_foreseen(tmp_path: Path) -> None:
    """By its name."""
    (tmp_path / "data" / "skinbot.db").mkdir(parents=True)
    checked = await skinbot("check", cwd=tmp_path)
    assert "(data/skinbot.db is a folder, and a file is needed there.)" in checked.out


def test_a_disk_that_fails_is_not_called_unknown() -> None:
    """What SQLite says where the file beside the database can't grow any more."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    assert trouble_of(error) is Trouble.DISK_FAILS
    assert ending_of(error) == ending_of_trouble(Trouble.DISK_FAILS)
    assert os.strerror(5) not in ending_of_trouble(Trouble.DISK_FAILS).says
