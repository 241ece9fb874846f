"""Bringing the schema up to date, from code: there is no alembic.ini.

At nearly every start it is the newest already. One question tells; Alembic costs 0.15 s to load and waits until needed.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.storage.database import DatabaseUnavailable
from bot.storage.place import Place, place_of

NEWEST: Final = "0009"  # the last of migrations/versions

_SCRIPTS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 7_235_001  # an advisory lock's number: any, but the same in every process
_BUSY_MS: Final = 30_000


def migrate(url: str) -> None:
    """Bring the database to the newest schema; makes an SQLite file that is not there.

    All or nothing, and one process at a time: others wait, then find it done. Raises DatabaseUrlInvalid,
    DatabaseUnavailable.
    """
    place = place_of(url)
    place.prepare()
    engine = _engine(place)
    try:
        with engine.begin() as connection:
            _wait_for_others(connection)
            if not _is_newest(connection):
                _upgrade(connection)
    except OperationalError as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    finally:
        engine.dispose()


def is_migrated(url: str) -> bool:
    """True when the schema is the newest; changes nothing. Raises DatabaseUrlInvalid, DatabaseUnavailable."""
    place = place_of(url)
    if place.file is not None and not place.file.exists():
        return False
    engine = _engine(place)
    try:
        with engine.connect() as connection:
            return _is_newest(connection)
    except OperationalError as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    finally:
        engine.dispose()


def _engine(place: Place) -> Engine:
    engine = create_engine(place.sync_url, poolclass=NullPool, hide_parameters=True)
    if place.file is not None:
        event.listen(engine, "connect", _leave_transactions_to_us)
    return engine


def _leave_transactions_to_us(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _is_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == [NEWEST]


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
