"""Experiments' rows, on both databases: agreed to once, due when something happens, gone with their person."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import func, select

from bot.skin.experiments.plan import Arm
from bot.skin.experiments.weeks import Paused
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.experiments.due import DueExperimentRows
from bot.storage.experiments.records import CheckedPhoto, DueExperiment, ExperimentCourse, ExperimentState
from bot.storage.people.moving import MoveRefusal
from bot.storage.records import PersonGone, PersonRecord
from bot.storage.store import Store
from bot.storage.tables import experiment as table
from bot.storage.tables import experiment_photo
from bot.storage.upkeep.rotation import rotate
from tests.keys import KEY, NEXT_KEY
from tests.unit.storage.making import AGREED, NOON, agreed, delivered, experiment, finished, judged

DAY: Final = timedelta(days=1)


async def only(rows: DueExperimentRows) -> DueExperiment:
    (due,) = await rows.claim(now=NOON)
    return due


async def test_a_plan_is_agreed_to_once(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """From then on no verb changes it; another one can only be planned when this one is over; nobody else sees it."""
    begun = await experiment(store, ana)
    assert begun.agreed == agreed(begun.draft)
    assert await store.experiments.begin(ana.id, agreed, message_id=7, now=NOON) is None
    assert await store.experiments.draw_up(ana.id, lambda draft: replace(draft, what="other")) is None
    assert await store.experiments.current(ana.id) == begun
    assert await store.experiments.current(ben.id) is None
    assert await store.experiments.of_person(ben.id, begun.id) is None
    await store.experiments.end(ana.id, begun.id, judged(begun), early=False, now=NOON)
    assert await store.experiments.draw_up(ana.id, lambda draft: replace(draft, what="other")) is not None


async def test_the_first_answer_stays(store: Store, ana: PersonRecord) -> None:
    """Two processes that come to the end together tell the same."""
    begun = await experiment(store, ana)
    first = judged(begun)
    one = await store.experiments.end(ana.id, begun.id, first, early=False, now=NOON)
    other = await store.experiments.end(ana.id, begun.id, replace(first, worse=True), early=True, now=NOON + DAY)
    assert one == other
    assert one is not None
    assert (one.state, one.answer, one.ended_at) == (ExperimentState.ENDED, first, NOON)
    assert await store.experiments.past(ana.id) == [one]


async def test_a_text_is_asked_for_until_the_next_word(store: Store, ana: PersonRecord) -> None:
    """The draft remembers that it asked; whatever is chosen next ends that."""
    since = NOON - timedelta(minutes=10)
    await store.experiments.draw_up(ana.id, lambda draft: draft, asked_at=NOON)
    assert await store.experiments.is_asked(ana.id, since=since, now=NOON)
    assert not await store.experiments.is_asked(ana.id, since=NOON + DAY, now=NOON + DAY)
    await store.experiments.draw_up(ana.id, lambda draft: replace(draft, what="x"))
    assert not await store.experiments.is_asked(ana.id, since=since, now=NOON)
    assert await store.experiments.discard(ana.id)
    assert not await store.experiments.discard(ana.id)


async def test_due_is_worked_by_one(store: Store, ana: PersonRecord) -> None:
    """A new one is due at once, of one process; what happens while it is worked makes it due again."""
    await experiment(store, ana)
    rows = store.due_experiments
    due = await only(rows)
    assert (due.person.id, await rows.claim(now=NOON)) == (ana.id, [])
    await store.experiments.change(
        ana.id, lambda found: (ExperimentState.PAUSED, found.course), now=NOON + timedelta(seconds=1)
    )
    assert not await rows.settle(due, next_due_at=None)
    (again,) = await rows.claim(now=NOON + timedelta(seconds=1))
    assert again.experiment.state is ExperimentState.PAUSED
    assert await rows.settle(again, next_due_at=NOON + DAY)
    assert await rows.next_due_at() == NOON + DAY
    assert await rows.claim(now=NOON + timedelta(seconds=2)) == []


async def test_a_delivered_report_makes_it_due(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """In the transaction that stores it: nobody who is killed after that forgets to look at it."""
    begun = await experiment(store, ana)
    rows = store.due_experiments
    await rows.settle(await only(rows), next_due_at=NOON + 7 * DAY)
    await delivered(store, ben, message_id=3)
    assert await rows.next_due_at() == NOON + 7 * DAY
    made = await delivered(store, ana, message_id=4, now=NOON + DAY)
    assert await rows.next_due_at() == NOON + DAY
    assert await store.experiment_photos.unlooked(begun) == [made.number]


async def test_a_photo_is_looked_at_once(store: Store, ana: PersonRecord) -> None:
    """Who comes second is told so; one of somebody else counts no more, whenever that is said."""
    begun = await experiment(store, ana)
    made = await delivered(store, ana)
    photo = CheckedPhoto(report_id=made.id, number=made.number, at=NOON, week=2, value=0.25, spoiled=("x",))
    assert await store.experiment_photos.note(begun, photo)
    assert not await store.experiment_photos.note(begun, replace(photo, value=9.0))
    assert await store.experiment_photos.unlooked(begun) == []
    assert await store.experiment_photos.of(begun) == [photo]
    await store.feedback.remark(ana.id, made.number, lambda remarks: replace(remarks, somebody_else=True))
    assert [each.counts for each in await store.experiment_photos.of(begun)] == [False]


async def test_nothing_is_left_of_the_erased(store: Store, database: Database, ana: PersonRecord) -> None:
    """Neither plan nor photo nor answer; and nothing can be begun for somebody who is gone."""
    await finished(store, ana, await delivered(store, ana))
    await store.people.erase(ana.id, now=NOON)
    counts = [select(func.count()).select_from(each) for each in (table, experiment_photo)]
    assert await database.read(lambda connection: [connection.scalar(each) for each in counts]) == [0, 0]
    with pytest.raises(PersonGone):
        await store.experiments.draw_up(ana.id, lambda draft: draft)


async def test_withdrawn_with_the_reports(store: Store, ana: PersonRecord) -> None:
    """Whoever takes the permission back and has the reports deleted keeps no experiment either."""
    await finished(store, ana, await delivered(store, ana))
    await store.own_data.erase_reports(ana.id)
    assert await store.experiments.every(ana.id) == []


async def test_it_moves_along(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """In the new chat its message is sent anew; who has one of their own can't take another's place."""
    begun = await experiment(store, ana)
    rows = store.due_experiments
    due = await only(rows)
    await rows.tell_in(due, 500, pinned=True)
    await rows.settle(due, next_due_at=NOON + 7 * DAY)
    await store.people.record_consent(ana.id, AGREED, now=NOON)
    await store.moving.allow(ana.id, b"d" * 32, until=NOON + DAY)
    assert not isinstance(await store.moving.move(ana.id, b"d" * 32, to=ben, now=NOON), MoveRefusal)
    (moved,) = await rows.claim(now=NOON)
    assert (moved.experiment.id, moved.person.telegram_id) == (begun.id, ben.telegram_id)
    assert (moved.experiment.message_id, moved.experiment.is_pinned) == (None, False)
    assert await rows.take_send(moved)
    assert not await rows.take_send(moved)


async def test_it_opens_with_the_next_key(store: Store, url: str, ana: PersonRecord) -> None:
    """After the main key was changed."""
    ended = await finished(store, ana, await delivered(store, ana))
    async with Database.open(url, Keyring.from_setting(f"{NEXT_KEY},{KEY}")) as both:
        await rotate(both)
    async with Database.open(url, Keyring.from_setting(NEXT_KEY)) as newest:
        assert await Store.on(newest).experiments.past(ana.id) == [ended]


async def test_days_and_arms_come_back(store: Store, ana: PersonRecord) -> None:
    """Whatever a record holds is read back as it was."""
    await experiment(store, ana)
    course = ExperimentCourse(pauses=(Paused(since=NOON.date(), until=None),), burns=True)
    changed = await store.experiments.change(ana.id, lambda _: (ExperimentState.PAUSED, course), now=NOON)
    assert changed is not None
    assert changed.course == course
    assert changed.agreed is not None
    assert set(changed.agreed.plan.order) == set(Arm)
