"""The composition root: everything is built, opened and closed here, in one place."""

import asyncio
import gc
import logging
import os
import warnings
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import httpx
import stamina
from httpx_aiohttp import AiohttpTransport
from telegram import Bot, BotCommand
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import Application
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.analysis.choice import READERS, Measurer, choose_analyzer
from bot.clock import Clock, now
from bot.config import Config
from bot.imaging.workshop import Workshop
from bot.jobs import Jobs
from bot.jobs.choice import JobsOpener, open_jobs
from bot.messenger import Messenger
from bot.people import People
from bot.polling import Polling, keep_webhook
from bot.rendering import Renderer
from bot.reports.alerts import Alerts
from bot.reports.delivery import Delivery
from bot.reports.desk import Desk
from bot.reports.measuring import Budget, Measuring
from bot.reports.past import Past
from bot.reports.production import Production
from bot.reports.progress import Progress
from bot.reports.telling import Teller
from bot.storage import Store, open_store
from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.inbox import Inbox
from bot.storage.keys import Keyring, add_file_key, keep_newest_file_key
from bot.storage.locks import Locks, open_locks
from bot.storage.migrating import migrate
from bot.storage.rotation import rotate
from bot.updates import ForthrightApplication, Intake, OneUpdate, SharedIntake, UpdateIntake
from bot.voice import Voice
from bot.web import serving
from handlers import BotApplication, Journeys, register
from handlers.erasure import Erasure
from handlers.errors import Errors
from handlers.everything_else import EverythingElse
from handlers.hearing import Hearing
from handlers.history import History
from handlers.photos import Photos
from handlers.settings import Settings
from handlers.welcome import Welcome

_log = logging.getLogger(__name__)

_CONNECTIONS: Final = 256
_PRUNE_EVERY_SECONDS: Final = 3600.0
_UPLOAD_SECONDS: Final = 60.0


