"""A new key: everything sealed anew, everything still found, the old key no longer needed."""

import pytest
from sqlalchemy import Connection, select, update

from bot.skin.analysis import Provider
from bot.storage.database import Database
from bot.storage.keys import KeyMismatch, Keyring, SealBroken
from bot.storage.records import ReportState
from bot.storage.rotation import rotate
from bot.storage.store import Store
from bot.storage.tables import report
from tests.unit.storage.making import CONTENT, NOON, analysed, delivered, read, requested, selfie

OLD, NEW = "the-key-of-these-tests", "the-key-that-comes-next"


@pytest.fixture
def both() -> Keyring:
    return Keyring.from_setting(f"{NEW},{OLD}")


async def _fill(store: Store) -> None:
    ana = await store.people.meet(1, "es", now=NOON)
    ben = await store.people.meet(2, "en", now=NOON)
    for message in range(60):
        await requested(store, ana, message_id=message)
    await delivered(store, ben, message_id=1)
    await analysed(store, ben, message_id=2, content=CONTENT[::-1])
    await requested(store, ben, message_id=3, album="group", state=ReportState.COLLECTING)
    await store.inbox.take([(1, 2, '"one"'), (2, None, '"two"'), (3, 2, '"three"')], now=NOON)
    await store.inbox.finish(3, now=NOON)


async def test_rotated_rows_need_the_new_key_only(url: str, keyring: Keyring, both: Keyring) -> None:
    """After it the old key opens nothing, and the new one alone reads and finds everything."""
    async with Database.open(url, keyring) as database:
        store = Store.on(database)
        await _fill(store)
        ben = await store.people.meet(2, "en", now=NOON)
        before = [await store.reports.of_person(ben.id, number) for number in (1, 2, -1)]
        assert None not in before
    async with Database.open(url, both) as database:
        assert await rotate(database, both) == 68
        assert await rotate(database, both) == 0
    with pytest.raises(KeyMismatch):
        async with Database.open(url, keyring):
            pass
    async with Database.open(url, Keyring.from_setting(NEW)) as database:
        store = Store.on(database)
        assert await store.people.meet(2, "en", now=NOON) == ben
        assert [await store.reports.of_person(ben.id, number) for number in (1, 2, -1)] == before
        assert await store.reports.same_content(ben.id, CONTENT, provider=Provider.AILAB) == before[0]
        assert await store.inbox.unfinished() == [(1, '"one"'), (2, '"two"')]


async def test_lookups_after_a_rotation(url: str, keyring: Keyring, both: Keyring) -> None:
    """A replay, a late album part and an erasure find the rows that the old key had named."""
    async with Database.open(url, keyring) as database:
        await _fill(Store.on(database))
    async with Database.open(url, both) as database:
        await rotate(database, both)
    async with Database.open(url, Keyring.from_setting(NEW)) as database:
        store = Store.on(database)
        ben = await store.people.meet(2, "en", now=NOON)
        assert (await requested(store, ben, message_id=1)).number == 1
        album = await requested(store, ben, message_id=4, album="group", state=ReportState.COLLECTING)
        assert (album.number, album.photos) == (-1, (selfie(3), selfie(4)))
        await store.people.erase(ben.id, now=NOON)
        assert await store.inbox.unfinished() == [(2, '"two"')]


async def test_lookups_before_the_rotation(url: str, keyring: Keyring, both: Keyring) -> None:
    """With both keys, and nothing rotated yet, nobody is met twice and nothing is requested twice."""
    async with Database.open(url, keyring) as database:
        await _fill(Store.on(database))
    async with Database.open(url, both) as database:
        store = Store.on(database)
        ben = await store.people.meet(2, "fr", now=NOON)
        assert (ben.id, (await requested(store, ben, message_id=1)).number) == (2, 1)
        again = await store.reports.same_content(ben.id, CONTENT, provider=Provider.AILAB)
        assert again is not None
        await store.reports.set_redness_file(again.id, "AgACred")
        assert (await read(store, again)).redness_file_id == "AgACred"


async def test_interrupted_rotation_goes_on(url: str, keyring: Keyring, both: Keyring) -> None:
    """A rotation that is cut off has done whole batches; the next one does the rest, and nothing is lost."""
    async with Database.open(url, keyring) as database:
        await _fill(Store.on(database))
    async with Database.open(url, both) as database:
        await _damage(database, report_id=55)
        with pytest.raises(SealBroken):
            await rotate(database, both)
        assert len(await _stale(database, both)) == 13
        await _damage(database, report_id=55)  # the same bit again: mended
        await rotate(database, both)
        assert await _stale(database, both) == []
    async with Database.open(url, Keyring.from_setting(NEW)) as database:
        ana = await Store.on(database).people.meet(1, "es", now=NOON)
        reports = [await Store.on(database).reports.of_person(ana.id, number) for number in range(-1, -61, -1)]
        assert [report.photos for report in reports if report] == [(selfie(message),) for message in range(60)]


async def _stale(database: Database, keyring: Keyring) -> list[int]:
    statement = select(report.c.id).where(report.c.sealed_by != keyring.newest)
    return await database.read(lambda connection: list(connection.scalars(statement)))


async def _damage(database: Database, *, report_id: int) -> None:
    """Turn one bit of a report's photos."""
    this = report.c.id == report_id

    def turn(connection: Connection) -> None:
        photos = bytearray(connection.execute(select(report.c.photos).where(this)).scalar_one())
        photos[20] ^= 1
        connection.execute(update(report).where(this).values(photos=bytes(photos)))

    await database.write(turn)
