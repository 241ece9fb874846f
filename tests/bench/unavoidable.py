"""What nobody can do without for a selfie, and nothing else: the floor of whole selfies. A process of its own.

    python -m tests.bench.unavoidable TOWN SIZE FILE

Pixels as plain Pillow works them with our networks and our drawing, seven requests through the bot's own client with
empty answers, five commits into FILE. It says "ready", takes "N" on its standard input and says "done" after N selfies.
"""

import asyncio
import json
import sqlite3
import sys
from typing import Final

import aiohttp

from bot.outgoing import open_session
from tests.ailab import answer
from tests.bench.photos import SIZES, photo
from tests.bench.plain import draw, prepare

_AT_ONCE: Final = 16  # so that requests of some are under way while another's pixels are worked
_ROW: Final = b"x" * 2000
_SHORT: Final = {
    "chat_id": "1",
    "message_id": "1",
    "parse_mode": "HTML",
    "text": "One moment: your photo is looked at.",
}
_CAPTION: Final = "A short report. " * 40


class Selfies:
    def __init__(self, town: str, size: str, database: sqlite3.Connection) -> None:
        self._url = f"{town}/nothing"
        self._photo = photo(*SIZES[size])
        self._answer = json.dumps(answer(size=SIZES[size])).encode()
        self._database = database

    async def work(self, many: int) -> None:
        places = asyncio.Semaphore(_AT_ONCE)
        async with open_session() as session:

            async def one() -> None:
                async with places:
                    await self._one(session)

            await asyncio.gather(*(one() for _ in range(many)))

    async def _one(self, session: aiohttp.ClientSession) -> None:
        self._commit()  # the update
        await self._post(session, _SHORT)  # the status message
        self._commit()  # where it stands
        await self._post(session, {"file_id": "f"})
        async with session.get(self._url) as response:
            await response.read()
        prepared = prepare(self._photo)
        await self._post(session, _SHORT)
        self._commit()  # that it will be paid for
        await self._post(session, _form("image", prepared.jpeg))
        self._commit()  # the answer
        await self._post(session, _SHORT)
        card = draw(prepared, json.loads(self._answer))
        await self._post(session, _form("media", card, caption=_CAPTION))
        self._commit()  # that it is there

    async def _post(self, session: aiohttp.ClientSession, body: dict[str, str] | aiohttp.FormData) -> None:
        async with session.post(self._url, data=body) as response:
            await response.read()

    def _commit(self) -> None:
        self._database.execute("INSERT INTO kept (what) VALUES (?)", (_ROW,))
        self._database.commit()


def _form(name: str, jpeg: bytes, **fields: str) -> aiohttp.FormData:
    form = aiohttp.FormData(fields)
    form.add_field(name, jpeg, filename="image.jpg", content_type="image/jpeg")
    return form


def main() -> None:
    town, size, file = sys.argv[1:4]
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, what BLOB)")
    selfies = Selfies(town, size, database)
    asyncio.run(selfies.work(2))
    print("ready", flush=True)  # noqa: T201 - its answer
    for line in sys.stdin:
        asyncio.run(selfies.work(int(line)))
        print("done", flush=True)  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
