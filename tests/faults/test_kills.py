"""Nothing is lost and nothing is paid twice when processes are killed: `make faults` kills 200 times, this a few."""

import os
from pathlib import Path

import pytest

from tests.faults.kills import Figures, kill_at_random
from tests.faults.town import Town

KILLS = int(os.environ.get("FAULTS_KILLS", "0"))  # of each kind


async def test_one_process_on_sqlite_is_killed(
    tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Started again, it goes on from its rows: every selfie ends in one report, paid again only if in flight."""
    async with Town(folder=tmp_path, database_url=sqlite_url) as town:
        figures = await kill_at_random(town, kills=KILLS or 2, people=3, within=300)
    _print(capsys, figures)
    _nothing_lost_nothing_twice(figures)


async def test_two_processes_on_postgresql_are_killed(
    tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The living one takes over what the dead one had; updates, reports and polling alike."""
    async with Town(folder=tmp_path, database_url=postgres_url, bots_wanted=2) as town:
        figures = await kill_at_random(town, kills=KILLS or 2, people=3, within=300)
    _print(capsys, figures)
    _nothing_lost_nothing_twice(figures)


def _print(capsys: pytest.CaptureFixture[str], figures: Figures) -> None:
    with capsys.disabled():
        print(f"\n{figures}")  # noqa: T201 - the campaign's result


def _nothing_lost_nothing_twice(figures: Figures) -> None:
    assert figures.missing == 0
    assert figures.twice == 0
    assert figures.unexplained == 0
