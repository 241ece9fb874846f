"""Looking after what nobody tells us: credits low or back again, a full disk, updates set aside, a silent Telegram."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.operations.alerts import Alerts
from bot.operations.credits import CreditWatch
from bot.operations.vendor import VendorHealth
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.engine.location import LITTLE_SPACE_BYTES
from bot.storage.figures import FigureRows
from bot.views.operator import AlertKind, VendorState

_log = logging.getLogger(__name__)

_A_DAY: Final = timedelta(days=1)
_LOOK_EVERY_SECONDS: Final = 30.0
_SETTLING_SECONDS: Final = 2.0


class Watch:
    """`deaf`: Telegram is silent; `folder`: where the database grows, None for one that is elsewhere."""

    def __init__(
        self,
        *,
        alerts: Alerts,
        figures: FigureRows,
        credit: CreditWatch,
        vendor: VendorHealth,
        deaf: Callable[[], bool],
        folder: Path | None,
        now: Clock,
    ) -> None:
        self.credit = credit
        self._alerts = alerts
        self._figures = figures
        self._vendor = vendor
        self._deaf = deaf
        self._folder = folder
        self._now = now

    async def run(self) -> None:
        """Look after things until cancelled."""
        while True:
            try:
                await self.look()
            except DatabaseUnavailable:
                _log.warning("the checks for alerts were skipped: the database does not answer")
            await self._rest()

    async def _rest(self) -> None:
        if not await self._alerts.raised.rest(_LOOK_EVERY_SECONDS):
            return
        self._alerts.raised.hush()
        await asyncio.sleep(_SETTLING_SECONDS)
        self.credit.hasten()

    async def look(self) -> None:
        """One look at everything. Raises DatabaseUnavailable."""
        await self.credit.look()
        away = self._vendor.state in {VendorState.AWAY, VendorState.SLOW}
        await self._alerts.tell(AlertKind.VENDOR, self._vendor.state.upper() if away else None)
        await self._alerts.tell(AlertKind.DISK, self._disk())
        await self._alerts.tell(AlertKind.POLLING, "SILENT" if self._deaf() else None)
        set_aside = await self._figures.set_aside_since(self._now() - _A_DAY)
        await self._alerts.tell(AlertKind.UPDATES, f"{set_aside} in 24 h" if set_aside else None)

    def _disk(self) -> str | None:
        if self._folder is None:
            return None
        free = shutil.disk_usage(self._folder).free
        return f"{free // 1_000_000} MB" if free < LITTLE_SPACE_BYTES else None
