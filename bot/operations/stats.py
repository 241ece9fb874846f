"""Use case: what the operator asks with /stats. Counts over everybody, nobody's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.config.version import build_version
from bot.operations.health import Vitals
from bot.storage.figures import FigureRows
from bot.views.operator import StatsView

_A_DAY: Final = timedelta(days=1)


class Stats:
    def __init__(
        self,
        *,
        figures: FigureRows,
        vitals: Vitals,
        analyses_left: Callable[[], int | None],
        admins: tuple[int, ...],
        now: Clock,
    ) -> None:
        self._figures = figures
        self._vitals = vitals
        self._analyses_left = analyses_left
        self._admins = frozenset(admins)
        self._now = now

    def may_ask(self, telegram_id: int) -> bool:
        return telegram_id in self._admins

    async def view(self) -> StatsView:
        """The last 24 hours and this moment. Raises DatabaseUnavailable."""
        now = self._now()
        day = await self._figures.since(now - _A_DAY)
        backlogs = await self._figures.backlogs(now=now)
        return StatsView(
            reports=day.reports,
            active_people=day.people,
            people=await self._figures.people(),
            calls=day.calls,
            set_aside=day.set_aside,
            analyses_left=self._analyses_left(),
            waiting={name: (backlog.depth, int(backlog.age.total_seconds())) for name, backlog in backlogs.items()},
            errors=self._vitals.metrics.errors,
            version=build_version(),
            up_minutes=int((now - self._vitals.started_at) / timedelta(minutes=1)),
        )
