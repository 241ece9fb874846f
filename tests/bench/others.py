"""A database full of other people's reports."""

import os
from typing import Final

from sqlalchemy import Engine, create_engine, text

from bot.storage.engine.location import location_of
from bot.storage.tables import OWN, metadata
from tests.bench.table import LARGE, SMALL

OTHERS: Final = 10_000_000 if LARGE else 10_000 if SMALL else 1_000_000
_REPORTS_EACH: Final = 20
_TOGETHER: Final = 500_000  # rows of a transaction: all in one would lie in the log as well, and take the disk twice

_PEOPLE_SQL: Final = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) ",
    "postgresql": "WITH n(i) AS (SELECT generate_series(CAST(:first AS bigint), CAST(:last AS bigint))) ",
}


def add_others(url: str, many: int) -> None:
    """With 2 kB of sealed answer each, a quarter of a real one: all of it would be 8 GB, most of the bench's time.

    What is written is on the disk before anything is measured.
    """
    engine = create_engine(location_of(url).sync_url)
    people = many // _REPORTS_EACH
    _multiply(engine, "person", people, own={"key": "i"})
    _multiply(engine, "report", many, own={"person_id": f"1 + i % {people}", "number": "i", "origin": "i"})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
    os.sync()


def _multiply(engine: Engine, table: str, many: int, *, own: dict[str, str]) -> None:
    """Every column gets a value of its type that is the same in all rows, but for the `own` ones (of the row's i)."""
    dialect = engine.dialect.name
    as_bytes = "CAST('k' || ({}) AS BLOB)" if dialect == "sqlite" else "CAST('k' || ({}) AS bytea)"
    values: dict[str, str] = {}
    for column in metadata.tables[table].columns:
        kind = str(column.type)
        if column.name == "id":
            continue
        if column.name == "sealed_by":  # by their person's own key, as all newer rows: others are sealed anew meanwhile
            values[column.name] = f"CAST('{OWN.decode()}' AS {'BLOB' if dialect == 'sqlite' else 'bytea'})"
        elif column.name in own:
            values[column.name] = as_bytes.format(own[column.name]) if kind == "BLOB" else own[column.name]
        elif not column.nullable or column.name in {"answer", "summary", "provider"}:
            values[column.name] = _filler(kind, dialect, long=column.name == "answer")
    columns, chosen = ", ".join(values), ", ".join(values.values())
    statement = f"INSERT INTO {table} ({columns}) {_PEOPLE_SQL[dialect]}SELECT {chosen} FROM n"  # noqa: S608 - our own names
    for first in range(1, many + 1, _TOGETHER):
        with engine.begin() as connection:
            connection.execute(text(statement), {"first": first, "last": min(first + _TOGETHER - 1, many)})


def _filler(kind: str, dialect: str, *, long: bool) -> str:
    if kind == "BLOB":
        size = 2048 if long else 100
        return f"zeroblob({size})" if dialect == "sqlite" else f"CAST(repeat('x', {size}) AS bytea)"
    if kind == "VARCHAR":
        return "'delivered'"
    if kind == "BOOLEAN":
        return "0" if dialect == "sqlite" else "FALSE"
    return "1"
