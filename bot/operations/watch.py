"""Looking after what nobody tells us: credits low or back again, a full disk, updates set aside, a silent Telegram."""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

from bot.analysis import AccountBlocked, AnalysisUnavailable
from bot.clock import Clock
from bot.observability.metrics import Metrics
from bot.operations.alerts import ACCOUNT, CREDITS, DISK, POLLING, UPDATES, Alerts
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.engine.location import LITTLE_SPACE_BYTES
from bot.storage.figures import FigureRows
from bot.storage.ledger import LedgerRows
from bot.storage.reports.reports import ReportRows

_log = logging.getLogger(__name__)

_A_DAY: Final = timedelta(days=1)
_LOOK_EVERY_SECONDS: Final = 60.0
_CREDITS_EVERY: Final = timedelta(minutes=30)
_CREDITS_EVERY_WHILE_WAITING: Final = timedelta(minutes=1)
_SETTLING_SECONDS: Final = 2.0
_FEW_ANALYSES: Final = 20


@dataclass(frozen=True, kw_only=True)
class Balance:
    """`analyses` are paid for; `warned`: the vendor's own mark for a low balance is passed."""

    analyses: int
    warned: bool


class CreditBalance(Protocol):
    """A balance as the vendor's client tells it."""

    @property
    def analyses(self) -> int: ...
    @property
    def low(self) -> bool: ...


def balance_of(ask: Callable[[], Awaitable[CreditBalance]] | None) -> Callable[[], Awaitable[Balance]] | None:
    if ask is None:
        return None

    async def balance() -> Balance:
        left = await ask()
        return Balance(analyses=left.analyses, warned=left.low)

    return balance


class Watch:
    """`balance` asks the vendor, free of charge (None: nothing is paid here); `deaf`: Telegram is silent."""

    def __init__(
        self,
        *,
        alerts: Alerts,
        figures: FigureRows,
        ledger: LedgerRows,
        rows: ReportRows,
        balance: Callable[[], Awaitable[Balance]] | None,
        deaf: Callable[[], bool],
        wake: Callable[[], None],
        folder: Path | None,
        metrics: Metrics,
        now: Clock,
    ) -> None:
        self._alerts = alerts
        self._figures = figures
        self._ledger = ledger
        self._rows = rows
        self._balance = balance
        self._deaf = deaf
        self._wake = wake
        self._folder = folder
        self._metrics = metrics
        self._now = now
        self._blocked = True  # until the vendor said otherwise: photos may wait since before we started
        self._credits_due = now()
        self.analyses: int | None = None

    async def run(self) -> None:
        """Look after things until cancelled."""
        while True:
            try:
                await self.look()
            except DatabaseUnavailable:
                _log.warning("the watch could not look: the database does not answer")
            await self._rest()

    async def _rest(self) -> None:
        if not await self._alerts.raised.rest(_LOOK_EVERY_SECONDS):
            return
        self._alerts.raised.hush()
        await asyncio.sleep(_SETTLING_SECONDS)
        self._credits_due = self._now()  # the vendor just refused our account

    async def look(self) -> None:
        """One look at everything. Raises DatabaseUnavailable."""
        to_wait = self._credits_due - self._now()
        went_back = to_wait > _CREDITS_EVERY  # the clock did: nobody waits as long as that
        if self._balance is not None and (to_wait <= timedelta(0) or went_back):
            await self._look_at_credits(self._balance)
        await self._tell(DISK, self._disk())
        await self._tell(POLLING, "SILENT" if self._deaf() else None)
        set_aside = await self._figures.set_aside_since(self._now() - _A_DAY)
        await self._tell(UPDATES, f"{set_aside} in 24 h" if set_aside else None)

    async def _look_at_credits(self, balance: Callable[[], Awaitable[Balance]]) -> None:
        try:
            left = await balance()
        except AccountBlocked as error:
            await self._alerts.raise_once(ACCOUNT, error.code)
            self._block()
        except AnalysisUnavailable:
            self._credits_due = self._now() + _CREDITS_EVERY_WHILE_WAITING
        else:
            self.analyses = left.analyses
            self._metrics.analyses_left(left.analyses)
            await self._judge(left)

    async def _judge(self, left: Balance) -> None:
        if left.analyses == 0:
            await self._alerts.raise_once(ACCOUNT, "NO_CREDITS_LEFT")
            self._block()
            return
        self._metrics.account(refused=False)
        if self._blocked:
            await self._go_on()
        self._credits_due = self._now() + _CREDITS_EVERY
        a_days_worth = await self._ledger.count_since(None, self._now() - _A_DAY)
        few = left.analyses < max(_FEW_ANALYSES, a_days_worth)
        await self._tell(CREDITS, str(left.analyses) if few or left.warned else None)

    def _block(self) -> None:
        self._blocked = True
        self._metrics.account(refused=True)
        self._credits_due = self._now() + _CREDITS_EVERY_WHILE_WAITING

    async def _go_on(self) -> None:
        """The account works again: what waited for it is due now."""
        self._blocked = False
        await self._alerts.clear(ACCOUNT)
        if await self._rows.hasten(reason=ACCOUNT, now=self._now()):
            self._wake()

    def _disk(self) -> str | None:
        if self._folder is None:
            return None
        free = shutil.disk_usage(self._folder).free
        return f"{free // 1_000_000} MB" if free < LITTLE_SPACE_BYTES else None

    async def _tell(self, kind: str, code: str | None) -> None:
        if code is None:
            await self._alerts.clear(kind)
        else:
            await self._alerts.raise_once(kind, code)
