"""Every journey has the whole bot between a Telegram and an AILab of ours, all over HTTP on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.imaging.workshop import Workshop
from bot.playground.server.telegram import LoopbackTelegram
from tests.ailab import LoopbackAILab
from tests.journeys.stage import Stage

# The machine-readable Bot API, where this machine has it; a fresh clone goes without this check.
_SCHEMA = Path(__file__).parents[3] / "shared" / "telegram-bot-api.json"


@pytest.fixture
async def stage(tmp_path: Path, workshop: Workshop) -> AsyncIterator[Stage]:
    schema = _SCHEMA if _SCHEMA.exists() else None
    async with LoopbackTelegram(schema=schema) as telegram, LoopbackAILab() as ailab:
        yield Stage(telegram=telegram, ailab=ailab, folder=tmp_path, workshop=workshop)
        assert telegram.violations == []
