"""Links that let people in, each with a number of reports for all who came by it together.

Kept are hashes: of what a link says, and of who came, the same as a tombstone's. Who is erased is no guest any more;
what they used stays used.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.people.tombstones import name_of
from bot.storage.tables_of_access import guest, invitation, invitation_use

_CODE_BYTES: Final = 12
_SHOWN: Final = 20  # the newest
_KIND: Final = "invitation"
_GUESTS: Final = (
    select(guest.c.key)
    .join_from(guest, invitation)
    .where(invitation.c.revoked_at.is_(None), guest.c.key.in_(bindparam("names", expanding=True)))
)


class InvitationSpent(Exception):
    """All reports of the invitation that this person came by are made, or it was taken back."""


@dataclass(frozen=True, kw_only=True)
class InvitationRecord:
    """`used`: how many of its `reports` are made."""

    id: int
    reports: int
    used: int
    people: int
    made_at: datetime
    revoked: bool


class InvitationRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault
        self._held = database.found_together(self._hold_all)

    async def make(self, reports: int, *, now: datetime) -> str:
        """A new one for so many reports; returns what its link says, which is kept nowhere."""
        code = secrets.token_urlsafe(_CODE_BYTES)

        def work(connection: Connection) -> None:
            key = self._vault.pseudonym(_KIND, code)
            connection.execute(insert(invitation).values(key=key, reports=reports, made_at=now))

        await self._database.write(work)
        return code

    async def let_in(self, telegram_id: int, code: str) -> bool:
        """Whoever brings a link along is a guest from now on; False where it says nothing (any more)."""

        def work(connection: Connection) -> bool:
            known = invitation.c.key.in_(self._vault.pseudonyms(_KIND, code))
            found = connection.scalar(select(invitation.c.id).where(known, invitation.c.revoked_at.is_(None)))
            if found is None:
                return False
            name = name_of(self._vault, telegram_id)
            connection.execute(insert_unless_there(connection, guest), {"key": name, "invitation_id": found})
            connection.execute(update(guest).where(guest.c.key == name).values(invitation_id=found))
            return True

        return await self._database.write(work)

    async def holds(self, telegram_id: int) -> bool:
        """Whether this person is a guest."""
        return await self._held(telegram_id)

    async def use(self, telegram_id: int, report_id: int) -> None:
        """Count a report that is about to be measured, once; nothing for who is no guest. Raises InvitationSpent.

        Who counts for one invitation counts alone: of two at once the second counts the first.
        """

        def work(connection: Connection) -> None:
            theirs = select(guest.c.invitation_id).where(guest.c.key == name_of(self._vault, telegram_id))
            number = connection.scalar(theirs)
            if number is None:
                return
            this = select(invitation.c.reports, invitation.c.revoked_at).where(invitation.c.id == number)
            row = connection.execute(this.with_for_update()).one()
            counted = select(func.count()).select_from(invitation_use)
            if connection.scalar(counted.where(invitation_use.c.report_id == report_id)):
                return
            used = connection.scalar(counted.where(invitation_use.c.invitation_id == number)) or 0
            if row.revoked_at is not None or used >= row.reports:
                raise InvitationSpent
            connection.execute(insert(invitation_use).values(invitation_id=number, report_id=report_id))

        await self._database.write(work)

    async def give_back(self, report_id: int) -> None:
        """Nothing became of that report."""
        statement = delete(invitation_use).where(invitation_use.c.report_id == report_id)
        await self._database.write(lambda connection: connection.execute(statement))

    async def newest(self) -> Sequence[InvitationRecord]:
        """The twenty newest, the newest first."""
        used = select(func.count()).where(invitation_use.c.invitation_id == invitation.c.id).scalar_subquery()
        people = select(func.count()).where(guest.c.invitation_id == invitation.c.id).scalar_subquery()
        statement = (
            select(invitation, used.label("used"), people.label("people"))
            .order_by(invitation.c.id.desc())
            .limit(_SHOWN)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [
            InvitationRecord(
                id=row.id,
                reports=row.reports,
                used=row.used,
                people=row.people,
                made_at=row.made_at,
                revoked=row.revoked_at is not None,
            )
            for row in rows
        ]

    async def revoke(self, number: int, *, now: datetime) -> None:
        """Nobody comes by it any more, and who came by it is no guest."""
        this = update(invitation).where(invitation.c.id == number, invitation.c.revoked_at.is_(None))
        await self._database.write(lambda connection: connection.execute(this.values(revoked_at=now)))

    def _hold_all(self, connection: Connection, telegram_ids: Sequence[int]) -> list[bool]:
        names = [name_of(self._database.vault, telegram_id) for telegram_id in telegram_ids]
        held = set(connection.scalars(_GUESTS, {"names": names}))
        return [name in held for name in names]


def forget_guest(connection: Connection, name: bytes) -> None:
    """In the transaction that erases somebody."""
    connection.execute(delete(guest).where(guest.c.key == name))
