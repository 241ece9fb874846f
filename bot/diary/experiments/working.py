"""Works what is due: a week that turned, a tap, the end. The rows are the truth, and any process may do it."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.clock import Clock, Wakeup
from bot.diary.experiments.answering import ExperimentAnswers
from bot.diary.experiments.board import PlanBoard
from bot.diary.experiments.counting import PhotoCounting
from bot.diary.experiments.days import can_be_answered, next_turn
from bot.people.voice import clock_of
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.experiments.due import DueExperimentRows
from bot.storage.experiments.records import AgreedPlan, DueExperiment, ExperimentState
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.records import PersonRecord
from bot.telegram.errors import DeliveryError, Unreachable

_log = logging.getLogger(__name__)

_LONGEST_SLEEP: Final = timedelta(seconds=30)
_SILENT_FOR: Final = timedelta(minutes=2)
_AWAY_FOR: Final = timedelta(days=1)


class ExperimentWork:
    """What was done and what is to be done stands in rows: whoever is killed in between has it done again.

    Only a known message is changed twice, which nobody sees.
    """

    def __init__(
        self,
        *,
        due: DueExperimentRows,
        rows: ExperimentRows,
        board: PlanBoard,
        counting: PhotoCounting,
        answers: ExperimentAnswers,
        permits: Callable[[PersonRecord], bool],
        wakeup: Wakeup,
        now: Clock,
    ) -> None:
        """`permits`: whether a person lets their photos be looked at. `wakeup` is rung when something is due."""
        self._due = due
        self._rows = rows
        self._board = board
        self._counting = counting
        self._answers = answers
        self._permits = permits
        self._now = now
        self._wakeup = wakeup

    def wake(self) -> None:
        """Something is due at once."""
        self._wakeup.ring()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._wakeup.hush()
            wait = _LONGEST_SLEEP
            try:
                seen_until = self._now()
                await self.work_due()
                next_due = await self._due.next_due_at(after=seen_until)
                wait = _LONGEST_SLEEP if next_due is None else min(_LONGEST_SLEEP, next_due - self._now())
            except DatabaseUnavailable:
                _log.warning("experiments wait for the database")
            except Exception:  # noqa: BLE001 - the ticker's last line: it tries again
                _log.exception("due experiments could not be read; they are looked at again soon")
            await self._wakeup.rest(max(wait.total_seconds(), 0.0))

    async def work_due(self) -> int:
        """Everything that is due and free; returns how many were claimed. Raises DatabaseUnavailable."""
        claimed = 0
        while batch := await self._due.claim(now=self._now()):
            claimed += len(batch)
            for due in batch:
                await self._worked(due)
        return claimed

    async def _worked(self, due: DueExperiment) -> None:
        try:
            await self._work(due)
        except DatabaseUnavailable:
            raise
        except DeliveryError as error:
            away = _AWAY_FOR if isinstance(error, Unreachable) or error.permanent else _SILENT_FOR
            await self._due.settle(due, next_due_at=self._now() + away)
        except Exception:  # noqa: BLE001 - one experiment's trouble must not end the others
            _log.exception("an experiment of person row %d was not worked", due.person.id)

    async def _work(self, due: DueExperiment) -> None:
        found = due.experiment
        if found.state is ExperimentState.DROPPED or found.agreed is None:
            await self._board.take_down(due)
            await self._rows.forget(found.person_id, found.id)
        elif not self._permits(due.person):
            await self._due.settle(due, next_due_at=self._now() + _AWAY_FOR)  # another text of the permission, perhaps
        elif found.state is ExperimentState.PAUSED:
            await self._counting.look(due.person, found)
            await self._board.show(due)
            await self._due.settle(due, next_due_at=None)
        else:
            await self._counting.look(due.person, found)
            await self._go_on(due, found.agreed)

    async def _go_on(self, due: DueExperiment, agreed: AgreedPlan) -> None:
        """Running, or over: then it is answered, if it is not too early in the morning."""
        found, zone, now = due.experiment, clock_of(due.person), self._now()
        over = found.state is not ExperimentState.RUNNING
        if over or can_be_answered(agreed, found.course, now, zone):
            judged = await self._answers.judge(due.person, found)
            if judged is not None:
                await self._answers.tell(due, judged)
                await self._due.settle(due, next_due_at=None)
        else:
            await self._board.show(due)  # a week that turns meanwhile is due at once
            await self._due.settle(due, next_due_at=next_turn(agreed, found.course, now, zone))
