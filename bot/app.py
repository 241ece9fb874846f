"""The composition root: everything is built, opened and closed here, in one place."""

import asyncio
import gc
import logging
import os
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from telegram import Bot
from telegram.warnings import PTBUserWarning

from bot.analysis import pixel_tasks
from bot.analysis.choice import opened_measurer
from bot.clock import Clock, now
from bot.config import Config
from bot.config.version import build_version
from bot.imaging.workshop import Workshop
from bot.jobs import Jobs
from bot.jobs.choice import open_jobs
from bot.observability.metrics import Metrics, counting_errors
from bot.operations.greeting import greeting
from bot.operations.health import NOT_CONNECTED, STANDING_BY, Door, Health, Vitals
from bot.operations.watch import Watch
from bot.outgoing import proxy_for
from bot.own_data.retention import Retention
from bot.parts import Opened, Parts
from bot.people.unreachable import UnreachablePeople
from bot.reminders.sending import ReminderSending
from bot.rendering.renderer import Renderer
from bot.reports.requests import ReportRequests
from bot.storage import open_store
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.inbox import InboxRows
from bot.storage.people.efforts import EffortRows
from bot.storage.people.shown_pictures import ShownPictureRows
from bot.storage.people.tombstones import TombstoneRows
from bot.storage.processes.locks import Locks, open_locks
from bot.storage.upkeep.resealing import Sealing
from bot.telegram.application import connect, introduce, new_application
from bot.telegram.files import TelegramFiles
from bot.telegram.intake import Intake, Take
from bot.telegram.messenger import Messenger
from bot.telegram.pacing import Pace
from bot.telegram.polling import Polling, keep_webhook
from bot.telegram.wire import AiohttpRequest
from handlers.routes import register

_log = logging.getLogger(__name__)

_PRUNE_EVERY_SECONDS: Final = 3600.0
_SEAL_AGAIN_SECONDS: Final = 10.0
_FINISH_REPORTS_SECONDS: Final = 12.0  # together with the rest at most 20, all told: what supervisors wait for
_FINISH_UPDATES_SECONDS: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class App:
    """A bot that is ready to hear: `intake` takes updates, `jobs` works reports, `reminders` sends what falls due."""

    bot: Bot
    intake: Intake
    inbox: InboxRows
    tombstones: TombstoneRows
    efforts: EffortRows
    shown_pictures: ShownPictureRows
    desk: ReportRequests
    sealing: Sealing
    jobs: Jobs
    locks: Locks
    retention: Retention
    reminders: ReminderSending
    renderer: Renderer
    watch: Watch
    health: Health
    door: Door
    now: Clock

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
                await self.desk.after_a_start()
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            tasks.create_task(vitals.stop_with_us())
            tasks.create_task(vitals.watch_loop())
            tasks.create_task(self.watch.run())
            tasks.create_task(self.jobs.run())
            tasks.create_task(self.reminders.run())
            tasks.create_task(self._get_ready(when_ready))
            tasks.create_task(self._forget_old_updates())
            tasks.create_task(self.locks.lead("sealing", self._seal_anew))
            tasks.create_task(self.retention.run())
            await self.intake.resume()
            tasks.create_task(self.locks.lead("updates", lambda: self._hear(config, take)))

    async def _hear(self, config: Config, take: Take) -> None:
        """Of many processes only one polls; any takes what a webhook brings, and one sees to it that it is set."""
        if config.webhook_url:
            await keep_webhook(self.bot, config.webhook_url, config.webhook_guard)
        else:
            self.health.vitals.polling()
            await Polling(bot=self.bot, take=take).run()

    async def _get_ready(self, when_ready: Callable[[], None]) -> None:
        """Tell Telegram's menus what we do; then, while people find us, load what the first of them would wait for."""
        await introduce(self.bot, self.renderer)
        for name in self.renderer.names():
            await asyncio.to_thread(self.renderer.prepare, name)
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
                await self.sealing.renew()
            except DatabaseUnavailable as error:
                _log.warning("sealing anew has to wait: %s", error)
                await asyncio.sleep(_SEAL_AGAIN_SECONDS)
            else:
                return

    async def _forget_old_updates(self) -> None:
        while True:
            with suppress(DatabaseUnavailable):  # the next hour will do
                await self.inbox.prune(now=self.now())
                await self.tombstones.prune(now=self.now())
                await self.efforts.prune(now=self.now())
                await self.shown_pictures.prune(now=self.now())
            await asyncio.sleep(_PRUNE_EVERY_SECONDS)


