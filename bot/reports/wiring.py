"""From a selfie to a report, wired; and what is done with past reports."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.analysis.choice import READERS, Measurer
from bot.config import Config
from bot.imaging.workshop import Workshop
from bot.operations.alerts import Alerts
from bot.operations.health import Vitals
from bot.people.wiring import PeopleParts
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
from bot.storage.ledger import Budget
from bot.storage.records import PersonRecord

PlaceToCall = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class ReportParts:
    requests: ReportRequests
    pipeline: ReportPipeline
    reader: ReportReader
    history: ReportHistory
    feedback: Feedback
    charts: Charts
    comparisons: Comparisons


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
    now = vitals.now
    rows, voice, reader = store.reports, people.voice, ReportReader(readers=READERS)
    status = StatusMessage(rows=rows, voice=voice, now=now)
    budget = Budget(per_person=config.daily_reports_per_user, total=config.daily_reports_total)
    measuring = Measuring(
        rows=rows,
        ledger=store.ledger,
        messenger=people.messenger,
        status=status,
        workshop=workshop,
        analyzers=measurer.analyzers,
        budget=budget,
        allowance=Allowance(efforts=store.efforts, ledger=store.ledger, budget=budget, now=now),
        metrics=vitals.metrics,
        reader_now=people.people.reader_now,
        stopping=lambda: vitals.stopping,
        place_to_call=place_to_call,
        now=now,
    )
    delivery = Delivery(
        rows=rows,
        messenger=people.messenger,
        voice=voice,
        workshop=workshop,
        measuring=measuring,
        status=status,
        reader=reader,
        metrics=vitals.metrics,
        series=series,
        still_permits=people.people.still_permits,
        now=now,
    )
    pipeline = ReportPipeline(
        rows=rows,
        people=store.people,
        measuring=measuring,
        delivery=delivery,
        status=status,
        alerts=alerts,
        metrics=vitals.metrics,
        gentle=Gentle(rows=rows, told=store.retention, voice=voice, now=now),
        still_permits=people.people.still_permits,
        afterwards=suggest,
        now=now,
    )
    history = ReportHistory(rows=rows, series=store.series, delivery=delivery, now=now)
    return ReportParts(
        requests=ReportRequests(rows=rows, people=people.people, status=status, wake=wake, bot_id=bot_id, now=now),
        pipeline=pipeline,
        reader=reader,
        history=history,
        feedback=Feedback(rows=store.feedback, past=history, reader=reader),
        charts=Charts(series=series, voice=voice, workshop=workshop, now=now),
        comparisons=Comparisons(
            series=series, reports=rows, measuring=measuring, reader=reader, voice=voice, workshop=workshop
        ),
    )
