"""The storage is opened: migrated, with its keys, and with nobody in it who was erased."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bot.storage.engine.database import Database
from bot.storage.engine.key_file import is_open_to_others, key_file, key_setting
from bot.storage.engine.keys import Keyring
from bot.storage.engine.location import location_of
from bot.storage.store import Store
from bot.storage.upkeep.migrating import migrate
from bot.storage.upkeep.resealing import welcome_all
from bot.storage.upkeep.restoring import keep_erased

_log = logging.getLogger(__name__)


@asynccontextmanager
async def open_store(
    database_url: str,
    data_key: str | None,
    *,
    erased_list: Path | None = None,
    erased: Path | None = None,
    without_list: bool = False,
) -> AsyncIterator[Store]:
    """Migrate the database to the newest schema, erase again whoever a restore brought back, and open it.

    `erased_list`: where an SQLite database's list of the erased stands, when not beside it; `without_list`: it counts
    for nothing; `erased`: a file of tombstones besides. Raises DatabaseUrlInvalid, KeyMissing, KeyInvalid, KeyLost,
    KeyMismatch, DatabaseUnavailable, DatabaseNewer, DatabaseForeign, TombstonesUnreadable, OSError.
    """
    if not data_key:
        _warn_of_the_key_file(database_url)
    async with opened_database(database_url, data_key, erased_list=erased_list) as database:
        await welcome_all(database)
        await keep_erased(database, given=erased, without_list=without_list)
        yield Store.on(database)


@asynccontextmanager
async def opened_database(
    database_url: str, data_key: str | None, *, erased_list: Path | None = None
) -> AsyncIterator[Database]:
    """The database, migrated. With a key file its keys are read anew when they were changed. Raises as `open_store`."""
    location_of(database_url).see_that_it_can_be_written(erased_list)
    keyring = Keyring.from_setting(key_setting(database_url, data_key))
    await asyncio.to_thread(migrate, database_url)
    reread = None if data_key else partial(_from_file, database_url)
    async with Database.open(database_url, keyring, reread=reread, erased_list=erased_list) as opened:
        yield opened


def _warn_of_the_key_file(database_url: str) -> None:
    path = key_file(database_url)
    if path is None or not path.exists():
        return
    if is_open_to_others(path):
        _log.warning("other users of this machine can get at the key %s: chmod 600, and its folder 700", path)
    _log.info(
        "the key %s lies beside the database: whoever copies the folder reads it. DATA_KEY keeps them apart", path
    )


def _from_file(database_url: str) -> Keyring:
    return Keyring.from_setting(key_setting(database_url, None))
