"""The end of an experiment: judged once, and told in the message that its plan stood in."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.analysis import pixel_tasks
from bot.clock import Clock
from bot.diary.experiments.board import SHOWN_SIGNS
from bot.imaging.pictures.experiment import AnswerPicture, AnswerPoint, AnswerWords
from bot.imaging.workshop import Workshop
from bot.people.voice import Voice, clock_of
from bot.rendering.renderer import plain
from bot.reports.charts import Screen
from bot.skin.experiments.answer import Block, Certainty, Counted, Course, ExperimentAnswer, answer, pairs_of
from bot.skin.experiments.photo import Spoiled
from bot.skin.experiments.plan import Arm, Design
from bot.skin.experiments.weeks import weeks_gone, weeks_paused
from bot.storage.experiments.due import DueExperimentRows
from bot.storage.experiments.photos import ExperimentPhotoRows
from bot.storage.experiments.records import (
    AgreedPlan,
    CheckedPhoto,
    DueExperiment,
    ExperimentCourse,
    ExperimentRecord,
    ExperimentState,
)
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.people.products import ProductRows
from bot.storage.records import PersonRecord, ProductRecord
from bot.telegram.errors import MessageLost
from bot.views.experiments import AnswerReadyView, AnswerView, AnswerWordsView

_LIGHT: Final = frozenset({Spoiled.SIDE_LIGHT, Spoiled.BAD_LIGHT, Spoiled.OTHER_LIGHT})
_KINDS: Final = {Certainty.LIKELY_HELPS: "helps", Certainty.LIKELY_NOT: "not", Certainty.UNCLEAR: "unclear"}


class ExperimentAnswers:
    def __init__(
        self,
        *,
        rows: ExperimentRows,
        due: DueExperimentRows,
        photos: ExperimentPhotoRows,
        products: ProductRows,
        voice: Voice,
        workshop: Workshop,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._due = due
        self._photos = photos
        self._products = products
        self._voice = voice
        self._workshop = workshop
        self._now = now

    async def judge(self, person: PersonRecord, found: ExperimentRecord) -> ExperimentRecord | None:
        """With its answer, which is computed once and kept. None when it is gone."""
        if found.agreed is None or found.answer is not None:
            return found
        early = found.state is ExperimentState.ENDED_EARLY
        at = found.ended_at if early and found.ended_at is not None else self._now()
        photos = await self._photos.of(found)
        course = _course(
            found.agreed,
            found.course,
            photos,
            await self._products.of(person.id),
            until=at.astimezone(clock_of(person)).date(),
            early=early,
        )
        counted = [
            Counted(week=photo.week, when=photo.at, value=photo.value)
            for photo in photos
            if photo.counts and photo.value is not None
        ]
        judged = answer(found.agreed.plan, counted, course)
        return await self._rows.end(person.id, found.id, judged, early=early, now=self._now())

    async def tell(self, due: DueExperiment, found: ExperimentRecord) -> None:
        """The plan's message becomes the answer, however often this is done; that it is there is said once.

        Raises DeliveryError.
        """
        person, message_id = due.person, found.message_id
        screen = await self.screen(person, found)
        if message_id is not None and screen.picture is not None:
            try:
                await self._voice.turn_picture(person, message_id, screen.picture, screen.name, screen.view)
            except MessageLost:
                message_id = None
        if await self._due.take_send(due):
            await self._told_anew(person, found, screen, message_id)
        if found.message_id is not None:
            await self._voice.unpin(person, found.message_id)
            await self._due.tell_in(due, message_id, pinned=False)

    async def _told_anew(
        self, person: PersonRecord, found: ExperimentRecord, screen: Screen, message_id: int | None
    ) -> None:
        """With a sound: a message that is changed has none. Where the plan's message is gone, it is the answer."""
        if message_id is None and screen.picture is not None:
            await self._voice.show(person, screen.picture, screen.name, screen.view)
        elif found.agreed is not None and found.answer is not None:
            told = found.answer
            view = AnswerReadyView(id=found.id, what=found.agreed.what, certainty=told.certainty, worse=told.worse)
            await self._voice.say(person, view, reply_to=message_id)

    async def screen(self, person: PersonRecord, found: ExperimentRecord) -> Screen:
        """The answer, with its picture."""
        agreed, told = found.agreed, found.answer
        if agreed is None or told is None:
            raise ValueError("there is no answer before the end")
        view = AnswerView(
            what=agreed.what,
            judged=agreed.plan.judged,
            design=agreed.plan.design,
            treated=agreed.plan.treated,
            certainty=told.certainty,
            worse=told.worse,
            weeks_with=told.weeks_with,
            weeks_without=told.weeks_without,
            photos=sum(block.photos for block in told.blocks),
            caveats=told.caveats,
            mark=agreed.fingerprint[:SHOWN_SIGNS],
            burned=found.course.burns,
        )
        picture = await self._workshop.run(pixel_tasks.draw_answer, self._picture(person, agreed, told))
        return Screen(name=view.template, view=view, picture=picture)

    def _picture(self, person: PersonRecord, agreed: AgreedPlan, told: ExperimentAnswer) -> AnswerPicture:
        plan = agreed.plan
        numbers = tuple(range(1, plan.weeks + 1)) if plan.design is Design.HALF_FACE else ()
        words = AnswerWordsView(
            judged=plan.judged, design=plan.design, certainty=told.certainty, worse=told.worse, weeks=numbers
        )
        lines = [plain(line) for line in self._voice.words(person, words).text.split("\n")]
        named = AnswerWords.__dataclass_fields__
        return AnswerPicture(
            words=AnswerWords(**dict(zip(named, lines[: len(named)], strict=True))),
            points=tuple(_point(block) for block in told.blocks),
            pairs=tuple((_point(a), _point(b)) for a, b in pairs_of(told.blocks)) if not numbers else (),
            weeks=tuple(lines[len(named) :]),
            difference=told.difference,
            interval=told.interval,
            noticed=told.worth_having,
            kind="worse" if told.worse else _KINDS[told.certainty],
        )


def _point(block: Block) -> AnswerPoint:
    return AnswerPoint(week=block.week, with_it=block.arm is Arm.WITH, value=block.value)


def _course(
    agreed: AgreedPlan,
    course: ExperimentCourse,
    photos: Sequence[CheckedPhoto],
    products: Sequence[ProductRecord],
    *,
    until: date,
    early: bool,
) -> Course:
    return Course(
        weeks_gone=weeks_gone(agreed.plan, agreed.began_on, until, course.pauses),
        paused_weeks=weeks_paused(agreed.began_on, until, course.pauses),
        other_products=sum(_came_between(agreed, product, until) for product in products),
        light_changes=sum(not _LIGHT.isdisjoint(photo.spoiled) for photo in photos),
        ended_early=early,
    )


def _came_between(agreed: AgreedPlan, product: ProductRecord, until: date) -> bool:
    """Another product or habit that they began or stopped meanwhile. What is tried may be kept as one itself."""
    one, other = agreed.what.casefold(), product.name.casefold()
    if one in other or other in one:
        return False
    days = (product.started_on, product.stopped_on)
    return any(day is not None and agreed.began_on < day <= until for day in days)
