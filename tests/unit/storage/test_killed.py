"""A process that is killed without a warning has stored what it said it stored."""

import signal
import subprocess
import sys

from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.store import Store
from tests.keys import KEY

PROGRAM = """
import asyncio, sys
from datetime import UTC, datetime
from bot.storage import open_store

async def main():
    async with open_store(sys.argv[1], sys.argv[2]) as store:
        for number in range(1_000_000):
            await store.inbox.take([(number, 1, "{}")], now=datetime.now(UTC))
            print(number, flush=True)

asyncio.run(main())
"""


async def test_killed_while_taking_updates(url: str, keyring: Keyring) -> None:
    """Every update that was reported as taken is there after kill -9, and at most one more."""
    reported = _run_and_kill(url)
    async with Database.open(url, keyring) as database:
        stored = [number for number, _ in await Store.on(database).inbox.unfinished()]
    assert stored[: len(reported)] == reported
    assert len(stored) - len(reported) in (0, 1)


def _run_and_kill(url: str) -> list[int]:
    """The numbers of the updates that a process said it had taken, before it was killed."""
    arguments = [sys.executable, "-c", PROGRAM, url, KEY]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        reported = [int(process.stdout.readline()) for _ in range(40)]
        process.send_signal(signal.SIGKILL)
        return reported + [int(line) for line in process.stdout if line.endswith("\n")]
