"""Reports that were stored when more was kept of an answer than today; they are few, and fewer with each sweep."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, RowMapping, not_, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.seals import RowSeal
from bot.storage.engine.vault import Vault
from bot.storage.sealing import open_text, readable, seal_text, sealed_or_none
from bot.storage.tables import person, report


@dataclass(frozen=True, kw_only=True)
class Untrimmed:
    """`shows_age`, `keeps_pictures`: what the person chose."""

    report_id: int
    answer: str | None = field(repr=False)
    red_map: bytes | None = field(repr=False)
    shows_age: bool
    keeps_pictures: bool


class TrimmingRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def some(self, *, after: int, limit: int) -> list[Untrimmed]:
        """By id, with higher ids than `after`."""
        statement = (
            select(
                report.c.id,
                report.c.person_id,
                report.c.answer,
                report.c.red_map,
                person.c.shows_age,
                person.c.keeps_pictures,
            )
            .join(person)
            .where(not_(report.c.trimmed), report.c.id > after)
            .order_by(report.c.id)
            .limit(limit)
        )

        def work(connection: Connection) -> list[Untrimmed]:
            rows = connection.execute(statement).mappings()
            return readable(rows, lambda row: _opened(row, self._vault.report(connection, row["person_id"], row["id"])))

        return await self._database.read(work)

    async def trim(self, report_id: int, *, answer: str | None, red_map: bytes | None) -> None:
        """What is None here stays, or becomes, as it is now: it may have been given up since it was read."""
        await self._database.write(lambda connection: _trim(connection, self._vault, report_id, answer, red_map))

    async def finish(self) -> None:
        """On SQLite what was cut off is gone from the files when this returns."""
        await self._database.forget_deleted()


def _opened(row: RowMapping, seal: RowSeal) -> Untrimmed:
    return Untrimmed(
        report_id=row["id"],
        answer=None if row["answer"] is None else open_text(seal, "answer", row["answer"]),
        red_map=None if row["red_map"] is None else seal.open("red_map", row["red_map"]),
        shows_age=row["shows_age"],
        keeps_pictures=row["keeps_pictures"],
    )


def _trim(connection: Connection, vault: Vault, report_id: int, answer: str | None, red_map: bytes | None) -> None:
    this = (report.c.id == report_id, not_(report.c.trimmed))
    owner = connection.scalar(select(report.c.person_id).where(*this))
    if owner is None:
        return
    seal = vault.report(connection, owner, report_id)
    if answer is not None:
        connection.execute(update(report).where(*this).values(answer=seal_text(seal, "answer", answer)))
    there = (*this, report.c.red_map.is_not(None))
    connection.execute(update(report).where(*there).values(red_map=sealed_or_none(seal, "red_map", red_map)))
    connection.execute(update(report).where(*this).values(trimmed=True))
