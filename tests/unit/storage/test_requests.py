"""How selfies become reports, each message and each album once, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage.records import (
    DueReport,
    PersonGone,
    PersonRecord,
    ReportFate,
    ReportRecord,
    ReportState,
    Settlement,
)
from bot.storage.store import Store
from tests.unit.storage.making import (
    ANSWER,
    CONTENT,
    FACTS,
    NOON,
    read,
    requested,
    selfie,
)

LATER = NOON + timedelta(minutes=5)


async def test_request_is_stored_as_asked(store: Store, ana: PersonRecord) -> None:
    """A new report has no number yet, its photo, and is due when it was asked to be."""
    report, created = await store.reports.request(
        person_id=ana.id,
        photo=selfie(7),
        origin="chat:7",
        album=None,
        state=ReportState.REQUESTED,
        not_before=LATER,
        joined_not_before=LATER,
        now=NOON,
    )
    assert created
    assert (report.number, report.state, report.photos) == (-1, ReportState.REQUESTED, (selfie(7),))
    assert (report.requested_at, report.not_before, report.attempts) == (NOON, LATER, 0)
    assert (report.check_quality, report.answer, report.status_message_id) == (True, None, None)
    assert await read(store, report) == report


async def test_numbers_count_for_each_person(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Everyone's photos count by themselves, below zero until they are read, whatever others send in between."""
    numbers = [
        (await requested(store, who, message_id=message)).number
        for message, who in enumerate((ana, ben, ana, ana, ben))
    ]
    assert numbers == [-1, -1, -2, -3, -2]


async def test_request_replayed(store: Store, ana: PersonRecord) -> None:
    """A message that is handed in again, even often and at once, is one report."""
    first = await requested(store, ana)
    again = await asyncio.gather(*(requested(store, ana) for _ in range(10)))
    assert {report.id for report in again} == {first.id}
    assert await store.reports.of_person(ana.id, -2) is None


async def test_requests_at_once(store: Store, ana: PersonRecord) -> None:
    """Thirty selfies at once get thirty numbers, none twice and none left out."""
    reports = await asyncio.gather(*(requested(store, ana, message_id=message) for message in range(30)))
    assert sorted(report.number for report in reports) == list(range(-30, 0))


async def test_request_of_someone_erased(store: Store, ana: PersonRecord) -> None:
    """Nothing is stored for a person who is gone."""
    await store.people.erase(ana.id, now=NOON)
    with pytest.raises(PersonGone):
        await requested(store, ana)


async def test_album_arrives_part_by_part(store: Store, ana: PersonRecord) -> None:
    """Parts join one report and put it off; a part that comes twice is in it once."""
    for message in (7, 8, 9, 8):
        report = await requested(
            store,
            ana,
            message_id=message,
            album="group",
            state=ReportState.COLLECTING,
            not_before=NOON + timedelta(seconds=message),
        )
    assert (report.number, report.state) == (-1, ReportState.COLLECTING)
    assert report.photos == (selfie(7), selfie(8), selfie(9))
    assert report.not_before == NOON + timedelta(seconds=9)


async def test_album_at_once(store: Store, ana: PersonRecord) -> None:
    """Ten parts side by side lose none and make one report."""
    parts = (
        requested(store, ana, message_id=message, album="group", state=ReportState.COLLECTING) for message in range(10)
    )
    await asyncio.gather(*parts)
    report = await store.reports.of_person(ana.id, -1)
    assert report is not None
    assert sorted(photo.message_id for photo in report.photos) == list(range(10))
    assert await store.reports.of_person(ana.id, -2) is None


async def test_album_part_that_comes_too_late(store: Store, ana: PersonRecord) -> None:
    """What arrives when the album is worked is an album of its own, and knows what became of the first parts."""
    album = await requested(store, ana, album="group", state=ReportState.COLLECTING)
    closed, _ = await store.reports.close_album(album.id, now=NOON)
    assert closed is not None
    assert closed.state is ReportState.REQUESTED
    late = [
        await requested(store, ana, message_id=number, album="group", state=ReportState.COLLECTING) for number in (8, 9)
    ]
    assert {one.id for one in late} == {late[0].id} != {album.id}
    assert [photo.message_id for photo in late[1].photos] == [8, 9]
    assert (await requested(store, ana, album="group", state=ReportState.COLLECTING)).id == album.id  # repeated
    await store.reports.save_answer(
        album.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=ANSWER,
        red_map=None,
        facts=FACTS,
        content=CONTENT,
        chosen=0,
        now=NOON,
    )
    unread, earlier = await store.reports.close_album(late[0].id, now=NOON)
    assert unread is not None
    assert (unread.state, earlier) == (ReportState.COLLECTING, 1)


