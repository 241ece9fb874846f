"""A notice to all whose bot is killed at random moments: nobody is told twice, and who may not have been is counted."""

import asyncio
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.clock import now
from bot.playground.server.world import Reach
from bot.storage.opening import open_store
from tests.faults.conftest import CAMPAIGN, Told
from tests.faults.town import Town
from tests.journeys.stage import asked, data_of
from tests.keys import KEY
from tests.telegram import Actor

KILLS: Final = int(os.environ.get("FAULTS_KILLS", "3"))
PEOPLE: Final = 200 if CAMPAIGN else 40
WITHIN: Final = 600.0 if CAMPAIGN else 240.0
BOSS: Final = 900
WORDS: Final = "On Sunday nobody answers here."


@dataclass(frozen=True, kw_only=True)
class NoticeFigures:
    """`again`: times that somebody was told more than once. `untold`: people who did not get it at all.

    `doubtful`: of whom the rows can't tell; who is untold has to be among them.
    """

    kills: int
    processes: int
    people: int
    again: int
    untold: int
    doubtful: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.kills} kills over {self.processes} process(es) in {self.seconds:.0f} s, {self.people} people: "
            f"{self.again} told again, {self.untold} not told, {self.doubtful} of whom nobody can tell"
        )

    def check(self) -> None:
        """At most once each; each kill leaves at most one in doubt. Raises AssertionError."""
        assert self.again == 0, self
        assert self.untold <= self.doubtful <= self.kills, self


def times_told(person: Actor) -> int:
    return sum(WORDS in message.words and "no medical advice" in message.words for message in person.bot_messages)


async def _sent(boss: Actor) -> None:
    screen = await asked(boss, "/admin")
    await boss.press(screen, "admin:notice", timeout=60)
    await boss.wait_for(lambda message: "A notice to all" in message.words, timeout=60)
    await boss.send_text(WORDS)
    question = await boss.wait_for(lambda message: any("notice:send" in data for data in data_of(message)), timeout=60)
    send = next(data for data in data_of(question) if "notice:send" in data)
    await asyncio.gather(*(boss.press(question, send, timeout=60) for _ in range(2)))


async def _kill_now_and_then(town: Town, people: list[Actor]) -> None:
    """Each time it has told somebody more, a little later than that: mostly in the middle of something."""
    for _ in range(KILLS):
        told = sum(map(times_told, people))
        async with asyncio.timeout(WITHIN):
            while sum(map(times_told, people)) == told < len(people):  # noqa: ASYNC110 - another process sends
                await asyncio.sleep(0.005)
        await asyncio.sleep(random.uniform(0, 0.25))
        bot = random.choice(town.bots)
        await bot.kill()
        await bot.start()


async def _campaign(town: Town) -> NoticeFigures:
    began = time.monotonic()
    people = [town.telegram.person(1000 + number) for number in range(PEOPLE)]
    boss = town.telegram.person(BOSS)
    async with open_store(town.database_url, KEY) as store:
        for person in people:
            await store.people.meet(person.user_id, "en", now=now())
            town.telegram.world.chats[person.user_id].reach = Reach.OPEN  # they wrote to the bot once
    for bot in town.bots:
        await bot.start()
    await _sent(boss)
    await _kill_now_and_then(town, people)
    await boss.wait_for(lambda message: "has gone out" in message.words, timeout=WITHIN)
    async with open_store(town.database_url, KEY) as store:
        notice = await store.broadcasts.begun()
        assert notice is not None
        became = await store.notices.outcomes(notice.key)
    times = [times_told(person) for person in people]
    return NoticeFigures(
        kills=KILLS,
        processes=len(town.bots),
        people=len(people),
        again=sum(max(0, told - 1) for told in times),
        untold=times.count(0),
        doubtful=became.get(None, 0),
        seconds=time.monotonic() - began,
    )


async def test_one_process_on_sqlite_is_killed(tmp_path: Path, sqlite_url: str, told: Told) -> None:
    """It goes on where it was stopped."""
    async with Town(folder=tmp_path, database_url=sqlite_url, settings={"ADMIN_IDS": str(BOSS)}) as town:
        figures = await _campaign(town)
        await town.bots[0].stop()
    told(figures)
    figures.check()


async def test_two_processes_on_postgresql_are_killed(tmp_path: Path, postgres_url: str, told: Told) -> None:
    """One of them sends; the living one takes over what the dead one had."""
    settings = {"ADMIN_IDS": str(BOSS)}
    async with Town(folder=tmp_path, database_url=postgres_url, bots_wanted=2, settings=settings) as town:
        figures = await _campaign(town)
    told(figures)
    figures.check()
