"""Databases for processes of their own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.postgres import NO_CLUSTER, NO_SERVER, Cluster, fresh_database, private_cluster

CAMPAIGN: Final = "FAULTS_KILLS" in os.environ  # `make faults`: the whole length

Told = Callable[[object], None]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Prints figures past pytest's capture: they are a campaign's result."""

    def tell(figures: object) -> None:
        with capsys.disabled():
            print(f"\n{figures}")  # noqa: T201 - see above

    return tell


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


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of the test's own, to be stopped and killed."""
    with private_cluster() as own:
        if own is None:
            pytest.skip(NO_CLUSTER)
        yield own
