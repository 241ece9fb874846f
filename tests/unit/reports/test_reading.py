"""A photo that kills whatever process reads it costs six of them, and nobody else's photo."""

import asyncio

import pytest

from bot.reports.reading import Suspicion, TooDangerous
from bot.storage.records import PersonRecord
from bot.storage.store import Store
from tests.unit.storage.making import requested


class Death(BaseException):
    """The process ends here: nothing more is written."""


async def deaths(store: Store, report_id: int) -> int:
    report = await store.reports.by_id(report_id)
    assert report is not None
    return report.readings


async def read(store: Store, report_id: int, *, photos: int = 1, kills: int = 0) -> None:
    """As the process that was started last does; it dies over the photo with the number `kills`."""
    async with Suspicion(store.readings).reading(report_id) as reading:
        for number in range(1, photos + 1):
            async with reading.of_photo():
                if number == kills:
                    raise Death


async def die_over(store: Store, report_id: int, *, photos: int = 1, kills: int = 1) -> None:
    with pytest.raises(Death):
        await read(store, report_id, photos=photos, kills=kills)


@pytest.mark.parametrize(("photos", "kills"), [(1, 1), (4, 1), (4, 2), (4, 4)])
async def test_a_killing_photo_is_read_six_times(store: Store, ana: PersonRecord, photos: int, kills: int) -> None:
    """Wherever it stands in an album; then its person is told that it can't be opened, and the bot lives."""
    report = await requested(store, ana)
    for _ in range(6):
        await die_over(store, report.id, photos=photos, kills=kills)
    for _ in range(2):
        with pytest.raises(TooDangerous):
            await read(store, report.id, photos=photos, kills=kills)


async def test_what_was_only_there_is_cleared(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Read beside the killer, an innocent album is a suspect once, and is read whenever it has to be."""
    guilty, innocent = await requested(store, ana), await requested(store, ben, message_id=8)
    await asyncio.gather(die_over(store, guilty.id), die_over(store, innocent.id))
    await die_over(store, guilty.id)
    for _ in range(5):
        await read(store, innocent.id, photos=5)
    for _ in range(4):
        await die_over(store, guilty.id)
    with pytest.raises(TooDangerous):
        await read(store, guilty.id)


async def test_suspects_are_read_one_by_one(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """So that the second death counts against one of them only; what is new does not wait for them."""
    suspects = [await requested(store, ana), await requested(store, ben, message_id=8)]
    fresh = await requested(store, ana, message_id=9)
    for report in suspects:
        await die_over(store, report.id)
    suspicion = Suspicion(store.readings)
    most = 0
    under_way: set[int] = set()

    async def look(report_id: int) -> None:
        nonlocal most
        async with suspicion.reading(report_id) as reading, reading.of_photo():
            under_way.add(report_id)
            most = max(most, len(under_way))
            assert len(under_way - {fresh.id}) <= 1
            await asyncio.sleep(0.2)
            under_way.remove(report_id)

    await asyncio.gather(*(look(report.id) for report in (*suspects, fresh)))
    assert most == 2


async def test_what_ends_otherwise_is_no_death(store: Store, ana: PersonRecord) -> None:
    """A second photo that Telegram does not hand over, ten times: that says nothing against the first."""
    report = await requested(store, ana)

    async def half_read() -> None:
        async with Suspicion(store.readings).reading(report.id) as reading:
            async with reading.of_photo():
                pass
            raise TimeoutError

    for _ in range(10):
        with pytest.raises(TimeoutError):
            await half_read()
        assert await deaths(store, report.id) == 0


async def test_after_three_deaths_the_process_lives_a_while_first(store: Store) -> None:
    """Where processes are killed again and again, photos would look guilty that were only read at the time."""
    loop = asyncio.get_running_loop()
    waited = []
    for died in (0, 2, 3, 5, 6):
        began = loop.time()
        await Suspicion(store.readings, kept_back_s=0.5).keep_back(died)
        waited.append(loop.time() - began)
    at_once, still_at_once, first, last, given_up = waited
    assert max(at_once, still_at_once, given_up) < 0.4 < first
    assert last > 1.4
