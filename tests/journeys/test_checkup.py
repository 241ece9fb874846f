"""skinbot check against real servers: what would fail is said, and nothing is sent or paid."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, delete, select, text
from sqlalchemy.pool import NullPool
from telegram import Bot

from bot.commands.check import checkup, fallback
from bot.commands.surroundings import surroundings
from bot.config import Config, read_config
from bot.rendering.renderer import Renderer
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.engine.location import location_of
from bot.storage.opening import open_store
from bot.storage.store import Store
from bot.storage.tables import encryption_key, inbox, person_key, report
from bot.storage.upkeep.migrating import NEWEST, migrate
from bot.telegram.profile import present
from bot.views.operator import CheckFact
from tests.commands import ROOT, skinbot
from tests.journeys.stage import RESPONSIBLE, Stage
from tests.journeys.window import with_page
from tests.keys import FOREIGN_KEY, KEY
from tests.postgres import NO_SERVER, fresh_database
from tests.unit.storage.making import AGREED, NOON, delivered


async def facts(config: Config) -> dict[CheckFact, bool]:
    return {line.fact: line.good for line in await checkup(config)}


async def test_a_good_set_up_is_said_to_be_good(stage: Stage) -> None:
    """Token, key with its credits, database, encryption key, room on the disk; free of charge."""
    lines = await checkup(stage.config)
    assert {line.fact for line in lines} == {
        CheckFact.TOKEN_GOOD,
        CheckFact.RESPONSIBLE_GOOD,
        CheckFact.KEY_GOOD,
        CheckFact.DATABASE_NEW,
        CheckFact.DATA_KEY_GOOD,
        CheckFact.DISK_GOOD,
        CheckFact.CAPS,
        CheckFact.ADMINS_MISSING,
        CheckFact.UNINTRODUCED,
        CheckFact.POLICY_UNSEEN,
        CheckFact.WEBAPP_NONE,
        CheckFact.ERASED_BESIDE,
        CheckFact.ACCESS_OPEN,
    }
    assert all(line.good for line in lines)
    assert [line.analyses for line in lines if line.fact is CheckFact.KEY_GOOD] == [102]
    assert stage.ailab.calls == []
    asked = {request.method for request in stage.telegram.requests}
    assert asked == {"getMe", "getMyDescription", "getUserProfilePhotos"}


async def test_what_would_fail_is_named(stage: Stage) -> None:
    """A wrong token, a wrong key, a key that does not fit the database, one after the other in one go."""
    keyring = Keyring.from_setting(KEY)
    migrate(stage.config.database_url)
    async with Database.open(stage.config.database_url, keyring):
        pass
    wrong = replace(stage.config, telegram_token="1:wrong", ailab_api_key="wrong-key", data_key=FOREIGN_KEY)
    assert await facts(wrong) == {
        CheckFact.TOKEN_REFUSED: False,
        CheckFact.RESPONSIBLE_GOOD: True,
        CheckFact.KEY_REFUSED: False,
        CheckFact.DATABASE_GOOD: True,
        CheckFact.DATA_KEY_WRONG: False,
        CheckFact.SEALED_KEYLESS: False,
        CheckFact.DISK_GOOD: True,
        CheckFact.CAPS: True,
        CheckFact.ADMINS_MISSING: True,
        CheckFact.WEBAPP_NONE: True,
        CheckFact.ERASED_BESIDE: True,
        CheckFact.ACCESS_OPEN: True,
    }


async def test_credits_that_are_gone_are_said(stage: Stage) -> None:
    """The key is good, and yet photos would wait."""
    stage.ailab.balances = {"common": 49}
    assert (await facts(stage.config))[CheckFact.CREDITS_GONE] is False


async def test_the_webhook_is_said_to_be_good_with_no_secret_set(stage: Stage) -> None:
    """The bot makes one that only it and Telegram know."""
    stage.settings = {"WEBHOOK_URL": "https://bot.example.org/hook"}
    assert (await facts(stage.config))[CheckFact.WEBHOOK_GOOD]


async def test_it_changes_nothing(tmp_path: Path) -> None:
    """No folder, database or key is made where there is none; an empty PostgreSQL stays one to move to."""
    ended = await skinbot("check", cwd=tmp_path, TELEGRAM_TOKEN="1:x", TELEGRAM_API_URL="http://127.0.0.1:9")
    assert ended.code == 1
    assert "the first start makes it" in ended.out
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - quick, and not awaited


async def test_an_empty_server_stays_empty() -> None:
    """It can still be moved to."""
    with fresh_database("check") as url:
        if url is None:
            pytest.skip(NO_SERVER)
        config = read_config(
            {
                "DATABASE_URL": url,
                "DATA_KEY": "a-key-of-more-than-32-letters-for-it",
                "TELEGRAM_API_URL": "http://127.0.0.1:9",
            }
        )
        assert (await facts(config))[CheckFact.DATABASE_NEW]
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.mark.parametrize(
    ("settings", "fact", "detail"),
    [
        ({}, CheckFact.ACCESS_OPEN, ""),
        ({"ACCESS": "named", "ALLOWED_IDS": "7,8", "ADMIN_IDS": "7"}, CheckFact.ACCESS_NAMED, "2"),
        ({"ACCESS": "named"}, CheckFact.ACCESS_NOBODY, ""),
    ],
)
def test_who_may_use_it_is_told(settings: dict[str, str], fact: CheckFact, detail: str) -> None:
    """Also that nobody may, which no start would say; by their number, not by their ids."""
    config = read_config({"TELEGRAM_TOKEN": "1:x"} | settings)
    told = {line.fact: line for line in surroundings(config, [], memory=None)}
    assert (told[fact].detail, told[fact].hint) == (detail, fact is CheckFact.ACCESS_NOBODY)


@pytest.mark.parametrize(("mode", "open_to_others"), [(0o600, False), (0o644, True), (0o640, True)])
def test_settings_that_others_can_read_are_named(tmp_path: Path, mode: int, *, open_to_others: bool) -> None:
    (tmp_path / ".env").write_text("")
    (tmp_path / ".env").chmod(mode)
    told = {line.fact for line in surroundings(read_config({}), [], memory=None, settings=tmp_path / ".env")}
    assert (CheckFact.DOTENV_OPEN in told) is open_to_others


async def test_where_the_list_of_the_erased_lies_is_told(stage: Stage, tmp_path: Path) -> None:
    """Beside the database it is lost with it."""
    assert (await facts(stage.config))[CheckFact.ERASED_BESIDE]
    stage.settings = {"ERASED_LIST": str(tmp_path / "skinbot.erased")}
    assert CheckFact.ERASED_BESIDE not in await facts(stage.config)


async def test_a_bot_that_was_never_introduced_is_told_so(stage: Stage) -> None:
    """Whoever opens it in Telegram sees neither picture nor text; what the set-up gives it is seen."""
    assert (await facts(stage.config))[CheckFact.UNINTRODUCED]
    async with Bot(stage.telegram.token, base_url=f"{stage.telegram.url}/bot") as bot:
        await present(bot, Renderer())
    assert CheckFact.UNINTRODUCED not in await facts(stage.config)


def test_what_is_around_is_seen() -> None:
    """No limit of costs, nobody to tell, a misspelt name, an address of somebody else, a container that is small."""
    config = read_config({"AILAB_API_KEY": "k", "DAILY_REPORTS_TOTAL": "0", "HOST": "999.1.1.1", "PORT": "0"})
    names = ["TELEGRAM_TOKEN", "TELEGRAM_TOKE", "PATH", "ADMIN_ID"]
    told = {line.fact: line for line in surroundings(config, names, memory=512_000_000)}
    assert told[CheckFact.CAPS].hint
    assert told[CheckFact.NAMES_UNKNOWN].detail == "ADMIN_ID, TELEGRAM_TOKE"
    assert not told[CheckFact.HOST_WRONG].good
    assert told[CheckFact.ADMINS_MISSING].hint
    assert (told[CheckFact.MEMORY_LITTLE].hint, told[CheckFact.MEMORY_LITTLE].detail) == (True, "512 MB")


@pytest.mark.parametrize("memory", [None, 1_000_000_000])
def test_enough_memory_is_no_matter(memory: int | None) -> None:
    """No limit at all, or one that leaves room."""
    assert CheckFact.MEMORY_LITTLE not in {line.fact for line in surroundings(read_config({}), [], memory=memory)}


async def test_a_low_priority_is_seen(tmp_path: Path) -> None:
    """Answers would be slow, and nobody would know why."""
    process = await asyncio.create_subprocess_exec(
        *("nice", "-n", "15", sys.executable, "-m", "bot", "check"),
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=-1,
    )
    out, _ = await process.communicate()
    assert "low priority" in out.decode()


@pytest.mark.parametrize(("readable_from", "expected"), [("9999", False), (NEWEST, True)])
async def test_a_newer_database_is_said_to_be_what_the_start_will_find(
    stage: Stage, readable_from: str, *, expected: bool
) -> None:
    """One that the start would refuse is an error; one that this version can work with is good."""
    async with stage.running():
        pass
    with closing(sqlite3.connect(stage.database)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.execute("UPDATE schema_mark SET readable_from = ?", [readable_from])
    told = {line.fact: line for line in await checkup(stage.config)}
    assert (CheckFact.DATABASE_GOOD in told) is expected
    assert CheckFact.DATABASE_OLD not in told
    assert expected or "install that version again" in told[CheckFact.DATABASE_FAILED].detail


async def test_a_place_where_no_database_can_be_made_is_said(stage: Stage) -> None:
    """A part of its path is a file; or, for who is not root, a folder of somebody else's."""
    (stage.folder / "file").write_text("")
    config = replace(stage.config, database_url=f"sqlite:///{stage.folder}/file/skinbot.db")
    assert (await facts(config))[CheckFact.DATABASE_FAILED] is False


