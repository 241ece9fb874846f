"""What a person adds to a report of theirs: a note, and findings that they call not true. Both are sealed."""

import json
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, select, update

from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.records import ReportRecord
from bot.storage.rows import open_report, open_text, seal_keys, seal_text
from bot.storage.tables import report

_NEWEST: Final = 30  # a message can be changed for two days


class Remarks:
    """Every method raises DatabaseUnavailable. The owner stands in every statement: another's number is unknown."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keyring = database.keyring

    async def set_note(self, person_id: int, number: int, note: str | None) -> bool:
        """Keep a note with an analysed report, in an earlier one's place; None removes it. False without a report."""
        sealed = None if note is None else seal_text(self._keyring, note)
        statement = update(report).where(_own(person_id, number)).values(note=sealed)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount) > 0

    async def set_note_of(self, person_id: int, report_id: int, note: str) -> bool:
        """As `set_note`, for a selfie that may not be read yet; an empty one removes it."""
        sealed = seal_text(self._keyring, note) if note else None
        own = and_(report.c.person_id == person_id, report.c.id == report_id)
        statement = update(report).where(own).values(note=sealed)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount) > 0

    async def of_message(self, person_id: int, message_id: int) -> ReportRecord | None:
        """Of the person's newest selfies the one that came with that message, alone or as a part of an album."""
        newest = select(report).where(report.c.person_id == person_id).order_by(report.c.id.desc()).limit(_NEWEST)
        rows = await self._database.read(lambda connection: connection.execute(newest).mappings().all())
        for row in rows:
            found = open_report(row, self._keyring)
            if any(photo.message_id == message_id for photo in found.photos):
                return found
        return None

    async def toggle_dispute(self, person_id: int, number: int, keys: frozenset[str]) -> bool:
        """Call these keys of findings not true, or true again where all of them were. False without a report."""
        return await self._database.write(
            lambda connection: _toggle(connection, self._keyring, _own(person_id, number), keys)
        )

    async def number_shown_in(self, person_id: int, message_id: int) -> int | None:
        """The report that became that very message, the newest where there are two (a chat that began anew)."""
        statement = (
            select(report.c.number)
            .where(report.c.person_id == person_id, report.c.status_message_id == message_id)
            .order_by(report.c.number.desc())
            .limit(1)
        )
        return await self._database.read(lambda connection: connection.scalar(statement))


def _own(person_id: int, number: int) -> ColumnElement[bool]:
    return and_(report.c.person_id == person_id, report.c.number == number, report.c.answer.is_not(None))


def _toggle(connection: Connection, keyring: Keyring, own: ColumnElement[bool], keys: frozenset[str]) -> bool:
    row = connection.execute(select(report.c.disputed).where(own).with_for_update()).one_or_none()
    if row is None:
        return False
    before = frozenset(json.loads(open_text(keyring, row.disputed))) if row.disputed is not None else frozenset()
    after = before - keys if keys <= before else before | keys
    connection.execute(update(report).where(own).values(disputed=seal_keys(keyring, after)))
    return True
