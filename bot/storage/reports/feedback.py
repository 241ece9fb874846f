"""What a person adds to a report of theirs: a note, findings that are none of theirs, remarks. All of it is sealed."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, select, update

from bot.skin.not_theirs import NotTheirs, with_these, without_these
from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.experiments.due import fall_due
from bot.storage.people.not_theirs import Known, change_not_theirs, not_theirs_of
from bot.storage.records import Remarks, ReportRecord
from bot.storage.reports.requests import opened_report
from bot.storage.sealing import open_json, open_remarks, readable, seal_keys, seal_remarks, seal_text
from bot.storage.tables import report

_NEWEST: Final = 30  # a message can be changed for two days


class FeedbackRows:
    """Every method raises DatabaseUnavailable. The owner stands in every statement: another's number is unknown."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def set_note(self, person_id: int, number: int, note: str | None) -> bool:
        """Keep a note with an analysed report, in an earlier one's place; None removes it. False without a report."""
        return await self._set_note(_own(person_id, number), person_id, note)

    async def set_note_of(self, person_id: int, report_id: int, note: str) -> bool:
        """As `set_note`, for a selfie that may not be read yet; an empty one removes it."""
        own = and_(report.c.person_id == person_id, report.c.id == report_id)
        return await self._set_note(own, person_id, note or None)

    async def of_message(self, person_id: int, message_id: int) -> ReportRecord | None:
        """Of the person's newest selfies the one that came with that message, alone or as a part of an album."""
        newest = select(report).where(report.c.person_id == person_id).order_by(report.c.id.desc()).limit(_NEWEST)

        def work(connection: Connection) -> list[ReportRecord]:
            rows = connection.execute(newest).mappings()
            return readable(rows, lambda row: opened_report(connection, self._vault, row))

        for found in await self._database.read(work):
            if any(photo.message_id == message_id for photo in found.photos):
                return found
        return None

    async def toggle_dispute(
        self, person_id: int, number: int, keys: frozenset[str], things: Collection[NotTheirs] = ()
    ) -> bool:
        """Call these keys of findings not true, or true again where all of them were. False without a report.

        `things`: what they are of, to be remembered for the next photos, or to be forgotten again.
        """

        def work(connection: Connection) -> bool:
            untrue = _toggle(connection, self._vault, person_id, number, keys)
            if untrue is None:
                return False
            remember = with_these if untrue else without_these
            change_not_theirs(connection, self._vault, person_id, lambda known: remember(known, things))
            return True

        return await self._database.write(work)

    async def not_theirs(self, person_id: int) -> Known:
        """What they said is none of theirs, in any report."""
        return await self._database.read(lambda connection: not_theirs_of(connection, self._vault, person_id))

    async def forget_not_theirs(self, person_id: int, things: Collection[NotTheirs]) -> None:
        """To be told again, from the next photo on."""
        await self._database.write(
            lambda connection: change_not_theirs(
                connection, self._vault, person_id, lambda known: without_these(known, things)
            )
        )

    async def apply_not_theirs(
        self, person_id: int, report_id: int, keys: frozenset[str], boxes: tuple[NotTheirs, ...]
    ) -> ReportRecord | None:
        """What was known of them in a new report: called untrue as a whole, or left out box by box.

        The report as it is then, None when it is gone.
        """

        def work(connection: Connection) -> ReportRecord | None:
            own = select(report).where(report.c.person_id == person_id, report.c.id == report_id).with_for_update()
            row = connection.execute(own).mappings().one_or_none()
            if row is None:
                return None
            seal = self._vault.report(connection, person_id, report_id)
            known = opened_report(connection, self._vault, row)
            values = {
                "disputed": seal_keys(seal, known.disputed | keys),
                "remarks": seal_remarks(seal, replace(known.remarks, left_out=boxes)),
            }
            changed = update(report).where(report.c.id == report_id).values(values).returning(report)
            return opened_report(connection, self._vault, connection.execute(changed).mappings().one())

        return await self._database.write(work)

    async def remark(
        self, person_id: int, number: int, changed: Callable[[Remarks], Remarks], *, due_at: datetime | None = None
    ) -> bool:
        """Other remarks with an analysed report. False without one. `due_at`: their experiment has to know of it."""

        def work(connection: Connection) -> bool:
            own = select(report.c.id, report.c.remarks).where(_own(person_id, number)).with_for_update()
            row = connection.execute(own).one_or_none()
            if row is None:
                return False
            seal = self._vault.report(connection, person_id, row.id)
            sealed = seal_remarks(seal, changed(open_remarks(seal, row.remarks)))
            connection.execute(update(report).where(report.c.id == row.id).values(remarks=sealed))
            if due_at is not None:
                fall_due(connection, person_id, now=due_at)
            return True

        return await self._database.write(work)

    async def _set_note(self, which: ColumnElement[bool], person_id: int, note: str | None) -> bool:
        def work(connection: Connection) -> bool:
            report_id = connection.scalar(select(report.c.id).where(which).with_for_update())
            if report_id is None:
                return False
            seal = self._vault.report(connection, person_id, report_id)
            sealed = None if note is None else seal_text(seal, "note", note)
            connection.execute(update(report).where(report.c.id == report_id).values(note=sealed))
            return True

        return await self._database.write(work)

    async def number_shown_in(self, person_id: int, message_id: int) -> int | None:
        """The report that became that very message, the newest where there are two (a chat that began anew)."""
        statement = (
            select(report.c.number)
            .where(report.c.person_id == person_id, report.c.status_message_id == message_id)
            .order_by(report.c.number.desc())
            .limit(1)
        )
        return await self._database.find(lambda connection: connection.scalar(statement))


def _own(person_id: int, number: int) -> ColumnElement[bool]:
    return and_(report.c.person_id == person_id, report.c.number == number, report.c.answer.is_not(None))


def _toggle(connection: Connection, vault: Vault, person_id: int, number: int, keys: frozenset[str]) -> bool | None:
    """Whether they are called untrue now; None without a report."""
    own = select(report.c.id, report.c.disputed).where(_own(person_id, number)).with_for_update()
    row = connection.execute(own).one_or_none()
    if row is None:
        return None
    seal = vault.report(connection, person_id, row.id)
    before = frozenset(open_json(seal, "disputed", row.disputed)) if row.disputed is not None else frozenset()
    after = before - keys if keys <= before else before | keys
    connection.execute(update(report).where(report.c.id == row.id).values(disputed=seal_keys(seal, after)))
    return keys <= after
