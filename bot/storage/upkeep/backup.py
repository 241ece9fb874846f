"""A copy of an SQLite database while the bot goes on writing to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bot.config.errors import SetupError
from bot.storage.engine.location import location_of

_BUSY_MS: Final = 30_000


class NotAFile(SetupError):
    """PostgreSQL is backed up by its own pg_dump: see docs/operating.md."""


class BackupFailed(Exception):
    """The copy could not be made; there is no half of one."""


class NothingToCopy(BackupFailed):
    """There is no database yet."""


def back_up(database_url: str, to: Path) -> None:
    """Write a whole, consistent copy to `to`, for this user's eyes only; it needs the same key to be read.

    VACUUM INTO reads one snapshot: unlike the backup API it never starts over when somebody writes meanwhile, and it
    leaves out what was deleted. Raises NotAFile, BackupFailed, DatabaseUrlInvalid.
    """
    file = location_of(database_url).file
    if file is None:
        raise NotAFile
    if not file.exists():
        raise NothingToCopy
    draft = to.with_name(f".{to.name}.part")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # VACUUM INTO takes an empty file
        with closing(sqlite3.connect(f"file:{file}?mode=rw", uri=True, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            connection.execute("VACUUM INTO ?", (str(draft),))
        draft.replace(to)
    except (sqlite3.Error, OSError) as error:
        draft.unlink(missing_ok=True)
        raise BackupFailed(type(error).__name__) from error
