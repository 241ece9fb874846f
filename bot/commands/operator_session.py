"""What the operator does for one person or for all, beside a running bot and at a slow pace of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from telegram import Bot

from bot.analysis.choice import READERS
from bot.analysis.local import is_installed
from bot.clock import now
from bot.config import Config, ConfigInvalid
from bot.config.errors import SetupError
from bot.diary.experiments.giving_up import ExperimentsEnd
from bot.operations.informing import Informing
from bot.outgoing import proxy_for
from bot.own_data.archive import Archive
from bot.own_data.erasing import Erasing
from bot.own_data.export import Export
from bot.people.consent import People
from bot.people.unreachable import UnreachablePeople
from bot.people.voice import Voice
from bot.rendering.renderer import Renderer
from bot.reports.reader import ReportReader
from bot.skin.analysis import Provider
from bot.storage import Store, open_store
from bot.storage.engine.glance import glance_at
from bot.storage.people.own_data import Holdings
from bot.storage.records import PersonRecord
from bot.telegram.errors import NotDelivered
from bot.telegram.files import TelegramFiles
from bot.telegram.messenger import Messenger
from bot.telegram.pacing import Pace
from bot.telegram.wire import AiohttpRequest
from bot.views.reports import CountView


class NobodyKnown(Exception):
    """No person of that Telegram id is in the database."""


class NoDatabase(SetupError):
    """There is none yet, and none is made for this."""


@dataclass(frozen=True, kw_only=True)
class Packed:
    reports: int
    pictures: int
    missing: int


@dataclass(frozen=True, kw_only=True)
class Office:
    """Opened by `open_office`. Methods raise DatabaseUnavailable."""

    config: Config
    store: Store
    bot: Bot
    messenger: Messenger
    voice: Voice
    renderer: Renderer
    informing: Informing

    async def person(self, telegram_id: int) -> PersonRecord:
        """Raises NobodyKnown."""
        known = await self.store.people.known(telegram_id)
        if known is None:
            raise NobodyKnown
        return known

    async def export(self, telegram_id: int, to: Path, *, pictures: bool) -> Packed:
        """Write what /export hands over. Raises NobodyKnown, PersonGone, DeliveryError, OSError."""
        person = await self.person(telegram_id)
        export = Export(
            rows=self.store.own_data,
            messenger=self.messenger,
            voice=self.voice,
            renderer=self.renderer,
            reader=ReportReader(readers=READERS),
            now=now,
        )
        with Archive(made_at=now()) as archive:
            reports = await export.pack(person, self._people().settings(person), archive, pictures=pictures)
            await asyncio.to_thread(_write, to, archive.finished().getvalue())
            return Packed(reports=reports, pictures=archive.pictures, missing=len(archive.missing))

    async def holdings(self, telegram_id: int) -> Holdings:
        """What an erasure would take. Raises NobodyKnown."""
        held = await self.store.own_data.holdings((await self.person(telegram_id)).id)
        if held is None:
            raise NobodyKnown
        return held

    async def erase(self, telegram_id: int) -> None:
        """As /delete. The running bot notices that its work for them is gone. Raises NobodyKnown."""
        erasing = Erasing(
            rows=self.store.people,
            said=self.store.sent_messages,
            voice=self.voice,
            experiments=self._experiments(),
            stop=_nothing_to_stop,
            now=now,
        )
        if not await erasing.erase(await self.person(telegram_id)):
            raise NobodyKnown

    async def refuse(self, telegram_id: int) -> int | None:
        """From now on nothing of theirs is taken. Returns how many photos were dropped; None for nobody we know."""
        await self.store.refusals.add(telegram_id, now=now())
        person = await self.store.people.known(telegram_id)
        if person is None:
            return None
        await self.store.reminders.switch_off(person.id)
        await self._experiments().give_up(person)
        dropped = await self.store.own_data.drop_waiting(person.id)
        for status in dropped:
            if status is not None:
                with suppress(NotDelivered):
                    await self.voice.revise(person, status, "cancelled", CountView(count=1))
        return len(dropped)

    def _experiments(self) -> ExperimentsEnd:
        return ExperimentsEnd(rows=self.store.experiments, voice=self.voice)

    def _people(self) -> People:
        return People(
            rows=self.store.people,
            voice=self.voice,
            config=self.config,
            provider=Provider.AILAB if self.config.pays else Provider.LOCAL,
            on_device=is_installed(),
            now=now,
        )


@asynccontextmanager
async def open_office(config: Config, *, per_second: float = 1.0) -> AsyncIterator[Office]:
    """Nobody is asked anything by this: Telegram is spoken to when it is needed.

    Raises NoDatabase, ConfigInvalid, and what opening the database raises.
    """
    if config.telegram_token is None:
        raise ConfigInvalid({"TELEGRAM_TOKEN": ["is not set."]}, log_format=config.log_format)
    if not glance_at(config.database_url, erased_list=config.erased_list).is_there:
        raise NoDatabase
    async with open_store(config.database_url, config.data_key, erased_list=config.erased_list) as store:
        wire = AiohttpRequest(proxy_for(config.telegram_api_url, config))
        await wire.initialize()
        try:
            yield _office(config, store, wire, per_second)
        finally:
            await wire.shutdown()


def _office(config: Config, store: Store, wire: AiohttpRequest, per_second: float) -> Office:
    bot = Bot(
        config.telegram_token or "",
        base_url=f"{config.telegram_api_url}/bot",
        base_file_url=f"{config.telegram_api_url}/file/bot",
        request=wire,
    )
    absence = UnreachablePeople(people=store.people, reports=store.reports, now=now)
    pace = Pace(per_second=per_second)
    messenger = Messenger(bot, TelegramFiles(bot, wire), pace=pace, on_unreachable=absence.note)
    renderer = Renderer()
    voice = Voice(
        messenger=messenger, renderer=renderer, said=store.sent_messages, pictures=store.shown_pictures, now=now
    )
    return Office(
        config=config,
        store=store,
        bot=bot,
        messenger=messenger,
        voice=voice,
        renderer=renderer,
        informing=Informing(rows=store.notices, messenger=messenger, voice=voice, now=now),
    )


def _write(to: Path, data: bytes) -> None:
    to.touch(mode=0o600, exist_ok=False)  # it is a person's, and nobody else's business
    to.write_bytes(data)


async def _nothing_to_stop(_: int) -> None:
    """This process works for nobody."""
