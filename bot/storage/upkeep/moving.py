"""From one SQLite file to PostgreSQL: the same rows, sealed by the same key."""

from typing import Final

from sqlalchemy import Connection, Table, create_engine, func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot.config.errors import SetupError
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.engine.indexes import metadata
from bot.storage.engine.location import location_of
from bot.storage.tables import schema_mark
from bot.storage.upkeep.migrating import migrate

_BATCH: Final = 200  # red maps make a row large


class NotEmpty(SetupError):
    """The database to move to has rows already: nothing was changed there."""


class WrongWay(SetupError):
    """Rows move from an SQLite file to PostgreSQL."""


def move(source_url: str, to_url: str) -> int:
    """Copy every row in one transaction, all or nothing, with the bot stopped; returns how many.

    Raises WrongWay, NotEmpty, DatabaseUrlInvalid, DatabaseUnavailable.
    """
    source, to = location_of(source_url), location_of(to_url)
    if source.file is None or to.file is not None or not source.file.exists():
        raise WrongWay
    migrate(source_url)
    migrate(to_url)
    old = create_engine(source.sync_url, poolclass=NullPool, hide_parameters=True)
    new = create_engine(to.sync_url, poolclass=NullPool, hide_parameters=True)
    try:
        with old.connect() as reading, new.begin() as writing:
            return sum(_copy(reading, writing, table) for table in metadata.sorted_tables if table is not schema_mark)
    except OperationalError as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    finally:
        old.dispose()
        new.dispose()


def _copy(reading: Connection, writing: Connection, table: Table) -> int:
    if writing.execute(select(func.count()).select_from(table)).scalar_one():
        raise NotEmpty(table.name)
    copied = 0
    for rows in reading.execute(select(table)).mappings().partitions(_BATCH):
        writing.execute(insert(table), [dict(row) for row in rows])
        copied += len(rows)
    _continue_numbering(writing, table)
    return copied


def _continue_numbering(writing: Connection, table: Table) -> None:
    """The next row gets a number that none had."""
    for column in table.primary_key.columns:
        sequence = writing.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        highest = writing.scalar(select(func.max(column))) if sequence else None
        if highest is not None:
            writing.execute(select(func.setval(sequence, highest)))
