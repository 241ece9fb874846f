"""An upgrade: what an older version sealed is found and read at once, and sealed anew while the bot runs."""

import base64
import json

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, delete, insert, select, update

from bot.skin.analysis import MarkKind, Provider
from bot.skin.instrument import Instrument
from bot.storage.engine.database import Database
from bot.storage.engine.glance import glance_at
from bot.storage.engine.keys import Keyring
from bot.storage.engine.seals import SealBroken, is_old
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.sealed_columns import SEALED
from bot.storage.sealing import open_choices
from bot.storage.store import Store
from bot.storage.tables import inbox, inbox_key, person, person_key, report, secret, tombstone_salt
from bot.storage.upkeep.openable import Openable
from bot.storage.upkeep.resealing import reseal, welcome_all
from tests.keys import FOREIGN_KEY, KEY
from tests.unit.storage.making import CONTENT, NOON, delivered, read, requested

_PEOPLE = 60


def _fernet() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"skinbot seal 1").derive(KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _sealed(clear: bytes) -> bytes:
    return base64.urlsafe_b64decode(_fernet().encrypt(b"\x00" + clear))


def as_before(connection: Connection, database: Database) -> None:
    """Every row as the version before keys of people's own wrote it."""
    vault = database.vault
    ring = vault.keyring
    for row in connection.execute(select(person)).mappings().all():
        seal = vault.person(connection, row["id"])
        choices, telegram_id = open_choices(row, seal), seal.open("telegram_id", row["telegram_id"])
        values = {
            "key": ring.old_pseudonyms("person", int(telegram_id))[0],
            "telegram_id": _sealed(telegram_id),
            "choices": None,
            "language_code": choices.language_code,
            "locale": choices.locale,
            "time_zone": choices.time_zone,
            "quiet": choices.quiet,
            "hidden_marks": " ".join(choices.hidden_marks),
            "sealed_by": ring.newest,
        }
        connection.execute(update(person).where(person.c.id == row["id"]).values(values))
    for row in connection.execute(select(report)).mappings().all():
        seal = vault.report(connection, row["person_id"], row["id"])
        values = {name: _sealed(seal.open(name, row[name])) for name in SEALED[report] if row[name] is not None}
        lookups = json.loads(seal.open("lookups", row["lookups"])) | (
            {"content": CONTENT.hex()} if row["content"] else {}
        )
        named = {name: ring.old_pseudonyms(name, f"{row['person_id']}:{value}")[0] for name, value in lookups.items()}
        values |= {"lookups": _sealed(json.dumps(lookups).encode()), "sealed_by": ring.newest, **named}
        connection.execute(update(report).where(report.c.id == row["id"]).values(values))
    connection.execute(delete(inbox))
    connection.execute(
        insert(inbox),
        {
            "update_id": 5,
            "chat": ring.old_pseudonyms("chat", 1)[0],
            "sealed": _sealed(b'[1,"{}"]'),
            "received_at": NOON,
            "attempts": 0,
            "sealed_by": ring.newest,
        },
    )
    connection.execute(
        insert(tombstone_salt), {"id": 1, "salt": _sealed(vault.tombstone_salt), "sealed_by": ring.newest}
    )
    for table in (person_key, inbox_key, secret):
        connection.execute(delete(table))


@pytest.fixture
async def before(url: str, keyring: Keyring) -> tuple[list[PersonRecord], list[ReportRecord]]:
    """A database as the version before left it, and what stood in it."""
    async with Database.open(url, keyring) as database:
        store = Store.on(database)
        people = []
        for telegram_id in range(1, _PEOPLE + 1):
            somebody = await store.people.meet(telegram_id, "es", now=NOON)
            await store.people.set_hidden_marks(somebody.id, {MarkKind.MOLE})
            people.append(await store.people.meet(telegram_id, "es", now=NOON))
        reports = [await delivered(store, somebody) for somebody in people]
        await store.feedback.set_note(people[0].id, 1, "zinc")
        reports[0] = await read(store, reports[0])
        gone = await store.people.meet(900, "en", now=NOON)
        await store.people.erase(gone.id, now=NOON)
        await database.write(lambda connection: as_before(connection, database))
    return people, reports


async def _all_there(store: Store, people: list[PersonRecord], reports: list[ReportRecord]) -> None:
    for somebody, made in zip(people, reports, strict=True):
        assert await store.people.meet(somebody.telegram_id, "es", now=NOON) == somebody
        assert await read(store, made) == made
        again = await store.reports.same_content(
            somebody.id, CONTENT, instrument=Instrument.named(Provider.AILAB, None)
        )
        assert again is not None
        assert again.id == made.id
    assert (await requested(store, people[3], message_id=7)).id == reports[3].id
    assert await store.inbox.unfinished() == [(5, "{}")]


async def test_what_was_sealed_before_is_sealed_anew(
    url: str, keyring: Keyring, before: tuple[list[PersonRecord], list[ReportRecord]]
) -> None:
    """Before, in the middle and after it everybody is known, everything is read, and nobody is met twice."""
    people, reports = before
    async with Database.open(url, keyring) as database:
        assert database.vault.old_rows_left
        await welcome_all(database)
        await _all_there(Store.on(database), people, reports)
        assert await reseal(database) == 2 * _PEOPLE + 1
        await _all_there(Store.on(database), people, reports)
    async with Database.open(url, keyring) as database:
        assert not database.vault.old_rows_left
        assert await database.read(_old_values) == []
        await _all_there(Store.on(database), people, reports)
        assert await reseal(database) == 0
        assert await Store.on(database).people.erase(people[0].id, now=NOON)


@pytest.mark.usefixtures("before")
async def test_what_was_sealed_before_is_seen_to_open(url: str, keyring: Keyring) -> None:
    """Looked at without a change: by its main key, not by another; damage is seen."""
    assert glance_at(url, keyring).opens == Openable()
    foreign = glance_at(url, Keyring.from_setting(FOREIGN_KEY)).opens
    assert foreign is not None
    assert foreign.keyless >= 2 * _PEOPLE + 1
    async with Database.open(url, keyring) as database:
        await database.write(lambda connection: connection.execute(update(report).values(photos=b"\x80damaged")))
    assert glance_at(url, keyring).opens == Openable(broken=("report",))


async def test_old_seals_open_no_more_when_all_is_sealed_anew(
    url: str, keyring: Keyring, before: tuple[list[PersonRecord], list[ReportRecord]]
) -> None:
    """They are bound to no place: one that is put back from a copy would open anywhere."""
    _, reports = before
    async with Database.open(url, keyring) as database:
        await reseal(database)
        forged = update(report).where(report.c.id == reports[1].id).values(note=_sealed(b"somebody else's"))
        await database.write(lambda connection: connection.execute(forged))
        with pytest.raises(SealBroken):
            await read(Store.on(database), reports[1])


async def test_a_row_that_no_key_opens_holds_up_no_upgrade(
    url: str, keyring: Keyring, before: tuple[list[PersonRecord], list[ReportRecord]], caplog: pytest.LogCaptureFixture
) -> None:
    """It is told, and stays; the others are sealed anew, and its person can erase."""
    people, reports = before
    async with Database.open(url, keyring) as database:
        damaged = update(report).where(report.c.id == reports[1].id).values(photos=b"\x80nothing")
        await database.write(lambda connection: connection.execute(damaged))
        await reseal(database)
        assert not database.vault.old_rows_left
        assert "can't be opened by any key" in caplog.text
        assert await read(Store.on(database), reports[2]) == reports[2]
        assert await Store.on(database).people.erase(people[1].id, now=NOON)


def _old_values(connection: Connection) -> list[str]:
    return [
        f"{table.name}.{column}"
        for table, columns in SEALED.items()
        for row in connection.execute(select(table)).mappings()
        for column in columns
        if row[column] is not None and is_old(row[column])
    ]
