"""The button beside the letters: it opens the Mini App, in the language of its chat, for as long as there is one."""

import asyncio
import logging
from hashlib import sha256
from typing import Final

from bot.clock import Clock
from bot.people.voice import Voice
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.people.menu_buttons import MenuButtonRows
from bot.storage.people.people import PersonRows
from bot.storage.records import PersonRecord
from bot.telegram.errors import DeliveryError

_log = logging.getLogger(__name__)

_BATCH: Final = 200
_AGAIN_SECONDS: Final = 60.0


async def take_away_button(person: PersonRecord, voice: Voice) -> None:
    """From the chat of somebody who leaves it. Not worth failing for."""
    if person.menu_button is None:
        return
    try:
        await voice.offer_commands(person)
    except DeliveryError:
        _log.info("the button of the Mini App was not taken away")


class MenuButton:
    """`url`: the page's, without a slash at its end; None while there is none.

    What stands in a chat is kept as the address's hash and the language: Telegram need not be asked.
    """

    def __init__(self, *, rows: MenuButtonRows, people: PersonRows, voice: Voice, url: str | None, now: Clock) -> None:
        self._rows = rows
        self._people = people
        self._voice = voice
        self._place = None if url is None else sha256(url.encode()).hexdigest()[:8]
        self._now = now
        self._is_noted = False

    async def keep(self, person: PersonRecord) -> None:
        """See to it that it stands there as it should. Not worth failing for: their next word tries again."""
        if person.menu_button == self._wanted(person):
            return
        known = await self._people.by_id(person.id)  # they may have changed their language just now, or be gone
        if known is not None and known.menu_button != self._wanted(known):
            await self._tried(known)

    async def set_again(self, person: PersonRecord) -> None:
        """Whatever is remembered of one that was set: their Telegram may have lost it. As `keep`."""
        if person.menu_button is not None:
            await self._tried(person)

    async def _tried(self, person: PersonRecord) -> None:
        try:
            await self._put(person)
        except DeliveryError:
            _log.info("the button of the Mini App was not set")

    async def run(self) -> None:
        """Once after a start: buttons that lead elsewhere lead here, or are commands again where there is no page."""
        while True:
            try:
                await self.renew()
            except (DatabaseUnavailable, DeliveryError) as error:
                _log.info("buttons of the Mini App wait: %s", error)
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                return

    async def renew(self) -> None:
        """Raises DatabaseUnavailable, DeliveryError when Telegram is away."""
        others = [place for place in await self._rows.places() if place != self._place]
        after: int | None = 0 if others else None
        while after is not None:
            people, after = await self._rows.people(after=after, limit=_BATCH)
            for person in people:
                if person.menu_button != self._wanted(person):
                    await self._put_for_good(person)
        for place in others:
            await self._rows.forget(place)

    async def _put_for_good(self, person: PersonRecord) -> None:
        try:
            await self._put(person)
        except DeliveryError as error:
            if not error.permanent:
                raise  # whoever has left is asked again when they are back

    def _wanted(self, person: PersonRecord) -> str | None:
        return None if self._place is None else f"{self._place} {self._voice.locale(person)}"

    async def _put(self, person: PersonRecord) -> None:
        """A kill in between leaves a note of a button that is not there, never a button without its note."""
        wanted = self._wanted(person)
        if wanted is None or self._place is None:
            await self._voice.offer_commands(person)
            await self._rows.note(person.id, None)
            return
        if not self._is_noted:
            await self._rows.lead_to(self._place, now=self._now())
            self._is_noted = True
        await self._rows.note(person.id, wanted)
        try:
            await self._voice.offer_page(person)
        except DeliveryError:
            await self._rows.note(person.id, person.menu_button)
            raise
