"""What was stored when more was kept than today is cut down, on both databases."""

import io
import json

import pytest
from PIL import Image
from sqlalchemy import update

from bot.imaging.pictures.redness import is_grid
from bot.imaging.workshop import Workshop
from bot.own_data.trimming import Trimming
from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage.engine.database import Database
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.store import Store
from bot.storage.tables import report
from tests.ailab import answer, red_map
from tests.unit.storage.making import CONTENT, FACTS, NOON, read, requested

HIDDEN = {"skin_color", "left_eyelids", "right_eyelids", "skin_age"}


async def stored_before(store: Store, database: Database, person: PersonRecord, whole: str) -> ReportRecord:
    """As an earlier version stored it: the vendor's whole answer, and its map of the photo's size."""
    made = await requested(store, person)
    await store.reports.save_answer(
        made.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=whole,
        red_map=red_map((384, 384)),
        facts=FACTS,
        content=CONTENT,
        chosen=0,
        now=NOON,
    )
    untrimmed = update(report).where(report.c.id == made.id).values(trimmed=False)
    await database.write(lambda connection: connection.execute(untrimmed))
    return made


@pytest.mark.parametrize("keeps", [True, False])
async def test_a_report_of_before(
    store: Store,
    database: Database,
    ana: PersonRecord,
    workshop: Workshop,
    keeps: bool,  # noqa: FBT001 - a case
) -> None:
    """Neither class nor eyelids nor age are left; the map is a grid, or gone with the wish to keep pictures."""
    whole = json.dumps(answer(size=(384, 384), with_map=False))
    assert json.loads(whole)["result"].keys() > HIDDEN
    made = await stored_before(store, database, ana, whole)
    await store.people.set_keeps_pictures(ana.id, wanted=keeps)
    trimming = Trimming(rows=store.trimming, workshop=workshop)
    assert await trimming.trim() == 1
    now = await read(store, made)
    assert await trimming.trim() == 0

    result = json.loads(now.answer or "")["result"]
    assert not HIDDEN & result.keys()
    assert result["acne"] == json.loads(whole)["result"]["acne"]
    assert is_grid(now.red_map) if keeps and now.red_map else now.red_map is None
    assert (now.red_map is None) is not keeps


async def test_what_came_back_meanwhile_stays_gone(store: Store, database: Database, ana: PersonRecord) -> None:
    """Pictures that the person deleted while a report was being cut down don't return with it."""
    made = await stored_before(store, database, ana, json.dumps(answer(size=(384, 384), with_map=False)))
    [one] = await store.trimming.some(after=0, limit=9)
    gone = update(report).where(report.c.id == made.id).values(red_map=None)
    await database.write(lambda connection: connection.execute(gone))
    await store.trimming.trim(one.report_id, answer="{}", red_map=b"grid")
    assert (await read(store, made)).red_map is None


def test_the_vendors_map_shows_that_it_is_one() -> None:
    """The maps of these tests are what an earlier version stored: JPEGs."""
    assert Image.open(io.BytesIO(red_map((384, 384)))).format == "JPEG"
