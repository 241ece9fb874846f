"""Updates as they came in, stored before Telegram is told that they arrived; sealed, and wiped when worked."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Delete, Row, Select, bindparam, delete, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.engine.seals import KEY_BYTES, RowSeal, SealBroken, SealingKey
from bot.storage.engine.vault import Vault
from bot.storage.sealing import open_json, seal_json
from bot.storage.tables import EPOCH, OWN, inbox, inbox_key

_log = logging.getLogger(__name__)

_AN_HOUR: Final = timedelta(hours=1)
_NO_KEY: Final = SealingKey(secrets.token_bytes(KEY_BYTES))  # opens nothing: what has no hour is of before, or forged
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
    .values(chat=None, sealed=None, hour=None, done_at=bindparam("now"), failed_at=None)
)

_Row = dict[str, Any]  # by column

_STORED: Final = (
    select(inbox.c.update_id, inbox.c.sealed, inbox.c.hour, inbox_key.c.key, inbox_key.c.sealed_by)
    .select_from(inbox.outerjoin(inbox_key))
    .where(inbox.c.done_at.is_(None))
)


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """An update on its way into its row."""

    update_id: int
    chat: int | None
    raw: str = field(repr=False)
    begun: bool
    now: datetime


def number_of(bot_id: int, update_id: int) -> int:
    """Under which number an update is stored: each bot counts its own, and this database may have had another."""
    return (bot_id % _BOTS) * _UPDATES_OF_ONE + update_id


class InboxRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault
        self._taken = database.together(self._take_all)
        self._first_tries = database.together(self._begin_first_tries)
        self._finished = database.together(self._finish_all)

    async def take(
        self,
        updates: Sequence[tuple[int, int | None, str]],
        *,
        now: datetime,
        begun: AbstractSet[int] = frozenset(),
    ) -> list[int]:
        """Store (update id, chat, raw JSON) in one commit; returns the ids that were not stored before.

        The first try at those that are `begun` is counted with it.
        """
        if not updates:
            return []
        return await self._taken.ask(
            [
                _Taken(update_id=update_id, chat=chat, raw=raw, begun=update_id in begun, now=now)
                for update_id, chat, raw in updates
            ]
        )

    async def unfinished(self) -> list[tuple[int, str]]:
        """(update id, raw JSON) of all that is taken and not worked, in the order it came in; "" for a damaged one."""
        ordered = _STORED.order_by(inbox.c.received_at, inbox.c.update_id)
        return await self._database.read(lambda connection: _opened(connection, self._vault, ordered))

    async def unfinished_text(self, update_id: int) -> str | None:
        """The raw JSON of one that is taken and not worked, "" for a damaged one, None for any other."""
        this = _STORED.where(inbox.c.update_id == update_id)
        found = await self._database.read(lambda connection: _opened(connection, self._vault, this))
        return found[0][1] if found else None

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

    async def set_aside(self, update_id: int, *, now: datetime, wiped: bool = False) -> None:
        """The update can't be worked: it is kept, sealed, until it is pruned, and holds up nobody.

        `wiped`: but nothing of what it said.
        """
        values: dict[str, object] = {"done_at": now, "failed_at": now}
        if wiped:
            values |= {"chat": None, "sealed": None, "hour": None}
        statement = update(inbox).where(inbox.c.update_id == update_id).values(values)
        await self._database.write(lambda connection: connection.execute(statement))

    async def prune(self, *, now: datetime) -> int:
        """Forget what was done with a week ago; returns how many."""
        statement = delete(inbox).where(inbox.c.done_at < now - _REMEMBERED)
        pruned = await self._database.write(lambda connection: connection.execute(statement).rowcount)
        if await self._database.write(lambda connection: connection.execute(_unneeded_keys(now)).rowcount):
            await self._database.forget_deleted()
        return pruned

    async def _take_all(self, together: Sequence[Sequence[_Taken]]) -> Sequence[list[int]]:
        """What several webhook calls brought in the same moment. What two of them brought is new for the first."""
        taken = sorted((one for ones in together for one in ones), key=_update_id)  # or processes may block each other
        new = await self._database.write(lambda connection: _take(connection, self._vault, taken))
        new_of = []
        for one in together:
            ids = sorted(new & {taken.update_id for taken in one})
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


def _take(connection: Connection, vault: Vault, taken: Sequence[_Taken]) -> set[int]:
    vault.recognise(connection)  # with a key that is on its way out nothing is taken in
    taken = _not_known_by_their_former_numbers(connection, taken)
    if not taken:
        return set()
    keys = {hour: vault.hour(connection, hour) for hour in sorted({hour_of(one.now) for one in taken})}
    rows = [_row(vault, keys[hour_of(one.now)], one) for one in taken]
    new = insert_unless_there(connection, inbox).returning(inbox.c.update_id)
    return set(connection.scalars(new, rows))


def _not_known_by_their_former_numbers(connection: Connection, taken: Sequence[_Taken]) -> Sequence[_Taken]:
    """Until lately an update was stored under the number that Telegram gave it, and nothing more."""
    former = {one.update_id % _UPDATES_OF_ONE for one in taken}
    since = min(one.now for one in taken) - _REPEATED
    known = set(
        connection.scalars(select(inbox.c.update_id).where(inbox.c.update_id.in_(former), inbox.c.received_at >= since))
    )
    return [one for one in taken if one.update_id % _UPDATES_OF_ONE not in known]


def _row(vault: Vault, key: SealingKey, taken: _Taken) -> _Row:
    return {
        "update_id": taken.update_id,
        "chat": None if taken.chat is None else vault.pseudonym("chat", taken.chat),
        "sealed": seal_update(vault.update(taken.update_id, key), taken.chat, taken.raw),
        "hour": hour_of(taken.now),
        "received_at": taken.now,
        "attempts": int(taken.begun),
        "sealed_by": OWN,
    }


def _update_id(taken: _Taken) -> int:
    return taken.update_id


def hour_of(moment: datetime) -> int:
    return (moment - EPOCH) // _AN_HOUR


def _unneeded_keys(now: datetime) -> Delete:
    """Of hours that are over on every clock, when all that came in then is worked: nothing opens it, wherever it is."""
    needed = select(inbox.c.hour).where(inbox.c.hour == inbox_key.c.hour)
    return delete(inbox_key).where(inbox_key.c.hour < hour_of(now - _AN_HOUR), ~needed.exists())


def _opened(connection: Connection, vault: Vault, stored: Select[tuple[Any, ...]]) -> list[tuple[int, str]]:
    rows = connection.execute(stored).all()
    keys: dict[int, SealingKey] = {}
    return [(row.update_id, _text_of(vault, row, keys)) for row in rows]


def _text_of(vault: Vault, row: Row[tuple[Any, ...]], keys: dict[int, SealingKey]) -> str:
    """Nothing that can be parsed for one that is damaged: it is set aside like any other that can't be read."""
    try:
        if row.hour is not None and row.hour not in keys:
            keys[row.hour] = SealingKey(vault.opened_key(inbox_key, row.hour, row.key, row.sealed_by))
        return open_update(vault.update(row.update_id, keys.get(row.hour, _NO_KEY)), row.sealed or b"")[1]
    except SealBroken:
        _log.error("update %d can't be opened", row.update_id)
        return ""


def seal_update(seal: RowSeal, chat: int | None, raw: str) -> bytes:
    return seal_json(seal, "sealed", [chat, raw])


def open_update(seal: RowSeal, sealed: bytes) -> tuple[int | None, str]:
    """The chat and the raw JSON of an update. Raises SealBroken."""
    chat, raw = open_json(seal, "sealed", sealed)
    return chat, str(raw)
