"""Taking everything along to another Telegram account: a code of one hour, kept as a hash, that works once."""

import hmac
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, exists, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.experiments.records import UNDER_WAY
from bot.storage.people.people import choose
from bot.storage.people.tombstones import name_of
from bot.storage.records import PersonRecord, ReportState
from bot.storage.reports.settling import over
from bot.storage.sealing import MoveAllowed, open_choices, open_person, seal_choices
from bot.storage.tables import experiment, feeling, person, product, report, said, tombstone

_MOVED: Final = "moved"
_THEIR_OWN: Final = (report, feeling, product, experiment)
_UNDER_WAY: Final = (ReportState.AWAITING_CONSENT, ReportState.COLLECTING, ReportState.REQUESTED, ReportState.HELD)


class MoveRefusal(StrEnum):
    """UNKNOWN: no such code, or used, or too old. OCCUPIED: the new account has something of its own.

    SAME: it came from the account that it is of.
    """

    UNKNOWN = "unknown"
    OCCUPIED = "occupied"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class _Arrival:
    """Somebody with a code; `person_id`: whose data they ask for. `to`: who they are so far."""

    person_id: int
    digest: bytes = field(repr=False)
    to: PersonRecord
    now: datetime


class MovingRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def allow(self, person_id: int, digest: bytes, *, until: datetime) -> None:
        """Who brings the secret of that digest until then may take everything along; an earlier one works no more."""
        allowed = MoveAllowed(digest=digest.hex(), until=until.timestamp())
        await self._database.write(
            lambda connection: choose(
                connection, self._vault, person_id, lambda choices: replace(choices, move=allowed)
            )
        )

    async def move(
        self, person_id: int, digest: bytes, *, to: PersonRecord, now: datetime
    ) -> PersonRecord | MoveRefusal:
        """All of a person's is the account's that `to` was met by; returns who they were until now.

        What waits to be read is given up, and what was said stays in the old chat.
        """
        arrival = _Arrival(person_id=person_id, digest=digest, to=to, now=now)
        moved = await self._database.write(lambda connection: _move(connection, self._vault, arrival))
        self._vault.forget(to.id)
        return moved


def _move(connection: Connection, vault: Vault, arrival: _Arrival) -> PersonRecord | MoveRefusal:
    both = select(person).where(person.c.id.in_((arrival.person_id, arrival.to.id))).order_by(person.c.id)
    rows = {row["id"]: row for row in connection.execute(both.with_for_update()).mappings()}
    old, new = rows.get(arrival.person_id), rows.get(arrival.to.id)
    if old is None or new is None or not _allowed(connection, vault, old, arrival):
        return MoveRefusal.UNKNOWN
    if old is new:
        return MoveRefusal.SAME
    theirs = (exists().where(table.c.person_id == arrival.to.id) for table in _THEIR_OWN)
    if any(connection.scalar(select(one)) for one in theirs):
        return MoveRefusal.OCCUPIED
    return _take_place(connection, vault, old, arrival)


def _allowed(connection: Connection, vault: Vault, old: RowMapping, arrival: _Arrival) -> bool:
    allowed = open_choices(old, vault.person(connection, old["id"])).move
    if allowed is None or arrival.now > datetime.fromtimestamp(allowed.until, UTC):
        return False
    return hmac.compare_digest(bytes.fromhex(allowed.digest), arrival.digest)


def _take_place(connection: Connection, vault: Vault, old: RowMapping, arrival: _Arrival) -> PersonRecord:
    """The row stays, with its reports and its key; it stands under another number from now on."""
    seal, to, now = vault.person(connection, old["id"]), arrival.to, arrival.now
    was, choices = open_person(old, seal), open_choices(old, seal)
    moved = replace(
        choices,
        move=None,
        menu_button=None,  # it stands in the old chat
        language_code=to.language_code,
        formerly=(*choices.formerly, was.telegram_id),
    )
    key = connection.execute(delete(person).where(person.c.id == to.id).returning(person.c.key)).scalar_one()
    # Whoever was erased under the new number once is not who comes now: a restore tells them apart by when they came.
    erased = connection.scalar(select(tombstone.c.erased_at).where(tombstone.c.key == name_of(vault, to.telegram_id)))
    values = {
        "key": key,
        "telegram_id": seal.seal("telegram_id", str(to.telegram_id).encode()),
        "choices": seal_choices(seal, moved),
        "created_at": old["created_at"] if erased is None else now,
        "seen_at": now,
        "unreachable_at": None,
    }
    connection.execute(update(person).where(person.c.id == old["id"]).values(values))
    own = report.c.person_id == old["id"]
    given_up = over(ReportState.FAILED, _MOVED, now)
    connection.execute(update(report).where(own, report.c.state.in_(_UNDER_WAY)).values(given_up))
    connection.execute(update(report).where(own).values(status_message_id=None))
    connection.execute(delete(said).where(said.c.person_id == old["id"]))
    theirs = experiment.c.person_id == old["id"]
    connection.execute(update(experiment).where(theirs).values(message_id=None, pinned=False))
    anew = {"to_send": True, "next_due_at": now, "lease_until": None}  # the plan is told in the new chat
    connection.execute(update(experiment).where(theirs, experiment.c.state.in_(UNDER_WAY)).values(anew))
    return was
