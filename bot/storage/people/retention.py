"""Who was not here for so long that their data has to go: told once, then erased; safe over several processes."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, or_, select, update

from bot.storage.engine.database import Database
from bot.storage.people.efforts import CLOCKS_DIFFER
from bot.storage.records import PersonRecord, ReportState
from bot.storage.sealing import open_person, readable
from bot.storage.tables import consent_proof, person, report

KEPT: Final = timedelta(days=730)  # 24 months after somebody was last here
NOTICE: Final = timedelta(days=30)  # so long before that they are told
UNANSWERED: Final = timedelta(days=7)  # so long a selfie waits for its sender's consent
PROOF_KEPT: Final = timedelta(days=3 * 365)  # for as long as somebody may ask whether there was consent


class RetentionRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def claim_notice(self, *, now: datetime) -> PersonRecord | None:
        """Somebody who is to be told now, noted as told: for exactly one caller. None when there is nobody."""
        by_a_clock_that_was_ahead = person.c.notice_at > now + CLOCKS_DIFFER
        untold = or_(person.c.notice_at.is_(None), by_a_clock_that_was_ahead)
        silent = (
            select(person.c.id)
            .where(person.c.seen_at < now - (KEPT - NOTICE), untold)
            .order_by(person.c.seen_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        claim = (
            update(person)
            .where(person.c.id == silent.scalar_subquery(), untold)  # IN would claim several
            .values(notice_at=now)
            .returning(person)
        )

        def work(connection: Connection) -> PersonRecord | None:
            while row := connection.execute(claim).mappings().one_or_none():
                found = readable([row], lambda row: open_person(row, self._vault.person(connection, row["id"])))
                if found:
                    return found[0]
            return None

        return await self._database.write(work)

    async def put_off_notice(self, person_id: int) -> None:
        """Telegram did not answer: they are to be told another time."""
        statement = update(person).where(person.c.id == person_id).values(notice_at=None)
        await self._database.write(lambda connection: connection.execute(statement))

    async def lapsed(self, *, now: datetime, after: int, limit: int) -> list[int]:
        """The ids of people, in order, who were told thirty days ago and have not been here for 24 months."""
        statement = (
            select(person.c.id)
            .where(person.c.seen_at < now - KEPT, person.c.notice_at <= now - NOTICE, person.c.id > after)
            .order_by(person.c.id)
            .limit(limit)
        )
        return await self._database.read(lambda connection: list(connection.scalars(statement)))

    async def claim_rest(self, person_id: int, *, now: datetime, once_in: timedelta) -> bool:
        """True when this person may be told to take it easy: for one caller, and once within that time."""
        statement = (
            update(person)
            .where(
                person.c.id == person_id,
                or_(
                    person.c.rest_told_at.is_(None),
                    person.c.rest_told_at <= now - once_in,
                    person.c.rest_told_at > now + CLOCKS_DIFFER,  # by a clock that was ahead
                ),
            )
            .values(rest_told_at=now)
        )
        return await self._database.write(lambda connection: connection.execute(statement).rowcount) > 0

    async def forget_waiting(self, *, now: datetime) -> int:
        """Selfies of people who did not answer the question for consent are gone; returns how many."""
        unanswered = delete(report).where(
            report.c.state == ReportState.AWAITING_CONSENT.value, report.c.requested_at <= now - UNANSWERED
        )
        forgotten = await self._database.write(lambda connection: connection.execute(unanswered).rowcount)
        if forgotten:
            await self._database.forget_deleted()
        return forgotten

    async def prune_proofs(self, *, now: datetime) -> int:
        """Forget proofs of consent that nobody can ask for any more; returns how many."""
        statement = delete(consent_proof).where(consent_proof.c.erased_at <= now - PROOF_KEPT)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)