async def test_late_parts_beside_a_photo_that_became_no_report(store: Store, ana: PersonRecord) -> None:
    """They are worked like any other selfie."""
    album = await requested(store, ana, album="group", state=ReportState.COLLECTING)
    await store.reports.close_album(album.id, now=NOON)
    await store.reports.settle(album.id, Settlement(fate=ReportFate.HELD, reason="doubtful"), now=NOON)
    late = await requested(store, ana, message_id=8, album="group", state=ReportState.COLLECTING)
    closed, earlier = await store.reports.close_album(late.id, now=NOON)
    assert closed is not None
    assert (closed.state, earlier) == (ReportState.REQUESTED, None)


async def test_a_part_that_comes_in_the_moment_of_closing_is_in_one_of_two(store: Store, ana: PersonRecord) -> None:
    """Never in a report that is worked without it."""
    for number in range(10):
        album = await requested(
            store, ana, message_id=10 * number, album=f"group{number}", state=ReportState.COLLECTING
        )
        (closed, _), part = await asyncio.gather(
            store.reports.close_album(album.id, now=NOON),
            requested(store, ana, message_id=10 * number + 1, album=f"group{number}", state=ReportState.COLLECTING),
        )
        assert closed is not None
        assert len(closed.photos) == (2 if part.id == album.id else 1)


async def test_message_of_another_bot(store: Store, ana: PersonRecord) -> None:
    """Messages are counted by bot: a number that an older row has under its former name says nothing after two days."""

    async def handed_in(origin: str, *, days: float) -> ReportRecord:
        report, _ = await store.reports.request(
            person_id=ana.id,
            photo=selfie(7),
            origin=origin,
            former_origin="chat:7",
            album=None,
            state=ReportState.REQUESTED,
            not_before=NOON,
            joined_not_before=NOON,
            now=NOON + timedelta(days=days),
        )
        return report

    former = await handed_in("chat:7", days=0)
    assert (await handed_in("bot:chat:7", days=0.5)).id == former.id
    assert (await handed_in("other:chat:7", days=3)).id != former.id


async def test_album_whose_first_part_was_dated_by_a_clock_that_was_ahead(store: Store, ana: PersonRecord) -> None:
    """It is due no later than any other."""
    ahead = NOON + timedelta(days=30)
    await requested(store, ana, album="group", state=ReportState.COLLECTING, not_before=ahead, now=ahead)
    joined = await requested(store, ana, message_id=8, album="group", state=ReportState.COLLECTING)
    assert joined.not_before == NOON


async def test_albums_of_two_people_with_one_name(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """An album is looked up among the person's own only."""
    one = await requested(store, ana, album="group", state=ReportState.COLLECTING)
    other = await requested(store, ben, album="group", state=ReportState.COLLECTING)
    assert one.id != other.id
    assert (await read(store, one)).photos == (selfie(7),)


async def test_waiting_for_consent(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Selfies sent before consent are not due; consent requests that person's, and nobody else's."""
    first = await requested(store, ana, message_id=1, state=ReportState.AWAITING_CONSENT)
    album = await requested(store, ana, message_id=2, album="group", state=ReportState.AWAITING_CONSENT)
    await requested(store, ana, message_id=3, album="group", state=ReportState.AWAITING_CONSENT)
    bens = await requested(store, ben, state=ReportState.AWAITING_CONSENT)
    assert await store.due_reports.due(now=LATER) == []
    assert await store.reports.release_waiting(ana.id, now=NOON) == [first.id, album.id]
    assert (await read(store, bens)).state is ReportState.AWAITING_CONSENT
    assert len((await read(store, album)).photos) == 2
    assert await store.due_reports.due(now=LATER) == [DueReport(report_id=first.id, person_id=ana.id)]
