"""An admin's notices to everybody: asked for, written, sent one after another, over. Whom each reached: `told`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, delete, func, insert, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.people.efforts import within
from bot.storage.people.owned import lock_owner
from bot.storage.sealing import open_text, readable, seal_text
from bot.storage.tables import person
from bot.storage.tables_of_access import broadcast

_WORDS: Final = "words"


class BroadcastState(StrEnum):
    """ASKED: its words are awaited. WRITTEN: shown to the admin, who has not said yes. STOPPED: by an admin."""

    ASKED = "asked"
    WRITTEN = "written"
    SENDING = "sending"
    STOPPED = "stopped"
    DONE = "done"


_OPEN: Final = (BroadcastState.ASKED, BroadcastState.WRITTEN)
_BEGUN: Final = (BroadcastState.SENDING, BroadcastState.STOPPED, BroadcastState.DONE)


@dataclass(frozen=True, kw_only=True)
class BroadcastRecord:
    """`people`: whom it went to when it began, those up to the row `last_person`. `message_id`: tells its admin of it.

    `words`: None before they are written, and when it is over.
    """

    id: int
    person_id: int
    state: BroadcastState
    words: str | None = field(repr=False)
    people: int
    last_person: int
    message_id: int | None

    @property
    def key(self) -> bytes:
        """What `NoticeRows` know it by: the same words another time are another notice."""
        return sha256(f"broadcast {self.id}".encode()).digest()


class BroadcastRows:
    """Every method raises DatabaseUnavailable. Until it is sent a notice is its admin's alone; then every admin's."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    # written

    async def ask(self, person_id: int, *, now: datetime) -> None:
        """Their next text is one. What they wrote before and did not send is gone. Raises PersonGone."""

        def work(connection: Connection) -> None:
            lock_owner(connection, person_id)
            connection.execute(delete(broadcast).where(_unsent_of(person_id)))
            row = {"person_id": person_id, "state": BroadcastState.ASKED.value, "asked_at": now}
            connection.execute(insert(broadcast).values(row))

        await self._database.write(work)

    async def is_asked(self, person_id: int, *, since: datetime, now: datetime) -> bool:
        asked = select(broadcast.c.id).where(_awaited(person_id, since, now))
        return await self._database.find(lambda connection: connection.scalar(asked)) is not None

    async def write(self, person_id: int, words: str, *, since: datetime, now: datetime) -> BroadcastRecord | None:
        """Its words; None when none were awaited (any more)."""

        def work(connection: Connection) -> BroadcastRecord | None:
            lock_owner(connection, person_id)
            number = connection.scalar(select(broadcast.c.id).where(_awaited(person_id, since, now)))
            if number is None:
                return None
            sealed = seal_text(self._vault.row(connection, person_id, broadcast, number), _WORDS, words)
            values = {"state": BroadcastState.WRITTEN.value, "words": sealed}
            connection.execute(update(broadcast).where(broadcast.c.id == number).values(values))
            return _one(connection, self._vault, broadcast.c.id == number)

        return await self._database.write(work)

    async def drop(self, person_id: int) -> bool:
        """What they were asked for, or wrote and did not send; False when there was nothing."""
        gone = delete(broadcast).where(_unsent_of(person_id))
        return await self._database.write(lambda connection: connection.execute(gone).rowcount > 0)

    # sent

    async def begin(self, person_id: int, number: int, *, message_id: int | None, now: datetime) -> bool:
        """To everybody who is here now; False unless it is theirs, written, and was not begun: for one caller only."""
        this = and_(
            broadcast.c.id == number,
            broadcast.c.person_id == person_id,
            broadcast.c.state == BroadcastState.WRITTEN.value,
        )

        def work(connection: Connection) -> bool:
            last = connection.scalar(select(func.max(person.c.id))) or 0
            values = {
                "state": BroadcastState.SENDING.value,
                "began_at": now,
                "people": connection.scalar(_reachable(person.c.id <= last)),
                "last_person": last,
                "message_id": message_id,
            }
            return connection.execute(update(broadcast).where(this).values(values)).rowcount == 1

        return await self._database.write(work)

    async def end(self, number: int, state: BroadcastState, *, now: datetime) -> bool:
        """True for one caller only; its words are gone then."""
        this = and_(broadcast.c.id == number, broadcast.c.state == BroadcastState.SENDING.value)
        over = update(broadcast).where(this).values(state=state.value, ended_at=now, words=None)
        return await self._database.write(lambda connection: connection.execute(over).rowcount == 1)

    async def is_sending(self, number: int) -> bool:
        state = select(broadcast.c.state).where(broadcast.c.id == number)
        return await self._database.find(lambda connection: connection.scalar(state)) == BroadcastState.SENDING.value

    async def sending(self) -> list[BroadcastRecord]:
        """All that are to be sent, in the order in which they are."""
        these = broadcast.c.state == BroadcastState.SENDING.value
        return await self._database.read(lambda connection: _opened(connection, self._vault, these))

    async def begun(self, number: int | None = None) -> BroadcastRecord | None:
        """That one, or the newest; None for one that nobody sent."""
        sent = broadcast.c.state.in_(_BEGUN)
        which = sent if number is None else and_(sent, broadcast.c.id == number)
        return await self._database.read(lambda connection: _one(connection, self._vault, which))

    async def reach(self) -> int:
        """How many people one would go to now."""
        return await self._database.read(lambda connection: connection.scalar(_reachable()) or 0)


def _reachable(*which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(person).where(person.c.unreachable_at.is_(None), *which)


def _unsent_of(person_id: int) -> ColumnElement[bool]:
    return and_(broadcast.c.person_id == person_id, broadcast.c.state.in_(_OPEN))


def _awaited(person_id: int, since: datetime, now: datetime) -> ColumnElement[bool]:
    return and_(
        broadcast.c.person_id == person_id,
        broadcast.c.state == BroadcastState.ASKED.value,
        within(broadcast.c.asked_at, since, now),
    )


def _one(connection: Connection, vault: Vault, which: ColumnElement[bool]) -> BroadcastRecord | None:
    """The newest of them."""
    found = _opened(connection, vault, which)
    return found[-1] if found else None


def _opened(connection: Connection, vault: Vault, which: ColumnElement[bool]) -> list[BroadcastRecord]:
    rows = connection.execute(select(broadcast).where(which).order_by(broadcast.c.began_at, broadcast.c.id)).mappings()
    return readable(rows, lambda row: _record(connection, vault, row))


def _record(connection: Connection, vault: Vault, row: RowMapping) -> BroadcastRecord:
    seal = vault.row(connection, row["person_id"], broadcast, row["id"])
    return BroadcastRecord(
        id=row["id"],
        person_id=row["person_id"],
        state=BroadcastState(row["state"]),
        words=None if row["words"] is None else open_text(seal, _WORDS, row["words"]),
        people=row["people"] or 0,
        last_person=row["last_person"] or 0,
        message_id=row["message_id"],
    )
