"""What the bot is made of and what leans on what. A part is made when it is first asked for, and once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property

from telegram import Update

from bot.analysis.choice import READERS, Measurer
from bot.calendar.cities import Cities
from bot.clock import Clock
from bot.config import Config
from bot.imaging.workshop import Workshop
from bot.jobs import Jobs
from bot.jobs.choice import JobsOpener
from bot.observability.logs import about
from bot.operations.alerts import Alerts
from bot.operations.health import Vitals
from bot.operations.stats import Stats
from bot.operations.watch import Watch, balance_of
from bot.own_data.erasing import Erasing
from bot.own_data.export import Export
from bot.own_data.overview import MyData as Overview
from bot.own_data.retention import Retention
from bot.own_data.sheet import DoctorSheet
from bot.own_data.trimming import Trimming
from bot.people.consent import People
from bot.people.unreachable import UnreachablePeople
from bot.people.voice import Voice
from bot.reminders.recalling import Recalling
from bot.reminders.sending import ReminderSending
from bot.reminders.setting import ReminderSetting
from bot.reminders.time_zones import TimeZones
from bot.rendering.renderer import Renderer
from bot.reports.allowance import Allowance
from bot.reports.charts import Charts
from bot.reports.comparison import Comparisons
from bot.reports.delivery import Delivery
from bot.reports.feedback import Feedback
from bot.reports.gentle import Gentle
from bot.reports.history import ReportHistory
from bot.reports.measuring import Measuring
from bot.reports.pipeline import ReportPipeline
from bot.reports.reader import ReportReader
from bot.reports.requests import ReportRequests
from bot.reports.series import SeriesReader
from bot.reports.status import StatusMessage
from bot.storage import Store
from bot.storage.engine.location import folder_of
from bot.storage.ledger import Budget
from bot.storage.processes.locks import Locks
from bot.telegram.application import BotApplication
from bot.telegram.intake import Intake, OneUpdate, SharedIntake, UpdateIntake
from bot.telegram.messenger import Messenger
from handlers.corrections import CorrectionHandlers
from handlers.erasure import ErasureHandlers
from handlers.errors import ErrorHandlers
from handlers.fallbacks import FallbackHandlers
from handlers.listening import ListeningHandlers
from handlers.operator import OperatorHandlers
from handlers.own_data import OwnDataHandlers
from handlers.photos import PhotoHandlers
from handlers.progress import ProgressHandlers
from handlers.refusal import RefusalHandlers
from handlers.remarks import RemarkHandlers
from handlers.reminders import ReminderHandlers
from handlers.reports import ReportHandlers
from handlers.routes import Journeys
from handlers.settings import SettingsHandlers
from handlers.time_zone import TimeZoneHandlers
from handlers.turn import Hearing
from handlers.welcome import WelcomeHandlers


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What has to be opened before, and closed after, everything that leans on it."""

    config: Config
    store: Store
    workshop: Workshop
    measurer: Measurer
    application: BotApplication
    messenger: Messenger
    absence: UnreachablePeople
    vitals: Vitals
    locks: Locks
    open_jobs: JobsOpener
    finish_within_s: float
    now: Clock


