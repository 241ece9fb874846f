"""Whether what is sealed can be opened by the keys at hand, seen without changing anything."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, exists, func, or_, select

from bot.storage.engine.keys import KeyMismatch, Keyring
from bot.storage.engine.seals import RowSeal, SealBroken, is_old
from bot.storage.engine.vault import LOOKUP, PROOFS, Vault
from bot.storage.sealed_columns import SEALED
from bot.storage.tables import (
    KEYS,
    OWN,
    WAS_SEALED_BY,
    consent_proof,
    inbox,
    inbox_key,
    person,
    person_key,
    secret,
)

_AT_ONCE: Final = 100

_Fingerprints = frozenset[bytes]


@dataclass(frozen=True, kw_only=True)
class Openable:
    """`broken`: tables with a row that has its key and yet does not open; `keyless`: rows whose keys are not there."""

    broken: tuple[str, ...] = ()
    keyless: int = 0


def openable(connection: Connection, keyring: Keyring) -> Openable:
    """Of each table the newest row is opened, of the secrets all; every row is counted. For the newest schema."""
    ours = keyring.fingerprints
    vault = Vault(keyring)
    opened = {secret.name: _secrets_open(connection, vault)}
    without_secrets = [table for table in SEALED if table is not consent_proof]  # which is sealed by one of them
    for table in SEALED if opened[secret.name] else without_secrets:
        opened[table.name] = _newest_opens(connection, vault, table)
    keyless = [_count(connection, table, ~_has_key(table, ours)) for table in SEALED]
    keyless += [_count(connection, table, table.c.sealed_by.not_in(ours)) for table in KEYS]
    return Openable(broken=tuple(name for name, opens in opened.items() if not opens), keyless=sum(keyless))


def rows_shut(connection: Connection, vault: Vault) -> dict[str, int]:
    """How many rows don't open, of each table that has any: every row is tried. For the newest schema."""
    found = {table.name: _shut(connection, vault, table) for table in SEALED}
    return {name: count for name, count in found.items() if count}


def _shut(connection: Connection, vault: Vault, table: Table) -> int:
    rows = connection.execute(select(table).where(_is_full(table)).execution_options(yield_per=_AT_ONCE)).mappings()
    return sum(not _opens(connection, vault, table, row) for row in rows)


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.scalars(select(func.count()).select_from(table).where(which)).one()


def _has_key(table: Table, ours: _Fingerprints) -> ColumnElement[bool]:
    """A row of before is sealed by a main key itself."""
    if table not in WAS_SEALED_BY:
        return _own_key_is_there(table, ours)
    return or_(table.c.sealed_by.in_(ours), and_(table.c.sealed_by == OWN, _own_key_is_there(table, ours)))


def _own_key_is_there(table: Table, ours: _Fingerprints) -> ColumnElement[bool]:
    if table is person:  # who is found by a pseudonym besides
        theirs = _there(person_key, person_key.c.person_id == person.c.id, ours)
        return and_(theirs, _there(secret, secret.c.name == LOOKUP, ours))
    if "person_id" in table.c:
        return _there(person_key, person_key.c.person_id == table.c.person_id, ours)
    if table is inbox:  # what was worked holds nothing, and outlives its hour's key
        return or_(inbox.c.sealed.is_(None), _there(inbox_key, inbox_key.c.hour == inbox.c.hour, ours))
    return _there(secret, secret.c.name == PROOFS, ours)


def _there(keys: Table, which: ColumnElement[bool], ours: _Fingerprints) -> ColumnElement[bool]:
    return exists().where(which, keys.c.sealed_by.in_(ours))


def _newest_opens(connection: Connection, vault: Vault, table: Table) -> bool:
    with_key = select(table).where(_is_full(table), _has_key(table, vault.keyring.fingerprints))
    newest = with_key.order_by(table.primary_key.columns[0].desc()).limit(1)
    row = connection.execute(newest).mappings().one_or_none()
    return row is None or _opens(connection, vault, table, row)


def _is_full(table: Table) -> ColumnElement[bool]:
    return or_(*(table.c[column].is_not(None) for column in SEALED[table]))


def _opens(connection: Connection, vault: Vault, table: Table, row: RowMapping) -> bool:
    try:
        _open(connection, vault, table, row)
    except (SealBroken, KeyMismatch):
        return False
    return True


def _open(connection: Connection, vault: Vault, table: Table, row: RowMapping) -> None:
    """Raises SealBroken, KeyMismatch."""
    values = {column: row[column] for column in SEALED[table] if row[column] is not None}
    if table in WAS_SEALED_BY and row["sealed_by"] != OWN:
        for value in filter(is_old, values.values()):
            vault.keyring.open_old(value)
        return
    seal = _seal(connection, vault, table, row)
    for column, value in values.items():
        seal.open(column, value)


def _seal(connection: Connection, vault: Vault, table: Table, row: RowMapping) -> RowSeal:
    """Raises SealBroken, KeyMismatch."""
    if table is person:
        return vault.person(connection, row["id"])
    if "person_id" in table.c:
        return vault.row(connection, row["person_id"], table, row["id"])
    if table is inbox:
        return vault.update(row["update_id"], vault.known_hour(connection, row["hour"]))
    return vault.proof(row["who"])


def _secrets_open(connection: Connection, vault: Vault) -> bool:
    try:
        vault.load(connection)
    except SealBroken:
        return False
    return True
