"""Who was erased: a hash that only the holder of our key can make, and times. A restored backup knows them alive.

The hash is salted by a secret of its own, which is sealed like everything else, so that it outlives key rotations. With
SQLite the tombstones also stand in a file beside the database, as its key does: a backup that is put in the database's
place does not bring back what the file says is gone.
"""

import asyncio
import hmac
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, select

from bot.storage.database import Database
from bot.storage.dialects import insert_unless_there
from bot.storage.tables import EPOCH, MILLISECOND, tombstone
from bot.storage.vault import Vault

KEPT: Final = timedelta(days=800)  # longer than any backup should live


class TombstonesUnreadable(Exception):
    """A file of tombstones has a line that is none: better to stop than to bring somebody back."""


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """`met_at`: when the row that was erased was made. Somebody who comes back later is a new person."""

    key: bytes
    met_at: datetime
    erased_at: datetime


def name_of(vault: Vault, telegram_id: int) -> bytes:
    """What a person's tombstone says instead of their name: 32 bytes."""
    return hmac.digest(vault.tombstone_salt, str(telegram_id).encode(), sha256)


def bury(connection: Connection, vault: Vault, telegram_id: int, *, met_at: datetime, now: datetime) -> Tombstone:
    """Note, in the transaction that erases somebody, that they were."""
    new = Tombstone(key=name_of(vault, telegram_id), met_at=met_at, erased_at=now)
    connection.execute(delete(tombstone).where(tombstone.c.key == new.key))  # of an earlier time that they were here
    add(connection, [new])
    return new


def add(connection: Connection, stones: Sequence[Tombstone]) -> None:
    rows = [{"key": one.key, "met_at": one.met_at, "erased_at": one.erased_at} for one in stones]
    if rows:
        connection.execute(insert_unless_there(connection, tombstone), rows)


def all_of(connection: Connection) -> dict[bytes, Tombstone]:
    rows = connection.execute(select(tombstone)).all()
    return {row.key: Tombstone(key=row.key, met_at=row.met_at, erased_at=row.erased_at) for row in rows}


def prune(connection: Connection, *, now: datetime) -> int:
    """Forget those that no backup is old enough to contradict; returns how many."""
    return connection.execute(delete(tombstone).where(tombstone.c.erased_at < now - KEPT)).rowcount


class Tombstones:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, *, now: datetime) -> int:
        """Forget those that no backup is old enough to contradict, in the file as well; returns how many."""
        gone = await self._database.write(lambda connection: prune(connection, now=now))
        if gone and self._database.file is not None:
            left = await self._database.read(all_of)
            await asyncio.to_thread(_rewrite, file_beside(self._database.file), list(left.values()))
        return gone


def file_beside(database: Path) -> Path:
    return database.with_suffix(".erased")


def read_file(path: Path) -> list[Tombstone]:
    """One a line: the key in hex, and two times in milliseconds since 1970. Raises TombstonesUnreadable, OSError."""
    try:
        return [_parsed(line) for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
    except ValueError:
        raise TombstonesUnreadable(path.name) from None


def append_to_file(path: Path, stones: Iterable[Tombstone]) -> None:
    """On the disk when this returns."""
    text = "".join(_line(one) for one in stones)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _rewrite(path: Path, stones: Sequence[Tombstone]) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    append_to_file(draft, stones)
    draft.replace(path)


def _line(one: Tombstone) -> str:
    met, erased = ((moment - EPOCH) // MILLISECOND for moment in (one.met_at, one.erased_at))
    return f"{one.key.hex()} {met} {erased}\n"


def _parsed(line: str) -> Tombstone:
    key, met, erased = line.split()
    return Tombstone(
        key=bytes.fromhex(key), met_at=EPOCH + int(met) * MILLISECOND, erased_at=EPOCH + int(erased) * MILLISECOND
    )
