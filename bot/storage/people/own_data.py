"""All that belongs to one person, as a whole: counted, read through for an export, rid of its pictures."""

import logging
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, case, delete, func, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.seals import RowSeal, SealBroken
from bot.storage.engine.vault import Vault
from bot.storage.experiments.photos import checked_for
from bot.storage.experiments.records import CheckedPhoto, ExperimentRecord
from bot.storage.experiments.rows import experiments_of
from bot.storage.people.feelings import feelings_of
from bot.storage.people.not_theirs import Known, forget_not_theirs, not_theirs_of
from bot.storage.people.products import products_of
from bot.storage.records import FeelingRecord, ProductRecord, ReportRecord, ReportState, without_places
from bot.storage.reports.requests import opened_report
from bot.storage.sealing import open_photos, readable, seal_photos
from bot.storage.tables import experiment, feeling, person, product, reminder, report, said

_log = logging.getLogger(__name__)

_BATCH: Final = 20  # a red map makes a row large
# A held photo does not wait: it was said what is wrong with it.
_ANSWERED: Final = (ReportState.DELIVERED, ReportState.REJECTED, ReportState.FAILED, ReportState.HELD)


@dataclass(frozen=True, kw_only=True)
class HeldReminder:
    """What is stored for reminders; `weekday` from Monday (0), `minute` of the day, None where nothing was chosen."""

    state: str
    weekday: int | None
    minute: int | None
    next_due_at: datetime | None
    sent_at: datetime | None
    ignored: int
    suggested_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class HeldExperiment:
    """With the reports that were looked at for it, oldest first."""

    record: ExperimentRecord
    photos: tuple[CheckedPhoto, ...]


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What is stored of a person, in numbers. `handed_in`: selfies (an album is one), whatever became of them.

    `consent_text`: a hash of the text that they said yes to. `pictures`: reports of which a picture can be shown again.
    `not_theirs`: what they said of their reports is none of theirs.
    """

    since: datetime
    seen_at: datetime
    consent_version: int | None
    consented_at: datetime | None
    withdrawn_at: datetime | None
    notice_at: datetime | None
    shares_photos: bool | None
    shared_at: datetime | None
    keeps_reports_at: datetime | None
    consent_locale: str | None
    consent_text: str | None
    handed_in: int
    reports: int
    waiting: int
    pictures: int
    notes: int
    messages: int
    reminder: HeldReminder | None
    not_theirs: Known = ()
    feelings: tuple[FeelingRecord, ...] = ()
    products: tuple[ProductRecord, ...] = ()
    experiments: tuple[HeldExperiment, ...] = ()


class OwnDataRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def holdings(self, person_id: int) -> Holdings | None:
        """None for a person who was erased."""
        return await self._database.read(partial(_holdings, vault=self._vault, person_id=person_id))

    async def reports(self, person_id: int, *, after: int) -> list[ReportRecord]:
        """Up to 20 of all the person's reports, whatever became of them, with higher ids than `after`: by age."""
        statement = (
            select(report)
            .where(report.c.person_id == person_id, report.c.id > after)
            .order_by(report.c.id)
            .limit(_BATCH)
        )

        def work(connection: Connection) -> list[ReportRecord]:
            rows = connection.execute(statement).mappings()
            return readable(rows, lambda row: opened_report(connection, self._vault, row))

        return await self._database.read(work)

    async def drop_pictures(self, person_id: int) -> None:
        """Forget the drawn pictures, the redness maps, and where Telegram has the selfies.

        A selfie that is still being worked keeps its place until that is over.
        """
        await self._database.write(partial(_drop_pictures, vault=self._vault, person_id=person_id))
        await self._database.forget_deleted()

    async def erase_reports(self, person_id: int) -> list[int]:
        """Every report, photo that waits, note, picture, remark, feeling, product and experiment is gone.

        Who they are and what they chose stays.

        Returns the messages that told how far those are that had not come to their end.
        """
        gone = (
            delete(report).where(report.c.person_id == person_id).returning(report.c.state, report.c.status_message_id)
        )

        def work(connection: Connection) -> list[tuple[str, int | None]]:
            forget_not_theirs(connection, person_id)
            for table in (feeling, product, experiment):
                connection.execute(delete(table).where(table.c.person_id == person_id))
            return [(row.state, row.status_message_id) for row in connection.execute(gone)]

        erased = await self._database.write(work)
        await self._database.forget_deleted()
        return [message_id for state, message_id in erased if message_id and state not in _ANSWERED]

    async def drop_waiting(self, person_id: int) -> list[int | None]:
        """Photos that wait or are being read are gone; what was answered stays.

        Returns the message that tells of each, where there is one.
        """
        waiting = (report.c.person_id == person_id, report.c.state.not_in(_ANSWERED))
        gone = delete(report).where(*waiting).returning(report.c.status_message_id)
        dropped = await self._database.write(lambda connection: connection.scalars(gone).all())
        await self._database.forget_deleted()
        return list(dropped)