def test_an_offer_that_can_not_be_kept_is_named() -> None:
    """FALLBACK_ANALYZER=local without the analyzer; where photos are read here anyway there is nothing to offer."""
    paying = read_config({"AILAB_API_KEY": "k", "FALLBACK_ANALYZER": "local"})
    [line] = fallback(paying, installed=False)
    assert (line.fact, line.good) == (CheckFact.FALLBACK_MISSING, False)
    assert fallback(paying, installed=True) == ()
    assert fallback(read_config({"FALLBACK_ANALYZER": "local"}), installed=False) == ()
    assert fallback(read_config({"AILAB_API_KEY": "k"}), installed=False) == ()


@pytest.mark.parametrize("name", RESPONSIBLE)
async def test_who_is_responsible_has_to_be_set(stage: Stage, name: str) -> None:
    """With a vendor's key people are told who asks, who gets their photos, where that is, and on which basis."""
    stage.settings = {name: ""}
    [line] = [line for line in await checkup(stage.config) if line.fact is CheckFact.RESPONSIBLE_UNTOLD]
    assert (line.good, line.detail) == (False, name)


async def test_on_this_device_who_asks_is_enough(stage: Stage) -> None:
    """Nobody else gets a photo; and without a token nobody is asked at all."""
    stage.settings = dict.fromkeys(RESPONSIBLE, "") | {"AILAB_API_KEY": ""}
    [line] = [line for line in await checkup(stage.config) if line.fact is CheckFact.RESPONSIBLE_UNTOLD]
    assert line.detail == "OPERATOR_NAME, OPERATOR_CONTACT"
    stage.settings["TELEGRAM_TOKEN"] = ""
    assert not {CheckFact.RESPONSIBLE_UNTOLD, CheckFact.RESPONSIBLE_GOOD} & (await facts(stage.config)).keys()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/data/skinbot.db"
        return
    with fresh_database("check") as server:
        if server is None:
            pytest.skip(NO_SERVER)
        yield server


