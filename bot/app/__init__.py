"""The composition root: everything is built, opened and closed here, in one place."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

from bot.analysis import pixel_tasks
from bot.analysis.choice import opened_measurer
from bot.app.running import App
from bot.app.wings import Ground, Wings, wire_wings
from bot.clock import Clock, Wakeup, now
from bot.config import Config
from bot.config.version import build_version
from bot.imaging.workshop import Workshop
from bot.jobs.choice import JobsOpener, open_jobs
from bot.observability.metrics import Metrics, counting_errors
from bot.operations.doors import doors_open, see_that_doors_can_be_opened
from bot.operations.greeting import greeting
from bot.operations.health import STANDING_BY, Door, Health, Vitals
from bot.outgoing import proxy_for
from bot.own_data.wiring import wire_own_data
from bot.storage import open_store
from bot.storage.processes.locks import open_locks
from bot.telegram.application import BotApplication, connect, new_application, traced
from bot.telegram.intake import OneUpdate, new_intake
from bot.telegram.pacing import Pace
from bot.telegram.wire import AiohttpRequest
from handlers.routes import Journeys, register
from handlers.wiring import wire_handlers

if TYPE_CHECKING:
    from bot.operations.miniapp import MiniAppDoor

__all__ = ["App", "build", "serve", "spare_the_collector"]

_log = logging.getLogger(__name__)

_FINISH_REPORTS_SECONDS: Final = 12.0  # together with the rest at most 20, all told: what supervisors wait for


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
    await see_that_doors_can_be_opened(config)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            open_store(config.database_url, config.data_key, erased_list=config.erased_list)
        )
        vitals = Vitals(metrics=Metrics(), now=clock)
        workshop = workshop or stack.enter_context(
            Workshop(pixel_tasks, workers=config.pixel_workers, on_death=vitals.metrics.worker_ended)
        )
        measurer = await stack.enter_async_context(opened_measurer(config, workshop))
        health = Health(vitals=vitals, figures=store.figures, stands_still=workshop.stands_still)
        doors = await stack.enter_async_context(doors_open(config, health))
        vitals.metrics.built(version=build_version(), provider=measurer.provider)
        wire = AiohttpRequest(proxy_for(config.telegram_api_url, config))
        application = await _connected(stack, config, wire)
        vitals.waits_for = STANDING_BY
        stack.enter_context(counting_errors(vitals.metrics))
        locks = await stack.enter_async_context(open_locks(config.database_url))
        ground = Ground(
            config=config, store=store, workshop=workshop, measurer=measurer, vitals=vitals, locks=locks, due=Wakeup()
        )
        opener = await stack.enter_async_context(_jobs(ground, finish_within_s=finish_within_s))
        wings = wire_wings(ground, application, wire, pace=pace)
        stack.push_async_callback(wings.people.messenger.close)
        app, journeys = _app(application, ground, wings, health=health, door=doors.updates, opener=opener)
        if doors.miniapp is not None:
            await stack.enter_async_context(_miniapp(doors.miniapp, ground, wings, journeys))
        yield app


async def _connected(stack: AsyncExitStack, config: Config, wire: AiohttpRequest) -> BotApplication:
    """The library's application, which knows who we are to Telegram. Raises InvalidToken."""
    application = new_application(config, wire)
    stack.push_async_callback(application.bot.shutdown)  # also when it never came to be initialized
    await connect(application, config.telegram_api_url)
    stack.push_async_callback(application.shutdown)
    return application


def _jobs(ground: Ground, *, finish_within_s: float) -> AbstractAsyncContextManager[JobsOpener]:
    config, store, now = ground.config, ground.store, ground.vitals.now
    return open_jobs(
        config.database_url, store.due_reports, ground.locks, ground.due, finish_within_s=finish_within_s, now=now
    )


def _app(
    application: BotApplication, ground: Ground, wings: Wings, *, health: Health, door: Door, opener: JobsOpener
) -> tuple[App, Journeys]:
    bot, store, clock = application.bot, ground.store, ground.vitals.now
    one_update = OneUpdate(inbox=store.inbox, bot=bot, work=traced(application), now=clock)
    jobs = opener(produce=wings.reports.pipeline.produce, work_update=one_update.work_stored)
    own_data = wire_own_data(
        store=store,
        workshop=ground.workshop,
        people=wings.people,
        reports=wings.reports,
        experiments=wings.experiments.end,
        stop=jobs.stop,
        now=clock,
    )
    journeys = wire_handlers(
        store=store,
        people=wings.people,
        reports=wings.reports,
        diary=wings.diary,
        reminders=wings.reminders,
        experiments=wings.experiments,
        own_data=own_data,
        operations=wings.operations,
    )
    register(application, journeys)
    app = App(
        bot=bot,
        store=store,
        intake=new_intake(one_update, inbox=store.inbox, shared=jobs.shared, bot_id=bot.id, now=clock),
        jobs=jobs,
        locks=ground.locks,
        people=wings.people,
        reports=wings.reports,
        reminders=wings.reminders,
        experiments=wings.experiments,
        own_data=own_data,
        operations=wings.operations,
        health=health,
        door=door,
    )
    return app, journeys


def _miniapp(
    door: "MiniAppDoor", ground: Ground, wings: Wings, journeys: Journeys
) -> AbstractAsyncContextManager[None]:
    from handlers.miniapp.wiring import opened_miniapp  # noqa: PLC0415 - as the server itself

    return opened_miniapp(
        door,
        config=ground.config,
        store=ground.store,
        people=wings.people,
        reports=wings.reports,
        journeys=journeys,
        now=ground.vitals.now,
    )
