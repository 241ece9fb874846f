"""What a person said is none of theirs: remembered for their next photos, sealed, with the findings' places."""

from collections.abc import Callable

from sqlalchemy import Connection, select, update

from bot.skin.not_theirs import NotTheirs
from bot.storage.engine.vault import Vault
from bot.storage.sealing import open_not_theirs, seal_not_theirs
from bot.storage.tables import person

Known = tuple[NotTheirs, ...]


def not_theirs_of(connection: Connection, vault: Vault, person_id: int) -> Known:
    """Nothing for a person who is gone."""
    sealed = connection.scalar(select(person.c.not_theirs).where(person.c.id == person_id))
    return () if sealed is None else open_not_theirs(vault.person(connection, person_id), sealed)


def change_not_theirs(connection: Connection, vault: Vault, person_id: int, changed: Callable[[Known], Known]) -> None:
    """In the transaction of the caller; nothing for a person who is gone."""
    this = person.c.id == person_id
    row = connection.execute(select(person.c.not_theirs).where(this).with_for_update()).one_or_none()
    if row is None:
        return
    seal = vault.person(connection, person_id)
    known = changed(open_not_theirs(seal, row.not_theirs))
    connection.execute(update(person).where(this).values(not_theirs=seal_not_theirs(seal, known)))


def forget_not_theirs(connection: Connection, person_id: int) -> None:
    connection.execute(update(person).where(person.c.id == person_id).values(not_theirs=None))
