"""How a selfie becomes a report's row: once for each message, once for each album."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, insert, select, update

from bot.skin.trend import REPEAT_WITHIN
from bot.storage.engine.seals import RowSeal
from bot.storage.engine.vault import Vault
from bot.storage.people.efforts import CLOCKS_DIFFER
from bot.storage.records import IncomingPhoto, PersonGone, ReportRecord, ReportState
from bot.storage.sealing import (
    open_lookups,
    open_photos,
    open_report,
    report_lookups,
    report_pseudonyms,
    seal_lookups,
    seal_photos,
    seal_text,
)
from bot.storage.tables import OWN, person, report

_REPEATED_WITHIN: Final = timedelta(days=2)  # Telegram repeats an update for a day
_LATE: Final = "+"
_STILL_OPEN: Final = (ReportState.COLLECTING, ReportState.AWAITING_CONSENT)
_WHOSE: Final = report.c.person_id == bindparam("whose")
_ONE_AT_A_TIME: Final = select(person.c.id).where(person.c.id == bindparam("whose")).with_for_update()
_KNOWN_AS: Final = {
    name: select(report).where(_WHOSE, report.c[name].in_(bindparam("known_as", expanding=True)))
    for name in ("origin", "album")
}
_WISHED: Final = (
    select(report.c.id, report.c.number, report.c.repeat_until)
    .where(_WHOSE, report.c.repeat_until.is_not(None))
    .order_by(report.c.number.desc())
    .limit(1)
)
_LOWEST: Final = select(func.coalesce(func.min(report.c.number), 0)).where(_WHOSE, report.c.number < 0)
_ADDED: Final = insert(report).values(number=_LOWEST.scalar_subquery() - 1).returning(report.c.id)
_SEALED: Final = update(report).where(report.c.id == bindparam("new_id")).returning(report)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A selfie handed in. `origin` names its message, `album` the group it came with.

    `former_origin` names the message as it was named when origins did not say whose bot it was. A new report is due
    at `not_before`; a photo that joins an album puts it off to `joined_not_before` at least.
    """

    person_id: int
    photo: IncomingPhoto
    origin: str = field(repr=False)
    former_origin: str | None = field(repr=False)
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


def place_request(connection: Connection, vault: Vault, request: Request) -> tuple[ReportRecord, bool]:
    """The report of that request and whether it is new. Raises PersonGone."""
    if connection.scalar(_ONE_AT_A_TIME, {"whose": request.person_id}) is None:
        raise PersonGone
    replayed = _replayed(connection, vault, request)
    if replayed is not None:
        return opened_report(connection, vault, replayed), False
    if request.album is not None:
        request, album = _in_album(connection, vault, request, request.album)
        if album is not None:
            return opened_report(connection, vault, album), False
    return _added(connection, vault, request, _taken_up(connection, request)), True


def close_album(
    connection: Connection, vault: Vault, report_id: int, now: datetime
) -> tuple[ReportRecord | None, int | None]:
    """See `Reports.close_album`."""
    this = select(report).where(report.c.id == report_id).with_for_update()
    row = connection.execute(this).mappings().one_or_none()
    if row is None:
        return None, None
    earlier = _report_of_earlier_part(connection, vault, row)
    if earlier is None and row["state"] == ReportState.COLLECTING:
        closed = {"state": ReportState.REQUESTED.value, "updated_at": now}
        statement = update(report).where(report.c.id == report_id).values(closed).returning(report)
        row = connection.execute(statement).mappings().one()
    return opened_report(connection, vault, row), earlier


def _report_of_earlier_part(connection: Connection, vault: Vault, row: RowMapping) -> int | None:
    seal = vault.report(connection, row["person_id"], row["id"])
    names = _earlier_parts(open_lookups(seal, row["lookups"]).get("album", ""))
    known_as = [key for name in names for key in report_pseudonyms(vault, "album", row["person_id"], name)]
    if not known_as:
        return None
    theirs = and_(report.c.person_id == row["person_id"], report.c.album.in_(known_as), report.c.answer.is_not(None))
    number: int | None = connection.scalar(select(func.max(report.c.number)).where(theirs))
    return number


def _found(connection: Connection, vault: Vault, request: Request, name: str, value: str) -> RowMapping | None:
    this = {"whose": request.person_id, "known_as": report_pseudonyms(vault, name, request.person_id, value)}
    return connection.execute(_KNOWN_AS[name], this).mappings().one_or_none()


