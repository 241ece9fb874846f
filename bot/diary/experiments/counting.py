"""Each delivered report of a running experiment is looked at once: it counts, or it is asked for again with why."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.diary.experiments.days import standing
from bot.people.voice import Voice, clock_of
from bot.skin.analysis import Judged, Sides
from bot.skin.experiments.photo import ExperimentPhoto, Spoiled, spoils
from bot.skin.experiments.plan import Design, FaceSide
from bot.skin.experiments.weeks import Standing
from bot.skin.measures import Measure, scale_of
from bot.storage.experiments.photos import ExperimentPhotoRows
from bot.storage.experiments.records import AgreedPlan, CheckedPhoto, ExperimentRecord
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.reports.reports import ReportRows
from bot.views.experiments import LeftOut, PhotoCheckView

_FIRST: Final = 4  # photos that count, by which the later ones' light and distance are judged
_NO_WEEK: Final = -1
_WHOLE_FACE: Final = {Judged.REDNESS: Measure.REDDEST, Judged.PIMPLES: Measure.ACNE}


class PhotoCounting:
    def __init__(self, *, rows: ExperimentPhotoRows, reports: ReportRows, voice: Voice) -> None:
        self._rows = rows
        self._reports = reports
        self._voice = voice

    async def look(self, person: PersonRecord, found: ExperimentRecord) -> None:
        """At what was not looked at yet, and tell what became of it. Raises DeliveryError."""
        if found.agreed is None:
            return
        for number in await self._rows.unlooked(found):
            report = await self._reports.of_person(person.id, number)
            if report is not None:
                await self._look_at(person, found, found.agreed, report)

    async def _look_at(
        self, person: PersonRecord, found: ExperimentRecord, agreed: AgreedPlan, report: ReportRecord
    ) -> None:
        """Kept before it is told: who is killed in between tells nothing twice, and the plan's message says it all."""
        day = report.requested_at.astimezone(clock_of(person)).date()
        here = standing(agreed, found.course, day)
        earlier = await self._rows.of(found)
        in_week = [photo for photo in earlier if photo.counts and here is not None and photo.week == here.week]
        reasons = await self._reasons(agreed, report, here, earlier)
        if not reasons and any(_day(person, photo) == day for photo in in_week):
            reasons = (LeftOut.SAME_DAY,)
        elif not reasons and len(in_week) >= agreed.plan.photos_a_week:
            reasons = (LeftOut.ENOUGH,)
        photo = CheckedPhoto(
            report_id=report.id,
            number=report.number,
            at=report.requested_at,
            week=_NO_WEEK if here is None else here.week,
            value=None if reasons else value_of(agreed, report),
            spoiled=reasons,
        )
        if not await self._rows.note(found, photo) or here is None:
            return
        view = PhotoCheckView(
            reasons=reasons, counted=len(in_week) + photo.counts, photos_a_week=agreed.plan.photos_a_week
        )
        await self._voice.say(person, view, reply_to=report.status_message_id)

    async def _reasons(
        self, agreed: AgreedPlan, report: ReportRecord, here: Standing | None, earlier: Sequence[CheckedPhoto]
    ) -> tuple[str, ...]:
        """Why it does not count; what is best mended comes first."""
        if here is None:
            return (LeftOut.OUTSIDE,)
        if here.settles:
            return (LeftOut.SETTLING,)
        if report.instrument != agreed.instrument:
            return (LeftOut.OTHER_ANALYZER,)
        told = told_to_experiments(report, agreed.plan.judged)
        if told is None:
            return (Spoiled.HIDDEN,)
        spoiled = spoils(told, await self._first(agreed, earlier))
        if not spoiled and value_of(agreed, report) is None:
            return (Spoiled.HIDDEN,)
        return tuple(each for each in Spoiled if each in spoiled)

    async def _first(self, agreed: AgreedPlan, earlier: Sequence[CheckedPhoto]) -> list[ExperimentPhoto]:
        counted = [photo.report_id for photo in earlier if photo.counts][:_FIRST]
        reports = [await self._reports.by_id(report_id) for report_id in counted]
        told = [told_to_experiments(report, agreed.plan.judged) for report in reports if report is not None]
        return [photo for photo in told if photo is not None]


def told_to_experiments(report: ReportRecord, judged: Judged) -> ExperimentPhoto | None:
    """None for a photo of which it was not kept how it was taken."""
    if report.summary is None or report.summary.scene is None:
        return None
    doubts = frozenset(report.facts.doubts) if report.facts else frozenset()
    return ExperimentPhoto(scene=report.summary.scene, doubts=doubts, sides=report.summary.sides.get(judged))


def value_of(agreed: AgreedPlan, report: ReportRecord) -> float | None:
    """What counts: the treated cheek's less the other's, or the whole face's. None where it was not measured."""
    summary, plan = report.summary, agreed.plan
    if summary is None:
        return None
    even = scale_of(_WHOLE_FACE[plan.judged]).even if plan.judged is Judged.PIMPLES else float
    if plan.design is Design.ON_OFF:
        whole = (summary.measures or {}).get(_WHOLE_FACE[plan.judged])
        return None if whole is None else even(whole)
    sides = summary.sides.get(plan.judged)
    if sides is None or sides.left is None or sides.right is None:
        return None
    treated, other = _own(sides, agreed)
    return even(treated) - even(other)


def _own(sides: Sides, agreed: AgreedPlan) -> tuple[float, float]:
    """The treated cheek's value and the other's; the picture's left cheek is their left one in a mirror's picture."""
    left, right = sides.left or 0.0, sides.right or 0.0
    on_the_left = (agreed.plan.treated is FaceSide.LEFT) == agreed.mirrored
    return (left, right) if on_the_left else (right, left)


def _day(person: PersonRecord, photo: CheckedPhoto) -> date:
    return photo.at.astimezone(clock_of(person)).date()
