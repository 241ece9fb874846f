"""PostgreSQL goes away in the middle of the work, in order and in a crash, and comes back."""

import asyncio
from pathlib import Path

from tests.faults.conftest import Told
from tests.faults.kills import campaign
from tests.faults.town import Town
from tests.postgres import Cluster

_AWAY_SECONDS = 5.0


async def test_postgresql_is_restarted_in_the_middle(tmp_path: Path, cluster: Cluster, told: Told) -> None:
    """Both processes live on, and every selfie of that time ends in one report."""
    async with Town(folder=tmp_path, database_url=cluster.url, bots_wanted=2) as town:
        figures = await campaign(town, _restart(cluster), called="3 restarts of PostgreSQL", people=3, within=240)
        assert all(bot.running for bot in town.bots)
    told(figures)
    figures.check()


async def _restart(cluster: Cluster) -> None:
    for mode, away in (("immediate", 0.0), ("fast", _AWAY_SECONDS), ("immediate", _AWAY_SECONDS)):
        await asyncio.sleep(2)
        await asyncio.to_thread(cluster.stop, mode)
        await asyncio.sleep(away)
        await asyncio.to_thread(cluster.start)
    await asyncio.sleep(2)
