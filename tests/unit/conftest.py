"""A real database for every test, SQLite always and PostgreSQL where one answers; and small makers of data."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.records import PersonRecord
from bot.storage.store import Store
from bot.storage.tables import metadata
from bot.storage.upkeep.migrating import migrate
from tests.keys import KEY
from tests.postgres import NO_SERVER, fresh_database
from tests.unit.storage.making import NOON


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.from_setting(KEY)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/data/test.db"
    migrate(url)
    return url


@pytest.fixture(scope="session")
def postgres_scratch() -> Iterator[str | None]:
    """The URL of a database made for this run, migrated; None when no server answers."""
    with fresh_database("test") as url:
        if url is not None:
            migrate(url)
        yield url


@pytest.fixture
def postgres_url(postgres_scratch: str | None) -> str:
    if postgres_scratch is None:
        pytest.skip(NO_SERVER)
    tables = sql.SQL(", ").join(sql.Identifier(name) for name in metadata.tables)
    with psycopg.connect(postgres_scratch, autocommit=True) as connection:
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
    return postgres_scratch


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(url: str, keyring: Keyring) -> AsyncIterator[Database]:
    async with Database.open(url, keyring) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> Store:
    return Store.on(database)


@pytest.fixture
async def ana(store: Store) -> PersonRecord:
    return await store.people.meet(111_222_333, "es", now=NOON)


@pytest.fixture
async def ben(store: Store) -> PersonRecord:
    return await store.people.meet(444_555_666, "en", now=NOON)
