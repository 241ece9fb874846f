"""What belongs to a person can only be added while they are here."""

from sqlalchemy import Connection, select

from bot.storage.records import PersonGone
from bot.storage.tables import person


def lock_owner(connection: Connection, person_id: int) -> None:
    """Their rows are changed by nobody else until this transaction ends. Raises PersonGone."""
    this = select(person.c.id).where(person.c.id == person_id).with_for_update()
    if connection.scalar(this) is None:
        raise PersonGone
