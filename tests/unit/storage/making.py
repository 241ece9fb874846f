"""Small data for the storage's tests."""

from datetime import UTC, datetime
from typing import Final

from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.skin.photo import Conditions, PhotoIssue
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
