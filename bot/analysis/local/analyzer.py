"""The on-device analyzer: photos are measured by this machine, in threads, and nothing leaves it."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Protocol

from bot.analysis import Answer, OnAttempt


def is_installed() -> bool:
    """True when the extra `local` is there."""
    return all(find_spec(name) is not None for name in ("numpy", "ai_edge_litert"))


class InThread(Protocol):
    """Runs CPU work off the event loop."""

    async def __call__(self, work: Callable[[bytes], Answer], jpeg: bytes, /) -> Answer: ...


class LocalAnalyzer:
    """Measures photos on this machine (an `Analyzer`)."""

    def __init__(self, *, in_thread: InThread) -> None:
        self._in_thread = in_thread

    async def analyze(
        self,
        jpeg: bytes,
        *,
        check_quality: bool,  # noqa: ARG002 - nothing is paid: what can be measured is
        on_attempt: OnAttempt | None = None,  # noqa: ARG002 - no call, no charge
    ) -> Answer:
        """Measure one clean JPEG (upright, RGB). Raises PhotoRefused."""
        return await self._in_thread(_measured, jpeg)


def _measured(jpeg: bytes) -> Answer:
    from bot.analysis.local.measure import measured  # noqa: PLC0415 - numpy and LiteRT are loaded by the first photo

    return measured(jpeg)