SEALS = {CheckFact.SEALED_GOOD, CheckFact.SEALED_BROKEN, CheckFact.SEALED_KEYLESS}


async def _lived_in(url: str) -> None:
    """Two people with a report each, an update that waits, and what is left of one who was erased."""
    async with open_store(url, KEY) as store:
        await _meet(store, 1)
        await _meet(store, 2)
        await store.inbox.take([(1, 1, "{}"), (2, 2, "{}")], now=NOON)
        await store.people.erase((await _meet(store, 3)), now=NOON)


async def _meet(store: Store, telegram_id: int) -> int:
    somebody = await store.people.meet(telegram_id, "en", now=NOON)
    await store.people.record_consent(somebody.id, AGREED, now=NOON)
    await delivered(store, somebody, message_id=telegram_id)
    return somebody.id


async def _seals(url: str, key: str = KEY) -> list[tuple[CheckFact, bool, str]]:
    config = read_config({"DATABASE_URL": url, "DATA_KEY": key})
    return [(line.fact, line.good, line.detail) for line in await checkup(config) if line.fact in SEALS]


def _tamper(url: str, change: Callable[[Connection], object]) -> None:
    engine = create_engine(location_of(url).sync_url, poolclass=NullPool)
    with engine.begin() as connection:
        change(connection)


async def test_what_is_sealed_is_said_to_open(url: str) -> None:
    """One row of each table was opened, all keys are there; and neither row nor key was changed for it."""
    await _lived_in(url)
    before = _all_rows(url)
    assert await _seals(url) == [(CheckFact.SEALED_GOOD, True, "")]
    assert _all_rows(url) == before


def _all_rows(url: str) -> list[list[object]]:
    rows: list[list[object]] = []
    tables = (encryption_key, person_key, inbox, report)
    _tamper(url, lambda connection: rows.extend([[*connection.execute(select(table))] for table in tables]))
    return rows


