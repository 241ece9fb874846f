"""A new key: everything sealed anew, everything still found, the old key no longer needed."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select, update

from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage.engine.database import Database, KeyUnknown
from bot.storage.engine.keys import KeyMismatch, Keyring
from bot.storage.engine.seals import SealBroken
from bot.storage.records import ReportState
from bot.storage.store import Store
from bot.storage.tables import person_key
from bot.storage.upkeep.rotation import needed_keys, rotate
from tests.keys import KEY, NEXT_KEY
from tests.unit.storage.making import CONTENT, NOON, analysed, delivered, read, requested, selfie

OLD, NEW = KEY, NEXT_KEY


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
        assert await rotate(database) == 7  # two people, an hour, and what belongs to nobody
        assert await rotate(database) == 0
    with pytest.raises(KeyMismatch):
        async with Database.open(url, keyring):
            pass
    async with Database.open(url, Keyring.from_setting(NEW)) as database:
        store = Store.on(database)
        assert await store.people.meet(2, "en", now=NOON) == ben
        assert [await store.reports.of_person(ben.id, number) for number in (1, 2, -1)] == before
        assert (
            await store.reports.same_content(ben.id, CONTENT, instrument=Instrument.named(Provider.AILAB, None))
            == before[0]
        )
        assert await store.inbox.unfinished() == [(1, '"one"'), (2, '"two"')]


async def test_lookups_after_a_rotation(url: str, keyring: Keyring, both: Keyring) -> None:
    """A replay, a late album part and an erasure find the rows that the old key had named."""
    async with Database.open(url, keyring) as database:
        await _fill(Store.on(database))
    async with Database.open(url, both) as database:
        await rotate(database)
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
        again = await store.reports.same_content(ben.id, CONTENT, instrument=Instrument.named(Provider.AILAB, None))
        assert again is not None
        await store.reports.set_redness_file(again.id, "AgACred")
        assert (await read(store, again)).redness_file_id == "AgACred"


async def test_interrupted_rotation_goes_on(url: str, keyring: Keyring, both: Keyring) -> None:
    """A rotation that is cut off has done whole batches; the next one does the rest, and nothing is lost."""
    async with Database.open(url, keyring) as database:
        await _fill(Store.on(database))
    async with Database.open(url, both) as database:
        await _damage(database, person_id=2)
        with pytest.raises(SealBroken):
            await rotate(database)
        assert both.fingerprints == await needed_keys(database)
        await _damage(database, person_id=2)  # the same bit again: mended
        await rotate(database)
        assert await needed_keys(database) == {both.newest}
    async with Database.open(url, Keyring.from_setting(NEW)) as database:
        ana = await Store.on(database).people.meet(1, "es", now=NOON)
        reports = [await Store.on(database).reports.of_person(ana.id, number) for number in range(-1, -61, -1)]
        assert [report.photos for report in reports if report] == [(selfie(message),) for message in range(60)]


async def test_a_process_with_only_the_old_key_takes_nothing_in(url: str, keyring: Keyring, both: Keyring) -> None:
    """It goes on reading whom it knows, and refuses what it could only seal by a key that is on its way out."""
    async with Database.open(url, keyring) as database:
        store = Store.on(database)
        ana = await store.people.meet(1, "es", now=NOON)
        async with Database.open(url, both) as other:
            with pytest.raises(KeyUnknown):
                await store.inbox.take([(1, 1, "{}")], now=NOON)
            with pytest.raises(KeyUnknown):
                await store.figures.answer()
            await rotate(other)
        with pytest.raises(KeyUnknown):
            await store.people.meet(2, "en", now=NOON)
        assert await store.people.by_id(ana.id) == ana
        await store.people.set_locale(ana.id, "en")
    async with Database.open(url, Keyring.from_setting(NEW)) as database:
        store = Store.on(database)
        assert await store.people.meet(1, "es", now=NOON) == replace(ana, locale="en")
        assert await store.inbox.unfinished() == []


async def test_a_process_reads_a_changed_key_file_anew(url: str, keyring: Keyring, both: Keyring) -> None:
    """It learns of a new key when it meets it, and nobody notices anything."""
    now_in_the_file = keyring
    async with Database.open(url, keyring, reread=lambda: now_in_the_file) as database:
        store = Store.on(database)
        ana = await store.people.meet(1, "es", now=NOON)
        now_in_the_file = both
        async with Database.open(url, both) as other:
            await rotate(other)
        now_in_the_file = Keyring.from_setting(NEW)
        assert await store.inbox.take([(1, 1, "{}")], now=NOON) == [1]
        ben = await store.people.meet(2, "en", now=NOON)
        assert await store.people.by_id(ana.id) == ana
    async with Database.open(url, Keyring.from_setting(NEW)) as database:
        assert await Store.on(database).people.meet(2, "en", now=NOON) == ben


async def _damage(database: Database, *, person_id: int) -> None:
    """Turn one bit of a person's key."""
    this = person_key.c.person_id == person_id

    def turn(connection: Connection) -> None:
        key = bytearray(connection.execute(select(person_key.c.key).where(this)).scalar_one())
        key[20] ^= 1
        connection.execute(update(person_key).where(this).values(key=bytes(key)))

    await database.write(turn)
