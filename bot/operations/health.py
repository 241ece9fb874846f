"""Is this process well: what a supervisor, a load balancer and a scrape are told."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.observability.metrics import Metrics
from bot.storage.engine.database import DatabaseUnavailable, KeyUnknown
from bot.storage.figures import FigureRows
from bot.telegram.intake import Take

_DATABASE_SECONDS: Final = 3.0
_LAG_EVERY_SECONDS: Final = 0.25
NOT_CONNECTED: Final = "not connected yet"
STANDING_BY: Final = "standing by"
SILENCE: Final = timedelta(seconds=120)  # polls answer within 30 s, also when there is nothing new


class Door:
    """Where updates come in; closed until there is somebody who takes them."""

    def __init__(self) -> None:
        self._take: Take | None = None

    def open(self, take: Take) -> None:
        self._take = take

    async def take(self, updates: Sequence[Mapping[str, object]]) -> None:
        if self._take is None:
            raise LookupError("nobody takes updates yet")
        await self._take(updates)


@dataclass(kw_only=True)
class Vitals:
    """What this process knows of itself. `polls`: it asks Telegram, so it hears from it all the time."""

    metrics: Metrics
    now: Clock

    def __post_init__(self) -> None:
        self.started_at = self.heard_at = self.now()
        self.polls = self.stopping = False
        self.waits_for: str | None = None  # what has to happen before it takes anything
        self.port: int | None = None  # where health is served

    def polling(self) -> None:
        """From here on this process asks Telegram for updates."""
        self.polls, self.heard_at = True, self.now()

    def observed(self, take: Take) -> Take:
        """`take`, with every answer of Telegram noticed: also an empty one."""

        async def heard(updates: Sequence[Mapping[str, object]]) -> None:
            await take(updates)
            self.heard_at = self.now()
            self.metrics.taken(updates)

        return heard

    def takes_nothing_in(self) -> bool:
        return self.stopping or self.waits_for is not None

    @property
    def silence(self) -> timedelta:
        return max(self.now() - self.heard_at, timedelta(0))

    @property
    def deaf(self) -> bool:
        """Polling, and without an answer of Telegram for too long."""
        return self.polls and self.silence > SILENCE

    @property
    def expects_telegram(self) -> bool:
        """Silence means trouble here: what is sent to a webhook comes when it comes, and a stand-by hears nothing."""
        return self.polls or self.waits_for == NOT_CONNECTED

    async def watch_loop(self) -> None:
        """Measure for ever how late the event loop comes back."""
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + _LAG_EVERY_SECONDS
            await asyncio.sleep(_LAG_EVERY_SECONDS)
            self.metrics.lag(max(0.0, clock() - due))

    async def stop_with_us(self) -> None:
        """Ends only when it is cancelled: that is the moment from which nothing new is taken."""
        try:
            await asyncio.Event().wait()
        finally:
            self.stopping = True


class Health:
    """`troubles` for /readyz, `exposition` for /metrics."""

    def __init__(
        self, *, vitals: Vitals, figures: FigureRows, stands_still: Callable[[], bool] = lambda: False
    ) -> None:
        """`stands_still`: photos wait to be read, and nothing moves."""
        self.vitals = vitals
        self._stands_still = stands_still
        self._figures = figures

    async def troubles(self) -> tuple[str, ...]:
        """Why this process should get no traffic now; empty when it is ready."""
        found = [self.vitals.waits_for] if self.vitals.waits_for else []
        if self.vitals.stopping:
            found.append("stopping")
        if self.vitals.deaf:
            found.append("telegram")
        if self._stands_still():
            found.append("photos")
        trouble = await self._database_trouble()
        if trouble is not None:
            found.append(trouble)
        return tuple(found)

    async def exposition(self) -> bytes:
        """The figures of this moment; without the queues' when the database does not answer."""
        metrics = self.vitals.metrics
        metrics.heard(self.vitals.silence.total_seconds(), expected=self.vitals.expects_telegram)
        try:
            async with asyncio.timeout(_DATABASE_SECONDS):
                for name, backlog in (await self._figures.backlogs(now=self.vitals.now())).items():
                    metrics.queue(name, depth=backlog.depth, age_s=backlog.age.total_seconds())
        except (DatabaseUnavailable, TimeoutError):
            metrics.error("DatabaseUnavailable", __name__)
        return metrics.exposition()

    async def _database_trouble(self) -> str | None:
        try:
            async with asyncio.timeout(_DATABASE_SECONDS):
                await self._figures.answer()
        except KeyUnknown:
            return "key"
        except (DatabaseUnavailable, TimeoutError):
            return "database"
        return None
