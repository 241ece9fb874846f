"""A self-experiment whose bot is killed at random moments: no photo is lost, nothing is counted or said twice."""

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from bot.skin.experiments.plan import Plan
from bot.storage.experiments.records import ExperimentState
from bot.storage.opening import open_store
from tests.faults.bots import ROOT, Bot
from tests.faults.town import Town
from tests.journeys.stage import data_of, is_report
from tests.journeys.test_experiments import begun
from tests.keys import KEY
from tests.telegram import Actor

KILLS: Final = int(os.environ.get("FAULTS_KILLS", "4"))
START: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
WITHIN: Final = 120.0


@dataclass(kw_only=True)
class ClockedBot(Bot):
    """The clock is a file."""

    clock: Path

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(self.python, "-m", "tests.faults.experiment_worker", str(self.clock)),
                cwd=self.log.parent,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.settings},
                stdout=log,
                stderr=log,
            )

    def pass_by(self, time: timedelta) -> None:
        self.turn(datetime.fromtimestamp(float(self.clock.read_text()), UTC) + time)

    def turn(self, to: datetime) -> None:
        """Whole, or not at all: somebody may read it now."""
        beside = self.clock.with_suffix(".new")
        beside.write_text(str(to.timestamp()))
        beside.rename(self.clock)


async def _killed(bot: ClockedBot, *, after: float) -> None:
    await asyncio.sleep(after)
    await bot.kill()
    await bot.start()


async def _photo(town: Town, ana: Actor, killed: asyncio.Task[None] | None) -> None:
    await town.send(ana)
    await town.answered([ana], within=WITHIN)
    if killed is not None:
        await killed


async def _delivered(url: str) -> None:
    """The first report is on the screen before its row says so."""
    async with open_store(url, KEY) as store, asyncio.timeout(WITHIN):
        while await store.reports.latest(1) is None:  # noqa: ASYNC110 - a row rings no bell
            await asyncio.sleep(0.1)


async def _plan(url: str) -> Plan:
    async with open_store(url, KEY) as store:
        current = await store.experiments.current(1)
    assert current is not None
    assert current.agreed is not None
    return current.agreed.plan


async def _looked_at(url: str, photos: int, bot: ClockedBot) -> None:
    """Until the photos so far are looked at. What a dead process had is free again when its lease ends."""
    async with open_store(url, KEY) as store, asyncio.timeout(WITHIN):
        for waited in count():
            current = await store.experiments.current(1)
            if current is None or len(await store.experiment_photos.of(current)) >= photos:
                return
            await _a_moment(bot, waited)


async def _answered(bot: ClockedBot, ana: Actor, message_id: int) -> None:
    async with asyncio.timeout(WITHIN):
        for waited in count():
            if ana.message(message_id).photo is not None:
                return
            await _a_moment(bot, waited)


async def _a_moment(bot: ClockedBot, waited: int) -> None:
    """Time goes on there, too: three minutes for each five seconds here."""
    await asyncio.sleep(0.1)
    if waited % 50 == 49:
        bot.pass_by(timedelta(minutes=3))


async def test_killed_at_random_moments(tmp_path: Path, sqlite_url: str) -> None:
    """Every photo counts once, its line comes once at most, and the plan's message becomes the answer, once."""
    async with Town(folder=tmp_path, database_url=sqlite_url) as town:
        bot = ClockedBot(settings=town.bots[0].settings, log=town.bots[0].log, clock=tmp_path / "clock")
        town.bots[0] = bot
        bot.turn(START)
        await bot.start()
        (ana,) = await town.consenting(1)
        await _delivered(sqlite_url)
        pinned = await begun(ana)
        plan = await _plan(sqlite_url)
        photos = plan.weeks * plan.photos_a_week
        moments = set(random.sample(range(photos + 1), min(KILLS, photos)))
        for photo in range(photos):
            week, day = divmod(photo, plan.photos_a_week)
            bot.turn(START + timedelta(days=7 * week + day, hours=1))
            after = random.uniform(0.0, 1.5)
            killed = asyncio.create_task(_killed(bot, after=after)) if photo in moments else None
            await _photo(town, ana, killed)
            await _looked_at(sqlite_url, photo + 1, bot)
        bot.turn(START + timedelta(days=7 * plan.weeks))
        if photos in moments:
            await bot.kill()
            await bot.start()
            await _killed(bot, after=random.uniform(1.5, 4.0))
        await _answered(bot, ana, pinned.message_id)
        await asyncio.sleep(0.5)
        await bot.stop()
        lines = Counter(message.reply_to for message in ana.bot_messages if "this week counts" in message.words)
        assert set(lines.values()) <= {1}
        assert sum("experiment:answer" in " ".join(data_of(message)) for message in ana.bot_messages) <= 1
        assert town.telegram.world.chats[ana.user_id].pinned == []
        reports = {message.message_id for message in ana.bot_messages if is_report(message)}
        assert set(lines) <= reports
    async with open_store(sqlite_url, KEY) as store:
        (ended,) = await store.experiments.every(1)
        looked_at = await store.experiment_photos.of(ended)
        assert ended.state is ExperimentState.ENDED
        assert ended.answer is not None
        assert [each.counts for each in looked_at] == [True] * photos
        assert sum(block.photos for block in ended.answer.blocks) == photos
