"""A process that uses the storage as the bot does, one new person after the other, and says who is stored.

python -m tests.faults.rotation_worker DATABASE_URL FIRST; DATA_KEY in the environment, or a key file.
"""

import asyncio
import os
import sys

from bot.storage import open_store
from tests.unit.storage.making import NOON, delivered


async def live(url: str, first: int) -> None:
    async with open_store(url, os.environ.get("DATA_KEY")) as store:
        for telegram_id in range(first, first + 100_000):
            await store.inbox.take([(telegram_id, telegram_id, "{}")], now=NOON)
            somebody = await store.people.meet(telegram_id, "en", now=NOON)
            made = await delivered(store, somebody)
            await store.feedback.set_note(somebody.id, made.number, f"note {telegram_id}")
            print(telegram_id, flush=True)  # noqa: T201 - what whoever started it counts


if __name__ == "__main__":
    asyncio.run(live(sys.argv[1], int(sys.argv[2])))
