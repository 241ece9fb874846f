"""The bot, with a look at its event loop.

    python -m tests.faults.watched FIGURES

Runs `skinbot run` until SIGTERM and then writes how late the loop was, in milliseconds, and its memory.
"""

import asyncio
import gc
import json
import signal
import sys
import time
from pathlib import Path

from bot.app import build, spare_the_collector
from bot.config import Config, read_config
from bot.observability.logs import configure_logging

_TICK_SECONDS = 0.005


class Lateness:
    """By the wall clock a tick is late for others' sake as well; by this thread's own CPU time only for ours."""

    def __init__(self) -> None:
        self.by_clock_ms: list[float] = []
        self.by_cpu_ms: list[float] = []

    async def watch(self) -> None:
        while True:
            began, cpu = time.monotonic(), time.thread_time()
            await asyncio.sleep(_TICK_SECONDS)
            self.by_clock_ms.append(max(0.0, time.monotonic() - began - _TICK_SECONDS) * 1000)
            self.by_cpu_ms.append((time.thread_time() - cpu) * 1000)

    def figures(self) -> dict[str, float]:
        return {
            "late_p50_ms": _quantile(self.by_clock_ms, 0.5),
            "late_p99_ms": _quantile(self.by_clock_ms, 0.99),
            "late_p999_ms": _quantile(self.by_clock_ms, 0.999),
            "late_most_ms": max(self.by_clock_ms, default=0.0),
            "busy_p99_ms": _quantile(self.by_cpu_ms, 0.99),
            "busy_most_ms": max(self.by_cpu_ms, default=0.0),
            "peak_mb": _peak_mb(),
            "cpu_seconds": time.process_time(),
        }


def _peak_mb() -> float:
    """Of this program alone: getrusage would count what the process that started it had."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))] if values else 0.0


async def main() -> Lateness:
    config = read_config()
    configure_logging(config)
    lateness = Lateness()
    work = asyncio.create_task(_serve(config, lateness))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    await asyncio.gather(work, return_exceptions=True)
    return lateness


async def _serve(config: Config, lateness: Lateness) -> None:
    async with build(config) as app:
        gc.collect()
        spare_the_collector()
        watching = asyncio.create_task(lateness.watch())  # while it opens there is nobody to wait
        try:
            await app.listen(config, when_ready=spare_the_collector)
        finally:
            watching.cancel()


if __name__ == "__main__":
    found = asyncio.run(main())
    Path(sys.argv[1]).write_text(json.dumps(found.figures()))
