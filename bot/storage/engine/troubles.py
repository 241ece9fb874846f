"""What is wrong with a database that can't be opened, told from the driver's error without repeating its words."""

import sqlite3
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.storage.engine.database import DatabaseUnavailable


class Trouble(StrEnum):
    DOWN = "down"
    NOT_READY = "not_ready"
    HOST_UNKNOWN = "host_unknown"
    REFUSES = "refuses"
    DATABASE_MISSING = "database_missing"
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - a kind of trouble
    NO_ENCRYPTION = "no_encryption"
    URL_WRONG = "url_wrong"
    NO_RIGHT = "no_right"
    NOT_A_DATABASE = "not_a_database"
    UNREACHABLE_FILE = "unreachable_file"
    READ_ONLY = "read_only"
    FULL = "full"
    DISK_FAILS = "disk_fails"
    BUSY = "busy"
    DRIVER_MISSING = "driver_missing"
    OTHER = "other"


_OF_A_DATABASE: Final = (SQLAlchemyError, sqlite3.Error, DatabaseUnavailable)
_SQLITE: Final[Mapping[str, Trouble]] = {
    "SQLITE_NOTADB": Trouble.NOT_A_DATABASE,
    "SQLITE_CORRUPT": Trouble.NOT_A_DATABASE,
    "SQLITE_CANTOPEN": Trouble.UNREACHABLE_FILE,
    "SQLITE_PERM": Trouble.UNREACHABLE_FILE,
    "SQLITE_AUTH": Trouble.UNREACHABLE_FILE,
    "SQLITE_READONLY": Trouble.READ_ONLY,
    "SQLITE_FULL": Trouble.FULL,
    "SQLITE_IOERR": Trouble.DISK_FAILS,  # a full disk, too, where the file beside the database can't grow
    "SQLITE_BUSY": Trouble.BUSY,
    "SQLITE_LOCKED": Trouble.BUSY,
}
_SQLSTATES: Final[Mapping[str, Trouble]] = {
    "42501": Trouble.NO_RIGHT,  # insufficient_privilege
    "3F000": Trouble.NO_RIGHT,  # no schema in which this user may make tables
    "25006": Trouble.READ_ONLY,  # a standby server
    "53100": Trouble.FULL,
    "58030": Trouble.DISK_FAILS,
    "53300": Trouble.NOT_READY,  # too many connections
    "57P01": Trouble.NOT_READY,
    "57P02": Trouble.NOT_READY,
    "57P03": Trouble.NOT_READY,  # starting up
    "55P03": Trouble.BUSY,
    "28P01": Trouble.PASSWORD_WRONG,
    "28000": Trouble.PASSWORD_WRONG,
    "3D000": Trouble.DATABASE_MISSING,
}
# psycopg tells no code for a connection that failed: only words, the first part libpq's own, which are not translated.
# What a server says in another language than English ends at "refuses".
_WORDS: Final = (
    ("failed to resolve host", Trouble.HOST_UNKNOWN),
    ("could not translate host name", Trouble.HOST_UNKNOWN),
    ("invalid connection option", Trouble.URL_WRONG),
    ("bad value for", Trouble.URL_WRONG),
    ("connection is bad: invalid", Trouble.URL_WRONG),
    ("password authentication failed", Trouble.PASSWORD_WRONG),
    ("no password supplied", Trouble.PASSWORD_WRONG),
    ("authentication failed", Trouble.PASSWORD_WRONG),
    ("no pg_hba.conf entry", Trouble.PASSWORD_WRONG),
    ('FATAL:  role "', Trouble.PASSWORD_WRONG),
    ('FATAL:  database "', Trouble.DATABASE_MISSING),
    ("is starting up", Trouble.NOT_READY),
    ("is shutting down", Trouble.NOT_READY),
    ("too many clients", Trouble.NOT_READY),
    ("too many connections", Trouble.NOT_READY),
    ("remaining connection slots", Trouble.NOT_READY),
    ("FATAL", Trouble.REFUSES),
    ("SSL", Trouble.NO_ENCRYPTION),
    ("connection failed", Trouble.DOWN),
    ("connection is bad", Trouble.DOWN),
    ("connection timeout", Trouble.DOWN),
)


def trouble_of(error: BaseException) -> Trouble | None:
    """None for an error that is not the database's."""
    chain = list(_chain(error))
    if not any(isinstance(link, _OF_A_DATABASE) or _is_driver_missing(link) for link in chain):
        return None
    return next((trouble for trouble in map(_told, chain) if trouble), Trouble.OTHER)


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        if isinstance(link, DBAPIError) and link.orig is not None:
            yield link.orig
        link = link.__cause__


def _told(error: BaseException) -> Trouble | None:
    if _is_driver_missing(error):
        return Trouble.DRIVER_MISSING
    name = getattr(error, "sqlite_errorname", None)
    if isinstance(name, str):
        return _SQLITE.get("_".join(name.split("_")[:2]))  # SQLITE_READONLY_DIRECTORY is a kind of SQLITE_READONLY
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _SQLSTATES.get(state)
    if type(error).__module__.partition(".")[0] != "psycopg":
        return None
    words = str(error)
    return next((trouble for part, trouble in _WORDS if part in words), None)


def _is_driver_missing(error: BaseException) -> bool:
    """psycopg or Procrastinate is not installed, or psycopg finds no libpq."""
    if not isinstance(error, ImportError):
        return False
    return (error.name or "").partition(".")[0] in {"psycopg", "psycopg_pool", "procrastinate"} or "libpq" in str(error)