@pytest.mark.parametrize(("table", "column"), [("report", "answer"), ("person", "telegram_id"), ("inbox", "sealed")])
async def test_a_swapped_value_is_said(url: str, table: str, column: str) -> None:
    """What was copied from one row to the others opens at its own place only."""
    await _lived_in(url)
    row = {"inbox": "update_id"}.get(table, "id")
    first = f"(SELECT {column} FROM {table} ORDER BY {row} LIMIT 1)"  # noqa: S608 - names of the test's own
    _tamper(url, lambda connection: connection.execute(text(f"UPDATE {table} SET {column} = {first}")))  # noqa: S608 - likewise
    assert await _seals(url) == [(CheckFact.SEALED_BROKEN, False, table)]


async def test_a_lost_key_of_a_person_is_counted(url: str) -> None:
    """Their row and their report: two that nothing opens, beside others that are good."""
    await _lived_in(url)
    _tamper(url, lambda connection: connection.execute(delete(person_key).where(person_key.c.person_id == 1)))
    assert await _seals(url) == [(CheckFact.SEALED_KEYLESS, False, "2")]


async def test_a_wrong_key_is_seen_when_its_fingerprint_says_nothing(tmp_path: Path) -> None:
    """The database's own list of keys was emptied, or holds the wrong key's name everywhere."""
    url = f"sqlite:///{tmp_path}/skinbot.db"
    await _lived_in(url)
    _tamper(url, lambda connection: connection.execute(delete(encryption_key)))
    [(fact, good, rows)] = await _seals(url, FOREIGN_KEY)
    assert (fact, good) == (CheckFact.SEALED_KEYLESS, False)
    assert int(rows) >= 2 + 2 + 2 + 1  # people, reports, updates, a proof
    foreign = Keyring.from_setting(FOREIGN_KEY).newest
    for table in ("secret", "person_key", "inbox_key"):
        _tamper(url, partial(_say_sealed_by, table=table, by=foreign))
    [(fact, good, broken)] = await _seals(url, FOREIGN_KEY)
    assert (fact, good, broken) == (CheckFact.SEALED_BROKEN, False, "secret, person, report, inbox")


def _say_sealed_by(connection: Connection, *, table: str, by: bytes) -> None:
    connection.execute(text(f"UPDATE {table} SET sealed_by = :by"), {"by": by})  # noqa: S608 - names of the test's own


async def test_a_weak_key_is_said(url: str) -> None:
    """A warning where it has sealed already; a failure where the start would refuse it."""
    weak = "a-key-of-more-than-32-letters-for-it"
    config = read_config({"DATABASE_URL": url, "DATA_KEY": weak})
    [new] = [line for line in await checkup(config) if line.fact is CheckFact.DATA_KEY_WEAK]
    assert (new.good, new.hint) == (False, False)
    await _lived_in(url)
    fingerprint = Keyring.from_setting(weak).newest
    _tamper(url, lambda connection: connection.execute(encryption_key.insert().values(fingerprint=fingerprint)))
    config = read_config({"DATABASE_URL": url, "DATA_KEY": f"{weak},{KEY}"})
    [used] = [line for line in await checkup(config) if line.fact is CheckFact.DATA_KEY_WEAK]
    assert (used.good, used.hint) == (True, True)


async def test_the_key_files_place_is_said(tmp_path: Path) -> None:
    """It lies beside the database; and others may read it."""
    url = f"sqlite:///{tmp_path}/data/skinbot.db"
    async with open_store(url, None):
        pass
    config = read_config({"DATABASE_URL": url})
    hints = {line.fact for line in await checkup(config) if line.hint}
    assert CheckFact.DATA_KEY_BESIDE in hints
    assert CheckFact.DATA_KEY_OPEN not in hints
    (tmp_path / "data" / "skinbot.key").chmod(0o644)
    assert CheckFact.DATA_KEY_OPEN in {line.fact for line in await checkup(config) if line.hint}


async def test_whether_the_mini_app_can_be_reached_is_said(stage: Stage) -> None:
    """While the bot runs it is; before that nobody answers there, which is a hint and no failure."""
    with_page(stage)
    before = {line.fact: line.hint for line in await checkup(stage.config)}
    async with stage.running():
        there = {line.fact: line.hint for line in await checkup(stage.config)}
    assert before[CheckFact.WEBAPP_SILENT]
    assert there[CheckFact.WEBAPP_GOOD] is False
    assert CheckFact.WEBAPP_SILENT not in there
