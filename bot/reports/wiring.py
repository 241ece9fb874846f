"""From a selfie to a report, wired; and what is done with past reports."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.analysis.choice import READERS, Measurer
from bot.clock import Clock
from bot.config import Config
from bot.imaging.workshop import Workshop
from bot.operations.alerts import Alerts
from bot.operations.health import Vitals
from bot.people.wiring import PeopleParts
from bot.reports.afterwards import Afterwards
from bot.reports.allowance import Allowance
from bot.reports.charts import Charts
from bot.reports.companion import Companion
from bot.reports.comparison import Comparisons
from bot.reports.delivery import Delivery
from bot.reports.feedback import Feedback
from bot.reports.history import ReportHistory
from bot.reports.home import Home
from bot.reports.measuring import Measuring
from bot.reports.paying import PaidAnalysis, Permission, PlaceToCall
from bot.reports.photos import PhotoIntake
from bot.reports.pictures import ReportPictures
from bot.reports.pipeline import ReportPipeline
from bot.reports.reader import ReportReader
from bot.reports.requests import ReportRequests
from bot.reports.series import SeriesReader
from bot.reports.status import StatusMessage
from bot.storage import Store
from bot.storage.ledger import Budget
from bot.storage.records import PersonRecord


@dataclass(frozen=True, kw_only=True)
class ReportParts:
    requests: ReportRequests
    pipeline: ReportPipeline
    reader: ReportReader
    history: ReportHistory
    feedback: Feedback
    charts: Charts
    comparisons: Comparisons
    home: Home


def wire_series(store: Store) -> SeriesReader:
    """What is told of a person's reports as a row of numbers: by reports themselves, and by reminders."""
    return SeriesReader(track=store.series, reports=store.reports, reader=ReportReader(readers=READERS))


def wire_reports(
    *,
    config: Config,
    store: Store,
    workshop: Workshop,
    measurer: Measurer,
    people: PeopleParts,
    alerts: Alerts,
    vitals: Vitals,
    place_to_call: PlaceToCall,
    series: SeriesReader,
    suggest: Callable[[PersonRecord], Awaitable[None]],
    wake: Callable[[], None],
    bot_id: int,
) -> ReportParts:
    """`suggest` is done after a report is delivered; `wake` says that a row may have become due."""
    rows, voice, now = store.reports, people.voice, vitals.now
    reader, status = ReportReader(readers=READERS), StatusMessage(rows=rows, voice=voice, now=now)
    budget = Budget(per_person=config.daily_reports_per_user, total=config.daily_reports_total)
    allowance = Allowance(efforts=store.efforts, ledger=store.ledger, budget=budget, now=now)
    photos = _photos(people, workshop, allowance, vitals=vitals)
    analysis = PaidAnalysis(
        ledger=store.ledger,
        budget=budget,
        allowance=allowance,
        analyzers=measurer.analyzers,
        permission=Permission(rows=rows, reader_now=people.people.reader_now),
        place_to_call=place_to_call,
        stopping=lambda: vitals.stopping,
        metrics=vitals.metrics,
        now=now,
    )
    measuring = Measuring(
        rows=rows, photos=photos, analysis=analysis, allowance=allowance, workshop=workshop, status=status, now=now
    )
    pictures = ReportPictures(photos=photos, workshop=workshop)
    delivery = _delivery(store, people, pictures, status, reader, vitals=vitals, series=series)
    history = ReportHistory(rows=rows, series=series, track=store.series, delivery=delivery, now=now)
    return ReportParts(
        requests=_requests(store, people, status, wake=wake, bot_id=bot_id, now=now),
        pipeline=_pipeline(store, people, measuring, delivery, status, alerts=alerts, vitals=vitals, suggest=suggest),
        reader=reader,
        history=history,
        feedback=Feedback(rows=store.feedback, past=history, reader=reader),
        charts=Charts(series=series, voice=voice, workshop=workshop, now=now),
        comparisons=Comparisons(
            series=series, reports=rows, photos=photos, reader=reader, voice=voice, workshop=workshop
        ),
        home=Home(rows=rows, series=series, now=now),
    )


def _photos(people: PeopleParts, workshop: Workshop, allowance: Allowance, *, vitals: Vitals) -> PhotoIntake:
    return PhotoIntake(
        messenger=people.messenger,
        workshop=workshop,
        allowance=allowance,
        permits=people.people.still_permits,
        metrics=vitals.metrics,
    )


def _requests(
    store: Store, people: PeopleParts, status: StatusMessage, *, wake: Callable[[], None], bot_id: int, now: Clock
) -> ReportRequests:
    return ReportRequests(
        rows=store.reports,
        due=store.due_reports,
        people=people.people,
        status=status,
        wake=wake,
        bot_id=bot_id,
        now=now,
    )


def _delivery(
    store: Store,
    people: PeopleParts,
    pictures: ReportPictures,
    status: StatusMessage,
    reader: ReportReader,
    *,
    vitals: Vitals,
    series: SeriesReader,
) -> Delivery:
    companion = Companion(series=series, feedback=store.feedback, reader=reader)
    return Delivery(
        rows=store.reports,
        voice=people.voice,
        pictures=pictures,
        status=status,
        reader=reader,
        metrics=vitals.metrics,
        companion=companion,
        still_permits=people.people.still_permits,
        now=vitals.now,
    )


def _pipeline(
    store: Store,
    people: PeopleParts,
    measuring: Measuring,
    delivery: Delivery,
    status: StatusMessage,
    *,
    alerts: Alerts,
    vitals: Vitals,
    suggest: Callable[[PersonRecord], Awaitable[None]],
) -> ReportPipeline:
    afterwards = Afterwards(
        rows=store.reports,
        told=store.retention,
        voice=people.voice,
        still_permits=people.people.still_permits,
        suggest=suggest,
        now=vitals.now,
    )
    return ReportPipeline(
        rows=store.reports,
        people=store.people,
        measuring=measuring,
        delivery=delivery,
        status=status,
        alerts=alerts,
        metrics=vitals.metrics,
        afterwards=afterwards.after_report,
        now=vitals.now,
    )
