"""What belongs to one person: remarks, belongings, what was said to them, and how all of it goes; on both databases."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, text

from bot.calendar.weekly import WeeklyTime
from bot.skin.analysis import MarkKind, Provider
from bot.skin.feelings import Feeling
from bot.skin.not_theirs import NotTheirs
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.people.efforts import EffortKind
from bot.storage.people.own_data import HeldReminder
from bot.storage.people.retention import KEPT, NOTICE, PROOF_KEPT
from bot.storage.people.sent_messages import RETRACTABLE
from bot.storage.records import PersonRecord, Remarks, ReportFate, ReportRecord, ReportState, Settlement
from bot.storage.store import Store
from bot.storage.tables import consent_proof, feeling, metadata, person_key, product, report, said
from bot.storage.upkeep.rotation import rotate
from tests.keys import KEY, NEXT_KEY
from tests.unit.storage.making import AGREED, NOON, delivered, finished, read, requested

SCAR = NotTheirs(key="acne", provider=Provider.AILAB, x=0.31, y=0.62, side=0.02)
NOTE = "zinc cream, slept badly"


async def test_a_note_is_kept_replaced_and_removed(store: Store, ana: PersonRecord) -> None:
    """With any text at all, a lone surrogate too."""
    made = await delivered(store, ana)
    for note in (NOTE, "\ud83d half an emoji", None):
        assert await store.feedback.set_note(ana.id, made.number, note)
        assert (await read(store, made)).note == note
        assert (await store.reports.history(ana.id, offset=0, limit=9))[0].note == note


async def test_remarks_reach_own_analysed_reports_only(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Another's number, an unknown one and one without an answer are all the same: there is nothing."""
    made = await delivered(store, ana)
    unread = await requested(store, ana, message_id=8)
    for person_id, number in ((ben.id, made.number), (ana.id, unread.number), (ana.id, 99)):
        assert not await store.feedback.set_note(person_id, number, NOTE)
        assert not await store.feedback.toggle_dispute(person_id, number, frozenset({"acne"}))
    assert await store.feedback.number_shown_in(ben.id, made.status_message_id or 0) is None
    assert await store.feedback.number_shown_in(ana.id, made.status_message_id or 0) == made.number
    assert await read(store, made) == made


async def test_disputes_toggle_together(store: Store, ana: PersonRecord) -> None:
    """What is partly disputed is disputed whole by the next tap, and true again by the one after it."""
    made = await delivered(store, ana)
    pores = frozenset({"pores_jaw", "pores_forehead"})
    for keys, left in (
        (frozenset({"pores_jaw"}), {"pores_jaw"}),
        (pores, pores),
        (frozenset({"acne"}), pores | {"acne"}),
        (pores, {"acne"}),
        (frozenset({"acne"}), frozenset()),
    ):
        assert await store.feedback.toggle_dispute(ana.id, made.number, keys)
        assert (await read(store, made)).disputed == left


async def test_what_is_none_of_theirs_is_remembered_until_it_is_theirs_again(
    store: Store, ana: PersonRecord, ben: PersonRecord
) -> None:
    """With its place, among what is held, and of the one who said so; gone with their reports."""
    made = await delivered(store, ana)
    assert await store.feedback.toggle_dispute(ana.id, made.number, frozenset({"acne"}), [SCAR])
    assert await store.feedback.not_theirs(ana.id) == (SCAR,)
    assert await store.feedback.not_theirs(ben.id) == ()
    held = await store.own_data.holdings(ana.id)
    assert held is not None
    assert held.not_theirs == (SCAR,)
    await store.feedback.toggle_dispute(ana.id, made.number, frozenset({"acne"}), [SCAR])
    assert await store.feedback.not_theirs(ana.id) == ()
    assert not await store.feedback.toggle_dispute(ben.id, made.number, frozenset({"acne"}), [SCAR])
    await store.feedback.toggle_dispute(ana.id, made.number, frozenset({"acne"}), [SCAR])
    await store.own_data.erase_reports(ana.id)
    assert await store.feedback.not_theirs(ana.id) == ()


