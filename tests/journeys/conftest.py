"""Every journey has the whole bot between a Telegram and an AILab of ours, all over HTTP on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.imaging.workshop import Workshop
from tests.ailab import LoopbackAILab
from tests.journeys.stage import Calendar, Stage
from tests.telegram import StagedTelegram

_SCHEMA = Path(__file__).parents[1] / "telegram" / "telegram-bot-api.json"  # the machine-readable Bot API 10.1


@pytest.fixture
async def stage(tmp_path: Path, workshop: Workshop) -> AsyncIterator[Stage]:
    async with StagedTelegram(schema=_SCHEMA) as telegram, LoopbackAILab() as ailab:
        yield Stage(telegram=telegram, ailab=ailab, folder=tmp_path, workshop=workshop)
        assert telegram.violations == []


@pytest.fixture
def calendar(stage: Stage) -> Calendar:
    """As many reports a day as one likes."""
    calendar = Calendar()
    stage.clock = calendar
    stage.settings["DAILY_REPORTS_PER_USER"] = "0"
    return calendar
