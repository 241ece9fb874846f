"""A bot that stands: what it does until it is told to stop."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Final

from telegram import Bot

from bot.clock import Clock
from bot.config import Config
from bot.diary.experiments.wiring import ExperimentParts
from bot.jobs import Jobs
from bot.listening import heard
from bot.operations.health import Door, Health
from bot.operations.wiring import OperationsParts
from bot.own_data.wiring import OwnDataParts
from bot.people.wiring import PeopleParts
from bot.reminders.wiring import ReminderParts
from bot.reports.wiring import ReportParts
from bot.storage import Store
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.processes.locks import Locks
from bot.telegram.application import introduce
from bot.telegram.intake import Intake, Take
from bot.telegram.polling import Polling, keep_webhook

_log = logging.getLogger(__name__)

_FIRST_QUESTION_SECONDS: Final = 0.2
_PRUNE_EVERY_SECONDS: Final = 3600.0
_SEAL_AGAIN_SECONDS: Final = 10.0
_FINISH_UPDATES_SECONDS: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class App:
    """A bot that is ready to hear: `intake` takes updates, `jobs` works reports, `reminders` sends what falls due."""

    bot: Bot
    store: Store
    intake: Intake
    jobs: Jobs
    locks: Locks
    people: PeopleParts
    reports: ReportParts
    reminders: ReminderParts
    experiments: ExperimentParts
    own_data: OwnDataParts
    operations: OperationsParts
    health: Health
    door: Door

    @property
    def now(self) -> Clock:
        return self.health.vitals.now

    async def listen(self, config: Config, *, when_ready: Callable[[], None] = lambda: None) -> None:
        """Work until cancelled: first what an earlier process left, then what comes in.

        `when_ready` is called some seconds later, when everything is loaded that would otherwise be on first use.
        Raises PollingEnded (in a group) when Telegram will have nothing to do with this token, PollingStuck when a
        new process may help.
        """
        async with AsyncExitStack() as stack:
            vitals = self.health.vitals
            take = vitals.observed(self.intake.take)
            await stack.enter_async_context(self.locks.alone())
            self.door.open(take)
            vitals.waits_for = None
            stack.push_async_callback(self._finish_updates)
            with suppress(DatabaseUnavailable):  # an album that was cut in two is then read in two
                await self.reports.requests.after_a_start()
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            tasks.create_task(vitals.stop_with_us())
            tasks.create_task(self.jobs.run())
            await self.intake.resume()
            tasks.create_task(self.locks.lead("updates", lambda: self._hear(config, take)))
            # After the first question for updates: what these begin with would delay it.
            tasks.create_task(vitals.watch_loop())
            tasks.create_task(self.operations.watch.run())
            tasks.create_task(self.reminders.sending.run())
            tasks.create_task(self.experiments.work.run())
            tasks.create_task(self.locks.lead("notices", self.operations.sending.run))
            tasks.create_task(self._forget_old_updates())
            tasks.create_task(self.locks.lead("sealing", self._seal_anew))
            tasks.create_task(self.own_data.retention.run())
            tasks.create_task(self.people.menu_button.run())
            tasks.create_task(self._get_ready(when_ready))

    async def _hear(self, config: Config, take: Take) -> None:
        """Of many processes only one polls; any takes what a webhook brings, and one sees to it that it is set."""
        if config.webhook_url:
            await keep_webhook(self.bot, config.webhook_url, config.webhook_guard)
        else:
            self.health.vitals.polling()
            await Polling(bot=self.bot, take=take).run()

    async def _get_ready(self, when_ready: Callable[[], None]) -> None:
        """Tell Telegram's menus what we do; then, while people find us, load what the first of them would wait for.

        What is loaded holds up the loop, also from a thread: the first question for updates goes out before.
        """
        await asyncio.sleep(_FIRST_QUESTION_SECONDS)
        await introduce(self.bot, self.people.renderer)
        await asyncio.to_thread(heard, "hello")
        for name in self.people.renderer.names():
            await asyncio.to_thread(self.people.renderer.prepare, name)
        when_ready()

    async def _finish_updates(self) -> None:
        """Answers that are being given are given; an update that needs longer is worked by the next process."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FINISH_UPDATES_SECONDS):
                await self.intake.drain()

    async def _seal_anew(self) -> None:
        """After an upgrade: what was stored by the version before."""
        while True:
            try:
                await self.store.sealing.renew()
            except DatabaseUnavailable as error:
                _log.warning("encrypting again waits for the database: %s", error)
                await asyncio.sleep(_SEAL_AGAIN_SECONDS)
            else:
                return

    async def _forget_old_updates(self) -> None:
        while True:
            with suppress(DatabaseUnavailable):  # the next hour will do
                await self.store.inbox.prune(now=self.now())
                await self.store.tombstones.prune(now=self.now())
                await self.store.efforts.prune(now=self.now())
                await self.store.shown_pictures.prune(now=self.now())
            await asyncio.sleep(_PRUNE_EVERY_SECONDS)
