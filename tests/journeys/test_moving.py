"""Moving to another Telegram account: a code from /mydata takes everything along, once, within an hour."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from bot.clock import now
from tests.journeys.stage import Stage, asked, is_consent_question, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor


async def code_of(person: Actor) -> str:
    """What the other account has to send."""
    mydata = await asked(person, "/mydata")
    await person.press(mydata, "move")
    told = await person.wait_for(lambda message: "/start m_" in message.words)
    return next(line for line in told.words.split("\n") if line.startswith("/start m_"))


async def test_everything_comes_along_and_the_old_chat_is_told(stage: Stage) -> None:
    """Reports open in the new chat, new ones are numbered on, and the old account is a stranger."""
    async with stage.running():
        ada = await stage.consenting(1)
        start = await code_of(ada)
        other = stage.telegram.person(2)
        welcome = await asked(other, start)
        await ada.wait_for(lambda message: "moved to your other account" in message.words)
        await other.send_text("/latest")
        await other.wait_for(is_report_number(1))
        await other.send_photo(selfie(seed=4))
        await other.wait_for(is_report_number(2))
        nothing = await asked(ada, "/history")
        await ada.send_photo(selfie(seed=5))
        await ada.wait_for(is_consent_question)

    assert "Your reports, notes and settings are here now" in welcome.words
    assert "1" not in nothing.words


async def test_a_code_works_once(stage: Stage) -> None:
    """A second account that brings it gets nothing, and nor does a forged one."""
    async with stage.running():
        ada = await stage.consenting(1)
        start = await code_of(ada)
        await asked(stage.telegram.person(2), start)
        again = await asked(stage.telegram.person(3), start)
        forged = [
            await asked(stage.telegram.person(4), text)
            for text in (start[:-1] + ("0" if start[-1] != "0" else "1"), "/start m_1_", "/start m_x_00", "/start m_")
        ]

    assert all("does not work" in message.words for message in (again, *forged))


async def test_a_code_is_good_for_an_hour(stage: Stage) -> None:
    """After that it is as unknown as any other."""
    async with stage.running():
        start = await code_of(await stage.consenting(1))
    stage.clock = lambda: now() + timedelta(minutes=61)
    async with stage.running():
        late = await asked(stage.telegram.person(2), start)

    assert "does not work" in late.words


@pytest.mark.parametrize("newcomer", [1, 2])
async def test_an_account_that_has_reports_is_left_as_it_is(stage: Stage, newcomer: int) -> None:
    """Neither somebody else's history nor one's own is mixed up."""
    async with stage.running():
        ada = await stage.consenting(1)
        other = ada if newcomer == 1 else await stage.consenting(2)
        start = await code_of(ada)
        refused = await asked(other, start)
        await ada.send_text("/latest")
        await ada.wait_for(is_report_number(1))

    assert ("other account" in refused.words) == (newcomer == 1)
    assert ("reports or notes of its own" in refused.words) == (newcomer == 2)


async def test_whoever_moved_and_is_erased_stays_so_under_both_accounts(stage: Stage) -> None:
    """An old backup knows them by the old account: its tombstone stands as well."""
    async with stage.running():
        start = await code_of(await stage.consenting(1))
        other = stage.telegram.person(2)
        await asked(other, start)
        await other.press(await asked(other, "/delete"), "delete:yes")
        await stage.settled()
    with closing(sqlite3.connect(stage.database)) as database:
        (stones,) = database.execute("SELECT count(*) FROM tombstone").fetchone()

    assert stones == 2
