"""The main key is changed beside a running bot, and the change is killed at random: nothing is lost, all can erase.

`FAULTS_KILLS=100` kills 100 times on each database.
"""

import asyncio
import os
import random
import secrets
import sys
from dataclasses import dataclass, replace

import pytest

from bot.config import Config, read_config
from bot.storage import open_store
from bot.storage.upkeep.rotation import rotate_keys
from tests.faults.bots import ROOT
from tests.faults.conftest import Told
from tests.unit.storage.making import NOON

KILLS = int(os.environ.get("FAULTS_KILLS", "3"))
_ROTATE = """
import asyncio
from bot.storage.upkeep.rotation import rotate_keys
from bot.config import read_config
print("loaded", flush=True)
asyncio.run(rotate_keys(read_config()))
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    database: str
    kills: int
    too_late: int
    people: int
    unreadable: int
    not_erasable: int

    def __str__(self) -> str:
        return (
            f"{self.database}: {self.kills} kills of a change of the key ({self.too_late} after its end), "
            f"{self.people} people stored meanwhile, "
            f"{self.unreadable} unreadable, {self.not_erasable} can't erase"
        )


async def _process(config: Config, *arguments: str) -> asyncio.subprocess.Process:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": config.database_url}
    if config.data_key:
        environ["DATA_KEY"] = config.data_key
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environ, cwd=ROOT / "tests" / "faults", stdout=asyncio.subprocess.PIPE
    )


async def _campaign(config: Config, name: str) -> tuple[Config, list[int], Figures]:
    """With DATA_KEY the bot is restarted with the new key in front before each change, as the guide says."""
    stored: list[int] = []
    first, bot, done_before = 1, None, 0
    for _ in range(KILLS):
        if bot is None or config.data_key:
            if bot is not None:
                await _ended(bot, stored)
                first = stored[-1] + 1
            if config.data_key:
                newest = config.data_key.split(",")[0]
                config = replace(config, data_key=f"{secrets.token_urlsafe(32)},{config.data_key}")
                assert newest in (config.data_key or "")
            bot = await _process(config, "-m", "tests.faults.rotation_worker", config.database_url, str(first))
            stored.append(int(await _line(bot)))
        rotation = await _process(config, "-c", _ROTATE)
        await _line(rotation)
        await asyncio.sleep(random.uniform(0, 0.4))
        done_before += rotation.returncode is not None
        if rotation.returncode is None:
            rotation.kill()
        await rotation.wait()
    assert bot is not None
    await _ended(bot, stored)
    await rotate_keys(config)
    if config.data_key:
        config = replace(config, data_key=config.data_key.split(",")[0])
    unreadable, not_erasable = await _looked_through(config, stored)
    return (
        config,
        stored,
        Figures(
            database=name,
            kills=KILLS,
            too_late=done_before,
            people=len(stored),
            unreadable=unreadable,
            not_erasable=not_erasable,
        ),
    )


async def _line(bot: asyncio.subprocess.Process) -> str:
    assert bot.stdout is not None
    return (await asyncio.wait_for(bot.stdout.readline(), 300)).decode()


async def _ended(bot: asyncio.subprocess.Process, stored: list[int]) -> None:
    assert bot.returncode is None, "the bot went on all the time"
    bot.kill()
    assert bot.stdout is not None
    said = (await bot.stdout.read()).decode()
    stored.extend(int(line) for line in said.splitlines(keepends=True) if line.endswith("\n"))
    await bot.wait()


async def _looked_through(config: Config, stored: list[int]) -> tuple[int, int]:
    unreadable = not_erasable = 0
    async with open_store(config.database_url, config.data_key) as store:
        unfinished = dict(await store.inbox.unfinished())
        for telegram_id in stored:
            somebody = await store.people.meet(telegram_id, "en", now=NOON)
            made = await store.reports.of_person(somebody.id, 1)
            fine = made is not None and made.note == f"note {telegram_id}" and unfinished.get(telegram_id) == "{}"
            unreadable += not fine
            not_erasable += not await store.people.erase(somebody.id, now=NOON)
    return unreadable, not_erasable


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_a_change_of_the_key_is_killed(database: str, request: pytest.FixtureRequest, told: Told) -> None:
    """With a key file on SQLite, with DATA_KEY on PostgreSQL: everything readable, everybody can erase."""
    url = str(request.getfixturevalue(f"{database}_url"))
    settings = {"DATABASE_URL": url} | ({"DATA_KEY": secrets.token_urlsafe(32)} if database == "postgres" else {})
    _, _, figures = await _campaign(read_config(settings), database)
    told(figures)
    assert figures.people > 0
    assert (figures.unreadable, figures.not_erasable) == (0, 0)
