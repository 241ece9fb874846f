"""The wings of the house, wired one by one: each with what the ones before it made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.analysis.choice import Measurer
from bot.clock import Wakeup
from bot.config import Config
from bot.diary.experiments.wiring import ExperimentParts, wire_board, wire_experiments
from bot.diary.wiring import DiaryParts, wire_diary
from bot.imaging.workshop import Workshop
from bot.operations.health import Vitals
from bot.operations.wiring import OperationsParts, wire_operations
from bot.people.wiring import PeopleParts, wire_people
from bot.reminders.wiring import ReminderParts, wire_reminders
from bot.reports.series import SeriesReader
from bot.reports.wiring import ReportParts, wire_reports, wire_series
from bot.storage import Store
from bot.storage.processes.locks import Locks
from bot.storage.records import PersonRecord
from bot.telegram.application import BotApplication
from bot.telegram.pacing import Pace
from bot.telegram.wire import AiohttpRequest


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What all of them stand on. `due` rings when a report may have become due."""

    config: Config
    store: Store
    workshop: Workshop
    measurer: Measurer
    vitals: Vitals
    locks: Locks
    due: Wakeup


@dataclass(frozen=True, kw_only=True)
class Wings:
    people: PeopleParts
    operations: OperationsParts
    diary: DiaryParts
    reminders: ReminderParts
    reports: ReportParts
    experiments: ExperimentParts


def wire_wings(ground: Ground, application: BotApplication, wire: AiohttpRequest, *, pace: Pace | None) -> Wings:
    """Nothing is loaded yet: that is for its first use."""
    store, now = ground.store, ground.vitals.now
    people = _people(ground, application, wire, pace=pace)
    operations = _operations(ground, people, username=application.bot.username)
    series = wire_series(store)
    board = wire_board(store, people, now=now)
    reminders = wire_reminders(
        store=store, people=people, latest_lines=series.latest_lines, planned=board.standing, now=now
    )
    trying = Wakeup()  # rings when an experiment may have become due

    async def afterwards(person: PersonRecord) -> None:
        trying.ring()
        await reminders.setting.suggest(person)

    reports = _reports(ground, people, operations, series, suggest=afterwards, bot_id=application.bot.id)
    experiments = wire_experiments(
        store=store, workshop=ground.workshop, people=people, reports=reports, board=board, wakeup=trying, now=now
    )
    return Wings(
        people=people,
        operations=operations,
        diary=wire_diary(store=store, now=now),
        reminders=reminders,
        reports=reports,
        experiments=experiments,
    )


def _people(ground: Ground, application: BotApplication, wire: AiohttpRequest, *, pace: Pace | None) -> PeopleParts:
    return wire_people(
        config=ground.config,
        store=ground.store,
        application=application,
        wire=wire,
        pace=pace,
        metrics=ground.vitals.metrics,
        measurer=ground.measurer,
        now=ground.vitals.now,
    )


def _operations(ground: Ground, people: PeopleParts, *, username: str) -> OperationsParts:
    return wire_operations(
        config=ground.config,
        store=ground.store,
        people=people,
        measurer=ground.measurer,
        vitals=ground.vitals,
        wake=ground.due.ring,
        username=username,
    )


def _reports(
    ground: Ground,
    people: PeopleParts,
    operations: OperationsParts,
    series: SeriesReader,
    *,
    suggest: Callable[[PersonRecord], Awaitable[None]],
    bot_id: int,
) -> ReportParts:
    return wire_reports(
        config=ground.config,
        store=ground.store,
        workshop=ground.workshop,
        measurer=ground.measurer,
        people=people,
        alerts=operations.alerts,
        vendor=operations.vendor,
        vitals=ground.vitals,
        place_to_call=lambda: ground.locks.place("ailab", ground.config.ailab_concurrency),
        series=series,
        suggest=suggest,
        wake=ground.due.ring,
        bot_id=bot_id,
    )
