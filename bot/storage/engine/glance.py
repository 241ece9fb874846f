"""What stands in a database, without making, migrating or changing anything."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, inspect, select
from sqlalchemy.pool import NullPool

from bot.storage.engine.keys import Keyring
from bot.storage.engine.location import location_of
from bot.storage.people.tombstones import read_list
from bot.storage.tables import encryption_key
from bot.storage.upkeep.migrating import is_ready
from bot.storage.upkeep.openable import Openable, openable


@dataclass(frozen=True, kw_only=True)
class Glance:
    """`sealed_by`: fingerprints of the keys that may have sealed rows. Nothing there yet: `is_there` is false.

    `opens`: whether keys that were given open it; None without keys, or when the next start changes its tables first,
    which `is_newest` denies.
    """

    is_there: bool = False
    is_newest: bool = False
    sealed_by: frozenset[bytes] = frozenset()
    opens: Openable | None = None


def glance_at(url: str, keyring: Keyring | None = None, *, erased_list: Path | None = None) -> Glance:
    """`erased_list`: where that list stands, when not beside an SQLite file.

    Raises DatabaseUrlInvalid, DatabaseNewer, DatabaseForeign, TombstonesUnreadable, OSError, and what the driver raises
    (engine/troubles.py).
    """
    place = location_of(url)
    if place.file is not None:
        place.see_that_it_can_be_written(erased_list)
        if not place.file.exists():
            return Glance()
        kept_at = erased_list or place.list_beside
        if kept_at is not None and kept_at.exists():
            read_list(kept_at)
    address = f"file:{place.file}?mode=ro"
    engine = (
        create_engine(place.sync_url, poolclass=NullPool, hide_parameters=True)
        if place.file is None
        else create_engine("sqlite://", poolclass=NullPool, creator=lambda: sqlite3.connect(address, uri=True))
    )
    try:
        with closing(engine.connect()) as connection:
            is_newest = is_ready(connection)
            if not inspect(connection).has_table("alembic_version"):
                return Glance()
            known = frozenset(connection.scalars(select(encryption_key.c.fingerprint)))
            opens = openable(connection, keyring) if keyring and is_newest else None
            return Glance(is_there=True, is_newest=is_newest, sealed_by=known, opens=opens)
    finally:
        engine.dispose()
