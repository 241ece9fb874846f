"""How a selfie becomes a report's row: once for each message, once for each album."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from bot.storage.keys import Keyring
from bot.storage.records import IncomingPhoto, PersonGone, ReportRecord, ReportState
from bot.storage.rows import (
    open_photos,
    open_report,
    report_lookups,
    report_pseudonyms,
    seal_photos,
    seal_text,
)
from bot.storage.tables import person, report

_STILL_OPEN: Final = (ReportState.COLLECTING, ReportState.AWAITING_CONSENT)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A selfie handed in. `origin` names its message, `album` the group it came with.

    A new report is due at `not_before`; a photo that joins an album puts it off to `joined_not_before` at least.
    """

    person_id: int
    photo: IncomingPhoto
    origin: str = field(repr=False)
    album: str | None = field(repr=False)
    note: str = field(repr=False)
    state: ReportState
    not_before: datetime
    joined_not_before: datetime
    now: datetime

    @property
    def due_at(self) -> datetime | None:
        """None while it waits for the person."""
        return None if self.state is ReportState.AWAITING_CONSENT else self.not_before

    @property
    def lookups(self) -> Mapping[str, str]:
        return {"origin": self.origin} | ({"album": self.album} if self.album else {})


def place_request(connection: Connection, keyring: Keyring, request: Request) -> tuple[ReportRecord, bool]:
    """The report of that request and whether it is new. Raises PersonGone."""
    one_at_a_time = select(person.c.id).where(person.c.id == request.person_id).with_for_update()
    if connection.scalar(one_at_a_time) is None:
        raise PersonGone
    replayed = _found(connection, keyring, request, "origin", request.origin)
    if replayed is not None:
        return open_report(replayed, keyring), False
    if request.album is not None:
        album = _found(connection, keyring, request, "album", request.album)
        if album is not None:
            return open_report(_joined(connection, keyring, request, album), keyring), False
    return open_report(_added(connection, keyring, request, _taken_up(connection, request)), keyring), True


def _found(connection: Connection, keyring: Keyring, request: Request, name: str, value: str) -> RowMapping | None:
    known_as = report_pseudonyms(keyring, name, request.person_id, value)
    statement = select(report).where(report.c.person_id == request.person_id, report.c[name].in_(known_as))
    return connection.execute(statement).mappings().one_or_none()


def _joined(connection: Connection, keyring: Keyring, request: Request, album: RowMapping) -> RowMapping:
    """The album with this photo in it; an album that is being worked, or was, stays as it is."""
    photos = open_photos(keyring, album["photos"])
    here_already = any(photo.message_id == request.photo.message_id for photo in photos)
    if here_already or album["state"] not in _STILL_OPEN:
        return album
    longer = _noted(keyring, request, album["note"]) | {
        "photos": seal_photos(keyring, (*photos, request.photo)),
        "not_before": None if album["not_before"] is None else max(album["not_before"], request.joined_not_before),
        "updated_at": request.now,
    }
    statement = update(report).where(report.c.id == album["id"]).values(longer)
    return connection.execute(statement.returning(report)).mappings().one()


def _taken_up(connection: Connection, request: Request) -> int | None:
    """The report that the person wished to measure again, if this selfie comes in time; the wish is over then."""
    wished = select(report.c.id, report.c.number, report.c.repeat_until).where(
        report.c.person_id == request.person_id, report.c.repeat_until.is_not(None)
    )
    row = connection.execute(wished.order_by(report.c.number.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    connection.execute(update(report).where(report.c.id == row.id).values(repeat_until=None))
    return int(row.number) if row.repeat_until >= request.now else None


def _added(connection: Connection, keyring: Keyring, request: Request, repeat_of: int | None) -> RowMapping:
    lowest = select(func.coalesce(func.min(report.c.number), 0)).where(
        report.c.person_id == request.person_id, report.c.number < 0
    )
    row = {
        "person_id": request.person_id,
        "state": request.state.value,
        "attempts": 0,
        "requested_at": request.now,
        "updated_at": request.now,
        "not_before": request.due_at,
        "photos": seal_photos(keyring, (request.photo,)),
        "check_quality": True,
        "repeat_of": repeat_of,
        "trimmed": True,
        "sealed_by": keyring.newest,
        **_noted(keyring, request, None),
        **report_lookups(keyring, request.person_id, request.lookups),
    }
    added = insert(report).values(number=lowest.scalar_subquery() - 1).returning(report)
    return connection.execute(added, row).mappings().one()


def _noted(keyring: Keyring, request: Request, earlier: bytes | None) -> dict[str, object]:
    """What stands under the photos of an album is one text on the screen: the first is kept."""
    return {"note": seal_text(keyring, request.note) if request.note and earlier is None else earlier}
