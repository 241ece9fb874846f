"""Updates that come twice, late and out of order; clocks that jump."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.playground.server.wire import Raw
from tests.ailab import LoopbackAILab, error, late, says
from tests.ailab.answers import answer
from tests.faults.town import number_of
from tests.journeys.stage import Stage, is_report, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, StagedTelegram

_SIDE = 500
_PEOPLE = 4
_SELFIES = 4  # each


class JumpingClock:
    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def jump(self, by: timedelta) -> None:
        self._ahead += by


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/odd.db"
    return str(request.getfixturevalue("postgres_url"))


async def test_updates_that_come_twice_and_out_of_order(tmp_path: Path, database_url: str) -> None:
    """As a webhook brings them that answered too late: each selfie one report and one paid call, no word twice."""
    async with StagedTelegram() as telegram, LoopbackAILab() as ailab:
        ailab.default = says(answer(size=(_SIDE, _SIDE)))
        stage = Stage(telegram=telegram, ailab=ailab, folder=tmp_path, settings=_settings(database_url))
        async with stage.running():
            people = [await stage.consenting(7001 + number) for number in range(_PEOPLE)]
        updates = await _missed(telegram, people)
        async with stage.running() as app:
            deliveries = [*updates, *updates, *updates]
            random.Random(7).shuffle(deliveries)
            await asyncio.gather(*(app.intake.take([update]) for update in deliveries))
            for person in people:
                await person.wait_for(is_report_number(1 + _SELFIES))
            await app.intake.take(updates)
            await stage.settled()

    for person in people:
        assert set(_reports(person).values()) == {1}
        assert Counter(message.words for message in person.bot_messages).most_common(1)[0][1] == _SELFIES  # /help
    assert len(ailab.calls) == _PEOPLE * (1 + _SELFIES)


async def test_clocks_that_jump(tmp_path: Path, database_url: str) -> None:
    """Back a day while a photo is measured, back two more while one waits for its next try, then on by a week."""
    clock = JumpingClock()
    async with StagedTelegram() as telegram, LoopbackAILab() as ailab:
        good = says(answer(size=(_SIDE, _SIDE)))
        stage = Stage(telegram=telegram, ailab=ailab, folder=tmp_path, settings=_settings(database_url), clock=clock)
        async with stage.running():
            ada = await stage.consenting()
            ailab.will(late(good, seconds=0.5))
            await _sends(ada, 2)
            clock.jump(-timedelta(days=1))
            await ada.wait_for(is_report_number(2))

            ailab.will(error("ERROR_NOT_ENOUGH_CREDITS", status=429), good)
            await _sends(ada, 3)
            await ada.wait_for(lambda message: message.words.startswith("⏳"))
            await stage.settled()
            clock.jump(-timedelta(days=2))
            await ada.wait_for(is_report_number(3), timeout=90)

            clock.jump(timedelta(days=7))
            ailab.will(good)
            await _sends(ada, 4)
            await ada.wait_for(is_report_number(4))
            await stage.settled()

    assert set(_reports(ada).values()) == {1}


async def test_a_clock_that_was_ahead(tmp_path: Path, database_url: str) -> None:
    """A month ahead for a day, in which all reports of that day were made: once it is right, all is well at once.

    What was half done under the wrong time is finished: an album, a photo that waited for the vendor.
    """
    clock = JumpingClock()
    async with StagedTelegram() as telegram, LoopbackAILab() as ailab:
        good = says(answer(size=(_SIDE, _SIDE)))
        ailab.default = good
        settings = _settings(database_url) | {"DAILY_REPORTS_PER_USER": "3"}
        stage = Stage(telegram=telegram, ailab=ailab, folder=tmp_path, settings=settings, clock=clock)
        async with stage.running():
            clock.jump(timedelta(days=30))
            ada = await stage.consenting()
            await _sends(ada, 2)
            await ada.wait_for(is_report_number(2))
            ailab.will(error("ERROR_NOT_ENOUGH_CREDITS", status=429), good)
            await _sends(ada, 3)
            await ada.wait_for(lambda message: message.words.startswith("⏳"))
            await stage.settled()
            await ada.send_photo(selfie((_SIDE, _SIDE), seed=4), album="two")
            clock.jump(-timedelta(days=30))
            await ada.send_photo(selfie((_SIDE, _SIDE), seed=5), album="two")
            await ada.wait_for(is_report_number(4), timeout=90)
            await stage.settled()

    assert set(_reports(ada).values()) == {1}


def _settings(url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "DAILY_REPORTS_PER_USER": "0"}


async def _sends(person: Actor, seed: int) -> None:
    await person.send_photo(selfie((_SIDE, _SIDE), seed=seed))


async def _missed(telegram: StagedTelegram, people: list[Actor]) -> list[Raw]:
    """What people sent while no bot ran, taken out of Telegram's queue."""
    for number in range(_SELFIES):
        for place, person in enumerate(people):
            await _sends(person, 100 + 10 * number + place)
            await person.send_text("/help")
    updates = [waiting.raw for waiting in telegram.world.updates.waiting]
    telegram.world.updates.clear()
    return updates


def _reports(person: Actor) -> Counter[str]:
    return Counter(number_of(message) for message in person.bot_messages if is_report(message))
