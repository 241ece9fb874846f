"""Nothing is lost and nothing is paid twice when processes are killed: `make faults` kills 200 times, this a few."""

import os
from pathlib import Path

from tests.faults.conftest import CAMPAIGN, Told
from tests.faults.kills import campaign, kill_at_random
from tests.faults.town import Town

KILLS = int(os.environ.get("FAULTS_KILLS", "2"))  # of each kind
PEOPLE = 8 if CAMPAIGN else 3
WITHIN = 300 if CAMPAIGN else 120  # so that it is the test that ends, and tells where everybody stands


async def test_one_process_on_sqlite_is_killed(tmp_path: Path, sqlite_url: str, told: Told) -> None:
    """Started again, it goes on from its rows: every selfie ends in one report, paid again only if in flight."""
    async with Town(folder=tmp_path, database_url=sqlite_url) as town:
        figures = await campaign(
            town, kill_at_random(town, KILLS), called=f"{KILLS} kills", people=PEOPLE, within=WITHIN
        )
    told(figures)
    figures.check()


async def test_two_processes_on_postgresql_are_killed(tmp_path: Path, postgres_url: str, told: Told) -> None:
    """The living one takes over what the dead one had; updates, reports and polling alike."""
    async with Town(folder=tmp_path, database_url=postgres_url, bots_wanted=2) as town:
        figures = await campaign(
            town, kill_at_random(town, KILLS), called=f"{KILLS} kills", people=PEOPLE, within=WITHIN
        )
    told(figures)
    figures.check()
