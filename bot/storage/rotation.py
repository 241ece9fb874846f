"""Sealing everything anew with the newest key, and making the pseudonyms anew by it."""

from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import Connection, RowMapping, Table, delete, select, union, update

from bot.storage.database import Database
from bot.storage.inbox import open_sealed_update
from bot.storage.keys import Keyring
from bot.storage.rows import open_lookups, report_lookups
from bot.storage.tables import SEALED, consent_proof, encryption_key, inbox, person, report, tombstone_salt

_BATCH: Final = 50  # a commit's worth: red maps make a row large, and others want to write too
_BEFORE_ALL: Final = -1

Values = dict[str, object]


async def rotate(database: Database, keyring: Keyring) -> int:
    """Seal every row with the newest key; returns how many were not. Older keys can be dropped afterwards.

    Every batch is a commit and a row tells which key sealed it, so it goes on where an earlier run was stopped, and
    the bot may run meanwhile when it has all the keys. Raises SealBroken when an older key is missing.
    """
    resealed = 0
    for table in SEALED:
        resealed += await _reseal(database, keyring, table)
    await database.write(lambda connection: _retire_keys(connection, keyring))
    await database.forget_deleted()
    return resealed


async def _reseal(database: Database, keyring: Keyring, table: Table) -> int:
    resealed, after = 0, _BEFORE_ALL
    while True:
        keys = await database.write(partial(_reseal_batch, keyring=keyring, table=table, after=after))
        if not keys:
            return resealed
        resealed, after = resealed + len(keys), keys[-1]


def _reseal_batch(connection: Connection, *, keyring: Keyring, table: Table, after: int) -> list[int]:
    """Returns the primary keys of the rows that it sealed, in order; none when the table is through."""
    key = table.primary_key.columns[0]
    stale = select(table).where(key > after, table.c.sealed_by != keyring.newest).order_by(key).limit(_BATCH)
    rows = connection.execute(stale.with_for_update()).mappings().all()
    for row in rows:
        connection.execute(update(table).where(key == row[key.name]).values(_resealed(keyring, table, row)))
    return [row[key.name] for row in rows]


def _resealed(keyring: Keyring, table: Table, row: RowMapping) -> Values:
    values: Values = {name: keyring.seal(keyring.open(row[name])) for name in SEALED[table] if row[name] is not None}
    return values | _PSEUDONYMS[table](keyring, row) | {"sealed_by": keyring.newest}


def _of_person(keyring: Keyring, row: RowMapping) -> Values:
    return {"key": keyring.pseudonym("person", int(keyring.open(row["telegram_id"])))}


def _of_report(keyring: Keyring, row: RowMapping) -> Values:
    return dict(report_lookups(keyring, row["person_id"], open_lookups(keyring, row["lookups"])))


def _of_update(keyring: Keyring, row: RowMapping) -> Values:
    if row["raw"] is None:
        return {}  # worked: neither what it said nor whose it was is there any more
    chat, _ = open_sealed_update(keyring, row["raw"])
    return {"chat": None if chat is None else keyring.pseudonym("chat", chat)}


def _of_proof(keyring: Keyring, row: RowMapping) -> Values:  # noqa: ARG001 - one of several of its kind
    return {}  # its hash is made with the salt, which stays the same


_PSEUDONYMS: Final[dict[Table, Callable[[Keyring, RowMapping], Values]]] = {
    person: _of_person,
    report: _of_report,
    inbox: _of_update,
    tombstone_salt: lambda _, __: {},
    consent_proof: _of_proof,
}


def _retire_keys(connection: Connection, keyring: Keyring) -> None:
    """Forget the keys that no row needs: opening the database without them is then no mismatch."""
    needed = union(*(select(table.c.sealed_by) for table in SEALED))
    unneeded = encryption_key.c.fingerprint.not_in(needed)
    connection.execute(delete(encryption_key).where(unneeded, encryption_key.c.fingerprint != keyring.newest))
