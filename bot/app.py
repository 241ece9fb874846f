"""The composition root: everything is built, opened and closed here, in one place."""

import asyncio
import gc
import logging
import os
import warnings
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import stamina
from telegram import Bot, BotCommand
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import Application
from telegram.warnings import PTBUserWarning

from bot.absence import Absence
from bot.analysis import AnalysisUnavailable
from bot.analysis.choice import Measurer, choose_analyzer
from bot.analysis.local import Measured
from bot.clock import Clock, now
from bot.config import Config
from bot.greeting import greeting
from bot.health import NOT_CONNECTED, STANDING_BY, Door, Health, Take, Vitals
from bot.jobs import Jobs
from bot.jobs.choice import open_jobs
from bot.messenger import Messenger
from bot.metrics import Metrics, counting_errors
from bot.mydata.retention import Retention
from bot.outgoing import proxy_for, vendor_client
from bot.pacing import Pace
from bot.parts import Opened, Parts
from bot.polling import Polling, keep_webhook
from bot.reminders.sending import ReminderSending
from bot.rendering import SOURCE_LOCALE, Renderer
from bot.reports.desk import Desk
from bot.reports.watch import Watch
from bot.storage import open_store
from bot.storage.database import DatabaseUnavailable
from bot.storage.efforts import Efforts
from bot.storage.inbox import Inbox
from bot.storage.key_file import begin_new_key, drop_unneeded_keys
from bot.storage.locks import Locks, held_alone, open_locks
from bot.storage.resealing import Sealing
from bot.storage.rotation import needed_keys, rotate
from bot.storage.shown_pictures import ShownPictures
from bot.storage.store import opened_database
from bot.storage.tombstones import Tombstones
from bot.telegram_files import Files
from bot.telegram_wire import AiohttpRequest
from bot.updates import ForthrightApplication, Intake
from bot.version import build_version
from bot.workshop import TaskLost, Workshop, tasks
from handlers import BotApplication, register

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
    inbox: Inbox
    tombstones: Tombstones
    efforts: Efforts
    shown_pictures: ShownPictures
    desk: Desk
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
    warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)  # we want them raw: bot.updates
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(config.database_url, config.data_key))
        vitals = Vitals(metrics=Metrics(), now=clock)
        workshop = workshop or stack.enter_context(
            Workshop(workers=config.pixel_workers, on_death=vitals.metrics.worker_ended)
        )
        measurer = await stack.enter_async_context(opened_measurer(config, workshop))
        vitals.metrics.built(version=build_version(), provider=measurer.provider)
        health = Health(vitals=vitals, figures=store.figures, stands_still=workshop.stands_still)
        door = Door()
        await _serve_from_the_first_moment(stack, config, door, health)
        wire = AiohttpRequest(proxy_for(config.telegram_api_url, config))
        application = _application(config, wire)
        stack.push_async_callback(application.bot.shutdown)  # also when it never came to be initialized
        await _connect(application, config.telegram_api_url)
        stack.push_async_callback(application.shutdown)
        vitals.waits_for = STANDING_BY
        stack.enter_context(counting_errors(vitals.metrics))
        pace = pace or Pace(per_second=config.sends_per_second)
        absence = Absence(people=store.people, reports=store.reports, now=clock)
        messenger = Messenger(
            application.bot,
            Files(application.bot, wire),
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
        from bot.web import serving  # noqa: PLC0415 - aiohttp's server, which a bot that polls may not need

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


async def rotate_keys(config: Config) -> None:
    """Seal every key with the newest main key: the first of DATA_KEY, or a new one in the key file.

    The bot may run meanwhile. An older key leaves the file when no row can come under it any more. Raises
    DatabaseInUse when another process does the same.
    """
    url = config.database_url
    if config.data_key is not None:
        await _rotate(url, config.data_key)
        return
    with held_alone(url, for_what="rotation"):
        needed = await _rotate(url, begin_new_key(url))
        drop_unneeded_keys(url, needed)


async def _rotate(url: str, data_key: str) -> frozenset[bytes]:
    """Returns the fingerprints of the keys that are needed after it."""
    async with opened_database(url, data_key) as database:
        await rotate(database)
        return await needed_keys(database)


@asynccontextmanager
async def opened_measurer(config: Config, workshop: Workshop) -> AsyncIterator[Measurer]:
    """The analyzer of this set-up with its connections. Raises AnalyzerMissing."""
    async with vendor_client(config) as client:
        yield choose_analyzer(config, client, measure=partial(_measured, workshop))


async def _measured(workshop: Workshop, jpeg: bytes) -> Measured:
    """On this machine. Raises PhotoRefused, AnalysisUnavailable."""
    try:
        return await workshop.run(tasks.measure, jpeg)
    except TaskLost as lost:
        raise AnalysisUnavailable(f"the measuring ended: {lost.death}", may_be_charged=False) from None


def _application(config: Config, wire: AiohttpRequest) -> BotApplication:
    builder = (
        Application.builder()
        .application_class(ForthrightApplication)
        .token(config.telegram_token or "")
        .base_url(f"{config.telegram_api_url}/bot")
        .base_file_url(f"{config.telegram_api_url}/file/bot")
        .request(wire)
        .get_updates_request(AiohttpRequest(proxy_for(config.telegram_api_url, config)))
        .updater(None)
    )
    return builder.build()


async def _connect(application: BotApplication, api_url: str) -> None:
    """Ask Telegram who we are; without a network, again and again. Raises InvalidToken."""
    async for attempt in stamina.retry_context(on=_no_network, attempts=None, timeout=None, wait_max=30.0):
        with attempt:
            try:
                await application.initialize()
            except NetworkError as error:
                if _no_network(error):
                    kind, host = type(error).__name__, urlsplit(api_url).hostname
                    _log.warning(
                        "Telegram is not reached at %s (%s); next try in %.0f s", host, kind, attempt.next_wait
                    )
                raise


def _no_network(error: Exception) -> bool:
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


async def introduce(bot: Bot, renderer: Renderer) -> None:
    """Set the command menu and the texts before /start, in every language. Not worth failing for.

    Telegram's menus know languages of two letters only; one that it refuses takes no other language's menu with it.
    """
    for language, locale in _menu_languages(renderer.locales).items():
        try:
            await _introduce_in(bot, renderer, locale, language)
        except TelegramError as error:
            _log.warning("the command menu in %s was not set: %s", locale, type(error).__name__)


def _menu_languages(locales: Sequence[str]) -> dict[str | None, str]:
    """A locale for each language of Telegram's menus: pt_BR stands for pt while no pt is there. None is everybody's."""
    regional = {locale.partition("_")[0]: locale for locale in locales}
    plain = {locale: locale for locale in locales if "_" not in locale}
    return {None if language == SOURCE_LOCALE else language: locale for language, locale in (regional | plain).items()}


async def _introduce_in(bot: Bot, renderer: Renderer, locale: str, language: str | None) -> None:
    # In a thread: the first text in a language reads its catalog, which takes 0.1 s.
    commands = await asyncio.to_thread(renderer.commands, locale)
    await bot.set_my_commands([BotCommand(name, about) for name, about in commands], language_code=language)
    await bot.set_my_description(renderer.line("description", locale), language_code=language)
    await bot.set_my_short_description(renderer.line("short_description", locale), language_code=language)
