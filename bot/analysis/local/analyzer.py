"""The on-device analyzer: photos are measured by this machine, in worker processes, and nothing leaves it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Final

from bot.analysis import Answer, OnAttempt
from bot.analysis.answer_format import read_back
from bot.skin.analysis import Provider


@dataclass(frozen=True, kw_only=True)
class Measured:
    """As in `Answer`."""

    raw: str
    red_map: bytes | None = field(repr=False)


Measure = Callable[[bytes], Awaitable[Measured]]
"""Measures one clean JPEG somewhere else. Raises the errors of an `Analyzer`."""


def is_installed() -> bool:
    """True when the extra `local` is there."""
    return all(find_spec(name) is not None for name in ("numpy", "ai_edge_litert"))


class LocalAnalyzer:
    """Measures photos on this machine (an `Analyzer`). `version`: a new one whenever a photo's numbers change."""

    version: Final = "4"

    def __init__(self, *, measure: Measure) -> None:
        self._measure = measure

    async def analyze(
        self,
        jpeg: bytes,
        *,
        check_quality: bool,  # noqa: ARG002 - nothing is paid: what can be measured is
        on_attempt: OnAttempt | None = None,  # noqa: ARG002 - no call, no charge
    ) -> Answer:
        """Measure one clean JPEG (upright, RGB). Raises PhotoRefused, AnalysisUnavailable."""
        measured = await self._measure(jpeg)
        analysis = read_back(measured.raw, provider=Provider.LOCAL)
        return Answer(raw=measured.raw, red_map=measured.red_map, analysis=analysis)