class Parts:
    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._store = opened.store
        self._now = opened.now

    # speaking

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer()

    @cached_property
    def voice(self) -> Voice:
        return Voice(
            messenger=self._opened.messenger,
            renderer=self.renderer,
            said=self._store.sent_messages,
            pictures=self._store.shown_pictures,
            now=self._now,
        )

    @cached_property
    def reader(self) -> ReportReader:
        return ReportReader(readers=READERS)

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(
            rows=self._store.alerts,
            messenger=self._opened.messenger,
            renderer=self.renderer,
            admins=self._opened.config.admin_ids,
            now=self._now,
        )

    @cached_property
    def people(self) -> People:
        return People(
            rows=self._store.people,
            voice=self.voice,
            config=self._opened.config,
            provider=self._opened.measurer.provider,
            on_device=self._opened.measurer.on_device is not None,
            now=self._now,
        )

    # from a selfie to a report

    @cached_property
    def status(self) -> StatusMessage:
        return StatusMessage(rows=self._store.reports, voice=self.voice, now=self._now)

    @cached_property
    def tracking(self) -> SeriesReader:
        return SeriesReader(track=self._store.series, reports=self._store.reports, reader=self.reader)

    @cached_property
    def budget(self) -> Budget:
        config = self._opened.config
        return Budget(per_person=config.daily_reports_per_user, total=config.daily_reports_total)

    @cached_property
    def allowance(self) -> Allowance:
        return Allowance(
            efforts=self._store.efforts,
            ledger=self._store.ledger,
            budget=self.budget,
            now=self._now,
        )

    @cached_property
    def measuring(self) -> Measuring:
        opened, config = self._opened, self._opened.config
        return Measuring(
            rows=self._store.reports,
            ledger=self._store.ledger,
            messenger=opened.messenger,
            status=self.status,
            workshop=opened.workshop,
            analyzers=opened.measurer.analyzers,
            budget=self.budget,
            allowance=self.allowance,
            metrics=opened.vitals.metrics,
            reader_now=self.people.reader_now,
            stopping=lambda: opened.vitals.stopping,
            place_to_call=lambda: opened.locks.place("ailab", config.ailab_concurrency),
            now=self._now,
        )

    @cached_property
    def delivery(self) -> Delivery:
        return Delivery(
            rows=self._store.reports,
            messenger=self._opened.messenger,
            voice=self.voice,
            workshop=self._opened.workshop,
            measuring=self.measuring,
            status=self.status,
            reader=self.reader,
            metrics=self._opened.vitals.metrics,
            series=self.tracking,
            still_permits=self.people.still_permits,
            now=self._now,
        )

    @cached_property
    def production(self) -> ReportPipeline:
        return ReportPipeline(
            rows=self._store.reports,
            people=self._store.people,
            measuring=self.measuring,
            delivery=self.delivery,
            status=self.status,
            alerts=self.alerts,
            metrics=self._opened.vitals.metrics,
            gentle=Gentle(rows=self._store.reports, told=self._store.retention, voice=self.voice, now=self._now),
            still_permits=self.people.still_permits,
            afterwards=self.reminder_setting.suggest,
            now=self._now,
        )

    @cached_property
    def desk(self) -> ReportRequests:
        return ReportRequests(
            rows=self._store.reports,
            people=self.people,
            status=self.status,
            wake=self.jobs.wake,
            bot_id=self._opened.application.bot.id,
            now=self._now,
        )

    # work that waits

    @cached_property
    def one_update(self) -> OneUpdate:
        application = self._opened.application
        return OneUpdate(inbox=self._store.inbox, bot=application.bot, work=_traced(application), now=self._now)

    @cached_property
    def jobs(self) -> Jobs:
        return self._opened.open_jobs(
            agenda=self._store.due_reports,
            produce=self.production.produce,
            work_update=self.one_update.work_stored,
            locks=self._opened.locks,
            finish_within_s=self._opened.finish_within_s,
            now=self._now,
        )

    @cached_property
    def intake(self) -> Intake:
        bot_id = self._opened.application.bot.id
        if self.jobs.shared:
            return SharedIntake(inbox=self._store.inbox, now=self._now, bot_id=bot_id)
        return UpdateIntake(inbox=self._store.inbox, work=self.one_update.work, now=self._now, bot_id=bot_id)

    # what an operator sees

    @cached_property
    def watch(self) -> Watch:
        return Watch(
            alerts=self.alerts,
            figures=self._store.figures,
            ledger=self._store.ledger,
            rows=self._store.reports,
            balance=balance_of(self._opened.measurer.credits),
            deaf=lambda: self._opened.vitals.deaf,
            wake=self.jobs.wake,
            folder=folder_of(self._opened.config.database_url),
            metrics=self._opened.vitals.metrics,
            now=self._now,
        )

    @cached_property
    def stats(self) -> Stats:
        return Stats(
            figures=self._store.figures,
            vitals=self._opened.vitals,
            analyses_left=lambda: self.watch.analyses,
            admins=self._opened.config.admin_ids,
            now=self._now,
        )

    # reminders

    @cached_property
    def cities(self) -> Cities:
        return Cities()

    @cached_property
    def reminders(self) -> ReminderSending:
        recalling = Recalling(reports=self._store.reports, people=self.people, change=self.tracking.latest_change)
        return ReminderSending(
            rows=self._store.reminders,
            messenger=self._opened.messenger,
            voice=self.voice,
            cities=self.cities,
            recall=recalling.last_line,
            now=self._now,
        )

    @cached_property
    def reminder_setting(self) -> ReminderSetting:
        return ReminderSetting(
            rows=self._store.reminders,
            reports=self._store.reports,
            voice=self.voice,
            wake=self.reminders.wake,
            now=self._now,
        )

    @cached_property
    def time_zones(self) -> TimeZones:
        return TimeZones(rows=self._store.reminders, cities=self.cities, now=self._now)

    # a person's own data

    @cached_property
    def erasing(self) -> Erasing:
        return Erasing(
            rows=self._store.people,
            said=self._store.sent_messages,
            voice=self.voice,
            stop=self.jobs.stop,
            now=self._now,
        )

    @cached_property
    def retention(self) -> Retention:
        return Retention(
            rows=self._store.retention,
            said=self._store.sent_messages,
            erasing=self.erasing,
            trimming=Trimming(rows=self._store.trimming, workshop=self._opened.workshop),
            voice=self.voice,
            now=self._now,
        )

    @cached_property
    def overview(self) -> Overview:
        return Overview(
            rows=self._store.own_data,
            people=self.people,
            requests=self.desk,
            reminders=self._store.reminders,
            stop=self.jobs.stop,
            now=self._now,
        )

    @cached_property
    def export(self) -> Export:
        return Export(
            rows=self._store.own_data,
            messenger=self._opened.messenger,
            voice=self.voice,
            renderer=self.renderer,
            reader=self.reader,
            now=self._now,
        )

    @cached_property
    def sheet(self) -> DoctorSheet:
        return DoctorSheet(
            rows=self._store.own_data, voice=self.voice, renderer=self.renderer, reader=self.reader, now=self._now
        )

    @cached_property
    def past(self) -> ReportHistory:
        return ReportHistory(rows=self._store.reports, series=self._store.series, delivery=self.delivery, now=self._now)

    # what it hears

    @cached_property
    def hearing(self) -> Hearing:
        return Hearing(people=self.people, voice=self.voice, welcome_back=self.reminder_setting.welcome_back)

    @cached_property
    def settings(self) -> SettingsHandlers:
        return SettingsHandlers(hearing=self.hearing, languages=self.renderer.locales)

    @cached_property
    def history(self) -> ReportHandlers:
        return ReportHandlers(hearing=self.hearing, past=self.past)

    @cached_property
    def progress(self) -> ProgressHandlers:
        workshop = self._opened.workshop
        return ProgressHandlers(
            hearing=self.hearing,
            charting=Charts(series=self.tracking, voice=self.voice, workshop=workshop, now=self._now),
            comparing=Comparisons(
                series=self.tracking,
                reports=self._store.reports,
                measuring=self.measuring,
                reader=self.reader,
                voice=self.voice,
                workshop=workshop,
            ),
            past=self.past,
        )

    @cached_property
    def journeys(self) -> Journeys:
        hearing, zones, setting = self.hearing, self.time_zones, self.reminder_setting
        listening = ListeningHandlers(hearing=hearing)
        other = FallbackHandlers(hearing=hearing, listening=listening, absence=self._opened.absence)
        remarks = Feedback(rows=self._store.feedback, past=self.past, reader=self.reader)
        return Journeys(
            welcome=WelcomeHandlers(hearing=hearing, desk=self.desk, history=self.history),
            photos=PhotoHandlers(hearing=hearing, listening=listening, desk=self.desk),
            history=self.history,
            progress=self.progress,
            settings=self.settings,
            mydata=OwnDataHandlers(
                hearing=hearing, mydata=self.overview, export=self.export, sheet=self.sheet, settings=self.settings
            ),
            remarks=RemarkHandlers(hearing=hearing, remarks=remarks),
            corrections=CorrectionHandlers(hearing=hearing, listening=listening, remarks=remarks),
            erasure=ErasureHandlers(hearing=hearing, erasing=self.erasing),
            stats=OperatorHandlers(hearing=hearing, stats=self.stats),
            reminders=ReminderHandlers(hearing=hearing, setting=setting, zones=zones),
            time_zone=TimeZoneHandlers(hearing=hearing, zones=zones, setting=setting, other_text=other.on_text),
            listening=listening,
            everything_else=other,
            refusal=RefusalHandlers(refusals=self._store.refusals, people=self._store.people, voice=self.voice),
            errors=ErrorHandlers(hearing=hearing),
        )


def _traced(application: BotApplication) -> Callable[[Update], Awaitable[None]]:
    """Every line that is logged while an update is worked says which one it was."""

    async def work(update: Update) -> None:
        with about(update=update.update_id):
            await application.process_update(update)

    return work
