"""Databases for processes of their own."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/skinbot.db"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty database, dropped afterwards."""
    root = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        admin = psycopg.connect(root, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL: TEST_POSTGRES_URL is not set and nothing answers on 127.0.0.1:5432")
    name = sql.Identifier(f"skinbot_faults_durable_{secrets.token_hex(6)}")
    with admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield make_url(root).set(database=name.as_string(admin).strip('"')).render_as_string(hide_password=False)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
