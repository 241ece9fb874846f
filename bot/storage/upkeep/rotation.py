"""A new main key: every key that seals something is sealed by it anew, and nothing else has to be touched."""

from functools import partial
from typing import Final

from sqlalchemy import Connection, Table, delete, select, union, update
from sqlalchemy.exc import IntegrityError

from bot.config import Config
from bot.storage.engine.database import Database
from bot.storage.engine.key_file import begin_new_key, drop_unneeded_keys
from bot.storage.engine.vault import Vault
from bot.storage.opening import opened_database
from bot.storage.processes.locks import held_alone
from bot.storage.tables import KEYS, WAS_SEALED_BY, encryption_key
from bot.storage.upkeep.resealing import reseal

_BATCH: Final = 500  # a commit's worth: others want to write too


async def rotate(database: Database) -> int:
    """Seal every key with the newest main key; returns how many were not. The older ones can be dropped then.

    Every batch is a commit and a row tells which key sealed it, so it goes on where an earlier run was stopped, and
    the bot may run meanwhile: whoever has only an older key notices. A main key that is still needed stays known.
    Raises KeyUnknown when one is missing, SealBroken.
    """
    await reseal(database)
    renewed = 0
    for table in KEYS:
        while done := await database.write(partial(_renew_some, vault=database.vault, table=table)):
            renewed += done
    await database.write(partial(_retire_keys, newest=database.vault.keyring.newest))
    await database.forget_deleted()
    return renewed


async def needed_keys(database: Database) -> frozenset[bytes]:
    """The fingerprints of the main keys under which there are, or may come, rows."""
    return await database.read(lambda connection: frozenset(connection.scalars(select(encryption_key.c.fingerprint))))


def _renew_some(connection: Connection, *, vault: Vault, table: Table) -> int:
    """Returns how many rows it sealed; none when the table is through."""
    row_id = table.primary_key.columns[0]
    stale = select(table).where(table.c.sealed_by != vault.keyring.newest).order_by(row_id).limit(_BATCH)
    rows = connection.execute(stale.with_for_update()).mappings().all()
    for row in rows:
        this = row[row_id.name]
        values = vault.sealed_anew(table, this, row["key"], row["sealed_by"])
        connection.execute(update(table).where(row_id == this).values(values))
    return len(rows)


def _retire_keys(connection: Connection, *, newest: bytes) -> None:
    """Forget the main keys that no row needs: from then on no row can come under them, in whatever process."""
    needed = union(*(select(table.c.sealed_by) for table in (*KEYS, *WAS_SEALED_BY)))
    unneeded = encryption_key.c.fingerprint.not_in(needed)
    try:
        with connection.begin_nested():
            connection.execute(delete(encryption_key).where(unneeded, encryption_key.c.fingerprint != newest))
    except IntegrityError:
        return  # a process with an older key was quicker: the key is needed, and stays


async def rotate_keys(config: Config) -> None:
    """Seal every key with the newest main key: the first of DATA_KEY, or a new one in the key file.

    The bot may run meanwhile. An older key leaves the file when no row can come under it any more. Raises
    DatabaseInUse when another process does the same.
    """
    url = config.database_url
    if config.data_key is not None:
        await _rotate(url, config.data_key)
        return
    with held_alone(url, for_what="rotation"):
        needed = await _rotate(url, begin_new_key(url))
        drop_unneeded_keys(url, needed)


async def _rotate(url: str, data_key: str) -> frozenset[bytes]:
    """Returns the fingerprints of the keys that are needed after it."""
    async with opened_database(url, data_key) as database:
        await rotate(database)
        return await needed_keys(database)
