"""A photo from the Mini App's camera is as safe as one from the chat: `make faults` kills many times, this a few."""

import asyncio
import os
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

from bot.playground.server.launching import launch_data
from tests.faults.conftest import CAMPAIGN, Told
from tests.faults.kills import campaign
from tests.faults.town import Town, selfie_number
from tests.journeys.window import page_settings, window_at
from tests.telegram import Actor

KILLS: Final = int(os.environ.get("FAULTS_KILLS", "2"))
PEOPLE: Final = 4 if CAMPAIGN else 2
WITHIN: Final = 300 if CAMPAIGN else 120
LONGEST_S: Final = 0.6  # of a photo's way, from the page's opening on


@dataclass(kw_only=True)
class Pages:
    """People who send by the page, and again until they are told that it arrived.

    `leaving`: rung whenever a photo begins its way. `answers`: what the page was told, by status; 0 for nothing.
    """

    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    answers: Counter[int] = field(default_factory=Counter)

    async def send(self, town: Town, person: Actor) -> None:
        town.sent[person.user_id] += 1
        photo = selfie_number(town.sent.total())
        while (status := await self._tried(town, person, photo)) != 200:
            self.answers[status] += 1
            await asyncio.sleep(0.1)
        self.answers[status] += 1

    async def _tried(self, town: Town, person: Actor, photo: bytes) -> int:
        told = launch_data(town.telegram.token, person.card, at=datetime.now(UTC), query_id=str(random.random()))
        with suppress(httpx.HTTPError, AssertionError):
            async with window_at(town.settings["WEBAPP_URL"], told) as page:
                self.leaving.set()
                return await page.send(photo)
        return 0


async def _killed_while_they_arrive(town: Town, pages: Pages) -> None:
    [bot] = town.bots
    for _ in range(KILLS):
        pages.leaving.clear()
        await pages.leaving.wait()
        await asyncio.sleep(random.uniform(0, LONGEST_S))
        await bot.kill()
        await bot.start()


async def test_photos_from_the_page_outlive_kills(tmp_path: Path, sqlite_url: str, told: Told) -> None:
    """Whoever is told that it arrived has its report, and who is told nothing sends it again: one report, paid once."""
    pages = Pages()
    async with Town(folder=tmp_path, database_url=sqlite_url, settings=page_settings()) as town:
        figures = await campaign(
            town,
            _killed_while_they_arrive(town, pages),
            called=f"{KILLS} kills while photos arrive from the page",
            people=PEOPLE,
            within=WITHIN,
            send=pages.send,
        )
    told(f"{figures}; answers to the page: {dict(pages.answers)}")
    figures.check()
    assert pages.answers[200] == figures.selfies - PEOPLE
