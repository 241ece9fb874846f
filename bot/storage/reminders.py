"""Reminders' rows: chosen, due, claimed by one process at a time, moved on before each send."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, RowMapping, Update, and_, bindparam, func, not_, or_, select, update

from bot.calendar.weekly import WeeklyTime
from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.engine.seals import RowSeal
from bot.storage.engine.vault import Vault
from bot.storage.people.efforts import CLOCKS_DIFFER, within
from bot.storage.people.people import choose
from bot.storage.records import PersonGone, PersonRecord
from bot.storage.sealing import open_person, readable
from bot.storage.tables import person, reminder, report

_BATCH: Final = 100  # a transaction's worth: fewer cost as much each; what a dead process had waits for its lease's end
_LOOKED_AT_ONCE: Final = 500
_LEASE: Final = timedelta(minutes=2)
_FURTHEST: Final = timedelta(days=9)  # a week, a night, and an hour that the clocks were changed by
_UNTOLD: Final = and_(reminder.c.suggested_at.is_(None), reminder.c.weekday.is_(None))
_OF: Final = select(reminder).where(reminder.c.person_id == bindparam("whose"))
_TOLD: Final = select(reminder.c.person_id).where(reminder.c.person_id == bindparam("whose"), not_(_UNTOLD))
_EARLIEST: Final = (
    select(reminder.c.next_due_at).where(reminder.c.next_due_at.is_not(None)).order_by(reminder.c.next_due_at).limit(1)
)
_FREE_AND_DUE: Final = (
    select(reminder.c.person_id)
    .where(
        reminder.c.next_due_at <= bindparam("now"),
        or_(
            reminder.c.lease_until.is_(None),
            reminder.c.lease_until <= bindparam("now"),
            reminder.c.lease_until > bindparam("never"),  # by a clock that was ahead
        ),
    )
    .order_by(reminder.c.next_due_at)
    .limit(_BATCH)
    .with_for_update(skip_locked=True)
)
_AMONG_THESE: Final = reminder.c.person_id.in_(bindparam("these", expanding=True))
_LEASE_THESE: Final = update(reminder).where(_AMONG_THESE).values(lease_until=bindparam("until"))
_LATEST_SCAN: Final = (
    select(func.max(report.c.requested_at)).where(report.c.person_id == reminder.c.person_id).scalar_subquery()
)
_JOINED: Final = select(
    person, *(column for column in reminder.c if column.name != "person_id"), _LATEST_SCAN.label("scanned_at")
).join_from(reminder, person)
_THESE: Final = _JOINED.where(_AMONG_THESE).order_by(reminder.c.next_due_at)


class ReminderState(StrEnum):
    """ON has a date. WAITING: chosen, but the time zone is not known yet. PAUSED by itself, OFF by the person.

    UNREACHABLE: Telegram said that the person blocked the bot or is gone.
    """

    OFF = "off"
    WAITING = "waiting"
    ON = "on"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, kw_only=True)
class NextDate:
    """`occurs_at`: the wall time that was chosen, exactly. `due_at`: when it is worked, somewhat later.

    `rules`: the version of the time zones it was computed by. `snoozed`: an extra one, asked for by hand.
    """

    occurs_at: datetime
    due_at: datetime
    rules: str
    snoozed: bool = False


@dataclass(frozen=True, kw_only=True)
class ReminderRecord:
    """`ignored`: how many were sent in a row that were neither tapped nor followed by a selfie."""

    person_id: int
    state: ReminderState
    weekly: WeeklyTime | None
    next_date: NextDate | None
    sent_at: datetime | None
    ignored: int


@dataclass(frozen=True, kw_only=True)
class DueReminder:
    """`scanned_at`: when this person's newest selfie came in."""

    person: PersonRecord
    weekly: WeeklyTime
    next_date: NextDate
    sent_at: datetime | None
    ignored: int
    scanned_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Send:
    """`late`: it should have come more than a quarter of an hour ago. `ignored`: how many in a row with this one."""

    late: bool
    following: NextDate
    ignored: int


@dataclass(frozen=True, kw_only=True)
class Pause:
    """It was ignored four weeks in a row."""


@dataclass(frozen=True, kw_only=True)
class Skip:
    """More than twelve hours late: next week's is soon enough."""

    following: NextDate


@dataclass(frozen=True, kw_only=True)
class PutOff:
    """Not now: the quiet hours, or the zone's rules have changed."""

    until: NextDate


ReminderVerdict = Send | Pause | Skip | PutOff


