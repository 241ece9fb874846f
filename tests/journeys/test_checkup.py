"""skinbot check against real servers: what would fail is said, and nothing is sent or paid."""

import os
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from bot.checkup import checkup
from bot.config import Config, read_config
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.migrating import migrate
from bot.surroundings import memory_limit, surroundings
from bot.views import CheckFact
from tests.commands import skinbot
from tests.journeys.stage import RESPONSIBLE, Stage
from tests.keys import FOREIGN_KEY, KEY
from tests.postgres import NO_SERVER, fresh_database


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
    }
    assert all(line.good for line in lines)
    assert [line.analyses for line in lines if line.fact is CheckFact.KEY_GOOD] == [102]
    assert stage.ailab.calls == []
    assert {request.method for request in stage.telegram.requests} == {"getMe"}


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
        CheckFact.DISK_GOOD: True,
        CheckFact.CAPS: True,
        CheckFact.ADMINS_MISSING: True,
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


def test_what_is_around_is_seen(tmp_path: Path) -> None:
    """No limit of costs, a misspelt name, an address of somebody else, a small container."""
    config = read_config({"AILAB_API_KEY": "k", "DAILY_REPORTS_TOTAL": "0", "HOST": "999.1.1.1", "PORT": "0"})
    told = {line.fact: line for line in surroundings(config, ["TELEGRAM_TOKEN", "TELEGRAM_TOKE", "PATH", "ADMIN_ID"])}
    assert told[CheckFact.CAPS].hint
    assert told[CheckFact.NAMES_UNKNOWN].detail == "ADMIN_ID, TELEGRAM_TOKE"
    assert not told[CheckFact.HOST_WRONG].good
    (tmp_path / "max").write_text("536870912\n")
    assert memory_limit([str(tmp_path / "nowhere"), str(tmp_path / "max")]) == 536870912
    (tmp_path / "max").write_text("max\n")
    assert memory_limit([str(tmp_path / "max")]) is None


async def test_a_place_where_no_database_can_be_made_is_said(stage: Stage) -> None:
    """A part of its path is a file; or, for who is not root, a folder of somebody else's."""
    (stage.folder / "file").write_text("")
    config = replace(stage.config, database_url=f"sqlite:///{stage.folder}/file/skinbot.db")
    assert (await facts(config))[CheckFact.DATABASE_FAILED] is False


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
