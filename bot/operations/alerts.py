"""Telling the operator, once for each trouble, until it is over."""

import logging

from bot.clock import Clock, Wakeup
from bot.rendering.renderer import Rendered, Renderer
from bot.storage.alerts import AlertRows
from bot.storage.engine.database import DatabaseUnavailable
from bot.telegram.errors import DeliveryError
from bot.telegram.messenger import Messenger
from bot.views.operator import AlertKind, AlertView

_log = logging.getLogger(__name__)


class Alerts:
    """`raised` rings when the account's trouble is told by a photo: whoever watches the balance looks at once."""

    def __init__(
        self, *, rows: AlertRows, messenger: Messenger, renderer: Renderer, admins: tuple[int, ...], now: Clock
    ) -> None:
        self._rows = rows
        self._messenger = messenger
        self._renderer = renderer
        self._admins = admins
        self._now = now
        self._quiet: set[str] = set()  # known to be over: no need to ask the database after every report
        self._loud: set[str] = set()  # told while the database could not be asked
        self.raised = Wakeup()

    async def raise_once(self, kind: AlertKind, code: str) -> None:
        """Alert every admin, unless this kind of trouble is already known."""
        self._quiet.discard(kind)
        if not await self._is_new(kind):
            return
        _log.error("the operator has to act: %s: %s", kind, code)
        if kind is AlertKind.ACCOUNT:
            self.raised.ring()
        if not await self._heard_by_one(kind, code):
            self._loud.discard(kind)  # nobody heard: the next time tells it again
            await self._rows.clear(kind)

    async def clear(self, kind: AlertKind) -> None:
        """The trouble is over; the next one is told again."""
        if kind not in self._quiet:
            await self._rows.clear(kind)
            self._quiet.add(kind)
            self._loud.discard(kind)

    async def tell(self, kind: AlertKind, code: str | None) -> None:
        """There is this trouble now; with no code, there is none of its kind."""
        if code is None:
            await self.clear(kind)
        else:
            await self.raise_once(kind, code)

    async def _is_new(self, kind: AlertKind) -> bool:
        try:
            return await self._rows.raise_once(kind, now=self._now())
        except DatabaseUnavailable:  # a full disk is what it may be about
            known = kind in self._loud
            self._loud.add(kind)
            return not known

    async def _heard_by_one(self, kind: AlertKind, code: str) -> bool:
        """False when not a single admin could be told for a passing reason."""
        words = self._renderer.render(AlertView(kind=kind, code=code), "en")
        told = [await self._heard(admin, words) for admin in self._admins]
        return any(told) or not told

    async def _heard(self, admin: int, words: Rendered) -> bool:
        try:
            await self._messenger.say(admin, words)
        except DeliveryError as error:
            _log.warning("an admin could not be alerted")
            return error.permanent
        return True