async def serve(config: Config) -> None:
    """The bot, from opening to closing. Raises what `build` and `App.listen` raise."""
    if config.untold:
        _log.warning("the law wants people told who is responsible: %s not set", ", ".join(config.untold))
    async with build(config) as app:
        _log.info("%s", greeting(config, name=f"@{app.bot.username}"))
        gc.collect()
        spare_the_collector()
        await app.listen(config, when_ready=spare_the_collector)


def spare_the_collector() -> None:
    """What stands by now stays until the end: looking through it again in a full collection stops the loop 0.12 s."""
    gc.freeze()


@asynccontextmanager
async def build(
    config: Config,
    *,
    clock: Clock = now,
    pace: Pace | None = None,
    finish_within_s: float = _FINISH_REPORTS_SECONDS,
    workshop: Workshop | None = None,
) -> AsyncIterator[App]:
    """The whole bot, opened; it is closed on the way out. Raises what opening the database and the token raise.

    `pace`: how fast it may speak, when not as fast as Telegram likes it. `finish_within_s`: how long selfies that are
    under way may go on when it is told to stop. `workshop`: open, when it is not to have one of its own.
    """
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else every RetryAfter warns of its own type
    warnings.filterwarnings(
        "ignore", "Please use 'Bot.getUpdates'", PTBUserWarning
    )  # we want them raw: bot.telegram.intake
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(config.database_url, config.data_key))
        vitals = Vitals(metrics=Metrics(), now=clock)
        workshop = workshop or stack.enter_context(
            Workshop(pixel_tasks, workers=config.pixel_workers, on_death=vitals.metrics.worker_ended)
        )
        measurer = await stack.enter_async_context(opened_measurer(config, workshop))
        vitals.metrics.built(version=build_version(), provider=measurer.provider)
        health = Health(vitals=vitals, figures=store.figures, stands_still=workshop.stands_still)
        door = Door()
        await _serve_from_the_first_moment(stack, config, door, health)
        wire = AiohttpRequest(proxy_for(config.telegram_api_url, config))
        application = new_application(config, wire)
        stack.push_async_callback(application.bot.shutdown)  # also when it never came to be initialized
        await connect(application, config.telegram_api_url)
        stack.push_async_callback(application.shutdown)
        vitals.waits_for = STANDING_BY
        stack.enter_context(counting_errors(vitals.metrics))
        pace = pace or Pace(per_second=config.sends_per_second)
        absence = UnreachablePeople(people=store.people, reports=store.reports, now=clock)
        messenger = Messenger(
            application.bot,
            TelegramFiles(application.bot, wire),
            pace=pace,
            metrics=vitals.metrics,
            on_unreachable=absence.note,
        )
        stack.push_async_callback(messenger.close)
        locks = await stack.enter_async_context(open_locks(config.database_url))
        opener = await stack.enter_async_context(open_jobs(config.database_url))
        opened = Opened(
            config=config,
            store=store,
            workshop=workshop,
            measurer=measurer,
            application=application,
            messenger=messenger,
            absence=absence,
            vitals=vitals,
            locks=locks,
            open_jobs=opener,
            finish_within_s=finish_within_s,
            now=clock,
        )
        yield _app(opened, Parts(opened), health, door)


async def _serve_from_the_first_moment(stack: AsyncExitStack, config: Config, door: Door, health: Health) -> None:
    """A supervisor that asks is answered while Telegram is still being sought. Raises AddressUnusable."""
    health.vitals.waits_for = NOT_CONNECTED
    if config.webhook_url or config.port is not None:
        from bot.operations.http import serving  # noqa: PLC0415 - aiohttp's server, which a bot that polls may not need

        health.vitals.port = await stack.enter_async_context(serving(config, door.take, health))
        _log.info("health is served on port %d", health.vitals.port)


def _app(opened: Opened, parts: Parts, health: Health, door: Door) -> App:
    register(opened.application, parts.journeys)
    return App(
        bot=opened.application.bot,
        intake=parts.intake,
        inbox=opened.store.inbox,
        tombstones=opened.store.tombstones,
        efforts=opened.store.efforts,
        shown_pictures=opened.store.shown_pictures,
        desk=parts.desk,
        sealing=opened.store.sealing,
        jobs=parts.jobs,
        locks=opened.locks,
        retention=parts.retention,
        reminders=parts.reminders,
        renderer=parts.renderer,
        watch=parts.watch,
        health=health,
        door=door,
        now=opened.now,
    )
