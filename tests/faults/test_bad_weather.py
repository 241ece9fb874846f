"""Telegram refuses, is busy, is slow, cuts connections before and after it did what was asked: nothing is lost."""

import asyncio
import random
from pathlib import Path

from tests.faults.conftest import CAMPAIGN, Told
from tests.faults.kills import campaign
from tests.faults.town import Town
from tests.telegram import Delay, DropAfter, DropBefore, Fault, Garbage, Refuse

_SECONDS = 30.0 if CAMPAIGN else 5.0
_FAULTS: tuple[Fault, ...] = (
    Refuse(status=429, description="Too Many Requests: retry after 1", retry_after=1),
    Refuse(status=500, description="Internal Server Error"),
    Garbage(),
    Garbage(body=b'{"ok": tr', status=200),
    DropBefore(),
    DropAfter(),
    Delay(seconds=1.5),
)
_EDITS = ("getUpdates", "getFile", "file", "editMessageText", "editMessageMedia", "answerCallbackQuery")
_SENDS = ("sendMessage", "sendPhoto")


async def test_telegram_in_bad_weather(tmp_path: Path, sqlite_url: str, told: Told) -> None:
    """A third of all requests go wrong, in every way; each selfie still ends in one report."""
    async with Town(folder=tmp_path, database_url=sqlite_url) as town:
        figures = await campaign(town, _weather(town), called="bad weather", people=3, within=240)
        assert town.bots[0].running
        assert town.bots[0].peak_mb() < 350
    told(figures)
    figures.check()


async def _weather(town: Town) -> None:
    for _ in range(int(_SECONDS / 0.1)):
        for method in (*_EDITS, *_SENDS):
            if random.random() < 0.1:
                town.telegram.fail_next(method, random.choice(_FAULTS))
        await asyncio.sleep(0.1)
    town.telegram._faults.clear()  # the sun comes out
