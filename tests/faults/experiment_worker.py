"""The whole bot as a process of its own, on a clock that the test turns: seconds since 1970 stand in a file."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import build
from bot.config import read_config
from bot.telegram.pacing import Pace, Rate

BRISK = Rate(per_second=200.0, burst=200)


async def work(clock: Path) -> None:
    def now() -> datetime:
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=float(clock.read_text()))

    config = read_config(dict(os.environ))
    async with build(config, clock=now, pace=Pace(per_second=1000, chat=BRISK)) as app:
        await app.listen(config)


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
