"""How the vendor does: known from every call for a photo, and from the free question for the balance."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.analysis import AnalysisUnavailable, Analyzer, Answer, OnAttempt
from bot.clock import Clock
from bot.skin.analysis import Provider
from bot.views.operator import VendorState

_LONG: Final = timedelta(seconds=20)  # the listed mean of an answer is 6
_FRESH: Final = timedelta(minutes=10)  # what was seen longer ago says nothing of now: nobody asked since


class VendorHealth:
    """`refused`: it has no credits for us, or does not know our key."""

    def __init__(self, *, now: Clock) -> None:
        self._now = now
        self._under_way: dict[object, datetime] = {}
        self._failed_at: datetime | None = None
        self._slow_at: datetime | None = None
        self._is_silent = False  # to the question for the balance
        self._came_back = False
        self.refused = False
        self._told, self._since = VendorState.GOOD, now()

    @property
    def state(self) -> VendorState:
        return self.standing()[0]

    def standing(self) -> tuple[VendorState, datetime]:
        """How it does, and since when that was seen."""
        now = self._now()
        state = self._state(now)
        if state is not self._told:
            self._told, self._since = state, now
        return state, self._since

    def _state(self, now: datetime) -> VendorState:
        if self.refused:
            return VendorState.REFUSES
        if self._is_silent or _is_fresh(self._failed_at, now):
            return VendorState.AWAY
        waits = any(now - began > _LONG for began in self._under_way.values())
        return VendorState.SLOW if waits or _is_fresh(self._slow_at, now) else VendorState.GOOD

    def fell_silent(self) -> None:
        """The balance could not be had."""
        self._is_silent = True

    def spoke(self) -> None:
        """The balance was told; where it was not before, all is well again."""
        if self._is_silent:
            self._is_silent, self._failed_at, self._came_back = False, None, True

    def came_back(self) -> bool:
        """True once after it was away: what waits for it may be tried."""
        came, self._came_back = self._came_back, False
        return came

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Around what is asked of it for one photo."""
        this, began = object(), self._now()
        self._under_way[this] = began
        try:
            yield
        except AnalysisUnavailable:
            self._failed_at = self._now()
            raise
        else:
            ended = self._now()
            self._slow_at = ended if ended - began > _LONG else None
            self._came_back |= self._failed_at is not None
            self._failed_at = None
        finally:
            del self._under_way[this]

    def watching(self, analyzers: Mapping[Provider, Analyzer]) -> Mapping[Provider, Analyzer]:
        """The same ones, with the vendor's watched."""
        return {
            provider: WatchedAnalyzer(analyzer=each, health=self) if provider is Provider.AILAB else each
            for provider, each in analyzers.items()
        }


@dataclass(frozen=True, kw_only=True)
class WatchedAnalyzer:
    """An `Analyzer` of whose calls `health` knows."""

    analyzer: Analyzer
    health: VendorHealth

    @property
    def version(self) -> str:
        return self.analyzer.version

    async def analyze(self, jpeg: bytes, *, check_quality: bool, on_attempt: OnAttempt | None = None) -> Answer:
        with self.health.asked():
            return await self.analyzer.analyze(jpeg, check_quality=check_quality, on_attempt=on_attempt)


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and abs(now - at) < _FRESH
