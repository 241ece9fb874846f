"""Products and habits: kept under a name, from a day on, until a day; a note of a report may become one."""

from datetime import date, timedelta
from typing import Final

from bot.clock import Clock
from bot.listening import Topic, heard
from bot.people.voice import clock_of
from bot.people.written import tidied
from bot.skin.products import LONGEST_NAME, Use
from bot.storage.people.people import PersonRows
from bot.storage.people.products import MOST, ProductRows, TooManyProducts
from bot.storage.records import PersonRecord, ProductRecord
from bot.storage.reports.reports import ReportRows
from bot.views.diary import ProductLine, ProductNameView, ProductsView, ProductUseView

ASKED_FOR: Final = timedelta(minutes=10)


class Products:
    def __init__(self, *, rows: ProductRows, people: PersonRows, reports: ReportRows, now: Clock) -> None:
        self._rows = rows
        self._people = people
        self._reports = reports
        self._now = now

    async def listing(self, person: PersonRecord, *, kept: str | None = None) -> ProductsView:
        """`kept`: the name of what was just told, which may be a medicine."""
        rows = await self._rows.of(person.id)
        return ProductsView(
            rows=tuple(line_of(row) for row in rows),
            full=len(rows) >= MOST,
            kept=kept,
            medicine=kept is not None and heard(kept) is Topic.MEDICINE,
        )

    async def choice(self, person: PersonRecord, number: int) -> ProductUseView:
        """Since when; of what report `number` has as a note, where that is a name."""
        return ProductUseView(number=number, name=await self._noted(person, number))

    async def keep(self, person: PersonRecord, number: int, use: Use) -> ProductsView | ProductNameView:
        """Under the note's text, or asked for a name. Raises PersonGone."""
        name = await self._noted(person, number)
        if name is None:
            await self._people.ask_name(person.id, use, until=self._now() + ASKED_FOR)
            return ProductNameView()
        return await self._kept(person, name, use)

    def is_asked(self, person: PersonRecord) -> bool:
        """Whether a text may be a name just now."""
        asked = person.naming
        return asked is not None and self._now() <= asked.until <= self._now() + ASKED_FOR

    async def named(self, person: PersonRecord, text: str) -> ProductsView | ProductNameView:
        """What they wrote when it was asked for; asked again where it is no name. Raises PersonGone."""
        if person.naming is None:
            raise ValueError("no name was asked for")
        name = name_in(text)
        if name is None:
            return ProductNameView(again=True)
        await self._people.drop_name_question(person.id)
        return await self._kept(person, name, Use(person.naming.use))

    async def stop_asking(self, person: PersonRecord) -> bool:
        """A text is no name any more; False when none was asked for."""
        if not self.is_asked(person):
            return False
        await self._people.drop_name_question(person.id)
        return True

    async def stop(self, person: PersonRecord, product_id: int) -> ProductsView:
        """In use no more from today on; what was stopped before stays as it is."""
        known = next((row for row in await self._rows.of(person.id) if row.id == product_id), None)
        if known is None or known.stopped_on is not None:
            return await self.listing(person)
        await self._rows.stop(person.id, product_id, on=self._today(person))
        return await self.listing(person, kept=known.name)

    async def remove(self, person: PersonRecord, product_id: int) -> ProductsView:
        await self._rows.remove(person.id, product_id)
        return await self.listing(person)

    async def _kept(self, person: PersonRecord, name: str, use: Use) -> ProductsView:
        """What is in use under that name already is not kept twice; of what is stopped it is the end."""
        rows = await self._rows.of(person.id)
        known = next((row for row in rows if row.stopped_on is None and row.name.casefold() == name.casefold()), None)
        today = self._today(person)
        try:
            if known is not None and use is Use.STOPPED:
                await self._rows.stop(person.id, known.id, on=today)
            elif known is None:
                await self._rows.add(
                    person.id,
                    name,
                    started_on=today if use is Use.STARTED else None,
                    stopped_on=today if use is Use.STOPPED else None,
                )
        except TooManyProducts:
            return await self.listing(person)
        return await self.listing(person, kept=name)

    async def _noted(self, person: PersonRecord, number: int) -> str | None:
        """The note of a report of theirs, where it is short enough for a name."""
        report = await self._reports.of_person(person.id, number) if number else None
        return None if report is None or report.note is None else name_in(report.note)

    def _today(self, person: PersonRecord) -> date:
        return self._now().astimezone(clock_of(person)).date()


def name_in(text: str) -> str | None:
    """A text as a name, on one line; None for what is too long, or nothing."""
    name = " ".join(tidied(text)[0].split())
    return name if name and len(name) <= LONGEST_NAME else None


def line_of(row: ProductRecord) -> ProductLine:
    return ProductLine(id=row.id, name=row.name, started_on=row.started_on, stopped_on=row.stopped_on)
