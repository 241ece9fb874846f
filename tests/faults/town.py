"""A Telegram and AILabs of ours with people who send selfies, around bots that are processes of their own."""

import asyncio
import hashlib
import io
import random
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image
from sqlalchemy import create_engine, select

from bot.storage.engine.location import location_of
from bot.storage.tables import paid_call
from tests.ailab import LoopbackAILab
from tests.ailab.behaviours import Behaviour, late
from tests.ailab.server import Call
from tests.faults.bots import Bot
from tests.journeys.stage import data_of, is_consent_question, is_report
from tests.keys import KEY
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage, StagedTelegram


@cache
def _face() -> Image.Image:
    return Image.open(io.BytesIO(selfie((400, 400)))).convert("RGB")


def selfie_number(number: int, *, side_px: int = 400) -> bytes:
    """A selfie that differs from all others in its pixels: the number stands in a corner, as colours."""
    picture = _face().resize((side_px, side_px))
    for place in range(5):
        shade = 40 + 20 * (number // 10**place % 10)
        picture.paste((shade, 255 - shade, shade), (24 * place, 0, 24 * place + 24, 24))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


class Vendor(LoopbackAILab):
    """An AILab that takes its time."""

    def __init__(self, *, seconds: tuple[float, float]) -> None:
        super().__init__()
        self._seconds = seconds

    def _behaviour(self, call: Call) -> Behaviour:
        return late(super()._behaviour(call), seconds=random.uniform(*self._seconds))


def digest(call: Call) -> str:
    return hashlib.sha256(call.image).hexdigest()


@dataclass(kw_only=True)
class Town:
    """`bots` share one database; each has a vendor of its own, so that its calls can be told from the others'."""

    folder: Path
    database_url: str
    bots_wanted: int = 1
    vendor_seconds: tuple[float, float] = (0.1, 0.6)
    settings: dict[str, str] = field(default_factory=dict)
    telegram: StagedTelegram = field(default_factory=StagedTelegram)
    vendors: list[Vendor] = field(default_factory=list)
    bots: list[Bot] = field(default_factory=list)
    sent: Counter[int] = field(default_factory=Counter)

    async def __aenter__(self) -> Self:
        await self.telegram.__aenter__()
        for number in range(self.bots_wanted):
            vendor = Vendor(seconds=self.vendor_seconds)
            self.vendors.append(await vendor.__aenter__())
            self.bots.append(Bot(settings=self._settings(vendor), log=self.folder / f"bot{number}.log"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for bot in self.bots:
            if bot.running:
                await bot.kill()
        for vendor in self.vendors:
            await vendor.__aexit__(None, None, None)
        await self.telegram.__aexit__(None, None, None)

    def _settings(self, vendor: Vendor) -> dict[str, str]:
        return {
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
            "AILAB_API_KEY": vendor.key,
            "AILAB_API_URL": vendor.url,
            "DATABASE_URL": self.database_url,
            "DATA_KEY": KEY,
            "DAILY_REPORTS_PER_USER": "0",
            "LOG_LEVEL": "INFO",
            **self.settings,
        }

    async def consenting(self, people: int, *, within: float = 60.0) -> list[Actor]:
        """People who agreed and have their first report."""
        return await self.consenting_as([9000 + number for number in range(people)], within=within)

    async def consenting_as(self, user_ids: list[int], *, within: float) -> list[Actor]:
        return list(await asyncio.gather(*(self._consents(user_id, within) for user_id in user_ids)))

    async def _consents(self, user_id: int, within: float) -> Actor:
        person = self.telegram.person(user_id)
        await self.send(person)
        question = await person.wait_for(is_consent_question, timeout=within)
        person.tap(question, "consent:yes")
        await person.wait_for(is_report, timeout=within)
        return person

    async def send(self, person: Actor, *, side_px: int = 400) -> None:
        self.sent[person.user_id] += 1
        await person.send_photo(selfie_number(self.sent.total(), side_px=side_px))

    def ledger(self) -> list[tuple[int | None, str | None]]:
        """(report, outcome) of every call that the bots noted, in their order."""
        engine = create_engine(location_of(self.database_url).sync_url)
        with engine.connect() as connection:
            rows = connection.execute(select(paid_call.c.report_id, paid_call.c.outcome).order_by(paid_call.c.id)).all()
        engine.dispose()
        return [(row.report_id, row.outcome) for row in rows]

    @property
    def calls(self) -> list[Call]:
        return [call for vendor in self.vendors for call in vendor.calls]

    def reports_of(self, person: Actor) -> list[str]:
        """The numbers of the reports on a person's screen, one for each picture that shows one."""
        return [number_of(message) for message in person.bot_messages if is_report(message)]

    async def answered(self, people: list[Actor], *, within: float) -> None:
        """Until everybody has as many reports as they sent selfies. Raises AssertionError with what is missing."""
        watcher = self.telegram.world.changes.watch()
        try:
            async with asyncio.timeout(within):
                while any(len(set(self.reports_of(one))) < self.sent[one.user_id] for one in people):
                    await watcher.get()
        except TimeoutError:
            raise AssertionError(self._missing(people)) from None
        finally:
            self.telegram.world.changes.unwatch(watcher)

    def _missing(self, people: list[Actor]) -> str:
        behind = [one for one in people if len(set(self.reports_of(one))) < self.sent[one.user_id]]
        chats = "\n\n".join(one.transcript() for one in behind[:2])
        logs = "\n\n".join(bot.tail() for bot in self.bots)
        return f"{len(behind)} of {len(people)} people wait for reports\n{chats}\n{logs}"


def number_of(message: ChatMessage) -> str:
    return next(data for data in data_of(message) if data.startswith("details:"))


def has_no_report(message: ChatMessage) -> bool:
    """A status message that nothing became of."""
    return message.photo is None and message.reply_to is not None and not data_of(message)
