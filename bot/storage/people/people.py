"""People's rows: who they are to Telegram (sealed), what they agreed to, what they chose."""

import hmac
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from bot.skin.analysis import MarkKind
from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.engine.seals import RowSeal, SealBroken
from bot.storage.engine.vault import Vault
from bot.storage.people.efforts import keep_for_the_day
from bot.storage.people.invitations import forget_guest
from bot.storage.people.tombstones import Tombstone, bury, name_of, write_list
from bot.storage.records import Consent, Permitted, PersonRecord
from bot.storage.sealing import Choices, open_choices, open_person, person_of, seal_choices
from bot.storage.tables import OWN, consent_proof, inbox, person, report

_log = logging.getLogger(__name__)

_SEEN_EVERY: Final = timedelta(hours=12)  # often enough to know who has left, without a write for each message

_BY_ID: Final = select(person).where(person.c.id == bindparam("person_id"))
_PERMITTED: Final = select(person.c.consent_version, person.c.shares_photos).where(
    person.c.id == bindparam("person_id")
)
_BY_KEYS: Final = select(person).where(person.c.key.in_(bindparam("keys", expanding=True)))
_BY_KEY: Final = select(person).where(person.c.key == bindparam("key"))


@dataclass(frozen=True, kw_only=True)
class _Meeting:
    """Somebody who speaks; `keys`: what they may stand under."""

    telegram_id: int
    keys: tuple[bytes, ...]
    language_code: str | None
    now: datetime


class PersonRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault
        self._known = database.found_together(self._known_of)

    async def meet(self, telegram_id: int, language_code: str | None, *, now: datetime) -> PersonRecord:
        """The person of that Telegram id, a new one at first sight; the language of their Telegram is kept current."""
        keys = self._vault.pseudonyms("person", telegram_id)
        meeting = _Meeting(telegram_id=telegram_id, keys=keys, language_code=language_code, now=now)
        known = await self._known(meeting)
        if known is not None:
            return known
        return await self._database.write(lambda connection: _met(connection, self._vault, meeting))

    async def known(self, telegram_id: int) -> PersonRecord | None:
        """Whoever has that Telegram id; nothing is noted of it, and None for nobody we know."""
        keys = self._vault.pseudonyms("person", telegram_id)

        def work(connection: Connection) -> PersonRecord | None:
            row = connection.execute(_BY_KEYS, {"keys": keys}).mappings().first()
            return open_person(row, self._vault.person(connection, row["id"])) if row else None

        return await self._database.read(work)

    async def by_id(self, person_id: int) -> PersonRecord | None:
        return await self._database.find(lambda connection: _by_id(connection, self._vault, person_id))

    async def permitted(self, person_id: int) -> Permitted | None:
        """Nothing that is sealed is opened for it. None for somebody who is gone."""
        row = await self._database.find(
            lambda connection: connection.execute(_PERMITTED, {"person_id": person_id}).one_or_none()
        )
        return None if row is None else Permitted(consent_version=row[0], shares_photos=row[1])

    async def record_consent(self, person_id: int, consent: Consent, *, now: datetime) -> None:
        await self._set(
            person_id,
            consent_version=consent.version,
            consented_at=now,
            consent_locale=consent.locale,
            consent_text=consent.text,
            shares_photos=consent.shares_photos,
            shared_at=now if consent.shares_photos else None,
            withdrawn_at=None,
            keeps_reports_at=None,
        )

    async def set_shares_photos(self, person_id: int, wanted: bool, *, now: datetime) -> None:  # noqa: FBT001 - as below
        await self._set(person_id, shares_photos=wanted, shared_at=now if wanted else None)

    async def withdraw_consent(self, person_id: int, *, keeps_reports: bool, now: datetime) -> None:
        """`keeps_reports`: their separate yes to keeping what there is, to read it. Nothing more is asked of them."""
        gone = {
            "consent_version": None,
            "withdrawn_at": now,
            "shares_photos": None,
            "keeps_reports_at": now if keeps_reports else None,
        }

        def work(connection: Connection) -> None:
            connection.execute(update(person).where(person.c.id == person_id).values(gone))
            choose(
                connection, self._vault, person_id, lambda choices: replace(choices, asks_feelings=False, naming=None)
            )

        await self._database.write(work)

    async def set_locale(self, person_id: int, locale: str | None) -> None:
        """None: the language of their Telegram again."""
        await self._choose(person_id, lambda choices: replace(choices, locale=locale))

    async def set_show_skin_age(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - reads well as it is called
        await self._set(person_id, shows_age=wanted)

    async def set_quiet(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - as above
        await self._choose(person_id, lambda choices: replace(choices, quiet=wanted))

    async def set_hidden_marks(self, person_id: int, hidden: AbstractSet[MarkKind]) -> None:
        await self._choose(person_id, lambda choices: replace(choices, hidden_marks=tuple(sorted(hidden))))

    async def set_keeps_pictures(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - as above
        await self._set(person_id, keeps_pictures=wanted)

    async def set_veils_pictures(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - as above
        await self._choose(person_id, lambda choices: replace(choices, veils_pictures=wanted))

    async def set_guards_pictures(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - as above
        await self._choose(person_id, lambda choices: replace(choices, guards_pictures=wanted))

    async def set_adult(self, person_id: int) -> None:
        await self._choose(person_id, lambda choices: replace(choices, is_adult=True))

    async def set_asks_feelings(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - as above
        await self._choose(person_id, lambda choices: replace(choices, asks_feelings=wanted))

    async def set_asks_eyes(self, person_id: int, wanted: bool) -> None:  # noqa: FBT001 - as above
        await self._choose(person_id, lambda choices: replace(choices, asks_eyes=wanted))

    async def ask_name(self, person_id: int, use: str, *, until: datetime) -> None:
        """The next text may be what a product or a habit is called."""
        await self._choose(person_id, lambda choices: replace(choices, naming=(use, until.timestamp())))

    async def drop_name_question(self, person_id: int) -> None:
        await self._choose(person_id, lambda choices: replace(choices, naming=None))

    async def mark_unreachable(self, telegram_id: int, *, now: datetime) -> int | None:
        """Nothing reaches them until they write again; returns the person's id, None for nobody we know."""
        keys = self._vault.pseudonyms("person", telegram_id)
        statement = update(person).where(person.c.key.in_(keys)).values(unreachable_at=now).returning(person.c.id)
        return await self._database.write(lambda connection: connection.scalar(statement))

    async def erase(self, person_id: int, *, now: datetime, unseen_since: datetime | None = None) -> bool:
        """Remove a person and everything of theirs; on SQLite the bytes are gone from the files when this returns.

        Of paid calls a time and an outcome stay, for the daily limits, which belong to nobody after a day; of taken
        updates the bare number, so that one that Telegram repeats is not worked again; of a consent the proof that
        somebody gave it (`proves_consent`); and a tombstone. With `unseen_since`, only somebody who was not here
        since then is erased. False when there was nobody to erase.
        """
        gone = await self._database.write(
            lambda connection: erase_rows(connection, self._vault, person_id, now=now, unseen_since=unseen_since)
        )
        self._vault.forget(person_id)
        await write_list(self._database)  # also for nobody: a list that could not be written last time is written now
        await self._database.forget_deleted()
        return gone is not None

    async def lay_down_work(self, person_id: int) -> None:
        """None of this person's reports falls due any more: before an erasure, so that nothing is taken up again."""
        statement = update(report).where(report.c.person_id == person_id).values(not_before=None)
        await self._database.write(lambda connection: connection.execute(statement))

    async def proves_consent(self, telegram_id: int) -> bool:
        """Whether an erased person of that Telegram id had agreed once: every proof is tried, so this is slow."""
        rows = await self._database.read(
            lambda connection: connection.execute(select(consent_proof.c.salt, consent_proof.c.who)).all()
        )
        return any(self._proves(row.salt, row.who, telegram_id) for row in rows)

    def _proves(self, sealed: bytes, who: bytes, telegram_id: int) -> bool:
        try:
            salt = self._vault.proof(who).open("salt", sealed)
        except SealBroken:
            _log.error("a proof of consent can't be opened: it is left out")
            return False
        return hmac.compare_digest(_who(salt, telegram_id), who)

    def _known_of(self, connection: Connection, meetings: Sequence[_Meeting]) -> list[PersonRecord | None]:
        keys = [key for meeting in meetings for key in meeting.keys]
        # One key, as nearly always on SQLite: to lay out a list takes as long again.
        found = (
            connection.execute(_BY_KEYS, {"keys": keys})
            if len(keys) > 1
            else connection.execute(_BY_KEY, {"key": keys[0]})
        )
        rows = {row["key"]: row for row in found.mappings().all()}
        return [_known(connection, self._vault, rows, meeting) for meeting in meetings]

    async def _choose(self, person_id: int, changed: Callable[[Choices], Choices]) -> None:
        await self._database.write(lambda connection: choose(connection, self._vault, person_id, changed))

    async def _set(self, person_id: int, **values: object) -> None:
        statement = update(person).where(person.c.id == person_id).values(**values)
        await self._database.write(lambda connection: connection.execute(statement))


def choose(connection: Connection, vault: Vault, person_id: int, changed: Callable[[Choices], Choices]) -> None:
    """Change what somebody chose, in the transaction of the caller; nothing for a person who is gone."""
    this = person.c.id == person_id
    row = connection.execute(select(person).where(this).with_for_update()).mappings().one_or_none()
    if row is None:
        return
    seal = vault.person(connection, person_id)
    choices = seal_choices(seal, changed(open_choices(row, seal)))
    connection.execute(update(person).where(this).values(choices=choices))


def _by_id(connection: Connection, vault: Vault, person_id: int) -> PersonRecord | None:
    row = connection.execute(_BY_ID, {"person_id": person_id}).mappings().one_or_none()
    return open_person(row, vault.person(connection, person_id)) if row else None


def _known(
    connection: Connection, vault: Vault, rows: Mapping[bytes, RowMapping], meeting: _Meeting
) -> PersonRecord | None:
    """The person when nothing about them is to be written, and their row is sound."""
    row = next((rows[key] for key in meeting.keys if key in rows), None)
    if row is None or abs(meeting.now - row["seen_at"]) > _SEEN_EVERY or row["unreachable_at"] is not None:
        return None
    try:
        known = open_person(row, vault.person(connection, row["id"]))
    except SealBroken:
        return None
    sound = (known.telegram_id, known.language_code) == (meeting.telegram_id, meeting.language_code)
    return known if sound else None


def _met(connection: Connection, vault: Vault, meeting: _Meeting) -> PersonRecord:
    seen = (
        update(person)
        .where(person.c.key.in_(meeting.keys))
        .values(seen_at=meeting.now, notice_at=None, unreachable_at=None)
    )
    away = select(person.c.id).where(person.c.key.in_(meeting.keys), person.c.unreachable_at.is_not(None))
    came_back = connection.scalar(away.with_for_update()) is not None
    row = connection.execute(seen.returning(person)).mappings().one_or_none()
    if row is None:
        row = _added(connection, vault, meeting)
    seal = vault.person(connection, row["id"])
    _make_sure(row, seal, meeting.telegram_id)
    met = replace(person_of(row, seal, meeting.telegram_id), came_back=came_back)
    if met.language_code == meeting.language_code:
        return met
    choose(connection, vault, met.id, lambda choices: replace(choices, language_code=meeting.language_code))
    return replace(met, language_code=meeting.language_code)


def _make_sure(row: RowMapping, seal: RowSeal, telegram_id: int) -> None:
    """A row that is found by a person's pseudonym and holds another's number was tampered with. Raises SealBroken."""
    if int(seal.open("telegram_id", row["telegram_id"])) != telegram_id:
        raise SealBroken


def _added(connection: Connection, vault: Vault, meeting: _Meeting) -> RowMapping:
    blank = {
        "key": meeting.keys[0],
        "telegram_id": b"",  # sealed as soon as the row has a number
        "shows_age": False,
        "quiet": False,
        "hidden_marks": "",
        "keeps_pictures": True,
        "created_at": meeting.now,
        "seen_at": meeting.now,
        "sealed_by": OWN,
    }
    new_id = connection.scalar(insert_unless_there(connection, person).values(blank).returning(person.c.id))
    if new_id is not None:
        vault.welcome(connection, [new_id])
        seal = vault.person(connection, new_id)
        sealed = {
            "telegram_id": seal.seal("telegram_id", str(meeting.telegram_id).encode()),
            "choices": seal_choices(seal, Choices(language_code=meeting.language_code)),
        }
        connection.execute(update(person).where(person.c.id == new_id).values(sealed))
    return connection.execute(select(person).where(person.c.key == meeting.keys[0])).mappings().one()


@dataclass(frozen=True, kw_only=True)
class Erased:
    """`stone`: None for somebody of whom it could not be read any more who they were."""

    stone: Tombstone | None


def erase_rows(
    connection: Connection, vault: Vault, person_id: int, *, now: datetime, unseen_since: datetime | None = None
) -> Erased | None:
    """Everything of a person's, in the transaction of the caller; None when there is nobody (or they are back).

    Their key goes with their row: what still stands somewhere of theirs opens no more.
    """
    erased = connection.execute(select(person).where(person.c.id == person_id).with_for_update()).mappings().first()
    if erased is None or (unseen_since is not None and erased["seen_at"] >= unseen_since):
        return None
    telegram_id = _still_known(connection, vault, erased)
    stone = None
    if telegram_id is not None:
        _prove_consent(connection, vault, erased, telegram_id, now)
        chats = vault.pseudonyms("chat", telegram_id)
        wiped = {
            "chat": None,
            "sealed": None,
            "hour": None,
            "done_at": func.coalesce(inbox.c.done_at, inbox.c.received_at),
        }
        connection.execute(update(inbox).where(inbox.c.chat.in_(chats)).values(wiped))
        keep_for_the_day(connection, person_id, name_of(vault, telegram_id))
        forget_guest(connection, name_of(vault, telegram_id))
        for former in open_choices(erased, vault.person(connection, person_id)).formerly:
            bury(connection, vault, former, met_at=erased["created_at"], now=now)
        stone = bury(connection, vault, telegram_id, met_at=erased["created_at"], now=now)
    connection.execute(delete(report).where(report.c.person_id == person_id))
    connection.execute(delete(person).where(person.c.id == person_id))
    return Erased(stone=stone)


def _still_known(connection: Connection, vault: Vault, row: RowMapping) -> int | None:
    """A damaged row must not keep anybody from being erased."""
    try:
        return int(vault.person(connection, row["id"]).open("telegram_id", row["telegram_id"]))
    except SealBroken:
        _log.error("person row %d can't be opened: erased without a tombstone", row["id"])
        return None


def _prove_consent(connection: Connection, vault: Vault, erased: RowMapping, telegram_id: int, now: datetime) -> None:
    if erased["consented_at"] is None:
        return
    salt = secrets.token_bytes(32)
    who = _who(salt, telegram_id)
    proof = {
        "salt": vault.proof(who).seal("salt", salt),
        "who": who,
        "version": erased["consent_version"],
        "agreed_at": erased["consented_at"],
        "withdrawn_at": erased["withdrawn_at"],
        "shared_at": erased["shared_at"],
        "locale": erased["consent_locale"],
        "text": erased["consent_text"],
        "erased_at": now,
        "sealed_by": OWN,
    }
    connection.execute(insert(consent_proof).values(proof))


def _who(salt: bytes, telegram_id: int) -> bytes:
    return hmac.digest(salt, str(telegram_id).encode(), sha256)
