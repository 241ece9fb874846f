"""How a skin felt, and what its person uses: kept for its owner, corrected, and gone; on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.skin.feelings import Feeling
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.people.feelings import ONE_TELLING
from bot.storage.people.moving import MoveRefusal
from bot.storage.people.products import MOST, TooManyProducts
from bot.storage.records import FeelingRecord, PersonGone, PersonRecord, ProductRecord
from bot.storage.store import Store
from bot.storage.tables import feeling, product
from bot.storage.upkeep.rotation import rotate
from tests.keys import KEY, NEXT_KEY
from tests.unit.storage.making import NOON

WEEK = timedelta(days=7)
MONDAY = date(2026, 5, 4)


async def test_what_is_told_within_hours_is_one_telling(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """What is told again corrects it; a week later it is another one, and nobody else's."""
    await store.feelings.tell(ana.id, {Feeling.BURNING: 3}, now=NOON)
    await store.feelings.tell(ana.id, {Feeling.ITCHING: 1}, now=NOON + ONE_TELLING / 2)
    both = await store.feelings.tell(ana.id, {Feeling.BURNING: 5}, now=NOON + ONE_TELLING / 2)
    later = await store.feelings.tell(ana.id, {Feeling.BURNING: 0}, now=NOON + WEEK)
    assert both == FeelingRecord(at=NOON, told={Feeling.BURNING: 5, Feeling.ITCHING: 1})
    assert await store.feelings.newest(ana.id, limit=9) == (both, later)
    assert await store.feelings.newest(ana.id, limit=1) == (later,)
    assert await store.feelings.newest(ben.id, limit=9) == ()


async def test_a_product_starts_stops_and_goes(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """By when it began, what is older than anybody knows first; another's number is unknown."""
    zinc = await store.products.add(ana.id, "zinc \ud83d", started_on=MONDAY)
    habit = await store.products.add(ana.id, "less milk", started_on=None)
    assert await store.products.of(ana.id) == (habit, zinc)
    assert not await store.products.stop(ben.id, zinc.id, on=MONDAY)
    assert not await store.products.remove(ben.id, zinc.id)
    assert await store.products.stop(ana.id, zinc.id, on=MONDAY + WEEK)
    assert (await store.products.of(ana.id))[1] == ProductRecord(
        id=zinc.id, name="zinc \ud83d", started_on=MONDAY, stopped_on=MONDAY + WEEK
    )
    assert await store.products.remove(ana.id, habit.id)
    newer = await store.products.add(ana.id, "soap", started_on=MONDAY)
    assert newer.id > habit.id


async def test_twenty_products_are_kept_at_most(store: Store, ana: PersonRecord) -> None:
    """The next one is refused, and none is dropped for it."""
    for number in range(MOST):
        await store.products.add(ana.id, f"cream {number}", started_on=MONDAY)
    with pytest.raises(TooManyProducts):
        await store.products.add(ana.id, "one more", started_on=MONDAY)
    assert len(await store.products.of(ana.id)) == MOST


async def test_both_are_among_what_is_held_and_go_with_the_reports(
    store: Store, database: Database, ana: PersonRecord, ben: PersonRecord
) -> None:
    """Whoever takes their permission back without keeping reports keeps neither; somebody else's stay."""
    for each in (ana, ben):
        await store.feelings.tell(each.id, {Feeling.TIGHTNESS: 2}, now=NOON)
        await store.products.add(each.id, "zinc", started_on=MONDAY)
    held = await store.own_data.holdings(ana.id)
    assert held is not None
    assert [each.told for each in held.feelings] == [{Feeling.TIGHTNESS: 2}]
    assert [each.name for each in held.products] == ["zinc"]
    await store.own_data.erase_reports(ana.id)
    assert await database.read(_owners) == [ben.id, ben.id]


async def test_nothing_is_kept_of_somebody_who_is_gone(store: Store, database: Database, ana: PersonRecord) -> None:
    """Told while they are erased, it leaves no row."""
    await store.people.erase(ana.id, now=NOON)
    with pytest.raises(PersonGone):
        await store.feelings.tell(ana.id, {Feeling.BURNING: 3}, now=NOON)
    with pytest.raises(PersonGone):
        await store.products.add(ana.id, "zinc", started_on=MONDAY)
    assert await database.read(_owners) == []


@pytest.mark.parametrize("tells", [True, False])
async def test_an_account_with_something_of_its_own_takes_no_other_over(
    store: Store, ana: PersonRecord, ben: PersonRecord, *, tells: bool
) -> None:
    """What it told would be lost otherwise; and what moves stays whole."""
    await store.feelings.tell(ana.id, {Feeling.BURNING: 3}, now=NOON)
    await store.products.add(ana.id, "zinc", started_on=MONDAY)
    await store.moving.allow(ana.id, bytes(32), until=NOON + WEEK)
    if tells:
        await store.products.add(ben.id, "soap", started_on=MONDAY)
    moved = await store.moving.move(ana.id, bytes(32), to=ben, now=NOON)
    assert (moved is MoveRefusal.OCCUPIED) == tells
    now_theirs = await store.people.meet(ben.telegram_id, "en", now=NOON)
    names = [each.name for each in await store.products.of(now_theirs.id)]
    assert names == (["soap"] if tells else ["zinc"])
    assert bool(await store.feelings.newest(now_theirs.id, limit=9)) != tells


async def test_both_are_read_after_the_key_was_changed(url: str, keyring: Keyring) -> None:
    """Their person's key is sealed anew, and opens them."""
    async with Database.open(url, keyring) as database:
        store = Store.on(database)
        ana = await store.people.meet(11, "es", now=NOON)
        told = await store.feelings.tell(ana.id, {Feeling.EYES: 10}, now=NOON)
        zinc = await store.products.add(ana.id, "zinc", started_on=MONDAY)
    async with Database.open(url, Keyring.from_setting(f"{NEXT_KEY},{KEY}")) as database:
        await rotate(database)
    async with Database.open(url, Keyring.from_setting(NEXT_KEY)) as database:
        store = Store.on(database)
        assert await store.feelings.newest(ana.id, limit=9) == (told,)
        assert await store.products.of(ana.id) == (zinc,)


def _owners(connection: Connection) -> list[int]:
    return [owner for table in (feeling, product) for owner in connection.scalars(select(table.c.person_id))]
