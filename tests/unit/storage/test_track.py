"""Reports as points of a chart: a person's own, newest first found, without their answers; and wishes to repeat one."""

from datetime import timedelta

from sqlalchemy import Connection, text

from bot.skin.analysis import Judged, Sides
from bot.skin.measures import Measure
from bot.storage.engine.database import Database
from bot.storage.records import PersonRecord, ReportSummary
from bot.storage.store import Store
from tests.progressing import scene
from tests.unit.storage.making import NOON, SUMMARY, analysed, delivered, read, requested

WITHIN = timedelta(minutes=10)
FULL = ReportSummary(
    watch=("acne",),
    measures={Measure.ACNE: 4.0},
    scene=scene(face_px=None),
    repeat_of=2,
    sides={Judged.PIMPLES: Sides(left=1, right=3), Judged.REDNESS: Sides(left=12.5, right=None, seen=0.4)},
)


async def test_newest_are_the_persons_own_delivered_ones(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Bounded, oldest first; what is not on the screen yet and what is another's is not among them."""
    for message in (1, 2, 3):
        await delivered(store, ana, message_id=message, content=bytes([message]))
    await analysed(store, ana, message_id=4, content=b"4")
    await delivered(store, ben, message_id=9)
    assert [row.number for row in await store.series.newest(ana.id, limit=2)] == [2, 3]
    assert [row.number for row in await store.series.numbered(ana.id, (3, 1, 4, 77))] == [1, 3]
    assert [row.number for row in await store.series.numbered(ben.id, (1, 2, 3))] == [1]


async def test_summaries_are_kept_whole_and_old_ones_made_up(
    store: Store, ana: PersonRecord, ben: PersonRecord
) -> None:
    """What a summary holds comes back as it was; only its owner's report takes a new one."""
    await delivered(store, ana)
    assert [row.summary for row in await store.series.newest(ana.id, limit=9)] == [SUMMARY]
    await store.series.set_summary(ben.id, 1, FULL)
    assert [row.summary for row in await store.series.newest(ana.id, limit=9)] == [SUMMARY]
    await store.series.set_summary(ana.id, 1, FULL)
    assert [row.summary for row in await store.series.newest(ana.id, limit=9)] == [FULL]


async def test_a_wish_holds_for_the_next_selfie_in_time(store: Store, ana: PersonRecord) -> None:
    """Once: the selfie after it is an ordinary one."""
    await delivered(store, ana, message_id=1)
    assert await store.series.wish_repeat(ana.id, 1, within=WITHIN, now=NOON + timedelta(minutes=9))
    repeat = await requested(store, ana, message_id=2, now=NOON + timedelta(minutes=19))
    plain = await requested(store, ana, message_id=3, now=NOON + timedelta(minutes=19))
    assert ((await read(store, repeat)).repeat_of, (await read(store, plain)).repeat_of) == (1, None)


async def test_a_wish_ends(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Too late for the tap, too late for the selfie, another's report, no report, one that is not delivered."""
    await delivered(store, ana, message_id=1)
    await analysed(store, ana, message_id=2, content=b"2")
    late = NOON + timedelta(minutes=11)
    assert not await store.series.wish_repeat(ana.id, 1, within=WITHIN, now=late)
    assert not await store.series.wish_repeat(ben.id, 1, within=WITHIN, now=NOON)
    assert not await store.series.wish_repeat(ana.id, 77, within=WITHIN, now=NOON)
    assert not await store.series.wish_repeat(ana.id, 2, within=WITHIN, now=NOON)
    assert await store.series.wish_repeat(ana.id, 1, within=WITHIN, now=NOON)
    assert (await requested(store, ana, message_id=3, now=late)).repeat_of is None
    assert (await requested(store, ben, message_id=4, now=NOON)).repeat_of is None


async def test_a_chart_is_found_by_an_index(database: Database, store: Store, ana: PersonRecord) -> None:
    """However many reports others have: no table is gone through."""
    await delivered(store, ana)

    def plan(connection: Connection) -> str:
        if connection.dialect.name == "sqlite":
            lead = "EXPLAIN QUERY PLAN "
        else:
            connection.execute(text("SET enable_seqscan = off"))
            lead = "EXPLAIN "
        query = "SELECT summary FROM report WHERE person_id = 1 AND summary IS NOT NULL ORDER BY number DESC LIMIT 60"
        return " ".join(str(row) for row in connection.execute(text(lead + query)))

    assert "ix_report_delivered" in await database.read(plan)
