"""Reports' rows: requested, worked when due, kept, shown again. A person's own are reached by their number only."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from bot.skin.instrument import FIRST, Instrument
from bot.storage.engine.database import Database
from bot.storage.engine.seals import RowSeal
from bot.storage.experiments.due import fall_due
from bot.storage.records import (
    HistoryRecord,
    IncomingPhoto,
    PhotoFacts,
    ReportRecord,
    ReportStanding,
    ReportState,
    ReportSummary,
    Settlement,
)
from bot.storage.reports.answers import keep_answer
from bot.storage.reports.requests import Request, close_album, opened_report, place_request
from bot.storage.reports.settling import DOUBTED, STILL_WORKED, WAITING, WORKED, give_up, over, settle
from bot.storage.reports.standing import STANDING, standing_of
from bot.storage.sealing import (
    open_history,
    readable,
    report_pseudonyms,
    seal_facts,
    seal_photos,
    seal_summary,
    seal_text,
    sealed_or_none,
)
from bot.storage.tables import report

CANCELLED: Final = "cancelled"

_BY_ID: Final = select(report).where(report.c.id == bindparam("report_id"))
_WHOSE: Final = report.c.person_id == bindparam("whose")
_OF_PERSON: Final = select(report).where(_WHOSE, report.c.number == bindparam("number"))
_DELIVERED: Final = and_(_WHOSE, report.c.summary.is_not(None))
_LATEST: Final = select(report).where(_DELIVERED).order_by(report.c.number.desc()).limit(1)
_COUNT: Final = select(func.count()).select_from(report).where(_DELIVERED)
_IN_HISTORY: Final = (
    report.c.id,
    report.c.number,
    report.c.requested_at,
    report.c.provider,
    report.c.summary,
    report.c.note,
    report.c.disputed,
    report.c.remarks,
)
_PAGE: Final = select(*_IN_HISTORY).where(_DELIVERED).order_by(report.c.number.desc())
_HISTORY: Final = _PAGE.offset(bindparam("before")).limit(bindparam("most"))
_NTH_LATEST_AT: Final = (
    select(report.c.requested_at)
    .where(_DELIVERED)
    .order_by(report.c.number.desc())
    .offset(bindparam("before"))
    .limit(1)
)
_SAME_CONTENT: Final = (
    select(report)
    .where(
        _WHOSE,
        report.c.content.in_(bindparam("contents", expanding=True)),
        report.c.provider == bindparam("measured_by"),
        func.coalesce(report.c.analyzer_version, bindparam("first")) == bindparam("version"),
        report.c.state.in_((ReportState.ANALYZED, ReportState.DELIVERED)),
    )
    .order_by(report.c.number.desc())
    .limit(1)
)
_OWNER: Final = select(report.c.person_id).where(report.c.id == bindparam("report_id"))
_BEGUN: Final = update(report).where(report.c.id == bindparam("this_report"), STILL_WORKED)
_THIS: Final = update(report).where(report.c.id == bindparam("this_report"))


class ReportRows:
    """Every method raises DatabaseUnavailable. A change to a report that is gone (erased) changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    # asked for

    async def request(
        self,
        *,
        person_id: int,
        photo: IncomingPhoto,
        origin: str,
        former_origin: str | None = None,
        album: str | None,
        note: str = "",
        state: ReportState,
        not_before: datetime,
        joined_not_before: datetime,
        now: datetime,
    ) -> tuple[ReportRecord, bool]:
        """The report of a message, and whether it is new. The same `origin` gives the same report again.

        A further photo of the same `album` joins it while that one waits (and puts it off to `joined_not_before`);
        later it begins its own. `note`: what was written under the photo; of an album's the first. Raises PersonGone.
        """
        request = Request(
            person_id=person_id,
            photo=photo,
            origin=origin,
            former_origin=former_origin,
            album=album,
            note=note,
            state=state,
            not_before=not_before,
            joined_not_before=joined_not_before,
            now=now,
        )
        return await self._database.write(lambda connection: place_request(connection, self._vault, request))

    async def close_album(self, report_id: int, *, now: datetime) -> tuple[ReportRecord | None, int | None]:
        """No further photo joins it: the report (None when it is gone), and the number of an earlier part's report."""
        return await self._database.write(lambda connection: close_album(connection, self._vault, report_id, now))

    async def put_off_albums(self, *, until: datetime, now: datetime) -> None:
        """Albums that are overdue: their other parts may have come while nobody was there."""
        overdue = and_(report.c.state == ReportState.COLLECTING.value, report.c.not_before <= now)
        await self._set(overdue, {"not_before": until, "updated_at": now})

    async def release_waiting(self, person_id: int, *, now: datetime, not_before: datetime | None = None) -> list[int]:
        """Consent is given: what waited for it is requested, oldest first; returns the report ids.

        Here and below `not_before` is when the work begins without `begin`, at once by default.
        """
        own = and_(report.c.person_id == person_id, report.c.state == ReportState.AWAITING_CONSENT)
        statement = update(report).where(own).values(_requested(now, not_before)).returning(report.c.id)
        return await self._database.write(lambda connection: sorted(connection.scalars(statement)))

    async def allow_anyway(
        self, person_id: int, number: int, *, now: datetime, not_before: datetime | None = None
    ) -> ReportRecord | None:
        """A held report is requested without the check of quality; None when there is none (any more).

        The question stands on the screen a moment before the report is held: a tap counts from then on.
        """
        return await self._go_on(person_id, number, DOUBTED, _requested(now, not_before) | {"check_quality": False})

    async def ask_again(
        self, person_id: int, number: int, *, now: datetime, not_before: datetime | None = None
    ) -> ReportRecord | None:
        """A failed report is requested once more (one with an answer only delivered); None when there is none."""
        failed = report.c.state == ReportState.FAILED.value
        paid = case((report.c.answer.is_not(None), ReportState.ANALYZED.value), else_=ReportState.REQUESTED.value)
        return await self._go_on(person_id, number, failed, _requested(now, not_before) | {"state": paid})

    async def forget_waiting(self, person_id: int) -> int:
        """Consent is refused: what waited for it is gone, as if it had never come; returns how many."""
        unread = delete(report).where(
            report.c.person_id == person_id, report.c.state == ReportState.AWAITING_CONSENT.value
        )
        return await self._database.write(lambda connection: connection.execute(unread).rowcount)

    async def cancel(self, person_id: int, *, now: datetime) -> int:
        """Give up what waits to be read; returns how many. A held photo has its answer: it does not wait."""
        own = and_(report.c.person_id == person_id, report.c.state.in_(WAITING))
        statement = update(report).where(own).values(over(ReportState.FAILED, CANCELLED, now))
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)

    # found

    async def by_id(self, report_id: int) -> ReportRecord | None:
        return await self._one(_BY_ID, {"report_id": report_id})

    async def standing(self, report_id: int) -> ReportStanding | None:
        """How it stands, or that it is gone."""
        this = {"report_id": report_id}
        row = await self._database.find(lambda connection: connection.execute(STANDING, this).one_or_none())
        return None if row is None else standing_of(row)

    async def of_person(self, person_id: int, number: int) -> ReportRecord | None:
        return await self._one(_OF_PERSON, {"whose": person_id, "number": number})

    async def latest(self, person_id: int) -> ReportRecord | None:
        """The newest delivered one."""
        return await self._one(_LATEST, {"whose": person_id})

    async def count(self, person_id: int) -> int:
        """How many delivered reports the history has."""
        return await self._database.find(
            lambda connection: connection.execute(_COUNT, {"whose": person_id}).scalar_one()
        )

    async def history(self, person_id: int, *, offset: int, limit: int) -> list[HistoryRecord]:
        """Delivered reports, newest first. No answer is opened for it."""
        page = {"whose": person_id, "before": offset, "most": limit}

        def work(connection: Connection) -> list[HistoryRecord]:
            rows = connection.execute(_HISTORY, page).mappings()
            return readable(rows, lambda row: open_history(row, self._vault.report(connection, person_id, row["id"])))

        return await self._database.read(work)

    async def nth_latest_at(self, person_id: int, nth: int) -> datetime | None:
        """When the nth newest delivered report was asked for (1 is the newest); None when there are fewer."""
        place = {"whose": person_id, "before": nth - 1}
        return await self._database.find(lambda connection: connection.scalar(_NTH_LATEST_AT, place))

    async def same_content(self, person_id: int, content: bytes, *, instrument: Instrument) -> ReportRecord | None:
        """This person's report of the very same bytes by the same instrument, when there is an answer."""
        this = {
            "whose": person_id,
            "contents": report_pseudonyms(self._vault, "content", person_id, content.hex()),
            "measured_by": instrument.provider.value,
            "version": instrument.version,
            "first": FIRST[instrument.provider],
        }
        return await self._one(_SAME_CONTENT, this)

    # worked

    async def begin(
        self, report_id: int, *, status_message_id: int | None, not_before: datetime, now: datetime
    ) -> None:
        """The person sees that it is under way, in that message: the work may begin.

        Tried for minutes while the database is away: a message whose number is lost says "checking" for ever.
        """
        seen: dict[str, object] = {"status_message_id": status_message_id, "not_before": not_before, "updated_at": now}
        this = {"this_report": report_id, **seen}
        await self._database.write_patiently(lambda connection: connection.execute(_BEGUN, this))

    async def settle(self, report_id: int, settled: Settlement, *, now: datetime) -> None:
        """What becomes of it after a piece of work; nothing, when it was cancelled or is on the screen meanwhile.

        With a message to be known by it is tried for minutes while the database is away, as in `begin`.
        """
        write = self._database.write if settled.status_message_id is None else self._database.write_patiently
        await write(lambda connection: settle(connection, self._vault, report_id, settled, now))

    async def hasten(self, *, reason: str, now: datetime) -> int:
        """What was put off for this reason is due now; returns how many that are."""
        waiting = and_(report.c.reason == reason, report.c.state.in_(WORKED), report.c.not_before > now)
        statement = update(report).where(waiting).values(not_before=now, updated_at=now)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)

    async def save_answer(
        self,
        report_id: int,
        *,
        instrument: Instrument,
        answer: str,
        red_map: bytes | None,
        facts: PhotoFacts,
        content: bytes,
        chosen: int,
        paid_by: int | None = None,
        held_for: str | None = None,
        now: datetime,
    ) -> ReportRecord | None:
        """Keep a paid answer, whatever became of the report meanwhile; tried for minutes while the database is away.

        Returns the report as it is then, None when it is gone. `paid_by` is the ledger's row of the call: it counts as
        answered when, and only when, the answer is kept. `held_for`: why it is not told before the person was asked.
        """
        values: dict[str, object] = {
            "state": ReportState.ANALYZED.value,
            "reason": held_for,
            "attempts": 0,
            "updated_at": now,
            "provider": instrument.provider.value,
            "analyzer_version": instrument.version,
            "chosen": chosen,
        }

        def sealed(seal: RowSeal) -> dict[str, object]:
            return values | {
                "answer": seal_text(seal, "answer", answer),
                "red_map": sealed_or_none(seal, "red_map", red_map),
                "facts": seal_facts(seal, facts),
            }

        return await self._database.write_patiently(
            lambda connection: keep_answer(
                connection, self._vault, report_id, content=content, sealed=sealed, paid_by=paid_by, now=now
            )
        )

    async def deliver(
        self,
        report_id: int,
        *,
        annotated_file_id: str | None,
        message_id: int | None,
        summary: ReportSummary,
        photos: tuple[IncomingPhoto, ...] | None = None,
        now: datetime,
        look: str | None = None,
    ) -> None:
        """It is on the screen, as `message_id`. `photos`: what is kept of them from now on, when not all."""
        values = {"look": look, "status_message_id": message_id} | over(ReportState.DELIVERED, None, now)

        def sealed(seal: RowSeal) -> dict[str, object]:
            kept = {} if photos is None else {"photos": seal_photos(seal, photos)}
            drawn = sealed_or_none(seal, "annotated_file_id", annotated_file_id)
            return values | kept | {"annotated_file_id": drawn, "summary": seal_summary(seal, summary)}

        await self._seal(report_id, sealed, then=partial(fall_due, now=now))

    async def give_up_all(self, person_id: int, *, reason: str, now: datetime) -> None:
        """The person can't be reached: the end of everything of theirs that is not at its end."""
        own = report.c.person_id == person_id
        await self._database.write(lambda connection: give_up(connection, self._vault, own, reason, now))

    async def forget(self, report_id: int) -> None:
        """It is gone, as if it had never come: its person took their permission back while it was made."""
        statement = delete(report).where(report.c.id == report_id)
        await self._database.write(lambda connection: connection.execute(statement))

    async def set_annotated_file(self, report_id: int, file_id: str, *, look: str | None = None) -> None:
        await self._seal(
            report_id,
            lambda seal: {"annotated_file_id": sealed_or_none(seal, "annotated_file_id", file_id), "look": look},
        )

    async def set_redness_file(self, report_id: int, file_id: str) -> None:
        await self._seal(
            report_id,
            lambda seal: {"redness_file_id": sealed_or_none(seal, "redness_file_id", file_id)},
        )

    async def _one(
        self, statement: Select[tuple[object, ...]], values: Mapping[str, object] | None = None
    ) -> ReportRecord | None:
        def work(connection: Connection) -> ReportRecord | None:
            row = connection.execute(statement, values).mappings().one_or_none()
            return opened_report(connection, self._vault, row) if row else None

        return await self._database.find(work)

    async def _seal(
        self,
        report_id: int,
        sealed: Callable[[RowSeal], dict[str, object]],
        then: Callable[[Connection, int], object] = lambda *_: None,
    ) -> None:
        """As `_set`, with what only the owner's key can make; nothing for a report that is gone. `then` goes along."""

        def work(connection: Connection) -> None:
            owner = connection.scalar(_OWNER, {"report_id": report_id})
            if owner is not None:
                values = sealed(self._vault.report(connection, owner, report_id))
                connection.execute(_THIS, {"this_report": report_id, **values})
                then(connection, owner)

        await self._database.write(work)

    async def _set(self, which: ColumnElement[bool], values: dict[str, object]) -> None:
        """Values that are handed over beside the statement cost a third of those that are written into it."""
        statement = update(report).where(which)
        await self._database.write(lambda connection: connection.execute(statement, values))

    async def _go_on(
        self, person_id: int, number: int, such: ColumnElement[bool], values: dict[str, object]
    ) -> ReportRecord | None:
        """One conditional UPDATE: of two taps the second finds nothing."""
        own = and_(report.c.person_id == person_id, report.c.number == number, such)
        statement = update(report).where(own).values(values).returning(report)

        def work(connection: Connection) -> ReportRecord | None:
            row = connection.execute(statement).mappings().one_or_none()
            return opened_report(connection, self._vault, row) if row else None

        return await self._database.write(work)


def _requested(now: datetime, not_before: datetime | None) -> dict[str, object]:
    return {
        "state": ReportState.REQUESTED.value,
        "reason": None,
        "attempts": 0,
        "not_before": not_before or now,
        "updated_at": now,
    }
