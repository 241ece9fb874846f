"""An empty PostgreSQL database for whoever needs one: TEST_POSTGRES_URL's server, or the one on 127.0.0.1:5432."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import make_url

NO_SERVER: Final = "no PostgreSQL: TEST_POSTGRES_URL is not set and nothing answers on 127.0.0.1:5432"


@contextmanager
def fresh_database(purpose: str, *, lazy_commits: bool = False) -> Iterator[str | None]:
    """Its URL until the block ends, None without a server. `lazy_commits`: where only clients are killed."""
    root = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        admin = psycopg.connect(root, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    name = f"skinbot_{purpose}_{secrets.token_hex(6)}"
    database = sql.Identifier(name)
    with admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(database))
        if lazy_commits:
            admin.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(database))
        try:
            yield make_url(root).set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
