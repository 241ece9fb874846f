"""How many analyses are paid for: asked of the vendor free of charge, and what follows from the answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

from bot.analysis import AccountBlocked, AnalysisUnavailable
from bot.clock import Clock
from bot.observability.metrics import Metrics
from bot.operations.alerts import Alerts
from bot.operations.vendor import VendorHealth
from bot.storage.ledger import LedgerRows
from bot.storage.reports.reports import ReportRows
from bot.views.operator import AlertKind

_A_DAY: Final = timedelta(days=1)
_EVERY: Final = timedelta(seconds=20)  # so that a vendor who falls silent is seen within a minute
_PATIENCE_SECONDS: Final = 20.0
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


class CreditWatch:
    """`balance` asks the vendor (None: nothing is paid here); `analyses` is what it said last."""

    def __init__(
        self,
        *,
        balance: Callable[[], Awaitable[Balance]] | None,
        alerts: Alerts,
        ledger: LedgerRows,
        rows: ReportRows,
        wake: Callable[[], None],
        vendor: VendorHealth,
        metrics: Metrics,
        now: Clock,
    ) -> None:
        self._balance = balance
        self._alerts = alerts
        self._ledger = ledger
        self._rows = rows
        self._wake = wake
        self._vendor = vendor
        self._metrics = metrics
        self._now = now
        self._due = now()
        self.blocked = True  # until the vendor said otherwise: photos may wait since before we started
        self.analyses: int | None = None

    def hasten(self) -> None:
        """The next look asks: the vendor has just refused our account."""
        self._due = self._now()

    async def look(self) -> None:
        """Ask when it is time for it. Raises DatabaseUnavailable."""
        to_wait = self._due - self._now()
        went_back = to_wait > _EVERY  # the clock did: nobody waits as long as that
        if self._balance is not None and (to_wait <= timedelta(0) or went_back):
            await self._ask(self._balance)
        if self._vendor.came_back() and await self._rows.hasten(reason=AlertKind.VENDOR, now=self._now()):
            self._wake()

    async def _ask(self, balance: Callable[[], Awaitable[Balance]]) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                left = await balance()
        except AccountBlocked as error:
            self._vendor.spoke()
            await self._alerts.raise_once(AlertKind.ACCOUNT, error.code)
            self._block()
        except (AnalysisUnavailable, TimeoutError):
            self._vendor.fell_silent()
            self._due = self._now() + _EVERY
        else:
            self._vendor.spoke()
            self.analyses = left.analyses
            self._metrics.analyses_left(left.analyses)
            await self._judge(left)

    async def _judge(self, left: Balance) -> None:
        if left.analyses == 0:
            await self._alerts.raise_once(AlertKind.ACCOUNT, "NO_CREDITS_LEFT")
            self._block()
            return
        self._vendor.refused = False
        self._metrics.account(refused=False)
        if self.blocked:
            await self._go_on()
        self._due = self._now() + _EVERY
        a_days_worth = await self._ledger.count_since(None, self._now() - _A_DAY)
        few = left.analyses < max(_FEW_ANALYSES, a_days_worth)
        await self._alerts.tell(AlertKind.CREDITS, str(left.analyses) if few or left.warned else None)

    def _block(self) -> None:
        self.blocked = True
        self._vendor.refused = True
        self._metrics.account(refused=True)
        self._due = self._now() + _EVERY

    async def _go_on(self) -> None:
        """The account works again: what waited for it is due now."""
        self.blocked = False
        await self._alerts.clear(AlertKind.ACCOUNT)
        if await self._rows.hasten(reason=AlertKind.ACCOUNT, now=self._now()):
            self._wake()
