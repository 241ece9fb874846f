"""After a restore: whoever was erased since the backup was made is erased again, before the bot hears anybody."""

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from bot.storage.database import Database
from bot.storage.people import erase_rows
from bot.storage.seals import SealBroken
from bot.storage.tables import person
from bot.storage.tombstones import Tombstone, add, all_of, append_to_file, file_beside, name_of, read_file
from bot.storage.vault import Vault

_log = logging.getLogger(__name__)

_BATCH: Final = 500
_BEFORE_ALL: Final = -1


async def keep_erased(database: Database, *, given: Path | None = None) -> int:
    """Erase again whom a file of tombstones names: the one beside an SQLite database, and one that is given.

    Returns how many came back and went again. Nobody is looked at when the files say nothing new. Raises
    TombstonesUnreadable, OSError.
    """
    known = await database.read(all_of)
    own = file_beside(database.file) if database.file else None
    told = await asyncio.to_thread(_told, own, given)
    fresh = {key: stone for key, stone in told.items() if _is_news(stone, known.get(key))}
    erased = await _erase_again(database, fresh) if fresh else 0
    await database.write(lambda connection: add(connection, list(fresh.values())))
    unwritten = [stone for key, stone in (known | fresh).items() if key not in told]
    if own is not None and unwritten:
        await asyncio.to_thread(append_to_file, own, unwritten)
    return erased


def _is_news(stone: Tombstone, known: Tombstone | None) -> bool:
    return known is None or known.met_at < stone.met_at


def _told(own: Path | None, given: Path | None) -> dict[bytes, Tombstone]:
    stones = read_file(own) if own is not None and own.exists() else []
    found: dict[bytes, Tombstone] = {}
    for stone in [*stones, *(read_file(given) if given is not None else [])]:
        if _is_news(stone, found.get(stone.key)):
            found[stone.key] = stone
    return found


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
