"""Reports that were stored when more was kept of an answer than today; they are few, and fewer with each sweep."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, not_, select, update

from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.rows import open_text, seal_text
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
        self._keyring = database.keyring

    async def some(self, *, after: int, limit: int) -> list[Untrimmed]:
        """By id, with higher ids than `after`."""
        statement = (
            select(report.c.id, report.c.answer, report.c.red_map, person.c.shows_age, person.c.keeps_pictures)
            .join(person)
            .where(not_(report.c.trimmed), report.c.id > after)
            .order_by(report.c.id)
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [
            Untrimmed(
                report_id=row.id,
                answer=None if row.answer is None else open_text(self._keyring, row.answer),
                red_map=None if row.red_map is None else self._keyring.open(row.red_map),
                shows_age=row.shows_age,
                keeps_pictures=row.keeps_pictures,
            )
            for row in rows
        ]

    async def trim(self, report_id: int, *, answer: str | None, red_map: bytes | None) -> None:
        """What is None here stays, or becomes, as it is now: it may have been given up since it was read."""
        await self._database.write(lambda connection: _trim(connection, self._keyring, report_id, answer, red_map))

    async def finish(self) -> None:
        """On SQLite what was cut off is gone from the files when this returns."""
        await self._database.forget_deleted()


def _trim(connection: Connection, keyring: Keyring, report_id: int, answer: str | None, red_map: bytes | None) -> None:
    this = (report.c.id == report_id, not_(report.c.trimmed))
    if answer is not None:
        connection.execute(update(report).where(*this).values(answer=seal_text(keyring, answer)))
    there = (*this, report.c.red_map.is_not(None))
    connection.execute(update(report).where(*there).values(red_map=None if red_map is None else keyring.seal(red_map)))
    connection.execute(update(report).where(*this).values(trimmed=True))
