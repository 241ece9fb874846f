"""Where the database is, read from its URL."""

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.config.errors import SetupError

LITTLE_SPACE_BYTES: Final = 200_000_000  # less is told to the operator, while there is time
_POSTGRESQL: Final = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_FORMS: Final = "it has to be sqlite:///<file> or postgresql://<user>:<password>@<host>:<port>/<database>"
# A server whose host or network is gone is given up within 20 s: nobody waits in a thread for a quarter of an hour.
_NOTICE: Final = {
    "connect_timeout": "10",
    "tcp_user_timeout": "15000",  # ms
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
}


class DatabaseUrlInvalid(SetupError):
    """DATABASE_URL is neither `sqlite:///<file>` nor `postgresql://…`. The message holds no password."""


@dataclass(frozen=True, kw_only=True)
class DatabaseLocation:
    """`file` is the SQLite file, None for PostgreSQL."""

    file: Path | None
    sync_url: URL = field(repr=False)

    @property
    def list_beside(self) -> Path | None:
        """Where the list of the erased stands when it is kept nowhere else; None for PostgreSQL, which has a table."""
        return self.file.with_suffix(".erased") if self.file else None

    def see_that_it_can_be_written(self, erased_list: Path | None) -> None:
        """Before anything is made: a start that fails leaves nothing behind. `erased_list`: when not beside the file.

        The file's folder may still have to be made, the list's may not. Raises OSError.
        """
        if self.file is None:
            return
        _see_that_it_can_be_written(
            self.file, next(one for one in self.file.absolute().parents if os.path.lexists(one))
        )
        if erased_list is not None:
            _see_that_it_can_be_written(erased_list, erased_list.parent)

    def prepare(self) -> None:
        """Make the SQLite file and its folder when they are missing, for this user's eyes only."""
        if self.file is None:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))


def location_of(database_url: str) -> DatabaseLocation:
    """Raises DatabaseUrlInvalid."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise DatabaseUrlInvalid(_FORMS) from None
    if url.drivername in _POSTGRESQL:
        psycopg = url.set(drivername="postgresql+psycopg", query=_NOTICE | dict(url.query))
        return DatabaseLocation(file=None, sync_url=psycopg)
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise DatabaseUrlInvalid(_FORMS)
    if url.query:
        raise DatabaseUrlInvalid("an SQLite file takes no options")
    return DatabaseLocation(
        file=Path(str(url.database)),
        sync_url=url.set(drivername="sqlite+pysqlite"),
    )


def folder_of(database_url: str) -> Path | None:
    """Where an SQLite database grows; None for PostgreSQL. Raises DatabaseUrlInvalid."""
    file = location_of(database_url).file
    return file.parent if file else None


def _see_that_it_can_be_written(file: Path, folder: Path) -> None:
    """The file, and the folder in which it stands or would be made. Raises OSError."""
    if not os.path.lexists(folder):
        raise FileNotFoundError(errno.ENOENT, "", str(folder))
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "", str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "", str(folder))
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, "", str(file))
    if os.path.lexists(file) and not os.access(file, os.R_OK | os.W_OK):
        raise PermissionError(errno.EACCES, "", str(file))


def keep_folder(folder: Path) -> None:
    """A name in a folder is on the disk when the folder is: before rows depend on what stands there."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
