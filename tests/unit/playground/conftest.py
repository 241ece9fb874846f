from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.telegram import StagedTelegram


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[StagedTelegram]:
    async with StagedTelegram(clock=clock, webhook_second=0.01) as telegram:
        yield telegram


def bot_of(telegram: StagedTelegram, token: str = "") -> Bot:
    request = HTTPXRequest(connection_pool_size=8)
    base, files = f"{telegram.url}/bot", f"{telegram.url}/file/bot"
    return Bot(token or telegram.token, base_url=base, base_file_url=files, request=request)


@pytest.fixture
async def bot(telegram: StagedTelegram) -> AsyncIterator[Bot]:
    async with bot_of(telegram) as bot:
        yield bot