async def test_what_was_known_of_them_stands_with_a_new_report(store: Store, ana: PersonRecord) -> None:
    """What is untrue as a whole, beside what was said of it already, and what is left out."""
    made = await delivered(store, ana)
    await store.feedback.toggle_dispute(ana.id, made.number, frozenset({"pores_jaw"}))
    applied = await store.feedback.apply_not_theirs(ana.id, made.id, frozenset({"mole"}), (SCAR,))
    assert applied == await read(store, made)
    assert applied.disputed == {"mole", "pores_jaw"}
    assert applied.remarks == Remarks(left_out=(SCAR,))
    assert await store.feedback.apply_not_theirs(ana.id, 999, frozenset(), ()) is None


async def test_settings_of_telling(store: Store, ana: PersonRecord) -> None:
    """Quiet mode, hidden kinds and pictures are kept, each by itself."""
    await store.people.set_quiet(ana.id, wanted=True)
    await store.people.set_hidden_marks(ana.id, {MarkKind.MOLE, MarkKind.ACNE})
    await store.people.set_keeps_pictures(ana.id, wanted=False)
    now = await store.people.by_id(ana.id)
    assert now is not None
    assert (now.quiet, now.keeps_pictures) == (True, False)
    assert now.hidden_marks == {MarkKind.MOLE, MarkKind.ACNE}


