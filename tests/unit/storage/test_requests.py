"""How selfies become reports, each message and each album once, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.skin.analysis import Provider
from bot.storage.records import DueReport, PersonGone, PersonRecord, ReportState
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
    """A part that arrives when the album is analysed changes nothing and makes no second report."""
    album = await requested(store, ana, album="group", state=ReportState.COLLECTING)
    await store.reports.save_answer(
        album.id,
        provider=Provider.AILAB,
        answer=ANSWER,
        red_map=None,
        facts=FACTS,
        content=CONTENT,
        chosen=0,
        now=NOON,
    )
    before = await read(store, album)
    late = await requested(store, ana, message_id=8, album="group", state=ReportState.COLLECTING)
    assert late == before


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
    await requested(store, ben, state=ReportState.AWAITING_CONSENT)
    assert await store.agenda.due(now=LATER) == []
    assert await store.reports.waiting(ana.id) == 2
    assert await store.reports.release_waiting(ana.id, now=NOON) == [first.id, album.id]
    assert (await store.reports.waiting(ana.id), await store.reports.waiting(ben.id)) == (0, 1)
    assert len((await read(store, album)).photos) == 2
    assert await store.agenda.due(now=LATER) == [DueReport(report_id=first.id, person_id=ana.id)]
