"""Workers of the real bot that are killed, hang and grow while twenty people send selfies.

Small by itself; FAULTS_DEATHS of each kind at length.
"""

import asyncio
import os
import random
import re
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.faults.bots import Bot
from tests.faults.conftest import Told
from tests.faults.test_pixels import harm
from tests.faults.town import Town, digest
from tests.journeys.stage import is_report
from tests.telegram import Actor, ChatMessage

DEATHS: Final = int(os.environ.get("FAULTS_DEATHS", "2"))
PEOPLE: Final = 20
_LONGEST_SECONDS: Final = 120.0
_SIDES_PX: Final = (400, 400, 400, 2000)  # the large one needs more than a worker has at hand
_ENDED: Final = re.compile(r"a worker for pictures ended: (\w+)")
_DAMAGED: Final = "can't be opened"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes as Linux shows them")


@dataclass(kw_only=True)
class Waits:
    """Seconds from a selfie to its report, or to its kind reason."""

    reports: list[float] = field(default_factory=list)
    reasons: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        seconds = sorted(self.reports)
        return (
            f"{len(seconds)} reports after {seconds[len(seconds) // 2]:.1f} s in the middle,"
            f" {seconds[-1 - len(seconds) // 100]:.1f} s for 99 of 100, {seconds[-1]:.1f} s at most;"
            f" {len(self.reasons)} damaged in kind words"
        )


@pytest.mark.parametrize("how", ["unharmed", "killed", "hung", "grown"])
async def test_a_worker_that_ends_costs_nobody_else_a_report(
    how: str, tmp_path: Path, sqlite_url: str, told: Told
) -> None:
    """Every selfie ends in a report or a kind reason, and no photo is paid twice."""
    waits = Waits()
    settings = {"DAILY_REPORTS_TOTAL": "0"}
    async with Town(folder=tmp_path, database_url=sqlite_url, settings=settings) as town:
        bot = town.bots[0]
        await bot.start()
        people = await town.consenting(PEOPLE, within=_LONGEST_SECONDS)
        over = asyncio.Event()
        async with asyncio.TaskGroup() as together:
            for person in people:
                together.create_task(_sends(town, person, waits, until=over))
            await _harm_all(bot, how)
            over.set()
        died, calls = _deaths(bot), Counter(digest(call) for call in town.calls)
        ledger = town.ledger()
    told(f"{how}: {dict(died)}; {waits}; {sum(calls.values()) - len(calls)} of {len(ledger)} calls paid twice")
    assert len(waits.reports) + len(waits.reasons) == town.sent.total() - PEOPLE
    assert sum(calls.values()) == len(calls)
    assert len(waits.reasons) <= (died["hung"] + died["grew"]) // 2


async def _sends(town: Town, person: Actor, waits: Waits, *, until: asyncio.Event) -> None:
    """One selfie after the other. Raises TimeoutError for one that nothing becomes of."""
    while not until.is_set():
        before, began = person.last.message_id, time.monotonic()
        await town.send(person, side_px=random.choice(_SIDES_PX))

        def is_answer(message: ChatMessage, before: int = before) -> bool:
            return message.message_id > before and (is_report(message) or _DAMAGED in message.text)

        answer = await person.wait_for(is_answer, timeout=_LONGEST_SECONDS)
        (waits.reports if is_report(answer) else waits.reasons).append(time.monotonic() - began)
        await asyncio.sleep(random.uniform(0.2, 1.0))


async def _harm_all(bot: Bot, how: str) -> None:
    """Now and then a worker; after one that hangs the next one only when it is gone."""
    if how == "unharmed":
        await asyncio.sleep(2.0 * DEATHS)
    while how != "unharmed" and _deaths(bot).total() < DEATHS:
        await asyncio.sleep(random.uniform(0.2, 1.0))
        harmed = random.choice(_workers(bot) or [0])
        harm(harmed, how)
        async with asyncio.timeout(_LONGEST_SECONDS):
            while how == "hung" and harmed in _workers(bot):  # noqa: ASYNC110 - the system tells nobody
                await asyncio.sleep(0.1)


def _workers(bot: Bot) -> list[int]:
    """The bot's child processes."""
    found: list[int] = []
    for thread in Path(f"/proc/{bot.pid}/task").iterdir():
        with suppress(OSError):
            found += map(int, (thread / "children").read_text().split())
    return found


def _deaths(bot: Bot) -> Counter[str]:
    return Counter(_ENDED.findall(bot.log.read_text(errors="replace")))
