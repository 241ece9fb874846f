"""Self-experiments, wired: planned, told in one message, worked when due."""

import secrets
from dataclasses import dataclass

from bot.clock import Clock, Wakeup
from bot.diary.experiments.answering import ExperimentAnswers
from bot.diary.experiments.board import PlanBoard
from bot.diary.experiments.cheeks import CheekQuestion
from bot.diary.experiments.counting import PhotoCounting
from bot.diary.experiments.giving_up import ExperimentsEnd
from bot.diary.experiments.planning import ExperimentPlanning
from bot.diary.experiments.running import ExperimentSteps
from bot.diary.experiments.working import ExperimentWork
from bot.imaging.workshop import Workshop
from bot.people.wiring import PeopleParts
from bot.reports.wiring import ReportParts
from bot.storage import Store


@dataclass(frozen=True, kw_only=True)
class ExperimentParts:
    planning: ExperimentPlanning
    steps: ExperimentSteps
    end: ExperimentsEnd
    work: ExperimentWork


def wire_board(store: Store, people: PeopleParts, *, now: Clock) -> PlanBoard:
    """How experiments stand is told by reminders, too."""
    return PlanBoard(
        experiments=store.experiments,
        rows=store.due_experiments,
        photos=store.experiment_photos,
        reminders=store.reminders,
        voice=people.voice,
        now=now,
    )


def wire_experiments(
    *,
    store: Store,
    workshop: Workshop,
    people: PeopleParts,
    reports: ReportParts,
    board: PlanBoard,
    wakeup: Wakeup,
    now: Clock,
) -> ExperimentParts:
    """`wakeup` is rung when something is due."""
    answers = ExperimentAnswers(
        rows=store.experiments,
        due=store.due_experiments,
        photos=store.experiment_photos,
        products=store.products,
        voice=people.voice,
        workshop=workshop,
        now=now,
    )
    work = ExperimentWork(
        due=store.due_experiments,
        rows=store.experiments,
        board=board,
        counting=PhotoCounting(rows=store.experiment_photos, reports=store.reports, voice=people.voice),
        answers=answers,
        permits=people.people.consents,
        wakeup=wakeup,
        now=now,
    )
    cheeks = CheekQuestion(pictures=reports.pictures, reader=reports.reader, workshop=workshop)
    return ExperimentParts(
        planning=ExperimentPlanning(
            rows=store.experiments,
            reports=store.reports,
            people=people.people,
            marked_cheek=cheeks.screen,
            is_reminded=board.is_reminded,
            wake=work.wake,
            lot=secrets.SystemRandom(),
            now=now,
        ),
        steps=ExperimentSteps(
            rows=store.experiments, standing=board.standing, answer=answers.screen, wake=work.wake, now=now
        ),
        end=ExperimentsEnd(rows=store.experiments, voice=people.voice, wake=work.wake),
        work=work,
    )
