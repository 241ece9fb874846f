"""People's rows, on both databases."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from bot.storage.engine.database import Database
from bot.storage.records import PersonRecord
from bot.storage.store import Store
from bot.storage.tables import inbox, paid_call, person, report
from tests.unit.storage.making import AGREED, NOON, delivered, requested


async def test_meet_a_stranger(store: Store) -> None:
    """A new person has agreed to nothing, chosen nothing, and sees no skin age."""
    met = await store.people.meet(42, "es-MX", now=NOON)
    assert met == PersonRecord(
        id=met.id,
        telegram_id=42,
        language_code="es-MX",
        locale=None,
        consent_version=None,
        consented_at=None,
        show_skin_age=False,
        time_zone=None,
        quiet=False,
        hidden_marks=frozenset(),
        keeps_pictures=True,
    )


async def test_meet_again_with_another_language(store: Store, ana: PersonRecord) -> None:
    """The same Telegram id is the same person; the language of their Telegram is kept current."""
    again = await store.people.meet(ana.telegram_id, "pt", now=NOON)
    assert (again.id, again.language_code) == (ana.id, "pt")
    assert await store.people.by_id(ana.id) == again


async def test_meet_many_at_once(store: Store) -> None:
    """Twenty first messages at once make one person."""
    met = await asyncio.gather(*(store.people.meet(42, "en", now=NOON) for _ in range(20)))
    assert len({one.id for one in met}) == 1


async def test_by_id_of_nobody(store: Store) -> None:
    """An id that was never given out finds nothing."""
    assert await store.people.by_id(999) is None


async def test_consent_given_and_withdrawn(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Consent has a version and a time, is one person's own, and is gone when it is withdrawn."""
    await store.people.record_consent(ana.id, AGREED, now=NOON)
    agreed = await store.people.by_id(ana.id)
    assert agreed is not None
    assert (agreed.consent_version, agreed.consented_at) == (3, NOON)
    assert await store.people.by_id(ben.id) == ben
    await store.people.withdraw_consent(ana.id, keeps_reports=True, now=NOON + timedelta(days=1))
    withdrawn = await store.people.by_id(ana.id)
    assert withdrawn is not None
    assert withdrawn.consent_version is None


async def test_settings(store: Store, ana: PersonRecord) -> None:
    """A language chosen by hand and the wish to see a skin age stay; meeting again does not undo them."""
    await store.people.set_locale(ana.id, "en")
    await store.people.set_show_skin_age(ana.id, wanted=True)
    met = await store.people.meet(ana.telegram_id, "es", now=NOON + timedelta(days=2))
    assert (met.locale, met.show_skin_age, met.language_code) == ("en", True, "es")


async def test_erase_leaves_nothing_of_this_person(
    store: Store, database: Database, ana: PersonRecord, ben: PersonRecord
) -> None:
    """Person and reports are gone, a paid call belongs to nobody, and the other person has lost nothing."""
    gone, kept = await delivered(store, ana), await delivered(store, ben)
    await store.ledger.begin(gone.id, ana.id, now=NOON)
    await store.people.erase(ana.id, now=NOON)
    assert await store.people.by_id(ana.id) is None
    assert await store.reports.by_id(gone.id) is None
    assert await store.reports.latest(ben.id) == kept
    owners = await database.read(
        lambda connection: connection.execute(select(paid_call.c.person_id, paid_call.c.report_id)).all()
    )
    assert owners == [(None, None)]


async def test_erase_wipes_stored_updates(store: Store, database: Database, ana: PersonRecord) -> None:
    """No update of the erased person's chat is left to read or to work; its number still is not taken twice."""
    await store.inbox.take([(1, ana.telegram_id, '{"text": "hello"}'), (2, 5, '{"text": "other"}')], now=NOON)
    await store.people.erase(ana.id, now=NOON)
    assert await store.inbox.unfinished() == [(2, '{"text": "other"}')]
    assert await store.inbox.take([(1, ana.telegram_id, '{"text": "hello"}')], now=NOON) == []
    left = await database.read(
        lambda connection: connection.execute(select(inbox.c.chat, inbox.c.sealed).where(inbox.c.update_id == 1)).one()
    )
    assert left == (None, None)


async def test_erase_a_second_time(store: Store, database: Database, ana: PersonRecord) -> None:
    """Erasing whoever is gone already does no harm."""
    await store.people.erase(ana.id, now=NOON)
    await store.people.erase(ana.id, now=NOON)
    rows = select(func.count(person.c.id), func.count(report.c.id)).select_from(person.outerjoin(report))
    assert await database.read(lambda connection: connection.execute(rows).one()) == (0, 0)


async def test_ids_never_come_back(store: Store, ana: PersonRecord) -> None:
    """A job that still knows an erased person's ids can't hit the next person's rows."""
    old = await requested(store, ana)
    await store.people.erase(ana.id, now=NOON)
    newcomer = await store.people.meet(77, "en", now=NOON)
    new = await requested(store, newcomer)
    assert newcomer.id != ana.id
    assert new.id != old.id
