"""What is gathered for the page for a doctor is one person's own, and all of it."""

from datetime import date, timedelta

from bot.analysis.choice import READERS
from bot.own_data.sheet.facts import SheetFactsReader
from bot.reports.reader import ReportReader
from bot.reports.series import SeriesReader
from bot.skin.feelings import Feeling
from bot.storage.records import PersonRecord
from bot.storage.store import Store
from tests.unit.storage.making import NOON, delivered, finished


def reader_of(store: Store) -> SheetFactsReader:
    series = SeriesReader(
        track=store.series, reports=store.reports, experiments=store.experiments, reader=ReportReader(readers=READERS)
    )
    return SheetFactsReader(
        series=series,
        reports=store.reports,
        feelings=store.feelings,
        products=store.products,
        experiments=store.experiments,
    )


async def test_all_that_is_ones_own_is_gathered(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Feelings oldest first; products in use before those that are over; finished experiments; notes."""
    await finished(store, ana, await delivered(store, ana))
    await store.feedback.set_note(ana.id, 1, "new cream")
    for day, level in ((0, 7), (1, 3)):
        await store.feelings.tell(ana.id, {Feeling.BURNING: level}, now=NOON + timedelta(days=day))
    for name, stopped in (("old", date(2026, 4, 1)), ("older", date(2026, 3, 1)), ("still", None)):
        await store.products.add(ana.id, name, started_on=date(2026, 1, 1), stopped_on=stopped)
    facts = await reader_of(store).of(ana)
    assert facts is not None
    assert [row.number for row in facts.rows] == [1]
    assert [note for _, note in facts.notes] == ["new cream"]
    assert [each.told[Feeling.BURNING] for each in facts.feelings] == [7, 3]
    assert [each.name for each in facts.products] == ["still", "old", "older"]
    assert [each.answer is not None for each in facts.experiments] == [True]
    assert await reader_of(store).of(ben) is None


async def test_an_erased_person_has_none(store: Store, ana: PersonRecord) -> None:
    await delivered(store, ana)
    await store.people.erase(ana.id, now=NOON)
    assert await reader_of(store).of(ana) is None