class ReminderRows:
    """Every method raises DatabaseUnavailable. A change for a person who is gone changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    # chosen

    async def of(self, person_id: int) -> ReminderRecord | None:
        this = {"whose": person_id}
        row = await self._database.find(lambda connection: connection.execute(_OF, this).mappings().one_or_none())
        return _opened(row) if row else None

    async def choose(self, person_id: int, weekly: WeeklyTime, next_date: NextDate | None) -> None:
        """On from now on; without a date (the time zone is missing) it waits. Raises PersonGone."""
        state = ReminderState.WAITING if next_date is None else ReminderState.ON
        chosen = {"weekday": weekly.weekday, "minute": weekly.minute, "ignored": 0, "zone_asked_at": None}
        await self._set_or_add(person_id, chosen | {"state": state.value} | _dated(next_date))

    async def move(self, person_id: int, time_zone: str, next_date: NextDate | None) -> None:
        """The person's time zone is another one; with a date the reminder is on. Raises PersonGone."""
        values: dict[str, object] = {"zone_asked_at": None}
        if next_date is not None:
            values |= {"state": ReminderState.ON.value} | _dated(next_date)

        def work(connection: Connection) -> None:
            _set_or_add(connection, person_id, values)
            choose(connection, self._vault, person_id, lambda choices: replace(choices, time_zone=time_zone))

        await self._database.write(work)

    async def switch_off(self, person_id: int, state: ReminderState = ReminderState.OFF) -> bool:
        """False when it was not on."""
        off = {"state": state.value} | _dated(None)
        running = reminder.c.state.in_((ReminderState.ON, ReminderState.WAITING))
        return await self._changed(update(reminder).where(reminder.c.person_id == person_id, running).values(off))

    async def come_back(self, person_id: int, next_date: NextDate) -> bool:
        """On again for who could not be reached; True for one caller only."""
        values = {"state": ReminderState.ON.value, "ignored": 0} | _dated(next_date)
        such = and_(reminder.c.person_id == person_id, reminder.c.state == ReminderState.UNREACHABLE)
        return await self._changed(update(reminder).where(such).values(values))

    async def answer(self, person_id: int, next_date: NextDate | None = None) -> bool:
        """The person tapped on a reminder, perhaps asking for another date. False when it is not on."""
        values = {"ignored": 0} | ({} if next_date is None else _dated(next_date))
        such = and_(reminder.c.person_id == person_id, reminder.c.state == ReminderState.ON)
        return await self._changed(update(reminder).where(such).values(values))

    async def knows_of_them(self, person_id: int) -> bool:
        """Reminders were suggested, or a time was chosen: `suggest_once`, which is a commit, would tell nothing new."""
        this = {"whose": person_id}
        return await self._database.find(lambda connection: connection.scalar(_TOLD, this)) is not None

    async def suggest_once(self, person_id: int, *, now: datetime) -> bool:
        """True for exactly one caller ever, and never for a person who has chosen a time already.

        Raises PersonGone.
        """
        first = update(reminder).where(reminder.c.person_id == person_id, _UNTOLD).values(suggested_at=now)

        def work(connection: Connection) -> bool:
            _set_or_add(connection, person_id, {})
            return connection.execute(first).rowcount == 1

        return await self._database.write(work)

    async def ask_zone(self, person_id: int, *, now: datetime) -> None:
        """The next text of this person may name their city. Raises PersonGone."""
        await self._set_or_add(person_id, {"zone_asked_at": now})

    async def drop_zone_question(self, person_id: int, *, since: datetime) -> bool:
        """The next text names no city; False when none was asked for since then."""
        asked = and_(reminder.c.person_id == person_id, reminder.c.zone_asked_at >= since)
        return await self._changed(update(reminder).where(asked).values(zone_asked_at=None))

    async def zone_asked(self, person_id: int, *, since: datetime, now: datetime) -> bool:
        asked = select(reminder.c.person_id).where(
            reminder.c.person_id == person_id, within(reminder.c.zone_asked_at, since, now)
        )
        return await self._database.find(lambda connection: connection.scalar(asked)) is not None

    # due

    async def next_due_at(self, *, after: datetime | None = None) -> datetime | None:
        """When the earliest of all falls due, or of those that fall due after that time."""
        statement = _EARLIEST if after is None else _EARLIEST.where(reminder.c.next_due_at > after)
        return await self._database.read(lambda connection: connection.scalar(statement))

    async def claim(self, *, now: datetime) -> list[DueReminder]:
        """Up to 100 due ones that nobody else works on, the longest due first: ours for two minutes."""
        return await self._database.write(lambda connection: _claim(connection, self._vault, now))

    async def settle(self, due: DueReminder, verdict: ReminderVerdict, *, now: datetime) -> bool:
        """Commit what is decided, before anything is sent; True for one caller only."""
        return await self._changed(_still_due(due).values(_settled(verdict, now)))

    async def outdated(self, rules: str, *, after: int) -> list[DueReminder]:
        """Some of those that were dated by other rules than these, with a higher person id than `after`, by id."""
        statement = (
            _JOINED.where(reminder.c.next_due_at.is_not(None), reminder.c.rules != rules, reminder.c.person_id > after)
            .order_by(reminder.c.person_id)
            .limit(_LOOKED_AT_ONCE)
        )

        def work(connection: Connection) -> list[DueReminder]:
            return _readable(connection, self._vault, connection.execute(statement).mappings())

        return await self._database.read(work)

    async def too_far(self, *, now: datetime, after: int) -> list[DueReminder]:
        """As `outdated`: those whose next date is further off than a week has days. A clock that was ahead set it."""
        statement = (
            _JOINED.where(reminder.c.next_due_at > now + _FURTHEST, reminder.c.person_id > after)
            .order_by(reminder.c.person_id)
            .limit(_LOOKED_AT_ONCE)
        )

        def work(connection: Connection) -> list[DueReminder]:
            return _readable(connection, self._vault, connection.execute(statement).mappings())

        return await self._database.read(work)

    async def _set_or_add(self, person_id: int, values: dict[str, object]) -> None:
        await self._database.write(lambda connection: _set_or_add(connection, person_id, values))

    async def _changed(self, statement: Update) -> bool:
        return await self._database.write(lambda connection: connection.execute(statement).rowcount == 1)


