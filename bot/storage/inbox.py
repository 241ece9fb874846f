"""Updates as they came in, stored before Telegram is told that they arrived; sealed, and wiped when worked."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.storage.database import Database
from bot.storage.dialects import insert_unless_there
from bot.storage.keys import Keyring
from bot.storage.rows import open_text, seal_json
from bot.storage.tables import inbox

_REMEMBERED: Final = timedelta(days=7)  # Telegram repeats an update for a day at most

_REPEATED: Final = timedelta(days=2)
_BOTS: Final = 2**31
_UPDATES_OF_ONE: Final = 2**32

_BEGIN_FIRST_TRIES: Final = (
    update(inbox)
    .where(inbox.c.update_id.in_(bindparam("update_ids", expanding=True)), inbox.c.attempts == 0)
    .values(attempts=1)
    .returning(inbox.c.update_id)
)
_FINISH: Final = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("worked"))
    .values(chat=None, raw=None, done_at=bindparam("now"), failed_at=None)
)

_Row = dict[str, Any]  # by column


def number_of(bot_id: int, update_id: int) -> int:
    """Under which number an update is stored: each bot counts its own, and this database may have had another."""
    return (bot_id % _BOTS) * _UPDATES_OF_ONE + update_id


class Inbox:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keyring = database.keyring
        self._taken = database.together(self._take_all)
        self._first_tries = database.together(self._begin_first_tries)
        self._finished = database.together(self._finish_all)

    async def take(self, updates: Sequence[tuple[int, int | None, str]], *, now: datetime) -> list[int]:
        """Store (update id, chat, raw JSON) in one commit; returns the ids that were not stored before."""
        if not updates:
            return []
        return await self._taken.ask(
            [_row(self._keyring, update_id, chat, raw, now) for update_id, chat, raw in updates]
        )

    async def unfinished(self) -> list[tuple[int, str]]:
        """(update id, raw JSON) of all that is taken and not worked, in the order it came in."""
        statement = (
            select(inbox.c.update_id, inbox.c.raw)
            .where(inbox.c.done_at.is_(None))
            .order_by(inbox.c.received_at, inbox.c.update_id)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [(row.update_id, open_sealed_update(self._keyring, row.raw)[1]) for row in rows]

    async def unfinished_text(self, update_id: int) -> str | None:
        """The raw JSON of one that is taken and not worked, None for any other."""
        statement = select(inbox.c.raw).where(inbox.c.update_id == update_id, inbox.c.done_at.is_(None))
        sealed = await self._database.read(lambda connection: connection.scalar(statement))
        return None if sealed is None else open_sealed_update(self._keyring, sealed)[1]

    async def begin_first_try(self, update_id: int) -> bool:
        """Count the first try at an update, before it is made. False when there was one: its process died over it."""
        return await self._first_tries.ask(update_id)

    async def attempts(self, update_id: int) -> int:
        """How many tries were begun."""
        statement = select(inbox.c.attempts).where(inbox.c.update_id == update_id)
        return await self._database.read(lambda connection: connection.scalar(statement)) or 0

    async def attempt(self, update_id: int) -> int:
        """Count a try at an update, before it is made; returns how many there were with this one."""
        statement = (
            update(inbox)
            .where(inbox.c.update_id == update_id)
            .values(attempts=inbox.c.attempts + 1)
            .returning(inbox.c.attempts)
        )
        return await self._database.write(lambda connection: connection.scalar(statement)) or 1

    async def finish(self, update_id: int, *, now: datetime) -> None:
        """The update is worked: what it said is wiped; its number stays for a week."""
        await self._finished.ask({"worked": update_id, "now": now})

    async def set_aside(self, update_id: int, *, now: datetime) -> None:
        """The update can't be worked: it is kept, sealed, until it is pruned, and holds up nobody."""
        statement = update(inbox).where(inbox.c.update_id == update_id).values(done_at=now, failed_at=now)
        await self._database.write(lambda connection: connection.execute(statement))

    async def prune(self, *, now: datetime) -> int:
        """Forget what was done with a week ago; returns how many."""
        statement = delete(inbox).where(inbox.c.done_at < now - _REMEMBERED)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)

    async def _take_all(self, together: Sequence[Sequence[_Row]]) -> Sequence[list[int]]:
        """What several webhook calls brought in the same moment. What two of them brought is new for the first."""
        rows = sorted((row for one in together for row in one), key=_update_id)  # or two processes may block each other
        new = await self._database.write(lambda connection: _take(connection, rows))
        new_of = []
        for one in together:
            ids = sorted(new & {row["update_id"] for row in one})
            new.difference_update(ids)
            new_of.append(ids)
        return new_of

    async def _begin_first_tries(self, update_ids: Sequence[int]) -> Sequence[bool]:
        begun = await self._database.write(
            lambda connection: set(connection.scalars(_BEGIN_FIRST_TRIES, {"update_ids": update_ids}))
        )
        return [update_id in begun for update_id in update_ids]

    async def _finish_all(self, finished: Sequence[Mapping[str, object]]) -> Sequence[None]:
        await self._database.write(lambda connection: connection.execute(_FINISH, finished))
        return [None] * len(finished)


def _row(keyring: Keyring, update_id: int, chat: int | None, raw: str, now: datetime) -> _Row:
    return {
        "update_id": update_id,
        "chat": None if chat is None else keyring.pseudonym("chat", chat),
        "raw": seal_json(keyring, [chat, raw]),
        "received_at": now,
        "attempts": 0,
        "sealed_by": keyring.newest,
    }


def _update_id(row: _Row) -> int:
    return int(row["update_id"])


def _take(connection: Connection, rows: Sequence[_Row]) -> set[int]:
    rows = _not_known_by_their_former_numbers(connection, rows)
    if not rows:
        return set()
    new = insert_unless_there(connection, inbox).returning(inbox.c.update_id)
    return set(connection.scalars(new, rows))


def _not_known_by_their_former_numbers(connection: Connection, rows: Sequence[_Row]) -> Sequence[_Row]:
    """Until lately an update was stored under the number that Telegram gave it, and nothing more."""
    former = {row["update_id"] % _UPDATES_OF_ONE for row in rows}
    since = min(row["received_at"] for row in rows) - _REPEATED
    known = set(
        connection.scalars(select(inbox.c.update_id).where(inbox.c.update_id.in_(former), inbox.c.received_at >= since))
    )
    return [row for row in rows if row["update_id"] % _UPDATES_OF_ONE not in known]


def open_sealed_update(keyring: Keyring, sealed: bytes) -> tuple[int | None, str]:
    """The chat and the raw JSON of an update. Raises SealBroken."""
    chat, raw = json.loads(open_text(keyring, sealed))
    return chat, str(raw)
