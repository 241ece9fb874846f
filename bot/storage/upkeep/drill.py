"""A restore that is only rehearsed: a copy is opened as a start would open it, and counted."""

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.storage.engine.database import Database, DatabaseUnavailable
from bot.storage.engine.keys import Keyring
from bot.storage.engine.seals import SealBroken
from bot.storage.engine.vault import SecretLost
from bot.storage.people.tombstones import TombstonesUnreadable
from bot.storage.tables import inbox, metadata, paid_call, person, report, tombstone
from bot.storage.upkeep.migrating import migrate
from bot.storage.upkeep.openable import rows_shut
from bot.storage.upkeep.places import CopyBroken
from bot.storage.upkeep.restoring import keep_erased

# What is written in the moment that it names; a time to come would make an old copy look young.
_WRITTEN: Final = (person.c.seen_at, report.c.updated_at, inbox.c.received_at, paid_call.c.started_at)


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """`rows` of each table, `shut`: those that don't open; `newest`: when the last of them was written.

    `erased_again`: how many the copy brought back, and the list erased; None when the list can't be used.
    """

    rows: Mapping[str, int]
    shut: Mapping[str, int]
    newest: datetime | None
    erased_again: int | None


async def rehearse(copy: Path, keyring: Keyring, *, list_of_erased: Path) -> Rehearsed:
    """Everything that a start does with a restored database; the copy and the list are changed by it.

    Raises CopyBroken, KeyMismatch, DatabaseNewer, DatabaseForeign.
    """
    try:
        await asyncio.to_thread(_see_that_it_is_whole, copy)
        await asyncio.to_thread(migrate, f"sqlite:///{copy}")
        async with Database.open(f"sqlite:///{copy}", keyring, erased_list=list_of_erased) as database:
            return await _rehearsed(database)
    except (sqlite3.Error, SQLAlchemyError, DatabaseUnavailable, SealBroken, SecretLost):
        raise CopyBroken from None


async def _rehearsed(database: Database) -> Rehearsed:
    rows = await database.read(_count)
    shut = await database.read(lambda connection: rows_shut(connection, database.vault))
    newest = await database.read(newest_row)
    try:
        erased_again = await keep_erased(database)
    except TombstonesUnreadable:
        erased_again = None
    return Rehearsed(rows=rows, shut=shut, newest=newest, erased_again=erased_again)


def newest_row(connection: Connection) -> datetime | None:
    found = [connection.scalar(select(func.max(column))) for column in (*_WRITTEN, tombstone.c.erased_at)]
    return max((moment for moment in found if moment is not None), default=None)


def newest_of_running(file: Path) -> datetime | None:
    """Of the database that is in use, which is only read; None where it can't be."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", poolclass=NullPool, creator=lambda: sqlite3.connect(address, uri=True))
    try:
        with closing(engine.connect()) as connection:
            return newest_row(connection)
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def _see_that_it_is_whole(copy: Path) -> None:
    """Every page is where it belongs, and a bot made it: an empty file is a whole database, too.

    Raises CopyBroken, sqlite3.Error.
    """
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("SELECT version_num FROM alembic_version")
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise CopyBroken


def _count(connection: Connection) -> Mapping[str, int]:
    return {
        table.name: connection.scalars(select(func.count()).select_from(table)).one()
        for table in metadata.sorted_tables
    }
