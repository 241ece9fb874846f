"""Small data for the storage's tests."""

from datetime import UTC, datetime
from random import Random
from typing import Final

from bot.skin.analysis import Judged, Provider
from bot.skin.experiments.answer import Counted, Course, ExperimentAnswer, answer
from bot.skin.experiments.plan import PLANS, Design, drawn, fingerprint
from bot.skin.instrument import Instrument
from bot.skin.photo import Conditions, PhotoIssue
from bot.storage.experiments.records import (
    AgreedPlan,
    CheckedPhoto,
    ExperimentCourse,
    ExperimentDraft,
    ExperimentRecord,
    ExperimentState,
)
from bot.storage.records import (
    Consent,
    IncomingPhoto,
    PersonRecord,
    PhotoFacts,
    ReportRecord,
    ReportState,
    ReportSummary,
)
from bot.storage.store import Store

NOON: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)
ANSWER: Final = '{"result": {"acne": {"rectangle": [{"left": 1}]}, "skin_age": {"value": 33}}}'
CONTENT: Final = bytes(range(32))
FACTS: Final = PhotoFacts(
    width=1200,
    height=1600,
    bytes=345_678,
    doubts=(PhotoIssue.BLURRED,),
    conditions=Conditions(brightness=61.5, contrast=14.0, clipped=0.01, warmth=12.5, tint=9.0, sharpness=180.0),
)
AGREED: Final = Consent(version=3, locale="en", text=bytes(32), shares_photos=True)
SUMMARY: Final = ReportSummary(watch=("acne", "pores_left_cheek"))


def selfie(message_id: int = 7) -> IncomingPhoto:
    return IncomingPhoto(
        file_id=f"AgACfile{message_id}",
        unique_id=f"AQADunique{message_id}",
        message_id=message_id,
        as_file=False,
        size=98_765,
    )


async def requested(
    store: Store,
    person: PersonRecord,
    *,
    message_id: int = 7,
    album: str | None = None,
    state: ReportState = ReportState.REQUESTED,
    not_before: datetime = NOON,
    now: datetime = NOON,
) -> ReportRecord:
    report, _ = await store.reports.request(
        person_id=person.id,
        photo=selfie(message_id),
        origin=f"{person.telegram_id}:{message_id}",
        album=album,
        state=state,
        not_before=not_before,
        joined_not_before=not_before,
        now=now,
    )
    return report


async def analysed(
    store: Store, person: PersonRecord, *, message_id: int = 7, content: bytes = CONTENT, now: datetime = NOON
) -> ReportRecord:
    report = await requested(store, person, message_id=message_id, now=now)
    await store.reports.save_answer(
        report.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=ANSWER,
        red_map=b"a large map",
        facts=FACTS,
        content=content,
        chosen=0,
        now=now,
    )
    return await read(store, report)


async def delivered(
    store: Store, person: PersonRecord, *, message_id: int = 7, content: bytes = CONTENT, now: datetime = NOON
) -> ReportRecord:
    report = await analysed(store, person, message_id=message_id, content=content, now=now)
    await store.reports.deliver(
        report.id,
        annotated_file_id="AgACdrawn",
        message_id=900,
        summary=SUMMARY,
        now=now,
    )
    return await read(store, report)


async def read(store: Store, report: ReportRecord) -> ReportRecord:
    """The report as it stands now."""
    found = await store.reports.by_id(report.id)
    assert found is not None
    return found


def agreed(_: ExperimentDraft) -> AgreedPlan:
    """A plan of on and off weeks."""
    offered = next(each for each in PLANS if (each.judged, each.design) == (Judged.PIMPLES, Design.ON_OFF))
    plan = drawn(offered, Random(1))
    return AgreedPlan(
        what="a cream for sore cheeks",
        plan=plan,
        began_on=NOON.date(),
        mirrored=True,
        instrument=Instrument.named(Provider.AILAB, None),
        fingerprint=fingerprint(plan, "a cream for sore cheeks", NOON.date()),
    )


async def experiment(store: Store, person: PersonRecord, *, message_id: int | None = 500) -> ExperimentRecord:
    """One that begins at noon."""
    await store.experiments.draw_up(person.id, lambda draft: draft)
    begun = await store.experiments.begin(person.id, agreed, message_id=message_id, now=NOON)
    assert begun is not None
    return begun


def judged(found: ExperimentRecord) -> ExperimentAnswer:
    """Every week counts."""
    assert found.agreed is not None
    plan = found.agreed.plan
    weeks = [Counted(week=week, when=NOON, value=float(week % 2)) for week in range(plan.weeks)]
    return answer(plan, weeks * plan.photos_a_week, Course(weeks_gone=plan.weeks))


async def finished(store: Store, person: PersonRecord, report: ReportRecord) -> ExperimentRecord:
    """One that has all that is ever stored of any, and another one that is being planned."""
    begun = await experiment(store, person)
    await store.experiment_photos.note(
        begun, CheckedPhoto(report_id=report.id, number=report.number, at=NOON, week=0, value=0.5)
    )
    course = ExperimentCourse(burns=True)
    await store.experiments.change(person.id, lambda _: (ExperimentState.PAUSED, course), now=NOON)
    ended = await store.experiments.end(person.id, begun.id, judged(begun), early=False, now=NOON)
    await store.experiments.draw_up(person.id, lambda _: ExperimentDraft(what="less milk for my cheeks"))
    assert ended is not None
    return ended