def _holdings(connection: Connection, *, vault: Vault, person_id: int) -> Holdings | None:
    known = connection.execute(select(person).where(person.c.id == person_id)).mappings().one_or_none()
    if known is None:
        return None
    counts = connection.execute(
        select(
            func.count().label("handed_in"),
            func.count(report.c.summary).label("reports"),
            func.count(case((report.c.state.not_in(_ANSWERED), 1))).label("waiting"),
            func.count(func.coalesce(report.c.annotated_file_id, report.c.redness_file_id)).label("pictures"),
            func.count(report.c.note).label("notes"),
        ).where(report.c.person_id == person_id)
    ).one()
    messages = connection.execute(select(func.count()).where(said.c.person_id == person_id)).scalar_one()
    return Holdings(
        since=known["created_at"],
        seen_at=known["seen_at"],
        consent_version=known["consent_version"],
        consented_at=known["consented_at"],
        withdrawn_at=known["withdrawn_at"],
        notice_at=known["notice_at"],
        shares_photos=known["shares_photos"],
        shared_at=known["shared_at"],
        keeps_reports_at=known["keeps_reports_at"],
        consent_locale=known["consent_locale"],
        consent_text=known["consent_text"].hex() if known["consent_text"] else None,
        handed_in=counts.handed_in,
        reports=counts.reports,
        waiting=counts.waiting,
        pictures=counts.pictures,
        notes=counts.notes,
        messages=messages,
        reminder=_reminder(connection, person_id),
        not_theirs=not_theirs_of(connection, vault, person_id),
        feelings=feelings_of(connection, vault, person_id),
        products=products_of(connection, vault, person_id),
        experiments=tuple(
            HeldExperiment(record=found, photos=tuple(checked_for(connection, vault, found)))
            for found in experiments_of(connection, vault, person_id)
        ),
    )


def _reminder(connection: Connection, person_id: int) -> HeldReminder | None:
    columns = [reminder.c[field.name] for field in fields(HeldReminder)]
    row = connection.execute(select(*columns).where(reminder.c.person_id == person_id)).mappings().one_or_none()
    return None if row is None else HeldReminder(**row)


def _drop_pictures(connection: Connection, *, vault: Vault, person_id: int) -> None:
    own = select(report.c.id, report.c.photos).where(report.c.person_id == person_id, report.c.state.in_(_ANSWERED))
    for row in connection.execute(own.with_for_update()).all():
        seal = vault.report(connection, person_id, row.id)
        gone = {"annotated_file_id": None, "redness_file_id": None, "red_map": None, "look": None}
        sealed = _without_places(seal, row.id, row.photos)
        if sealed is not None:
            connection.execute(update(report).where(report.c.id == row.id).values(photos=sealed, **gone))


def _without_places(seal: RowSeal, report_id: int, sealed: bytes) -> bytes | None:
    """None when there were none. A damaged row says no more where its photos are, either."""
    try:
        photos = open_photos(seal, sealed)
    except SealBroken:
        _log.error("row %d can't be opened: its photos are forgotten", report_id)
        return seal_photos(seal, ())
    return seal_photos(seal, without_places(photos)) if any(photo.file_id for photo in photos) else None
