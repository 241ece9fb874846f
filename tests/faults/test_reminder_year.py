"""Weekly reminders over weeks with kills and restarts, two processes, on PostgreSQL.

`make year` is the whole of it: 10,000 people, a year, PostgreSQL; it prints its figures and takes an hour or two.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.reminder_year import Books, Simulation, full_size
from tests.postgres import NO_SERVER, fresh_database


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A database made for this test. A commit need not reach the disk here: only clients are killed, not the server."""
    with fresh_database("reminders", lazy_commits=True) as url:
        if url is None:
            pytest.skip(NO_SERVER)
        yield url


def in_order(books: Books) -> None:
    assert books.twice == 0
    assert books.in_quiet_hours == 0
    assert books.wrongly_marked == 0
    assert books.lost <= books.kills
    assert books.sent > 0


@pytest.mark.skipif(full_size(), reason="the whole year runs instead")
def test_eight_days(postgres_url: str, tmp_path: Path) -> None:
    """Nobody twice, nobody at night; at most one lost for each kill."""
    books = Simulation(url=postgres_url, folder=tmp_path, people=40, days=8, kills=1, outages=1, minutes=(0,)).run()
    in_order(books)
    assert books.kills == 1
    assert books.restarts >= 3


@pytest.mark.skipif(not full_size(), reason="an hour or two: make year")
def test_year(postgres_url: str, tmp_path: Path) -> None:
    """10,000 people, 365 days, 200 kills, 60 outages of one to twenty hours (SKINBOT_YEAR_PEOPLE, _DAYS: less of it).

    Everybody chose a full hour: then there are moments with nothing to do, which are passed over.
    """
    people, days = int(os.environ.get("SKINBOT_YEAR_PEOPLE", "10000")), int(os.environ.get("SKINBOT_YEAR_DAYS", "365"))
    kills, outages = max(20, 200 * days // 365), max(4, 60 * days // 365)
    books = Simulation(
        url=postgres_url, folder=tmp_path, people=people, days=days, kills=kills, outages=outages, minutes=(0,)
    ).run()
    sys.stdout.write(f"\n{books}\n")
    in_order(books)
    assert books.paused > 0 or days < 40
