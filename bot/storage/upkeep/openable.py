"""Whether what is sealed can be opened by the keys at hand, seen without changing anything."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, exists, func, or_, select

from bot.storage.engine.keys import Keyring
from bot.storage.engine.seals import RowSeal, SealBroken, is_old
from bot.storage.engine.vault import LOOKUP, PROOFS, Vault
from bot.storage.tables import KEYS, OWN, SEALED, inbox, inbox_key, person, person_key, report, secret

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
    for table in SEALED if opened[secret.name] else (person, report, inbox):  # a proof is sealed by one of the secrets
        opened[table.name] = _newest_opens(connection, vault, table)
    keyless = [_count(connection, table, ~_has_key(table, ours)) for table in SEALED]
    keyless += [_count(connection, table, table.c.sealed_by.not_in(ours)) for table in KEYS]
    return Openable(broken=tuple(name for name, opens in opened.items() if not opens), keyless=sum(keyless))


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.scalars(select(func.count()).select_from(table).where(which)).one()


def _has_key(table: Table, ours: _Fingerprints) -> ColumnElement[bool]:
    """A row of before is sealed by a main key itself."""
    return or_(table.c.sealed_by.in_(ours), and_(table.c.sealed_by == OWN, _own_key_is_there(table, ours)))


def _own_key_is_there(table: Table, ours: _Fingerprints) -> ColumnElement[bool]:
    if table is person:  # who is found by a pseudonym besides
        theirs = _there(person_key, person_key.c.person_id == person.c.id, ours)
        return and_(theirs, _there(secret, secret.c.name == LOOKUP, ours))
    if table is report:
        return _there(person_key, person_key.c.person_id == report.c.person_id, ours)
    if table is inbox:  # what was worked holds nothing, and outlives its hour's key
        return or_(inbox.c.sealed.is_(None), _there(inbox_key, inbox_key.c.hour == inbox.c.hour, ours))
    return _there(secret, secret.c.name == PROOFS, ours)


def _there(keys: Table, which: ColumnElement[bool], ours: _Fingerprints) -> ColumnElement[bool]:
    return exists().where(which, keys.c.sealed_by.in_(ours))


def _newest_opens(connection: Connection, vault: Vault, table: Table) -> bool:
    full = or_(*(table.c[column].is_not(None) for column in SEALED[table]))
    with_key = select(table).where(full, _has_key(table, vault.keyring.fingerprints))
    newest = with_key.order_by(table.primary_key.columns[0].desc()).limit(1)
    row = connection.execute(newest).mappings().one_or_none()
    try:
        if row is not None:
            _open(connection, vault, table, row)
    except SealBroken:
        return False
    return True


def _open(connection: Connection, vault: Vault, table: Table, row: RowMapping) -> None:
    """Raises SealBroken."""
    values = {column: row[column] for column in SEALED[table] if row[column] is not None}
    if row["sealed_by"] != OWN:
        for value in filter(is_old, values.values()):
            vault.keyring.open_old(value)
        return
    seal = _seal(connection, vault, table, row)
    for column, value in values.items():
        seal.open(column, value)


def _seal(connection: Connection, vault: Vault, table: Table, row: RowMapping) -> RowSeal:
    """Raises SealBroken."""
    if table is person:
        return vault.person(connection, row["id"])
    if table is report:
        return vault.report(connection, row["person_id"], row["id"])
    if table is inbox:
        return vault.update(row["update_id"], vault.known_hour(connection, row["hour"]))
    return vault.proof(row["who"])


def _secrets_open(connection: Connection, vault: Vault) -> bool:
    try:
        vault.load(connection)
    except SealBroken:
        return False
    return True
