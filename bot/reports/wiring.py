"""From a selfie to a report, wired; and what is done with past reports."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.analysis.choice import READERS, Measurer
from bot.clock import Clock
from bot.config import Access, Config
from bot.imaging.workshop import Workshop
from bot.operations.alerts import Alerts
from bot.operations.health import Vitals
from bot.operations.vendor import VendorHealth
from bot.people.wiring import PeopleParts
from bot.reports.afterwards import Afterwards, Suggest
from bot.reports.allowance import Allowance
from bot.reports.charts import Charts
from bot.reports.companion import Companion
from bot.reports.comparison import Comparisons
from bot.reports.delivery import Delivery
from bot.reports.feedback import Feedback
from bot.reports.gallery import Gallery
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
from bot.reports.settling import ReportEnding
from bot.reports.status import StatusMessage
from bot.storage import Store
from bot.storage.ledger import Budget


@dataclass(frozen=True, kw_only=True)
class ReportParts:
    requests: ReportRequests
    pipeline: ReportPipeline
    reader: ReportReader
    pictures: ReportPictures
    history: ReportHistory
    feedback: Feedback
    charts: Charts
    comparisons: Comparisons
    home: Home
    gallery: Gallery


def wire_series(store: Store) -> SeriesReader:
    """What is told of a person's reports as a row of numbers: by reports themselves, and by reminders."""
    return SeriesReader(
        track=store.series, reports=store.reports, experiments=store.experiments, reader=ReportReader(readers=READERS)
    )


def wire_reports(
    *,
    config: Config,
    store: Store,
    workshop: Workshop,
    measurer: Measurer,
    people: PeopleParts,
    alerts: Alerts,
    vendor: VendorHealth,
    vitals: Vitals,
    place_to_call: PlaceToCall,
    series: SeriesReader,
    suggest: Suggest,
    wake: Callable[[], None],
    bot_id: int,
) -> ReportParts:
    """`suggest` is done after a report is delivered; `wake` says that a row may have become due."""
    rows, voice, now = store.reports, people.voice, vitals.now
    reader, status = ReportReader(readers=READERS), StatusMessage(rows=rows, voice=voice, now=now)
    budget = Budget(per_person=config.daily_reports_per_user, total=config.daily_reports_total)
    allowance = _allowance(store, config, budget, now=now)
    photos = _photos(people, workshop, allowance, vitals=vitals)
    analysis = _analysis(
        store, people, measurer, vendor, vitals, budget=budget, allowance=allowance, place_to_call=place_to_call
    )
    measuring = Measuring(
        rows=rows, photos=photos, analysis=analysis, allowance=allowance, workshop=workshop, status=status, now=now
    )
    ending = _ending(store, people, status, alerts, vitals, wake=wake)
    pictures = ReportPictures(photos=photos, workshop=workshop)
    delivery = _delivery(store, people, pictures, status, reader, vitals=vitals, series=series)
    history = ReportHistory(rows=rows, series=series, track=store.series, delivery=delivery, now=now)
    comparisons = Comparisons(series=series, reports=rows, photos=photos, reader=reader, voice=voice, workshop=workshop)
    return ReportParts(
        requests=_requests(store, people, status, wake=wake, bot_id=bot_id, now=now),
        pipeline=_pipeline(store, people, measuring, delivery, status, ending=ending, vitals=vitals, suggest=suggest),
        reader=reader,
        pictures=pictures,
        history=history,
        feedback=Feedback(rows=store.feedback, past=history, reader=reader, now=now),
        charts=_charts(store, people, series, workshop, now=now),
        comparisons=comparisons,
        home=Home(rows=rows, series=series, now=now),
        gallery=_gallery(people, pictures, comparisons, reader),
    )


def _charts(store: Store, people: PeopleParts, series: SeriesReader, workshop: Workshop, *, now: Clock) -> Charts:
    return Charts(
        series=series,
        feelings=store.feelings,
        products=store.products,
        experiments=store.experiments,
        voice=people.voice,
        workshop=workshop,
        now=now,
    )


def _gallery(people: PeopleParts, pictures: ReportPictures, comparisons: Comparisons, reader: ReportReader) -> Gallery:
    return Gallery(
        pictures=pictures,
        comparisons=comparisons,
        reader=reader,
        messenger=people.messenger,
        voice=people.voice,
        permits=people.people.still_permits,
    )


def _allowance(store: Store, config: Config, budget: Budget, *, now: Clock) -> Allowance:
    return Allowance(
        efforts=store.efforts,
        ledger=store.ledger,
        invitations=store.invitations if config.access is Access.NAMED else None,
        switches=store.switches,
        budget=budget,
        now=now,
    )


def _analysis(
    store: Store,
    people: PeopleParts,
    measurer: Measurer,
    vendor: VendorHealth,
    vitals: Vitals,
    *,
    budget: Budget,
    allowance: Allowance,
    place_to_call: PlaceToCall,
) -> PaidAnalysis:
    return PaidAnalysis(
        ledger=store.ledger,
        budget=budget,
        allowance=allowance,
        analyzers=vendor.watching(measurer.analyzers),
        permission=Permission(rows=store.chosen_readers, readers=measurer.analyzers.keys(), people=people.people),
        place_to_call=place_to_call,
        stopping=lambda: vitals.stopping,
        metrics=vitals.metrics,
        now=vitals.now,
    )


def _photos(people: PeopleParts, workshop: Workshop, allowance: Allowance, *, vitals: Vitals) -> PhotoIntake:
    return PhotoIntake(
        messenger=people.messenger,
        workshop=workshop,
        allowance=allowance,
        permits=people.people.still_permits,
        metrics=vitals.metrics,
    )


def _ending(
    store: Store,
    people: PeopleParts,
    status: StatusMessage,
    alerts: Alerts,
    vitals: Vitals,
    *,
    wake: Callable[[], None],
) -> ReportEnding:
    return ReportEnding(
        rows=store.reports,
        readers=store.chosen_readers,
        status=status,
        alerts=alerts,
        metrics=vitals.metrics,
        may_read_here=people.people.may_fall_back,
        wake=wake,
        now=vitals.now,
    )


def _requests(
    store: Store, people: PeopleParts, status: StatusMessage, *, wake: Callable[[], None], bot_id: int, now: Clock
) -> ReportRequests:
    return ReportRequests(
        rows=store.reports,
        due=store.due_reports,
        readers=store.chosen_readers,
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
    companion = Companion(series=series, feedback=store.feedback, feelings=store.feelings, reader=reader)
    return Delivery(
        rows=store.reports,
        voice=people.voice,
        pictures=pictures,
        status=status,
        reader=reader,
        metrics=vitals.metrics,
        companion=companion,
        permits=people.people.permits,
        now=vitals.now,
    )


def _pipeline(
    store: Store,
    people: PeopleParts,
    measuring: Measuring,
    delivery: Delivery,
    status: StatusMessage,
    *,
    ending: ReportEnding,
    vitals: Vitals,
    suggest: Suggest,
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
        ending=ending,
        afterwards=afterwards.after_report,
        now=vitals.now,
    )
