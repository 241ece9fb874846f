"""People's rows: who they are to Telegram (sealed), what they agreed to, what they chose."""

import asyncio
import hmac
import secrets
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from bot.skin.analysis import MarkKind
from bot.storage.database import Database
from bot.storage.dialects import insert_unless_there
from bot.storage.efforts import keep_for_the_day
from bot.storage.keys import Keyring
from bot.storage.records import PersonRecord
from bot.storage.rows import open_person, person_of
from bot.storage.tables import consent_proof, inbox, person, report
from bot.storage.tombstones import Tombstone, append_to_file, bury, file_beside, name_of

_SEEN_EVERY: Final = timedelta(hours=12)  # often enough to know who has left, without a write for each message

_BY_ID: Final = select(person).where(person.c.id == bindparam("person_id"))
_BY_KEYS: Final = select(person).where(person.c.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True, kw_only=True)
class _Meeting:
    """Somebody who speaks; `keys`: what they may stand under."""

    telegram_id: int
    keys: tuple[bytes, ...]
    language_code: str | None
    now: datetime


class People:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keyring = database.keyring
        self._meetings = database.together(self._known_of)

    async def meet(self, telegram_id: int, language_code: str | None, *, now: datetime) -> PersonRecord:
        """The person of that Telegram id, a new one at first sight; the language of their Telegram is kept current."""
        keys = self._keyring.pseudonyms("person", telegram_id)
        meeting = _Meeting(telegram_id=telegram_id, keys=keys, language_code=language_code, now=now)
        row = await self._meetings.ask(meeting)
        if row is not None:
            return person_of(row, telegram_id)
        return await self._database.write(lambda connection: _met(connection, self._keyring, meeting))

    async def by_id(self, person_id: int) -> PersonRecord | None:
        return await self._database.read(lambda connection: _by_id(connection, self._keyring, person_id))

    async def record_consent(self, person_id: int, version: int, *, now: datetime) -> None:
        await self._set(person_id, consent_version=version, consented_at=now, withdrawn_at=None)

    async def withdraw_consent(self, person_id: int, *, now: datetime) -> None:
        await self._set(person_id, consent_version=None, withdrawn_at=now)

    async def set_locale(self, person_id: int, locale: str | None) -> None:
        """None: the language of their Telegram again."""
        await self._set(person_id, locale=locale)

    async def set_show_skin_age(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - reads well as it is called
        await self._set(person_id, shows_age=wanted)

    async def set_quiet(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - as above
        await self._set(person_id, quiet=wanted)

    async def set_hidden_marks(self, person_id: int, hidden: AbstractSet[MarkKind]) -> None:
        await self._set(person_id, hidden_marks=" ".join(sorted(hidden)))

    async def set_keeps_pictures(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - as above
        await self._set(person_id, keeps_pictures=wanted)

    async def mark_unreachable(self, telegram_id: int, *, now: datetime) -> int | None:
        """Nothing reaches them until they write again; returns the person's id, None for nobody we know."""
        keys = self._keyring.pseudonyms("person", telegram_id)
        statement = update(person).where(person.c.key.in_(keys)).values(unreachable_at=now).returning(person.c.id)
        return await self._database.write(lambda connection: connection.scalar(statement))

    async def erase(self, person_id: int, *, now: datetime, unseen_since: datetime | None = None) -> bool:
        """Remove a person and everything of theirs; on SQLite the bytes are gone from the files when this returns.

        Of paid calls a time and an outcome stay, for the daily limits, which belong to nobody after a day; of taken
        updates the bare number, so that one that Telegram repeats is not worked again; of a consent the proof that
        somebody gave it (`proves_consent`); and a tombstone. With `unseen_since`, only somebody who was not here
        since then is erased. False when there was nobody to erase.
        """
        stone = await self._database.write(
            lambda connection: erase_rows(connection, self._keyring, person_id, now=now, unseen_since=unseen_since)
        )
        if stone is not None and self._database.file is not None:
            await asyncio.to_thread(append_to_file, file_beside(self._database.file), [stone])
        await self._database.forget_deleted()
        return stone is not None

    async def lay_down_work(self, person_id: int) -> None:
        """None of this person's reports falls due any more: before an erasure, so that nothing is taken up again."""
        statement = update(report).where(report.c.person_id == person_id).values(not_before=None)
        await self._database.write(lambda connection: connection.execute(statement))

    async def proves_consent(self, telegram_id: int) -> bool:
        """Whether an erased person of that Telegram id had agreed once: every proof is tried, so this is slow."""
        rows = await self._database.read(
            lambda connection: connection.execute(select(consent_proof.c.salt, consent_proof.c.who)).all()
        )
        return any(hmac.compare_digest(_who(self._keyring.open(row.salt), telegram_id), row.who) for row in rows)

    async def _known_of(self, meetings: Sequence[_Meeting]) -> Sequence[RowMapping | None]:
        keys = [key for meeting in meetings for key in meeting.keys]
        rows = await self._database.read(
            lambda connection: {
                row["key"]: row for row in connection.execute(_BY_KEYS, {"keys": keys}).mappings().all()
            }
        )
        return [_known(rows, meeting) for meeting in meetings]

    async def _set(self, person_id: int, **values: object) -> None:
        statement = update(person).where(person.c.id == person_id).values(**values)
        await self._database.write(lambda connection: connection.execute(statement))


def _by_id(connection: Connection, keyring: Keyring, person_id: int) -> PersonRecord | None:
    row = connection.execute(_BY_ID, {"person_id": person_id}).mappings().one_or_none()
    return open_person(row, keyring) if row else None


def _known(rows: Mapping[bytes, RowMapping], meeting: _Meeting) -> RowMapping | None:
    """The person's row when nothing about them is to be written."""
    row = next((rows[key] for key in meeting.keys if key in rows), None)
    if row is None or row["language_code"] != meeting.language_code or abs(meeting.now - row["seen_at"]) > _SEEN_EVERY:
        return None
    if row["unreachable_at"] is not None:
        return None  # they are back
    return row


def _met(connection: Connection, keyring: Keyring, meeting: _Meeting) -> PersonRecord:
    seen = (
        update(person)
        .where(person.c.key.in_(meeting.keys))
        .values(language_code=meeting.language_code, seen_at=meeting.now, notice_at=None, unreachable_at=None)
    )
    away = select(person.c.id).where(person.c.key.in_(meeting.keys), person.c.unreachable_at.is_not(None))
    came_back = connection.scalar(away.with_for_update()) is not None
    row = connection.execute(seen.returning(person)).mappings().one_or_none()
    if row is None:
        connection.execute(
            insert_unless_there(connection, person).values(
                key=meeting.keys[0],
                telegram_id=keyring.seal(str(meeting.telegram_id).encode()),
                language_code=meeting.language_code,
                shows_age=False,
                quiet=False,
                hidden_marks="",
                keeps_pictures=True,
                created_at=meeting.now,
                seen_at=meeting.now,
                sealed_by=keyring.newest,
            )
        )
        row = connection.execute(select(person).where(person.c.key == meeting.keys[0])).mappings().one()
    return replace(person_of(row, meeting.telegram_id), came_back=came_back)


def erase_rows(
    connection: Connection, keyring: Keyring, person_id: int, *, now: datetime, unseen_since: datetime | None = None
) -> Tombstone | None:
    """Everything of a person's, in the transaction of the caller; None when there is nobody (or they are back)."""
    erased = connection.execute(select(person).where(person.c.id == person_id).with_for_update()).mappings().first()
    if erased is None or (unseen_since is not None and erased["seen_at"] >= unseen_since):
        return None
    telegram_id = int(keyring.open(erased["telegram_id"]))
    _prove_consent(connection, keyring, erased, telegram_id, now)
    chats = keyring.pseudonyms("chat", telegram_id)
    done_at = func.coalesce(inbox.c.done_at, inbox.c.received_at)
    connection.execute(update(inbox).where(inbox.c.chat.in_(chats)).values(chat=None, raw=None, done_at=done_at))
    connection.execute(delete(report).where(report.c.person_id == person_id))
    keep_for_the_day(connection, person_id, name_of(connection, keyring, telegram_id))
    connection.execute(delete(person).where(person.c.id == person_id))
    return bury(connection, keyring, telegram_id, met_at=erased["created_at"], now=now)


def _prove_consent(
    connection: Connection, keyring: Keyring, erased: RowMapping, telegram_id: int, now: datetime
) -> None:
    if erased["consented_at"] is None:
        return
    salt = secrets.token_bytes(32)
    proof = {
        "salt": keyring.seal(salt),
        "who": _who(salt, telegram_id),
        "version": erased["consent_version"],
        "agreed_at": erased["consented_at"],
        "withdrawn_at": erased["withdrawn_at"],
        "erased_at": now,
        "sealed_by": keyring.newest,
    }
    connection.execute(insert(consent_proof).values(proof))


def _who(salt: bytes, telegram_id: int) -> bytes:
    return hmac.digest(salt, str(telegram_id).encode(), sha256)