async def test_pictures_are_dropped_and_nothing_else(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """No file id, no map; the answer stays, a selfie on its way keeps its place, and the other person loses nothing."""
    asked_about = await requested(store, ana, message_id=9)
    await store.reports.settle(asked_about.id, Settlement(fate=ReportFate.HELD, reason="doubtful"), now=NOON)
    made, waiting, other = (
        await delivered(store, ana),
        await requested(store, ana, message_id=8),
        await delivered(store, ben),
    )
    held = await store.own_data.holdings(ana.id)
    assert held is not None
    assert (held.reports, held.waiting, held.pictures, held.notes) == (1, 1, 1, 0)
    await store.own_data.drop_pictures(ana.id)
    assert [photo.file_id for photo in (await read(store, asked_about)).photos] == [""]
    left = await read(store, made)
    assert (left.annotated_file_id, left.redness_file_id, left.red_map) == (None, None, None)
    assert [(photo.file_id, photo.unique_id) for photo in left.photos] == [("", "")]
    assert (left.answer, left.summary) == (made.answer, made.summary)
    assert await read(store, waiting) == waiting
    assert await read(store, other) == other


async def test_a_reminder_belongs_to_its_person(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """What was chosen is among what is held, and only of the one who chose it."""
    await store.reminders.choose(ana.id, WeeklyTime(weekday=5, minute=570), None)
    held, other = await store.own_data.holdings(ana.id), await store.own_data.holdings(ben.id)
    assert held is not None
    assert other is not None
    assert held.reminder == HeldReminder(
        state="waiting", weekday=5, minute=570, next_due_at=None, sent_at=None, ignored=0, suggested_at=None
    )
    assert other.reminder is None


async def test_belongings_come_in_batches(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Every report of one person, whatever became of it, in order."""
    for message in range(45):
        await requested(store, ana if message % 2 else ben, message_id=message, state=ReportState.REQUESTED)
    told: list[ReportRecord] = []
    while batch := await store.own_data.reports(ana.id, after=told[-1].id if told else 0):
        told += batch
    assert {each.person_id for each in told} == {ana.id}
    assert [each.photos[0].message_id for each in told] == list(range(1, 45, 2))


async def test_said_is_remembered_for_two_days(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """By person; what can't be taken back any more is forgotten; for nobody nothing is kept."""
    for message_id, at in ((1, NOON), (2, NOON + timedelta(hours=1)), (2, NOON + timedelta(hours=2))):
        await store.sent_messages.note(ana.id, message_id, now=at)
    await store.sent_messages.note(ben.id, 1, now=NOON)
    await store.sent_messages.note(999, 5, now=NOON)
    assert await store.sent_messages.retractable(ana.id, now=NOON) == [1, 2]
    assert await store.sent_messages.retractable(ana.id, now=NOON + RETRACTABLE) == [2]
    assert await store.sent_messages.prune(now=NOON + RETRACTABLE) == 2
    assert await store.sent_messages.retractable(ben.id, now=NOON) == []


async def test_notices_are_claimed_once(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """By many at once; put off, they are claimed again; whoever comes back is told anew another time."""
    soon = NOON + KEPT - NOTICE + timedelta(hours=1)
    assert await store.retention.claim_notice(now=NOON + timedelta(days=300)) is None
    claimed = await asyncio.gather(*(store.retention.claim_notice(now=soon) for _ in range(6)))
    assert sorted(person.id for person in claimed if person) == sorted([ana.id, ben.id])
    await store.retention.put_off_notice(ana.id)
    again = await store.retention.claim_notice(now=soon)
    assert again is not None
    assert again.id == ana.id
    await store.people.meet(ben.telegram_id, "en", now=soon)
    over = soon + NOTICE + timedelta(hours=1)
    assert await store.retention.lapsed(now=over, after=0, limit=9) == [ana.id]
    assert await store.retention.lapsed(now=soon + NOTICE / 2, after=0, limit=9) == []


async def test_erasing_whoever_came_back_meanwhile(store: Store, ana: PersonRecord) -> None:
    """Somebody who was seen in between stays, with everything."""
    made = await delivered(store, ana)
    later = NOON + timedelta(days=900)
    await store.people.meet(ana.telegram_id, "es", now=later)
    assert not await store.people.erase(ana.id, now=later, unseen_since=later - KEPT)
    assert await read(store, made) == made
    assert await store.people.erase(ana.id, now=later, unseen_since=later + timedelta(seconds=1))


async def test_a_kind_word_once_a_day(store: Store, ana: PersonRecord) -> None:
    """For one of many that ask at once; the next day again."""
    day = timedelta(hours=24)
    asked = [store.retention.claim_rest(ana.id, now=NOON, once_in=day) for _ in range(5)]
    assert sorted(await asyncio.gather(*asked)) == [False] * 4 + [True]
    assert not await store.retention.claim_rest(ana.id, now=NOON + day / 2, once_in=day)
    assert await store.retention.claim_rest(ana.id, now=NOON + day, once_in=day)


async def test_consent_leaves_a_proof_without_a_name(url: str, keyring: Keyring) -> None:
    """It answers for a Telegram id that is told, survives a change of keys, and goes after three years."""
    both = Keyring.from_setting(f"{NEXT_KEY},{KEY}")
    async with Database.open(url, keyring) as database:
        store = Store.on(database)
        ana, ben = await store.people.meet(11, "es", now=NOON), await store.people.meet(22, "es", now=NOON)
        await store.people.record_consent(ana.id, AGREED, now=NOON)
        for person in (ana, ben):
            await store.people.erase(person.id, now=NOON)
        assert [await store.people.proves_consent(each) for each in (11, 22)] == [True, False]
    async with Database.open(url, both) as database:
        await rotate(database)
    async with Database.open(url, Keyring.from_setting(NEXT_KEY)) as database:
        store = Store.on(database)
        assert [await store.people.proves_consent(each) for each in (11, 22)] == [True, False]
        assert await store.retention.prune_proofs(now=NOON + PROOF_KEPT / 2) == 0
        assert await store.retention.prune_proofs(now=NOON + PROOF_KEPT) == 1
        assert not await store.people.proves_consent(11)


async def _live(store: Store, person: PersonRecord) -> None:
    made = await delivered(store, person)
    await store.people.record_consent(person.id, AGREED, now=NOON)
    await store.feedback.set_note(person.id, made.number, NOTE * 9)
    await store.feedback.toggle_dispute(person.id, made.number, frozenset({"acne", "mole"}))
    await store.reports.set_redness_file(made.id, "AgACred")
    await store.feelings.tell(person.id, {Feeling.ITCHING: 8}, now=NOON)
    await store.products.add(person.id, NOTE, started_on=NOON.date())
    await finished(store, person, made)
    await store.sent_messages.note(person.id, 900, now=NOON)
    await store.efforts.note(person.id, EffortKind.LOOK, now=NOON)
    await store.broadcasts.ask(person.id, now=NOON)
    await store.inbox.take([(5, person.telegram_id, '"hello"')], now=NOON)


async def test_erasure_leaves_no_row_of_the_person(
    store: Store, database: Database, ana: PersonRecord, ben: PersonRecord
) -> None:
    """In no table with a person or a report in it; only the other one's are left."""
    await _live(store, ana)
    await _live(store, ben)
    await store.people.erase(ana.id, now=NOON)

    def owners(connection: Connection) -> dict[str, set[int]]:
        tables = [table for table in metadata.sorted_tables if "person_id" in table.c]
        return {table.name: set(connection.scalars(select(table.c.person_id))) for table in tables}

    assert {name: ids - {None} for name, ids in (await database.read(owners)).items()} == {
        "person_key": {ben.id},
        "report": {ben.id},
        "feeling": {ben.id},
        "product": {ben.id},
        "experiment": {ben.id},
        "experiment_photo": {ben.id},
        "said": {ben.id},
        "effort": {ben.id},
        "broadcast": {ben.id},
        "paid_call": set(),
        "reminder": set(),
        "shown_picture": set(),
        "told": set(),
    }
    counts = select(func.count()).select_from(consent_proof)
    assert await database.read(lambda connection: connection.scalar(counts)) == 1


async def test_what_stays_in_postgres_files_opens_with_no_key(postgres_url: str, keyring: Keyring) -> None:
    """Sealed values stand in the tables' files until PostgreSQL cleans up; the key of the person is gone at once."""
    async with Database.open(postgres_url, keyring) as database:
        store = Store.on(database)
        ana = await store.people.meet(7_130_246_855, "es", now=NOON)
        await _live(store, ana)
        blobs, key = await database.read(_traces), await database.read(_key_of(ana.id))
        await database.write(lambda connection: connection.execute(text("CHECKPOINT")))
        try:
            before = await database.read(_raw_files)
        except Exception as error:  # noqa: BLE001 - whatever says that this role may not read the server's files
            pytest.skip(f"the server's files can't be read: {type(error).__name__}")
        assert all(trace in before for trace in (*blobs, key))
        await store.people.erase(ana.id, now=NOON)
        async with asyncio.timeout(30):
            while key in await _written(database):  # another session's snapshot still saw it, autoanalyze's for one
                await database.forget_deleted()
        left = await _written(database)
        assert any(trace in left for trace in blobs)


def _key_of(person_id: int) -> Callable[[Connection], bytes]:
    """The middle of a person's key, as it is sealed by the main key."""
    statement = select(person_key.c.key).where(person_key.c.person_id == person_id)
    return lambda connection: connection.execute(statement).scalar_one()[9:25]


def _traces(connection: Connection) -> list[bytes]:
    """The middle of every sealed value that is small enough to stand in the table itself."""
    rows = [tuple(row) for table in (report, feeling, product, said) for row in connection.execute(select(table))]
    return [value[9:25] for row in rows for value in row if isinstance(value, bytes) and 25 <= len(value) < 700]


async def _written(database: Database) -> bytes:
    await database.write(lambda connection: connection.execute(text("CHECKPOINT")))
    return await database.read(_raw_files)


def _raw_files(connection: Connection) -> bytes:
    names = ("person", "report", "feeling", "product", "said", "inbox", "person_key", "inbox_key", "secret")
    pages = [
        connection.execute(text(f"SELECT pg_read_binary_file(pg_relation_filepath('{name}'))")).scalar_one()
        for name in names
    ]
    return b"".join(bytes(page) for page in pages)
