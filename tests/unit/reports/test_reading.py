"""A file that kills whatever process reads it costs three of them, and nobody else's photo."""

import asyncio

import pytest

from bot.imaging.intake import PhotoRejected
from bot.reports.reading import Readings
from bot.skin.photo import RejectReason
from bot.storage.records import PersonRecord
from bot.storage.store import Store
from tests.unit.storage.making import requested


class Death(BaseException):
    """The process ends here: nothing more is written."""


async def read(store: Store, report_id: int) -> None:
    """As the process that was started last does."""
    async with Readings(store.reports).of(report_id):
        pass


async def die_over(store: Store, report_id: int) -> None:
    with pytest.raises(Death):
        async with Readings(store.reports).of(report_id):
            raise Death


async def test_a_killing_file_is_read_thrice(store: Store, ana: PersonRecord) -> None:
    """Then its person is told that it can't be opened, and the bot lives."""
    report = await requested(store, ana)
    for _ in range(3):
        await die_over(store, report.id)
    for _ in range(2):
        with pytest.raises(PhotoRejected) as rejected:
            await read(store, report.id)
    assert rejected.value.reason is RejectReason.DAMAGED


async def test_what_was_only_there_is_cleared(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Read beside the killer, an innocent photo is a suspect once, and is read whenever it has to be."""
    guilty, innocent = await requested(store, ana), await requested(store, ben, message_id=8)
    await asyncio.gather(die_over(store, guilty.id), die_over(store, innocent.id))
    await die_over(store, guilty.id)
    for _ in range(5):
        await read(store, innocent.id)
    await die_over(store, guilty.id)
    with pytest.raises(PhotoRejected):
        await read(store, guilty.id)


async def test_suspects_are_read_one_by_one(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """So that the second death counts against one of them only; what is new does not wait for them."""
    suspects = [await requested(store, ana), await requested(store, ben, message_id=8)]
    fresh = await requested(store, ana, message_id=9)
    for report in suspects:
        await die_over(store, report.id)
    readings = Readings(store.reports)
    most = 0
    under_way: set[int] = set()

    async def look(report_id: int) -> None:
        nonlocal most
        async with readings.of(report_id):
            under_way.add(report_id)
            most = max(most, len(under_way))
            assert len(under_way - {fresh.id}) <= 1
            await asyncio.sleep(0.2)
            under_way.remove(report_id)

    await asyncio.gather(*(look(report.id) for report in (*suspects, fresh)))
    assert most == 2
