"""An upgrade: rows from before every person had a key of their own are sealed anew, while the bot runs.

Each batch is a commit, and a row tells whether it is done: it goes on where it was stopped. Until the last is done,
both kinds are opened; from then on what is not bound to its place is no seal of ours any more.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import Connection, RowMapping, Table, exists, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.seals import RowSeal, SealBroken
from bot.storage.engine.vault import Vault
from bot.storage.inbox import hour_of, open_update, seal_update
from bot.storage.sealed_columns import SEALED
from bot.storage.sealing import old_choices, open_lookups, report_lookups, seal_choices
from bot.storage.tables import OWN, WAS_SEALED_BY, consent_proof, inbox, person, person_key, report

_log = logging.getLogger(__name__)

_BATCH: Final = 50  # red maps make a row large, and others want to write too
_PEOPLE: Final = 500
_BEFORE_ALL: Final = -(2**62)
_UNREADABLE: Final = b"?"  # instead of `sealed_by`, where no key of ours opens the row

Values = dict[str, object]


class Sealing:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def renew(self) -> int:
        return await reseal(self._database)


async def welcome_all(database: Database) -> None:
    """Give a key to everybody who has none: before anything else, so that nobody is met without one."""
    while await database.write(partial(_welcome_some, vault=database.vault)):
        pass


async def reseal(database: Database) -> int:
    """Seal anew what is left from before; returns how many rows. Does nothing, quickly, when nothing is left."""
    if not database.vault.old_rows_left:
        return 0
    await welcome_all(database)
    done = 0
    for table in WAS_SEALED_BY:
        after = _BEFORE_ALL
        while batch := await database.write(partial(_reseal_some, vault=database.vault, table=table, after=after)):
            done, after = done + len(batch), batch[-1]
    await database.write(partial(_finish, vault=database.vault))
    await database.forget_deleted()
    _log.info("%d rows were encrypted again with the newest key", done)
    return done


def _welcome_some(connection: Connection, *, vault: Vault) -> int:
    has_key = exists().where(person_key.c.person_id == person.c.id)
    without = connection.scalars(select(person.c.id).where(~has_key).order_by(person.c.id).limit(_PEOPLE)).all()
    if without:
        vault.welcome(connection, without)
    return len(without)


def _reseal_some(connection: Connection, *, vault: Vault, table: Table, after: int) -> list[int]:
    """The ids of the rows that it looked at, in order; none when the table is through."""
    row_id = table.primary_key.columns[0]
    old = select(table).where(row_id > after, table.c.sealed_by.not_in((OWN, _UNREADABLE))).order_by(row_id)
    rows = connection.execute(old.limit(_BATCH).with_for_update()).mappings().all()
    for row in rows:
        connection.execute(
            update(table).where(row_id == row[row_id.name]).values(_resealed(connection, vault, table, row))
        )
    return [row[row_id.name] for row in rows]


def _resealed(connection: Connection, vault: Vault, table: Table, row: RowMapping) -> Values:
    """A row that can't be opened is told once, and waits to be erased: it must not hold up the others."""
    try:
        return _KINDS[table](connection, vault, row) | {"sealed_by": OWN}
    except SealBroken:
        _log.error("a row of %s can't be opened by any key: it stays as it is", table.name)
        return {"sealed_by": _UNREADABLE}


def _of_person(connection: Connection, vault: Vault, row: RowMapping) -> Values:
    seal = vault.person(connection, row["id"])
    telegram_id = seal.open("telegram_id", row["telegram_id"])
    choices = row["choices"] or seal_choices(seal, old_choices(row))
    return {
        "key": vault.pseudonym("person", int(telegram_id)),
        "telegram_id": seal.seal("telegram_id", telegram_id),
        "choices": choices,
        "language_code": None,
        "locale": None,
        "time_zone": None,
        "quiet": False,
        "hidden_marks": "",
    }


def _of_report(connection: Connection, vault: Vault, row: RowMapping) -> Values:
    seal = vault.report(connection, row["person_id"], row["id"])
    values: Values = {name: _anew(seal, name, row[name]) for name in SEALED[report] if row[name] is not None}
    lookups = open_lookups(seal, row["lookups"])
    return values | report_lookups(vault, row["person_id"], lookups)


def _of_update(connection: Connection, vault: Vault, row: RowMapping) -> Values:
    if row["sealed"] is None:
        return {}  # worked: neither what it said nor whose it was is there any more
    hour = hour_of(row["received_at"])
    seal = vault.update(row["update_id"], vault.hour(connection, hour))
    chat, raw = open_update(seal, row["sealed"])
    named = None if chat is None else vault.pseudonym("chat", chat)
    return {"sealed": seal_update(seal, chat, raw), "hour": hour, "chat": named}


def _of_proof(connection: Connection, vault: Vault, row: RowMapping) -> Values:  # noqa: ARG001 - one of its kind
    return {"salt": _anew(vault.proof(row["who"]), "salt", row["salt"])}


_KINDS: Final[dict[Table, Callable[[Connection, Vault, RowMapping], Values]]] = {
    person: _of_person,
    report: _of_report,
    inbox: _of_update,
    consent_proof: _of_proof,
}


def _anew(seal: RowSeal, column: str, sealed: bytes) -> bytes:
    return seal.seal(column, seal.open(column, sealed))


def _finish(connection: Connection, *, vault: Vault) -> None:
    """Unless a process of the version before wrote meanwhile."""
    left = (exists().where(table.c.sealed_by.not_in((OWN, _UNREADABLE))) for table in WAS_SEALED_BY)
    if not any(connection.scalar(select(one)) for one in left):
        vault.note_all_sealed(connection)
