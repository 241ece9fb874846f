"""The one statement that SQLite and PostgreSQL spell alike and SQLAlchemy does not."""

from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_unless_there(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """INSERT … ON CONFLICT DO NOTHING."""
    return _insert_unless_there(connection.dialect.name, table)


@cache
def _insert_unless_there(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
