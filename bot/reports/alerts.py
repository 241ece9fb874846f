"""Telling the operator, once for each trouble, until it is over."""

import logging
from typing import Final

from bot.clock import Clock
from bot.messenger import DeliveryError, Messenger
from bot.rendering import Renderer
from bot.storage.alerts import Alerts as AlertRows
from bot.views import AlertView

_log = logging.getLogger(__name__)

ACCOUNT: Final = "account"


class Alerts:
    def __init__(
        self, *, rows: AlertRows, messenger: Messenger, renderer: Renderer, admins: tuple[int, ...], now: Clock
    ) -> None:
        self._rows = rows
        self._messenger = messenger
        self._renderer = renderer
        self._admins = admins
        self._now = now
        self._quiet: set[str] = set()  # known to be over: no need to ask the database after every report

    async def raise_once(self, kind: str, code: str) -> None:
        """Alert every admin, unless this kind of trouble is already known."""
        self._quiet.discard(kind)
        _log.error("the operator has to act: %s: %s", kind, code)
        if not await self._rows.raise_once(kind, now=self._now()):
            return
        words = self._renderer.render("admin_alert", "en", AlertView(kind=kind, code=code))
        for admin in self._admins:
            try:
                await self._messenger.say(admin, words)
            except DeliveryError:
                _log.warning("an admin could not be alerted")

    async def clear(self, kind: str) -> None:
        """The trouble is over; the next one is told again."""
        if kind not in self._quiet:
            await self._rows.clear(kind)
            self._quiet.add(kind)
