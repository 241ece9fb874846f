"""How a person's skin felt, as they told it. The numbers are sealed, the time stands in clear."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from bot.skin.feelings import Feeling
from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.people.owned import lock_owner
from bot.storage.records import FeelingRecord
from bot.storage.sealing import open_feelings, readable, seal_feelings
from bot.storage.tables import feeling

ONE_TELLING: Final = timedelta(hours=6)  # what is told within it belongs together, and corrects what was told before


class FeelingRows:
    """Every method raises DatabaseUnavailable. The owner stands in every statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def tell(self, person_id: int, told: Mapping[Feeling, int], *, now: datetime) -> FeelingRecord:
        """Keep it, with what was told in the last six hours. Raises PersonGone."""
        return await self._database.write(lambda connection: _tell(connection, self._vault, person_id, told, now))

    async def newest(self, person_id: int, *, limit: int) -> Sequence[FeelingRecord]:
        """Oldest of them first."""
        return await self._database.read(
            lambda connection: feelings_of(connection, self._vault, person_id, limit=limit)
        )

    async def forget(self, person_id: int) -> None:
        """All of them; on SQLite they are gone from the files when this returns."""
        gone = delete(feeling).where(feeling.c.person_id == person_id)
        await self._database.write(lambda connection: connection.execute(gone))
        await self._database.forget_deleted()


def feelings_of(
    connection: Connection, vault: Vault, person_id: int, *, limit: int | None = None
) -> tuple[FeelingRecord, ...]:
    """Oldest first; the newest where there is a limit."""
    own = select(feeling).where(feeling.c.person_id == person_id).order_by(feeling.c.at.desc(), feeling.c.id.desc())
    rows = connection.execute(own.limit(limit)).mappings()
    return tuple(reversed(readable(rows, lambda row: _opened(connection, vault, row))))


def _opened(connection: Connection, vault: Vault, row: RowMapping) -> FeelingRecord:
    seal = vault.row(connection, row["person_id"], feeling, row["id"])
    return FeelingRecord(at=row["at"], told=open_feelings(seal, row["content"]))


def _tell(
    connection: Connection, vault: Vault, person_id: int, told: Mapping[Feeling, int], now: datetime
) -> FeelingRecord:
    lock_owner(connection, person_id)
    lately = select(feeling).where(feeling.c.person_id == person_id, feeling.c.at > now - ONE_TELLING)
    newest = connection.execute(lately.order_by(feeling.c.at.desc()).limit(1)).mappings()
    known = next(iter(readable(newest, lambda row: (row["id"], _opened(connection, vault, row)))), None)
    if known is None:
        blank = {"person_id": person_id, "at": now, "content": b""}  # sealed as soon as the row has a number
        row_id = connection.execute(insert(feeling).returning(feeling.c.id), blank).scalar_one()
        record = FeelingRecord(at=now, told=dict(told))
    else:
        row_id, before = known
        record = FeelingRecord(at=before.at, told={**before.told, **told})
    content = seal_feelings(vault.row(connection, person_id, feeling, row_id), record.told)
    connection.execute(
        update(feeling).where(feeling.c.id == row_id, feeling.c.person_id == person_id).values(content=content)
    )
    return record
