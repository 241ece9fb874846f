"""Sealed bytes open at their own place only: whoever can write to the database, and has no key, reads nothing by it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, select, update

from bot.skin.analysis import MarkKind, Provider
from bot.skin.feelings import Feeling
from bot.skin.not_theirs import NotTheirs
from bot.storage.engine.database import Database
from bot.storage.engine.seals import RowSeal, SealBroken, SealingKey
from bot.storage.records import PersonRecord
from bot.storage.sealed_columns import SEALED
from bot.storage.store import Store
from bot.storage.tables import KEYS, consent_proof, inbox, inbox_key, person, person_key, report
from tests.unit.storage.making import AGREED, CONTENT, NOON, delivered, finished

KEY = SealingKey(bytes(range(32)))
SCAR = NotTheirs(key="acne", provider=Provider.AILAB, x=0.3, y=0.6, side=0.02)


@given(st.binary(max_size=3000))
def test_what_was_sealed_is_opened(clear: bytes) -> None:
    """Any bytes come back, and the same bytes sealed twice don't look the same."""
    seal = RowSeal(key=KEY, table="report", row=7, person_id=1)
    sealed = seal.seal("note", clear)
    assert seal.open("note", sealed) == clear
    assert seal.seal("note", clear) != sealed


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_a_changed_bit_is_noticed(place: int) -> None:
    """Anywhere, and nothing is opened."""
    seal = RowSeal(key=KEY, table="report", row=7, person_id=1)
    damaged = bytearray(seal.seal("note", b"finding"))
    damaged[place] ^= 1
    with pytest.raises(SealBroken):
        seal.open("note", bytes(damaged))


def test_length_tells_nothing() -> None:
    """From no findings to two hundred an answer is as long as any other; so is a note, an id, a list of findings."""
    seal = RowSeal(key=KEY, table="report", row=7, person_id=1)
    boxes = [[{"left": n * 7 % 997, "top": n * 13 % 991, "width": n % 17} for n in range(many)] for many in range(201)]
    assert len({len(seal.seal("answer", str({"acne": found}).encode())) for found in boxes}) == 1
    assert len({len(seal.seal("note", b"x" * length)) for length in range(1, 900)}) == 1
    assert len({len(seal.seal("disputed", b"[" + b"x" * length)) for length in range(200)}) == 1


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """A sealed value, and what opens its place."""

    name: str
    seal: RowSeal
    column: str
    value: bytes


async def _filled(store: Store, person_: PersonRecord, update_id: int) -> None:
    """Every sealed column of somebody's, in two reports."""
    await store.people.record_consent(person_.id, AGREED, now=NOON)
    await store.people.set_hidden_marks(person_.id, {MarkKind.MOLE})
    for message in (1, 2):
        content = bytes([message, person_.id % 256]) * 16
        made = await delivered(store, person_, message_id=message, content=content)
        await store.reports.set_redness_file(made.id, "AgACred")
        await store.feedback.set_note(person_.id, made.number, f"a note of {person_.telegram_id}")
        await store.feedback.toggle_dispute(person_.id, made.number, frozenset({"acne"}), [SCAR])
        await store.feedback.remark(person_.id, made.number, lambda remarks: replace(remarks, left_out=(SCAR,)))
        await store.feelings.tell(person_.id, {Feeling.BURNING: message}, now=NOON + timedelta(days=message))
        await store.products.add(person_.id, f"cream {message}", started_on=NOON.date())
    await finished(store, person_, made)
    await store.broadcasts.ask(person_.id, now=NOON)
    await store.broadcasts.write(person_.id, "a notice", since=NOON, now=NOON)
    await store.inbox.take(
        [(update_id, person_.telegram_id, "{}"), (update_id + 1, person_.telegram_id, "{}")], now=NOON
    )


def _cells(connection: Connection, database: Database) -> Iterator[_Cell]:
    for table, columns in SEALED.items():
        for row in connection.execute(select(table)).mappings():
            for column in columns:
                if row[column] is not None:
                    seal = _seal_of(connection, database, table, dict(row))
                    yield _Cell(name=f"{table.name}.{column}", seal=seal, column=column, value=row[column])


def _seal_of(connection: Connection, database: Database, table: Table, row: dict[str, object]) -> RowSeal:
    vault = database.vault
    if table is inbox:
        return vault.update(int(str(row["update_id"])), vault.hour(connection, int(str(row["hour"]))))
    if table is consent_proof:
        assert isinstance(row["who"], bytes)
        return vault.proof(row["who"])
    if "person_id" in table.c:
        return vault.row(connection, int(str(row["person_id"])), table, int(str(row["id"])))
    return vault.person(connection, int(str(row["id"])))


async def test_no_sealed_value_opens_elsewhere(
    store: Store, database: Database, ana: PersonRecord, ben: PersonRecord
) -> None:
    """Every value of every sealed column at every other's place: other person, other row, other column, other table."""
    await _filled(store, ana, 1)
    await _filled(store, ben, 11)
    for telegram_id in (7, 8):
        gone = await store.people.meet(telegram_id, "en", now=NOON)
        await store.people.record_consent(gone.id, AGREED, now=NOON)
        await store.people.erase(gone.id, now=NOON)
    cells = await database.read(lambda connection: list(_cells(connection, database)))
    kinds = {f"{table.name}.{column}" for table, columns in SEALED.items() for column in columns}
    assert {cell.name for cell in cells} == kinds
    opened = []
    for target in cells:
        target.seal.open(target.column, target.value)
        for other in cells:
            if other is not target:
                try:
                    target.seal.open(target.column, other.value)
                except SealBroken:
                    continue
                opened.append((other.name, target.name))
    assert opened == []


