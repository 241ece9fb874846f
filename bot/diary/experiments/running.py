"""Use case: what a person may do with an experiment that is under way; the plan itself stays as it was agreed to."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

from bot.clock import Clock
from bot.diary.experiments.days import whole_weeks
from bot.people.voice import clock_of
from bot.reports.charts import Screen
from bot.skin.experiments.weeks import Paused
from bot.storage.experiments.records import ExperimentCourse, ExperimentRecord, ExperimentState
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.records import PersonRecord
from bot.views.experiments import PlanView, StepConfirmView

Standing = Callable[[PersonRecord], Awaitable[PlanView | None]]
Answered = Callable[[PersonRecord, ExperimentRecord], Awaitable[Screen]]
_Change = tuple[ExperimentState, ExperimentCourse]


class ExperimentSteps:
    """`standing`: how an experiment stands, `answer`: how one ended. `wake`: something is due at once."""

    def __init__(
        self, *, rows: ExperimentRows, standing: Standing, answer: Answered, wake: Callable[[], None], now: Clock
    ) -> None:
        self._rows = rows
        self._answer = answer
        self._standing = standing
        self._wake = wake
        self._now = now

    async def current(self, person: PersonRecord) -> ExperimentRecord | None:
        """The one that is being planned or under way."""
        return await self._rows.current(person.id)

    async def standing(self, person: PersonRecord) -> PlanView | None:
        """None without one under way."""
        return await self._standing(person)

    async def ask(self, person: PersonRecord, act: str) -> StepConfirmView | None:
        """What that would do to the answer. None without one under way."""
        current = await self._rows.current(person.id)
        if current is None or current.agreed is None:
            return None
        weeks = whole_weeks(current.agreed, current.course, self._today(person))
        return StepConfirmView(act=act, weeks=weeks, of=current.agreed.plan.weeks)

    async def answer(self, person: PersonRecord, experiment_id: int) -> Screen | None:
        """What one that is over said at its end. None for one that is not theirs, or has no answer."""
        found = await self._rows.of_person(person.id, experiment_id)
        return None if found is None or found.answer is None else await self._answer(person, found)

    async def pause(self, person: PersonRecord, *, burns: bool = False) -> ExperimentRecord | None:
        """The weeks stand still. None without one under way."""
        today = self._today(person)
        return await self._change(person, lambda found: _paused(found, today, burns=burns))

    async def go_on(self, person: PersonRecord) -> ExperimentRecord | None:
        today = self._today(person)
        return await self._change(person, lambda found: _going_on(found, today))

    async def end_early(self, person: PersonRecord) -> ExperimentRecord | None:
        """The answer comes at once, by what there is."""
        return await self._change(person, lambda found: (ExperimentState.ENDED_EARLY, found.course))

    async def drop(self, person: PersonRecord) -> bool:
        """Nothing of it is kept, and there is no answer. False without one under way."""
        dropped = await self._change(person, lambda found: (ExperimentState.DROPPED, found.course))
        return dropped is not None

    async def _change(
        self, person: PersonRecord, changed: Callable[[ExperimentRecord], _Change]
    ) -> ExperimentRecord | None:
        done = await self._rows.change(person.id, changed, now=self._now())
        if done is not None:
            self._wake()
        return done

    def _today(self, person: PersonRecord) -> date:
        return self._now().astimezone(clock_of(person)).date()


def _paused(found: ExperimentRecord, today: date, *, burns: bool) -> _Change:
    course = replace(found.course, burns=found.course.burns or burns)
    if found.state is not ExperimentState.PAUSED:
        course = replace(course, pauses=(*course.pauses, Paused(since=today, until=None)))
    return ExperimentState.PAUSED, course


def _going_on(found: ExperimentRecord, today: date) -> _Change:
    ended = tuple(replace(pause, until=pause.until or today) for pause in found.course.pauses)
    return ExperimentState.RUNNING, replace(found.course, pauses=ended, burns=False)
