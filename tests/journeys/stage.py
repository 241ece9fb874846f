"""The whole bot between a Telegram and an AILab of ours, all over HTTP on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.clock import Clock, now
from bot.config import Config, read_config
from bot.imaging.workshop import Workshop
from bot.telegram.pacing import Pace, Rate
from tests.ailab import LoopbackAILab
from tests.keys import KEY
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage, StagedTelegram

SELFIE = selfie()
RESPONSIBLE = {
    "OPERATOR_NAME": "Ana Ruiz",
    "OPERATOR_CONTACT": "ana@example.org",
    "OPERATOR_COUNTRY": "Spain",
    "AILAB_COMPANY": "Example Ltd",
    "AILAB_COUNTRY": "Singapore",
    "AILAB_TRANSFER": "standard contractual clauses",
}
QUICK = Rate(
    per_second=200.0, burst=200
)  # people in tests tap faster than people; tests/journeys/test_sending.py has the real pace


@dataclass(kw_only=True)
class Stage:
    telegram: StagedTelegram
    ailab: LoopbackAILab
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    hurried: bool = True
    finish_within_s: float = 0.0
    clock: Clock = now
    workshop: Workshop | None = None
    _app: App | None = None

    @property
    def config(self) -> Config:
        return read_config(
            {
                "TELEGRAM_TOKEN": self.telegram.token,
                "TELEGRAM_API_URL": self.telegram.url,
                "AILAB_API_KEY": self.ailab.key,
                "AILAB_API_URL": self.ailab.url,
                "DATABASE_URL": f"sqlite:///{self.database}",
                "DATA_KEY": KEY,
                **RESPONSIBLE,
                **self.settings,
            }
        )

    @property
    def app(self) -> App:
        if self._app is None:
            raise LookupError("the bot does not run")
        return self._app

    @property
    def database(self) -> Path:
        return self.folder / "skinbot.db"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[App]:
        """The bot, from start to stop; leaving the block stops it as SIGTERM does."""
        config = self.config
        pace = Pace(per_second=1000, chat=QUICK) if self.hurried else None
        finish, workshop = self.finish_within_s, self.workshop
        async with build(config, clock=self.clock, pace=pace, finish_within_s=finish, workshop=workshop) as app:
            self._app = app
            task = asyncio.create_task(app.listen(config))
            try:
                yield app
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def settled(self) -> None:
        """Until everything that came in so far is worked."""
        await self.app.intake.drain()
        await self.app.jobs.drain()

    async def consenting(self, user_id: int = 7001, *, language_code: str = "en") -> Actor:
        """Somebody who agreed already."""
        person = self.telegram.person(user_id, language_code=language_code)
        await person.send_photo(SELFIE)
        question = await person.wait_for(is_consent_question)
        await person.press(question, "consent:yes")
        await person.wait_for(is_report)
        await self.settled()
        return person


class Calendar:
    """A clock that stands still between the pages that are torn off."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 8, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def tear_off(self, passed: timedelta) -> None:
        self._now += passed


async def asked(person: Actor, text: str) -> ChatMessage:
    """The answer to a text."""
    sent = await person.send_text(text)
    return await person.wait_for(lambda message: message.message_id > sent)


def data_of(message: ChatMessage) -> list[str]:
    return [data for row in message.buttons for _, data in row]


def is_report(message: ChatMessage) -> bool:
    """A finished report: a picture with its words and buttons."""
    return message.photo is not None and any(data.startswith("details:") for data in data_of(message))


def is_report_number(number: int) -> Callable[[ChatMessage], bool]:
    return lambda message: is_report(message) and f"details:{number}" in data_of(message)


def is_consent_question(message: ChatMessage) -> bool:
    return any(data.startswith("consent:yes:") for data in data_of(message))


def is_newer_than(known: ChatMessage) -> Callable[[ChatMessage], bool]:
    return lambda message: message.message_id > known.message_id