def _replayed(connection: Connection, vault: Vault, request: Request) -> RowMapping | None:
    found = _found(connection, vault, request, "origin", request.origin)
    if found is not None or request.former_origin is None:
        return found
    former = _found(connection, vault, request, "origin", request.former_origin)
    # An older one may be of another bot that had this database, whose messages had the same numbers.
    recent = former is not None and abs(former["requested_at"] - request.now) < _REPEATED_WITHIN
    return former if recent else None


def _in_album(connection: Connection, vault: Vault, request: Request, album: str) -> tuple[Request, RowMapping | None]:
    """The report that this part of an album belongs to, with it in it; None when it is the first of a new one.

    A part that comes when the others are worked, or were, begins a report of its own, which further late ones join.
    """
    for time in count():
        named = replace(request, album=f"{album}{_LATE}{time}" if time else album)
        found = _found(connection, vault, named, "album", named.album or "")
        if found is None:
            return named, None
        joined = _joined(connection, vault, named, found)
        if joined is not None:
            return named, joined
    raise AssertionError("counting never ends")


def _earlier_parts(album: str) -> list[str]:
    """The names of the reports that earlier parts of the same album may have become."""
    name, late, time = album.partition(_LATE)
    return [name, *(f"{name}{_LATE}{earlier}" for earlier in range(1, int(time)))] if late else []


def _joined(connection: Connection, vault: Vault, request: Request, album: RowMapping) -> RowMapping | None:
    """The album with this photo in it; None for one that is being worked, or was, without it."""
    seal = vault.report(connection, request.person_id, album["id"])
    photos = open_photos(seal, album["photos"])
    if any(photo.message_id == request.photo.message_id for photo in photos):
        return album
    longer = _noted(seal, request, album["note"]) | {
        "photos": seal_photos(seal, (*photos, request.photo)),
        "not_before": _put_off(album["not_before"], request),
        "updated_at": request.now,
    }
    still_open = and_(report.c.id == album["id"], report.c.state.in_(_STILL_OPEN))
    statement = update(report).where(still_open).values(longer)
    return connection.execute(statement.returning(report)).mappings().one_or_none()


def _put_off(due_at: datetime | None, request: Request) -> datetime | None:
    """No later than a new one would be due: a clock that was ahead for a while may have dated the first part."""
    return None if due_at is None else min(max(due_at, request.joined_not_before), request.not_before)


def _taken_up(connection: Connection, request: Request) -> int | None:
    """The report that the person wished to measure again, if this selfie comes in time; the wish is over then."""
    row = connection.execute(_WISHED, {"whose": request.person_id}).one_or_none()
    if row is None:
        return None
    connection.execute(update(report).where(report.c.id == row.id).values(repeat_until=None))
    in_time = request.now <= row.repeat_until <= request.now + REPEAT_WITHIN + CLOCKS_DIFFER
    return int(row.number) if in_time else None


def _added(connection: Connection, vault: Vault, request: Request, repeat_of: int | None) -> ReportRecord:
    row = {
        "whose": request.person_id,
        "person_id": request.person_id,
        "state": request.state.value,
        "attempts": 0,
        "requested_at": request.now,
        "updated_at": request.now,
        "not_before": request.due_at,
        "photos": b"",  # sealed as soon as the row has a number
        "lookups": b"",
        "check_quality": True,
        "repeat_of": repeat_of,
        "trimmed": True,
        "sealed_by": OWN,
        **report_lookups(vault, request.person_id, request.lookups),
    }
    new_id = connection.execute(_ADDED, row).scalar_one()
    seal = vault.report(connection, request.person_id, new_id)
    sealed = {
        "photos": seal_photos(seal, (request.photo,)),
        "lookups": seal_lookups(seal, request.lookups),
        **_noted(seal, request, None),
    }
    return opened_report(connection, vault, connection.execute(_SEALED, {"new_id": new_id} | sealed).mappings().one())


def _noted(seal: RowSeal, request: Request, earlier: bytes | None) -> dict[str, object]:
    """What stands under the photos of an album is one text on the screen: the first is kept."""
    return {"note": seal_text(seal, "note", request.note) if request.note and earlier is None else earlier}


def opened_report(connection: Connection, vault: Vault, row: RowMapping) -> ReportRecord:
    """Raises SealBroken."""
    return open_report(row, vault.report(connection, row["person_id"], row["id"]))
