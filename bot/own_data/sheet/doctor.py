"""The page for a doctor: the person chooses what goes on it, and one side of A4 is made. No diagnosis."""

import asyncio
import io
from collections.abc import Sequence
from typing import Final

from bot.clock import Clock
from bot.own_data.sheet.facts import SheetFacts, SheetFactsReader
from bot.own_data.sheet.pair import FacePair, SheetPhotos
from bot.own_data.sheet.view import sheet_view
from bot.people.voice import Voice, clock_of
from bot.rendering.renderer import Renderer
from bot.storage.people.own_data import OwnDataRows
from bot.storage.records import PersonGone, PersonRecord
from bot.views.sheet import NoPair, SheetChoiceView, SheetParts, SheetSentView, SheetToggle

_AT_ONCE: Final = 1  # each takes half a second of CPU


class DoctorSheet:
    def __init__(
        self,
        *,
        facts: SheetFactsReader,
        photos: SheetPhotos,
        rows: OwnDataRows,
        voice: Voice,
        renderer: Renderer,
        now: Clock,
    ) -> None:
        self._facts = facts
        self._photos = photos
        self._rows = rows
        self._voice = voice
        self._renderer = renderer
        self._now = now
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def offer(self, person: PersonRecord, chosen: SheetParts) -> SheetChoiceView | None:
        """What may go on it; None where there is no report yet."""
        facts = await self._facts.of(person)
        if facts is None:
            return None
        lacking = self._photos.lacking(person, facts.comparable())
        there = _there(facts, lacking)
        return SheetChoiceView(
            first=facts.rows[0].when,
            photos=len(facts.rows),
            apart=facts.apart,
            toggles=tuple(
                SheetToggle(part=(part.name or "").lower(), on=part in chosen, then=int(chosen ^ part))
                for part in there
            ),
            chosen=int(chosen),
            shows_face=SheetParts.PHOTOS in chosen and lacking is None,
            no_pair=lacking,
        )

    async def hand_over(self, person: PersonRecord, chosen: SheetParts) -> bool:
        """Make and send it. False where there is no report yet. Raises PersonGone, DeliveryError."""
        facts = await self._facts.of(person)
        if facts is None:
            return False
        pair = await self._pair(person, facts, chosen)
        async with self._turn:
            pdf = await asyncio.to_thread(self._drawn, person, facts, chosen, pair)
        if await self._rows.holdings(person.id) is None:
            raise PersonGone
        sent = SheetSentView(no_pair=pair if pair in (NoPair.GONE, NoPair.LATER) else None)
        await self._voice.hand_over(person, io.BytesIO(pdf), f"skin-page-{self._now():%Y-%m-%d}.pdf", sent)
        return True

    async def _pair(self, person: PersonRecord, facts: SheetFacts, chosen: SheetParts) -> FacePair | NoPair | None:
        """None for who could have two, and wants none on it."""
        comparable = facts.comparable()
        if SheetParts.PHOTOS in chosen:
            return await self._photos.pair(person, comparable)
        return self._photos.lacking(person, comparable)

    def _drawn(
        self, person: PersonRecord, facts: SheetFacts, chosen: SheetParts, pair: FacePair | NoPair | None
    ) -> bytes:
        from bot.own_data.sheet.layout import draw_sheet  # noqa: PLC0415 - fonts and PDF cost 0.3 s to load
        from bot.own_data.sheet.words import worded  # noqa: PLC0415

        view = sheet_view(facts, chosen, pair, self._now())
        words = self._renderer.parts("sheet", self._voice.locale(person), view, zone=clock_of(person))
        return draw_sheet(worded(view, words, pair if isinstance(pair, FacePair) else None))


def _there(facts: SheetFacts, lacking: NoPair | None) -> Sequence[SheetParts]:
    """What there is something of: nobody is offered a switch that does nothing."""
    found = {
        SheetParts.PHOTOS: lacking is None,
        SheetParts.NOTES: bool(facts.notes),
        SheetParts.FEELINGS: bool(facts.feelings),
        SheetParts.PRODUCTS: bool(facts.products),
        SheetParts.EXPERIMENTS: bool(facts.experiments),
    }
    return [part for part in SheetParts if found[part]]
