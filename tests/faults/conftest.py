"""Databases for processes of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import NO_SERVER, fresh_database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/skinbot.db"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty database, dropped afterwards."""
    with fresh_database("faults") as url:
        if url is None:
            pytest.skip(NO_SERVER)
        yield url