async def test_no_key_opens_elsewhere(store: Store, database: Database, ana: PersonRecord, ben: PersonRecord) -> None:
    """A person's key, an hour's or a secret in another's row is none."""
    await _filled(store, ana, 1)
    await _filled(store, ben, 11)
    vault = database.vault

    def rows(connection: Connection) -> list[tuple[Table, int | str, bytes, bytes]]:
        return [
            (table, row[next(iter(table.primary_key.columns)).name], row["key"], row["sealed_by"])
            for table in KEYS
            for row in connection.execute(select(table)).mappings()
        ]

    keys = await database.read(rows)
    assert {table for table, *_ in keys} == set(KEYS)
    for table, row, key, by in keys:
        vault.opened_key(table, row, key, by)
        for _, _, other, other_by in keys:
            if other != key:
                with pytest.raises(SealBroken):
                    vault.opened_key(table, row, other, other_by)


async def test_copied_findings_are_never_shown(
    store: Store, database: Database, ana: PersonRecord, ben: PersonRecord, caplog: pytest.LogCaptureFixture
) -> None:
    """By SQL a victim's report is copied into another's: an error that is seen, and the others' reports go on."""
    theirs = await delivered(store, ana)
    mine = await delivered(store, ben)
    kept = await delivered(store, ben, message_id=8, content=CONTENT[::-1])
    copied = ("answer", "note", "summary", "photos", "facts")

    def copy(connection: Connection) -> None:
        row = connection.execute(select(report).where(report.c.id == theirs.id)).mappings().one()
        values = {name: row[name] for name in copied}
        connection.execute(update(report).where(report.c.id == mine.id).values(values))

    await database.write(copy)
    with pytest.raises(SealBroken):
        await store.reports.of_person(ben.id, mine.number)
    with caplog.at_level(logging.ERROR):
        assert [row.number for row in await store.reports.history(ben.id, offset=0, limit=9)] == [kept.number]
        assert [row.number for row in await store.series.newest(ben.id, limit=9)] == [kept.number]
        assert [row.id for row in await store.own_data.reports(ben.id, after=0)] == [kept.id]
    assert "can't be opened" in caplog.text
    await store.own_data.drop_pictures(ben.id)
    assert await store.people.erase(ben.id, now=NOON)


async def test_nobody_is_taken_for_another(
    store: Store, database: Database, ana: PersonRecord, ben: PersonRecord
) -> None:
    """Neither a copied Telegram id, nor a copied pseudonym, nor a report under another's number opens anything."""
    theirs = await delivered(store, ana)

    async def changed(table: Table, row_id: int, **values: object) -> None:
        key = next(iter(table.primary_key.columns))
        await database.write(lambda connection: connection.execute(update(table).where(key == row_id).values(values)))

    def of_ben(connection: Connection) -> tuple[bytes, bytes]:
        row = connection.execute(select(person).where(person.c.id == ben.id)).one()
        return row.telegram_id, row.key

    telegram_id, pseudonym = await database.read(of_ben)
    await changed(person, ben.id, key=b"somewhere else")
    await changed(person, ana.id, key=pseudonym)
    with pytest.raises(SealBroken):
        await store.people.meet(ben.telegram_id, "en", now=NOON)
    await changed(person, ana.id, telegram_id=telegram_id)
    with pytest.raises(SealBroken):
        await store.people.by_id(ana.id)
    with pytest.raises(SealBroken):
        await store.people.meet(ben.telegram_id, "en", now=NOON)
    await changed(report, theirs.id, person_id=ben.id)
    with pytest.raises(SealBroken):
        await store.reports.by_id(theirs.id)
    assert await store.people.erase(ana.id, now=NOON)


async def test_a_damaged_row_holds_up_nobody(
    store: Store, database: Database, ana: PersonRecord, caplog: pytest.LogCaptureFixture
) -> None:
    """A person whose key is damaged is erased all the same; a damaged update is set aside by whoever works it."""
    await _filled(store, ana, 1)

    def damage(connection: Connection) -> None:
        connection.execute(update(person_key).values(key=b"nothing"))
        connection.execute(update(inbox).where(inbox.c.update_id == 1).values(sealed=b"nothing"))

    await database.write(damage)
    database.vault.forget(ana.id)
    assert await store.inbox.unfinished() == [(1, ""), (2, "{}")]
    assert await store.people.erase(ana.id, now=NOON)
    assert await store.people.by_id(ana.id) is None
    assert "can't be opened" in caplog.text


async def test_an_hours_key_goes_when_all_is_worked(store: Store, database: Database) -> None:
    """Two hours later nothing opens what came in then and was worked; what was not, is still readable."""
    from datetime import timedelta  # noqa: PLC0415 - here only

    await store.inbox.take([(1, 1, "{}")], now=NOON)
    await store.inbox.take([(2, 1, "{}")], now=NOON + timedelta(hours=1))
    await store.inbox.finish(1, now=NOON)
    await store.inbox.prune(now=NOON + timedelta(hours=4))
    hours = await database.read(lambda connection: list(connection.scalars(select(inbox_key.c.hour))))
    assert len(hours) == 1
    assert await store.inbox.unfinished() == [(2, "{}")]