def _set_or_add(connection: Connection, person_id: int, values: dict[str, object]) -> None:
    there = select(person.c.id).where(person.c.id == person_id).with_for_update(read=True, key_share=True)
    if connection.scalar(there) is None:
        raise PersonGone
    blank = {"person_id": person_id, "state": ReminderState.OFF.value, "snoozed": False, "ignored": 0}
    connection.execute(insert_unless_there(connection, reminder).values(blank))
    if values:
        connection.execute(update(reminder).where(reminder.c.person_id == person_id).values(values))


def _claim(connection: Connection, vault: Vault, now: datetime) -> list[DueReminder]:
    claimed = list(connection.scalars(_FREE_AND_DUE, {"now": now, "never": now + _LEASE + CLOCKS_DIFFER}))
    if not claimed:
        return []
    connection.execute(_LEASE_THESE, {"these": claimed, "until": now + _LEASE})
    return _readable(connection, vault, connection.execute(_THESE, {"these": claimed}).mappings())


def _readable(connection: Connection, vault: Vault, rows: Iterable[RowMapping]) -> list[DueReminder]:
    """A damaged person's stays leased, and is tried again when that ends."""
    return readable(rows, lambda row: _due(row, vault.person(connection, row["id"])))


def _settled(verdict: ReminderVerdict, now: datetime) -> dict[str, object]:
    match verdict:
        case Send(following=following, ignored=ignored):
            return {"ignored": ignored, "sent_at": now} | _dated(following)
        case Pause():
            return {"state": ReminderState.PAUSED.value, "ignored": 0} | _dated(None)
        case Skip(following=following):
            return _dated(following)
        case PutOff(until=until):
            return _dated(until)


def _still_due(due: DueReminder) -> Update:
    """The row as it was claimed: not sent by another process, not changed by the person meanwhile."""
    return update(reminder).where(
        reminder.c.person_id == due.person.id,
        reminder.c.state == ReminderState.ON,
        reminder.c.next_due_at == due.next_date.due_at,
    )


def _dated(next_date: NextDate | None) -> dict[str, object]:
    return {
        "occurs_at": next_date and next_date.occurs_at,
        "next_due_at": next_date and next_date.due_at,
        "rules": next_date and next_date.rules,
        "snoozed": next_date is not None and next_date.snoozed,
        "lease_until": None,
    }


def _due(row: RowMapping, seal: RowSeal) -> DueReminder:
    next_date = _date(row)
    weekly = _weekly(row)
    if next_date is None or weekly is None:
        raise ValueError("a reminder that is due has a weekly time and a date")
    return DueReminder(
        person=open_person(row, seal),
        weekly=weekly,
        next_date=next_date,
        sent_at=row["sent_at"],
        ignored=row["ignored"],
        scanned_at=row["scanned_at"],
    )


def _opened(row: RowMapping) -> ReminderRecord:
    return ReminderRecord(
        person_id=row["person_id"],
        state=ReminderState(row["state"]),
        weekly=_weekly(row),
        next_date=_date(row),
        sent_at=row["sent_at"],
        ignored=row["ignored"],
    )


def _weekly(row: RowMapping) -> WeeklyTime | None:
    return None if row["weekday"] is None else WeeklyTime(weekday=row["weekday"], minute=row["minute"])


def _date(row: RowMapping) -> NextDate | None:
    if row["next_due_at"] is None:
        return None
    return NextDate(
        occurs_at=row["occurs_at"], due_at=row["next_due_at"], rules=row["rules"], snoozed=bool(row["snoozed"])
    )
