"""The one statement that SQLite and PostgreSQL spell alike and SQLAlchemy does not."""

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert_unless_there(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """INSERT … ON CONFLICT DO NOTHING."""
    return _insert_unless_there(connection.dialect.name, table)


@cache
def _insert_unless_there(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 40 ms and 3 MB, for PostgreSQL only

    return postgresql.insert(table).on_conflict_do_nothing()
