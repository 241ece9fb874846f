"""Who was erased: a hash that only the holder of our key can make, and times. A restored backup knows them alive.

The hash is salted by a secret of its own, which is sealed like everything else, so that it outlives key rotations. With
SQLite the tombstones also stand in a file, beside the database or apart from it (ERASED_LIST): a backup that is put in
the database's place does not bring back what the file says is gone. The file is sealed as a whole: a line that somebody
takes out is noticed.
"""

import hmac
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, select

from bot.config.errors import SetupError
from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.engine.location import keep_folder
from bot.storage.engine.vault import Vault
from bot.storage.tables import EPOCH, MILLISECOND, tombstone

KEPT: Final = timedelta(days=800)  # longer than any backup should live
_SEALED: Final = "sealed "
_LINE: Final = re.compile(
    r"(?:[0-9a-f]{2})+ -?\d{1,14} -?\d{1,14}\n"
)  # of a sealed list, what is none is seen by the seal


class TombstonesUnreadable(SetupError):
    """A list of tombstones is not as it was written: better to stop than to bring somebody back. Says which and how."""


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


class TombstoneRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, *, now: datetime) -> int:
        """Forget those that no backup is old enough to contradict, in the file as well; returns how many."""
        gone = await self._database.write(lambda connection: prune(connection, now=now))
        if gone:
            await write_list(self._database)
        return gone


@dataclass(frozen=True, kw_only=True)
class StoneList:
    """A list as it was found. `seal`: None in one of before there were seals; `torn`: its end, cut off by a kill."""

    stones: tuple[Tombstone, ...]
    seal: bytes | None
    torn: str = ""

    def is_sealed_by(self, vault: Vault) -> bool:
        return self.seal is not None and hmac.compare_digest(self.seal, _seal_of(vault, self.stones))


def seals_the_same(vault: Vault, seal: bytes | None, stones: Iterable[Tombstone]) -> bool:
    """Whether the list that `seal` was made for held just these."""
    return seal is not None and hmac.compare_digest(seal, _seal_of(vault, stones))


async def write_list(database: Database) -> None:
    """Let the list of an SQLite database say what its table says; on the disk when this returns.

    Within a transaction that writes: whoever else erases somebody waits for it, in this process or another.
    Raises DatabaseUnavailable, OSError.
    """
    path = database.erased_list
    if path is not None:
        await database.write(lambda connection: _write(connection, database.vault, path))


def read_list(path: Path) -> StoneList:
    """One a line: the key in hex, and two times in milliseconds since 1970; before them the seal over all of them.

    Raises TombstonesUnreadable, OSError.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines(keepends=True)
        if lines and lines[0].startswith(_SEALED):
            seal = bytes.fromhex(lines[0].removeprefix(_SEALED))
            return StoneList(stones=tuple(_parsed(line) for line in lines[1:] if _LINE.fullmatch(line)), seal=seal)
        torn = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        return StoneList(stones=tuple(_parsed(line) for line in lines if line.strip()), seal=None, torn=torn)
    except (ValueError, OverflowError):
        raise TombstonesUnreadable(f"{path}, is damaged") from None


def line_of(one: Tombstone) -> str:
    met, erased = ((moment - EPOCH) // MILLISECOND for moment in (one.met_at, one.erased_at))
    return f"{one.key.hex()} {met} {erased}\n"


def _write(connection: Connection, vault: Vault, path: Path) -> None:
    stones = all_of(connection).values()
    text = f"{_SEALED}{_seal_of(vault, stones).hex()}\n{_told(stones)}"
    if not path.exists() or path.read_bytes() != text.encode("ascii"):  # at nearly every start it stands there already
        draft = path.with_name(f".{path.name}.part")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    keep_folder(path.parent)
    vault.note_list_sealed(connection)


def _seal_of(vault: Vault, stones: Iterable[Tombstone]) -> bytes:
    return vault.seal_of_list(_told(stones).encode())


def _told(stones: Iterable[Tombstone]) -> str:
    return "".join(sorted(line_of(one) for one in stones))


def _parsed(line: str) -> Tombstone:
    key, met, erased = line.split()
    return Tombstone(
        key=bytes.fromhex(key), met_at=EPOCH + int(met) * MILLISECOND, erased_at=EPOCH + int(erased) * MILLISECOND
    )
