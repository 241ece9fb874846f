"""The one pinned message of an experiment: it tells how things stand, and is changed as weeks pass."""

from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.diary.experiments.days import answers_on, standing
from bot.people.voice import Voice, clock_of
from bot.skin.experiments.weeks import Standing, photo_days
from bot.storage.experiments.due import DueExperimentRows
from bot.storage.experiments.photos import ExperimentPhotoRows
from bot.storage.experiments.records import DueExperiment, ExperimentRecord, ExperimentState
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.records import PersonRecord
from bot.storage.reminders import ReminderRows, ReminderState
from bot.telegram.errors import MessageLost
from bot.views.experiments import PlanView

SHOWN_SIGNS: Final = 8  # of a fingerprint


class PlanBoard:
    """Doing it again does no harm: a known message is changed, and a pin that Telegram refuses is no trouble."""

    def __init__(
        self,
        *,
        experiments: ExperimentRows,
        rows: DueExperimentRows,
        photos: ExperimentPhotoRows,
        reminders: ReminderRows,
        voice: Voice,
        now: Clock,
    ) -> None:
        self._experiments = experiments
        self._rows = rows
        self._photos = photos
        self._reminders = reminders
        self._voice = voice
        self._now = now

    async def show(self, due: DueExperiment) -> None:
        """The message says how things stand, and is in the chat's head. Raises DeliveryError.

        One that its person deleted does not come back.
        """
        person, found = due.person, due.experiment
        view = await self.told(person, found, pinned=True)
        if found.message_id is None:
            if not await self._rows.take_send(due):
                return
            message_id = await self._voice.say(person, view)
        else:
            message_id = found.message_id
            try:
                await self._voice.revise(person, message_id, view)
            except MessageLost:
                await self._rows.tell_in(due, None, pinned=False)
                return
        pinned = found.is_pinned or await self._voice.pin(person, message_id)
        if (message_id, pinned) != (found.message_id, found.is_pinned):
            await self._rows.tell_in(due, message_id, pinned=pinned)

    async def take_down(self, due: DueExperiment) -> None:
        """Nothing of the plan stands there any more. Raises DeliveryError."""
        if due.experiment.message_id is None:
            return
        try:
            await self._voice.revise(due.person, due.experiment.message_id, "experiment_gone")
        except MessageLost:
            return
        await self._voice.unpin(due.person, due.experiment.message_id)

    async def standing(self, person: PersonRecord) -> PlanView | None:
        """Of the one that is under way; None without one."""
        current = await self._experiments.current(person.id)
        return None if current is None or current.agreed is None else await self.told(person, current)

    async def told(self, person: PersonRecord, found: ExperimentRecord, *, pinned: bool = False) -> PlanView:
        agreed = found.agreed
        if agreed is None:
            raise ValueError("a draft has no plan yet")
        now = self._now()
        today = now.astimezone(clock_of(person)).date()
        here = standing(agreed, found.course, today)
        plan = agreed.plan
        return PlanView(
            what=agreed.what,
            judged=plan.judged,
            design=plan.design,
            treated=plan.treated,
            order=plan.order,
            week=here.week + 1 if here else None,
            arm=here.arm if here else None,
            side=here.side if here else None,
            counted=0 if here is None else await self._counted(found, here),
            photos_a_week=plan.photos_a_week,
            best_from=None if here is None else today + timedelta(days=photo_days(plan)[0] - here.day),
            settles=here is not None and here.settles,
            began_on=agreed.began_on,
            ends_on=answers_on(agreed, found.course, today),
            paused=found.state is ExperimentState.PAUSED,
            burns=found.course.burns,
            reminded=await self.is_reminded(person),
            mark=agreed.fingerprint[:SHOWN_SIGNS],
            pinned=pinned,
        )

    async def is_reminded(self, person: PersonRecord) -> bool:
        reminder = await self._reminders.of(person.id)
        return reminder is not None and reminder.state is ReminderState.ON

    async def _counted(self, found: ExperimentRecord, here: Standing) -> int:
        photos = await self._photos.of(found)
        return sum(photo.counts and photo.week == here.week for photo in photos)
