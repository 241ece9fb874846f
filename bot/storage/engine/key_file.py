"""The key file beside an SQLite database: made at the first start, changed without a moment in which a key is lost."""

import logging
import os
import secrets
import sqlite3
import stat
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.config.errors import SetupError
from bot.observability.logs import hide
from bot.storage.engine.keys import KeyInvalid, KeyMissing, Keyring
from bot.storage.engine.location import keep_folder, location_of

_log = logging.getLogger(__name__)

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class KeyLost(SetupError):
    """The key file is gone, and there is a database that only its key opens. A new key would not help."""


def key_setting(database_url: str, data_key: str | None) -> str:
    """The key(s) to use: DATA_KEY, or those in the key file beside an SQLite database, made when it is not there.

    Raises KeyMissing for PostgreSQL without DATA_KEY, KeyLost, KeyInvalid, DatabaseUrlInvalid.
    """
    if data_key:
        return data_key
    path = key_file(database_url)
    if path is None:
        raise KeyMissing("DATA_KEY is not set")
    if not path.exists():
        _refuse_a_new_key(path, location_of(database_url).file)
        _write_first(path)
    return _read(path)


def key_file(database_url: str) -> Path | None:
    """`data/skinbot.key` beside `data/skinbot.db`; None for PostgreSQL. Raises DatabaseUrlInvalid."""
    file = location_of(database_url).file
    return file.with_suffix(".key") if file else None


def is_open_to_others(path: Path) -> bool:
    """Whether other users of this machine may read or change the key, or put another one in its place."""
    with suppress(OSError):
        return bool(path.stat().st_mode & _OTHERS or path.parent.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    return False


def begin_new_key(database_url: str) -> str:
    """Put a new key in front of those in the key file, or go on with one that is there already; returns them all.

    On the disk before anything is sealed by it. Raises KeyMissing, KeyLost, KeyInvalid.
    """
    before = key_setting(database_url, None)
    if "," in before:
        return before  # a change that was cut off: it goes on
    setting = f"{_new_secret()},{before}"
    _replace(_path(database_url), setting)
    return setting


def drop_unneeded_keys(database_url: str, needed: Collection[bytes]) -> None:
    """Keep the newest key and those whose fingerprints are needed. Raises KeyMissing, KeyLost, KeyInvalid."""
    newest, *older = key_setting(database_url, None).split(",")
    kept = [newest, *(secret for secret in older if Keyring.from_setting(secret).newest in needed)]
    _replace(_path(database_url), ",".join(kept))


def _refuse_a_new_key(key: Path, database: Path | None) -> None:
    if database is not None and database.exists() and _has_rows(database):
        raise KeyLost(f"{key} is gone, and only its key opens {database}: put it back from your backup of the key")


def _has_rows(database: Path) -> bool:
    """Whether anything was ever sealed there; read without changing anything."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM encryption_key LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return False  # no database (yet): opening it says what it is


def _path(database_url: str) -> Path:
    path = key_file(database_url)
    if path is None:
        raise KeyMissing("there is no key file for PostgreSQL")
    return path


def _read(path: Path) -> str:
    try:
        keys = path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        raise KeyInvalid(f"{path} is no key file: it holds more than letters and digits") from None
    hide(key.strip() for key in keys.split(","))
    return keys


def _new_secret() -> str:
    while Keyring.from_setting(secret := secrets.token_urlsafe(32)).is_weak:
        pass  # one in a thousand millions looks like it
    return secret


def _write_first(path: Path) -> None:
    """The whole file appears at once: two processes that start together get the same key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _draft(path, _new_secret()) as draft, suppress(FileExistsError):  # another process was quicker: its key counts
        os.link(draft, path)
        _log.warning("an encryption key was made: %s. Copy it to a safe place, apart from the database", path)
    keep_folder(path.parent)


def _replace(path: Path, setting: str) -> None:
    with _draft(path, setting) as draft:
        draft.replace(path)
    keep_folder(path.parent)


@contextmanager
def _draft(path: Path, text: str) -> Iterator[Path]:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
