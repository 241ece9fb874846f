"""Settings, reminders, one's data, permission, corrections: the chat's own screens, tapped on the page."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.people.voice import Voice
from bot.reports.gallery import Gallery
from bot.storage.people.people import PersonRows
from bot.storage.records import PersonGone, PersonRecord
from bot.telegram.errors import DeliveryError
from bot.views import taps
from bot.views.miniapp import PageTapped
from handlers.miniapp.turn import PageTurn
from handlers.turn import TapRoute, Turn

_log = logging.getLogger(__name__)

_LONGEST: Final = 64  # bytes of a button's data
_IN_CHAT: Final = (taps.export, taps.sheet_make)
_TAKES_AWAY: Final = (taps.delete_yes, taps.pictures_yes, taps.withdraw_erase, taps.withdraw_keep)


@dataclass(frozen=True, kw_only=True)
class ScreenCalls:
    """`routes`: what can be tapped."""

    voice: Voice
    people: PersonRows
    gallery: Gallery
    routes: Sequence[TapRoute]
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def tap(self, person: PersonRecord, body: bytes) -> PageTapped | None:
        """As if that button had been tapped in the chat; None for what is no button of the page."""
        data = _data_in(body)
        if any(tap.read(data) is not None for tap in _IN_CHAT):
            work = self._work(Turn(person=person, voice=self.voice), data)
            self._begin(work)
            return PageTapped(screens=(), in_chat=True)
        turn = PageTurn(person=person, voice=self.voice)
        work = self._work(turn, data)
        if work is None:
            return None
        if any(tap.read(data) is not None for tap in _TAKES_AWAY):
            self.gallery.forget(person)
        await work
        gone = await self.people.by_id(person.id) is None
        return PageTapped(screens=turn.screens(() if gone else self.routes), gone=gone)

    async def close(self) -> None:
        """What was to come in the chat ends with us; whoever misses it asks again."""
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    def _work(self, turn: Turn, data: str) -> Awaitable[None] | None:
        works = (route.work(turn, data) for route in self.routes)
        return next((work for work in works if work is not None), None)

    def _begin(self, work: Awaitable[None] | None) -> None:
        """A file takes longer to pack than a page waits."""
        if work is None:
            return
        task = asyncio.create_task(_to_its_end(work))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)


async def _to_its_end(work: Awaitable[None]) -> None:
    try:
        await work
    except (DeliveryError, PersonGone) as error:
        _log.info("what was asked for on the page did not come in the chat: %s", type(error).__name__)


def _data_in(body: bytes) -> str:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    data = told.get("data") if isinstance(told, dict) else None
    return data if isinstance(data, str) and len(data) <= _LONGEST else ""