@dataclass(frozen=True, kw_only=True)
class App:
    """A bot that is ready to hear: `intake` takes updates, `jobs` works reports."""

    bot: Bot
    intake: Intake
    inbox: Inbox
    jobs: Jobs
    locks: Locks
    renderer: Renderer
    now: Clock

    async def listen(self, config: Config) -> None:
        """Work until cancelled: first what an earlier process left, then what comes in.

        Raises PollingEnded (in a group) when Telegram will have nothing to do with this token, PollingStuck when a
        new process may help.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.locks.alone())
            if config.webhook_url or config.port is not None:
                port = await stack.enter_async_context(serving(config, self.intake.take))
                _log.info("serving on port %d", port)
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            tasks.create_task(self.jobs.run())
            tasks.create_task(introduce(self.bot, self.renderer))
            tasks.create_task(self._forget_old_updates())
            await self.intake.resume()
            tasks.create_task(self.locks.lead("updates", lambda: self._hear(config)))

    async def _hear(self, config: Config) -> None:
        """Of many processes only one polls; any takes what a webhook brings, and one sees to it that it is set."""
        if config.webhook_url:
            await keep_webhook(self.bot, config.webhook_url, config.webhook_secret)
        else:
            await Polling(bot=self.bot, take=self.intake.take).run()

    async def _forget_old_updates(self) -> None:
        while True:
            with suppress(DatabaseUnavailable):  # the next hour will do
                await self.inbox.prune(now=self.now())
            await asyncio.sleep(_PRUNE_EVERY_SECONDS)


async def serve(config: Config) -> None:
    """The bot, from opening to closing. Raises what `build` and `App.listen` raise."""
    async with build(config) as app:
        spare_the_collector()
        await app.listen(config)


def spare_the_collector() -> None:
    """What stands by now stays until the end: looking through it again in a full collection stops the loop 0.12 s."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def build(config: Config, *, clock: Clock = now) -> AsyncIterator[App]:
    """The whole bot, opened; it is closed on the way out. Raises what opening the database and the token raise."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else every RetryAfter warns of its own type
    warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)  # we want them raw: bot.updates
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(config.database_url, config.data_key))
        workshop = stack.enter_context(Workshop())
        measurer = await stack.enter_async_context(opened_measurer(config))
        application = _application(config)
        await _connect(application)
        stack.push_async_callback(application.shutdown)
        locks = await stack.enter_async_context(open_locks(config.database_url))
        opener = await stack.enter_async_context(open_jobs(config.database_url))
        yield _wire(
            config,
            store=store,
            workshop=workshop,
            measurer=measurer,
            application=application,
            locks=locks,
            opener=opener,
            clock=clock,
        )


async def rotate_keys(config: Config) -> None:
    """Seal everything that is stored with the newest key: the first of DATA_KEY, or a new one in the key file."""
    url = config.database_url
    keyring = Keyring.from_setting(config.data_key or add_file_key(url))
    await asyncio.to_thread(migrate, url)
    async with Database.open(url, keyring) as database:
        await rotate(database, keyring)
    if config.data_key is None:
        keep_newest_file_key(url)


@asynccontextmanager
async def opened_measurer(config: Config) -> AsyncIterator[Measurer]:
    """The analyzer of this set-up with its connections. Raises AnalyzerMissing."""
    async with httpx.AsyncClient(transport=_transport()) as client:
        yield choose_analyzer(config, client)


def _wire(
    config: Config,
    *,
    store: Store,
    workshop: Workshop,
    measurer: Measurer,
    application: BotApplication,
    locks: Locks,
    opener: JobsOpener,
    clock: Clock,
) -> App:
    renderer = Renderer()
    messenger = Messenger(application.bot)
    voice = Voice(messenger=messenger, renderer=renderer)
    progress = Progress(rows=store.reports, voice=voice, now=clock)
    teller = Teller(readers=READERS)
    alerts = Alerts(rows=store.alerts, messenger=messenger, renderer=renderer, admins=config.admin_ids, now=clock)
    people = People(rows=store.people, voice=voice, config=config, provider=measurer.provider, now=clock)
    measuring = Measuring(
        rows=store.reports,
        ledger=store.ledger,
        messenger=messenger,
        progress=progress,
        workshop=workshop,
        analyzer=measurer.analyzer,
        provider=measurer.provider,
        budget=Budget(per_person=config.daily_reports_per_user, total=config.daily_reports_total),
        place_to_call=lambda: locks.place("ailab", config.ailab_concurrency),
        now=clock,
    )
    delivery = Delivery(
        rows=store.reports,
        messenger=messenger,
        voice=voice,
        workshop=workshop,
        measuring=measuring,
        progress=progress,
        teller=teller,
        now=clock,
    )
    production = Production(
        rows=store.reports,
        people=store.people,
        measuring=measuring,
        delivery=delivery,
        progress=progress,
        alerts=alerts,
        now=clock,
    )
    one_update = OneUpdate(inbox=store.inbox, bot=application.bot, work=application.process_update, now=clock)
    jobs = opener(
        rows=store.reports, produce=production.produce, work_update=one_update.work_stored, locks=locks, now=clock
    )
    desk = Desk(rows=store.reports, people=people, progress=progress, wake=jobs.wake, now=clock)
    hearing = Hearing(people=people, voice=voice)
    history = History(hearing=hearing, past=Past(rows=store.reports, delivery=delivery))
    register(
        application,
        Journeys(
            welcome=Welcome(hearing=hearing, desk=desk, history=history, workshop=workshop),
            photos=Photos(hearing=hearing, desk=desk),
            history=history,
            settings=Settings(hearing=hearing, languages=renderer.locales),
            erasure=Erasure(hearing=hearing),
            everything_else=EverythingElse(hearing=hearing),
            errors=Errors(hearing=hearing),
        ),
    )
    return App(
        bot=application.bot,
        intake=_intake(store.inbox, one_update, shared=jobs.shared, now=clock),
        inbox=store.inbox,
        jobs=jobs,
        locks=locks,
        renderer=renderer,
        now=clock,
    )


def _intake(inbox: Inbox, one_update: OneUpdate, *, shared: bool, now: Clock) -> Intake:
    return SharedIntake(inbox=inbox, now=now) if shared else UpdateIntake(inbox=inbox, work=one_update.work, now=now)


def _application(config: Config) -> BotApplication:
    builder = (
        Application.builder()
        .application_class(ForthrightApplication)
        .token(config.telegram_token or "")
        .base_url(f"{config.telegram_api_url}/bot")
        .base_file_url(f"{config.telegram_api_url}/file/bot")
        .request(_request())
        .get_updates_request(_request())
        .updater(None)
    )
    return builder.build()


async def _connect(application: BotApplication) -> None:
    """Ask Telegram who we are; without a network, again and again. Raises InvalidToken."""
    async for attempt in stamina.retry_context(on=_no_network, attempts=None, timeout=None, wait_max=30.0):
        with attempt:
            await application.initialize()


def _no_network(error: Exception) -> bool:
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def _request() -> HTTPXRequest:
    """httpx over aiohttp's connections: httpx scans its own pool on every request (docs/decisions.md)."""
    return HTTPXRequest(
        read_timeout=30.0,
        media_write_timeout=_UPLOAD_SECONDS,
        httpx_kwargs={"transport": _transport()},
    )


def _transport() -> AiohttpTransport:
    return AiohttpTransport(limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=30.0))


async def introduce(bot: Bot, renderer: Renderer) -> None:
    """Set the command menu and the texts before /start, in every language. Not worth failing for."""
    try:
        for locale in renderer.locales:
            language = None if locale == "en" else locale
            commands = [BotCommand(name, about) for name, about in renderer.commands(locale)]
            await bot.set_my_commands(commands, language_code=language)
            await bot.set_my_description(renderer.line("description", locale), language_code=language)
            await bot.set_my_short_description(renderer.line("short_description", locale), language_code=language)
    except TelegramError as error:
        _log.warning("the command menu was not set: %s", type(error).__name__)
