"""skinbot check against real servers: what would fail is said, and nothing is sent or paid."""

from dataclasses import replace

from bot.checkup import checkup
from bot.config import Config
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.views import CheckFact
from tests.journeys.stage import Stage


async def facts(config: Config) -> dict[CheckFact, bool]:
    return {line.fact: line.good for line in await checkup(config)}


async def test_a_good_set_up_is_said_to_be_good(stage: Stage) -> None:
    """Token, key with its credits, database, encryption key, room on the disk; free of charge."""
    lines = await checkup(stage.config)
    assert {line.fact for line in lines} == {
        CheckFact.TOKEN_GOOD,
        CheckFact.KEY_GOOD,
        CheckFact.DATABASE_GOOD,
        CheckFact.DATA_KEY_GOOD,
        CheckFact.DISK_GOOD,
    }
    assert all(line.good for line in lines)
    assert [line.analyses for line in lines if line.fact is CheckFact.KEY_GOOD] == [102]
    assert stage.ailab.calls == []
    assert {request.method for request in stage.telegram.requests} == {"getMe"}


async def test_what_would_fail_is_named(stage: Stage) -> None:
    """A wrong token, a wrong key, a key that does not fit the database, one after the other in one go."""
    keyring = Keyring.from_setting("a-key-for-the-journeys")
    await checkup(stage.config)
    async with Database.open(stage.config.database_url, keyring):
        pass
    wrong = replace(
        stage.config, telegram_token="1:wrong", ailab_api_key="wrong-key", data_key="another-key-than-it-was"
    )
    assert await facts(wrong) == {
        CheckFact.TOKEN_REFUSED: False,
        CheckFact.KEY_REFUSED: False,
        CheckFact.DATA_KEY_WRONG: False,
        CheckFact.DISK_GOOD: True,
    }


async def test_credits_that_are_gone_are_said(stage: Stage) -> None:
    """The key is good, and yet photos would wait."""
    stage.ailab.balances = {"common": 49}
    assert (await facts(stage.config))[CheckFact.CREDITS_GONE] is False


async def test_the_webhook_is_said_to_be_good_with_no_secret_set(stage: Stage) -> None:
    """The bot makes one that only it and Telegram know."""
    stage.settings = {"WEBHOOK_URL": "https://bot.example.org/hook"}
    assert (await facts(stage.config))[CheckFact.WEBHOOK_GOOD]
