"""After a restore: whoever was erased since the backup was made is erased again, before the bot hears anybody."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from bot.storage.engine.database import Database
from bot.storage.engine.seals import SealBroken
from bot.storage.engine.vault import Vault
from bot.storage.people.people import erase_rows
from bot.storage.people.tombstones import (
    StoneList,
    Tombstone,
    TombstonesUnreadable,
    add,
    all_of,
    line_of,
    name_of,
    read_list,
    seals_the_same,
    write_list,
)
from bot.storage.tables import person

_log = logging.getLogger(__name__)

_BATCH: Final = 500
_BEFORE_ALL: Final = -1


async def keep_erased(database: Database, *, given: Path | None = None, without_list: bool = False) -> int:
    """Erase again whom a file of tombstones names: the list of an SQLite database, and one that is given.

    Returns how many came back and went again. Nobody is looked at when the files say nothing new. `without_list`: the
    database's own counts for nothing, is set aside and written anew. Raises TombstonesUnreadable, OSError.
    """
    known = await database.read(all_of)
    told: list[Tombstone] = []
    if database.erased_list is not None and without_list:
        await asyncio.to_thread(_set_aside, database.erased_list)
    elif database.erased_list is not None:
        told += await database.read(partial(_kept, vault=database.vault, path=database.erased_list))
    if given is not None:
        told += await asyncio.to_thread(_given, given, database.vault)
    fresh = {key: stone for key, stone in _newest(told).items() if _is_news(stone, known.get(key))}
    erased = 0
    if fresh:
        erased = await _erase_again(database, fresh)
        await database.write(lambda connection: add(connection, list(fresh.values())))
    await write_list(database)
    return erased


def _is_news(stone: Tombstone, known: Tombstone | None) -> bool:
    return known is None or known.met_at < stone.met_at


def _newest(stones: Iterable[Tombstone]) -> dict[bytes, Tombstone]:
    found: dict[bytes, Tombstone] = {}
    for stone in stones:
        if _is_news(stone, found.get(stone.key)):
            found[stone.key] = stone
    return found


def _set_aside(path: Path) -> None:
    if path.exists():
        path.replace(path.with_name(f"{path.name}.before"))


def _kept(connection: Connection, *, vault: Vault, path: Path) -> Sequence[Tombstone]:
    """What the database's own list says, when it is as it was written; nothing when the database knows all of it.

    Raises TombstonesUnreadable, OSError.
    """
    known, was_sealed = all_of(connection).values(), vault.is_list_sealed(connection)
    if not path.exists():
        if was_sealed:
            raise TombstonesUnreadable(f"{path}, is missing")
        return ()
    found = read_list(path)
    if found.seal is None and not was_sealed:
        return _of_before(found, known, path)
    if found.is_sealed_by(vault):
        return found.stones
    if seals_the_same(vault, found.seal, known):
        _log.warning("%s was changed by somebody. The database knows all that it said: it is written anew", path)
        return ()
    raise TombstonesUnreadable(f"{path}, was changed by somebody")


def _of_before(found: StoneList, known: Iterable[Tombstone], path: Path) -> Sequence[Tombstone]:
    """A list of a version that did not seal it: a kill may have cut off its end, of which the database knows then."""
    if found.torn and not any(line_of(one).startswith(found.torn) for one in known):
        raise TombstonesUnreadable(f"{path}, is damaged")
    return found.stones


def _given(path: Path, vault: Vault) -> Sequence[Tombstone]:
    """A copy of an SQLite database's list, or what PostgreSQL's COPY wrote. Raises TombstonesUnreadable, OSError."""
    found = read_list(path)
    if found.torn:
        raise TombstonesUnreadable(f"{path}, is damaged")
    if found.seal is not None and not found.is_sealed_by(vault):
        raise TombstonesUnreadable(f"{path}, was changed by somebody")
    return found.stones


async def _erase_again(database: Database, stones: dict[bytes, Tombstone]) -> int:
    erased, after = 0, _BEFORE_ALL
    work = partial(_erase_batch, vault=database.vault, stones=stones)
    while True:
        last, gone = await database.write(partial(work, after=after))
        erased += gone
        if last is None:
            break
        after = last
    if erased:
        await database.forget_deleted()
    return erased


def _erase_batch(
    connection: Connection, *, vault: Vault, stones: dict[bytes, Tombstone], after: int
) -> tuple[int | None, int]:
    """The last person of the batch (None when there is no further one), and how many of it were erased."""
    newest = max(stone.met_at for stone in stones.values())
    people = select(person.c.id, person.c.telegram_id, person.c.created_at).where(person.c.id > after)
    rows = connection.execute(people.where(person.c.created_at <= newest).order_by(person.c.id).limit(_BATCH)).all()
    gone = 0
    for row in rows:
        stone = _stone_of(connection, vault, row.id, row.telegram_id, stones)
        if stone is not None and row.created_at <= stone.met_at:
            erase_rows(connection, vault, row.id, now=stone.erased_at)
            gone += 1
    return (rows[-1].id if rows else None), gone


def _stone_of(
    connection: Connection, vault: Vault, person_id: int, sealed: bytes, stones: dict[bytes, Tombstone]
) -> Tombstone | None:
    try:
        telegram_id = int(vault.person(connection, person_id).open("telegram_id", sealed))
    except SealBroken:
        _log.error("person row %d can't be opened: nobody can tell whether they were erased", person_id)
        return None
    return stones.get(name_of(vault, telegram_id))
