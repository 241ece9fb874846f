"""The composition root: everything is built, opened and closed here, in one place."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from telegram import Bot

from bot.analysis import pixel_tasks
from bot.analysis.choice import Measurer, opened_measurer
from bot.clock import Clock, Wakeup, now
from bot.config import Config
from bot.config.version import build_version
from bot.imaging.workshop import Workshop
from bot.jobs import Jobs
from bot.jobs.choice import JobsOpener, open_jobs
from bot.listening import heard
from bot.observability.metrics import Metrics, counting_errors
from bot.operations.greeting import greeting
from bot.operations.health import NOT_CONNECTED, STANDING_BY, Door, Health, Vitals
from bot.operations.wiring import OperationsParts, wire_operations
from bot.outgoing import proxy_for
from bot.own_data.wiring import OwnDataParts, wire_own_data
from bot.people.wiring import PeopleParts, wire_people
from bot.reminders.wiring import ReminderParts, wire_reminders
from bot.reports.wiring import ReportParts, wire_reports, wire_series
from bot.storage import Store, open_store
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.processes.locks import Locks, open_locks
from bot.telegram.application import BotApplication, connect, introduce, new_application, traced
from bot.telegram.intake import Intake, OneUpdate, Take, new_intake
from bot.telegram.pacing import Pace
from bot.telegram.polling import Polling, keep_webhook
from bot.telegram.wire import AiohttpRequest
from handlers.routes import register
from handlers.wiring import wire_handlers

_log = logging.getLogger(__name__)

_PRUNE_EVERY_SECONDS: Final = 3600.0
_SEAL_AGAIN_SECONDS: Final = 10.0
_FINISH_REPORTS_SECONDS: Final = 12.0  # together with the rest at most 20, all told: what supervisors wait for
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
            tasks.create_task(vitals.watch_loop())
            tasks.create_task(self.operations.watch.run())
            tasks.create_task(self.jobs.run())
            tasks.create_task(self.reminders.sending.run())
            tasks.create_task(self._get_ready(when_ready))
            tasks.create_task(self._forget_old_updates())
            tasks.create_task(self.locks.lead("sealing", self._seal_anew))
            tasks.create_task(self.own_data.retention.run())
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
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(config.database_url, config.data_key))
        vitals = Vitals(metrics=Metrics(), now=clock)
        workshop = workshop or stack.enter_context(
            Workshop(pixel_tasks, workers=config.pixel_workers, on_death=vitals.metrics.worker_ended)
        )
        measurer = await stack.enter_async_context(opened_measurer(config, workshop))
        health, door = await _served(stack, config, store, vitals, stands_still=workshop.stands_still)
        vitals.metrics.built(version=build_version(), provider=measurer.provider)
        wire = AiohttpRequest(proxy_for(config.telegram_api_url, config))
        application = await _connected(stack, config, wire)
        vitals.waits_for = STANDING_BY
        stack.enter_context(counting_errors(vitals.metrics))
        locks = await stack.enter_async_context(open_locks(config.database_url))
        due = Wakeup()  # rings when a report may have become due
        jobs = open_jobs(config.database_url, store.due_reports, locks, due, finish_within_s=finish_within_s, now=clock)
        opener = await stack.enter_async_context(jobs)
        wings = _wings(
            config=config,
            store=store,
            workshop=workshop,
            measurer=measurer,
            application=application,
            wire=wire,
            pace=pace,
            vitals=vitals,
            locks=locks,
            due=due,
        )
        stack.push_async_callback(wings.people.messenger.close)
        yield _app(
            application, wings, store=store, workshop=workshop, health=health, door=door, locks=locks, opener=opener
        )


async def _served(
    stack: AsyncExitStack, config: Config, store: Store, vitals: Vitals, *, stands_still: Callable[[], bool]
) -> tuple[Health, Door]:
    """A supervisor that asks is answered while Telegram is still being sought. Raises AddressUnusable."""
    health, door = Health(vitals=vitals, figures=store.figures, stands_still=stands_still), Door()
    vitals.waits_for = NOT_CONNECTED
    if config.webhook_url or config.port is not None:
        from bot.operations.http import serving  # noqa: PLC0415 - aiohttp's server, which a bot that polls may not need

        vitals.port = await stack.enter_async_context(serving(config, door.take, health))
        _log.info("health is served on port %d", vitals.port)
    return health, door


async def _connected(stack: AsyncExitStack, config: Config, wire: AiohttpRequest) -> BotApplication:
    """The library's application, which knows who we are to Telegram. Raises InvalidToken."""
    application = new_application(config, wire)
    stack.push_async_callback(application.bot.shutdown)  # also when it never came to be initialized
    await connect(application, config.telegram_api_url)
    stack.push_async_callback(application.shutdown)
    return application


@dataclass(frozen=True, kw_only=True)
class _Wings:
    people: PeopleParts
    operations: OperationsParts
    reminders: ReminderParts
    reports: ReportParts


def _wings(
    *,
    config: Config,
    store: Store,
    workshop: Workshop,
    measurer: Measurer,
    application: BotApplication,
    wire: AiohttpRequest,
    pace: Pace | None,
    vitals: Vitals,
    locks: Locks,
    due: Wakeup,
) -> _Wings:
    """Each with what the ones before it made. Nothing is loaded yet: that is for its first use."""
    people = wire_people(
        config=config,
        store=store,
        application=application,
        wire=wire,
        pace=pace,
        metrics=vitals.metrics,
        measurer=measurer,
        now=vitals.now,
    )
    operations = wire_operations(
        config=config, store=store, people=people, measurer=measurer, vitals=vitals, wake=due.ring
    )
    series = wire_series(store)
    reminders = wire_reminders(store=store, people=people, latest_lines=series.latest_lines, now=vitals.now)
    reports = wire_reports(
        config=config,
        store=store,
        workshop=workshop,
        measurer=measurer,
        people=people,
        alerts=operations.alerts,
        vitals=vitals,
        place_to_call=lambda: locks.place("ailab", config.ailab_concurrency),
        series=series,
        suggest=reminders.setting.suggest,
        wake=due.ring,
        bot_id=application.bot.id,
    )
    return _Wings(people=people, operations=operations, reminders=reminders, reports=reports)


def _app(
    application: BotApplication,
    wings: _Wings,
    *,
    store: Store,
    workshop: Workshop,
    health: Health,
    door: Door,
    locks: Locks,
    opener: JobsOpener,
) -> App:
    bot, people, reports, clock = application.bot, wings.people, wings.reports, health.vitals.now
    one_update = OneUpdate(inbox=store.inbox, bot=bot, work=traced(application), now=clock)
    jobs = opener(produce=reports.pipeline.produce, work_update=one_update.work_stored)
    own_data = wire_own_data(store=store, workshop=workshop, people=people, reports=reports, stop=jobs.stop, now=clock)
    register(
        application,
        wire_handlers(
            store=store,
            people=people,
            reports=reports,
            reminders=wings.reminders,
            own_data=own_data,
            stats=wings.operations.stats,
        ),
    )
    return App(
        bot=bot,
        store=store,
        intake=new_intake(one_update, inbox=store.inbox, shared=jobs.shared, bot_id=bot.id, now=clock),
        jobs=jobs,
        locks=locks,
        people=people,
        reports=reports,
        reminders=wings.reminders,
        own_data=own_data,
        operations=wings.operations,
        health=health,
        door=door,
    )
