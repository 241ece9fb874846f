"""What the question for consent and the notice promise is what the bot does."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from hashlib import sha256

import pytest

from bot.analysis.local import is_installed
from bot.app import App, build
from bot.clock import now
from bot.people.consent import CONSENT_VERSION
from tests.ailab import answer, says
from tests.journeys.stage import (
    RESPONSIBLE,
    SELFIE,
    Stage,
    data_of,
    is_consent_question,
    is_newer_than,
    is_report,
    is_report_number,
)
from tests.journeys.test_own_data import exported, held, opened, reports_of, says_words, turned
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage


def stored(stage: Stage, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(stage.database)) as database:
        return database.execute(question).fetchall()


@asynccontextmanager
async def later(stage: Stage, by: timedelta) -> AsyncIterator[App]:
    """The bot by a clock that goes so much ahead; it hears nothing."""
    async with build(stage.config, clock=lambda: now() + by) as app:
        yield app


async def test_the_question_says_who_asks_and_who_gets_the_photo(stage: Stage) -> None:
    """By name and country; so does the notice, with the basis. The yes comes first and fits a phone with the rest."""
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_photo(SELFIE)
        question = await ada.wait_for(is_consent_question)
        await ada.press(question, "privacy")
        notice = await ada.wait_for(is_newer_than(question))

    told = [value for name, value in RESPONSIBLE.items() if name != "AILAB_TRANSFER"]
    assert all(value in question.text for value in told)
    assert all(value in notice.text for value in RESPONSIBLE.values())
    assert "18" in question.labels[0]
    assert len(question.text) < 1500


async def test_nothing_of_health_is_stored_before_the_yes(stage: Stage) -> None:
    """What stands under a photo is not kept, the photo is found a week long, and goes then by itself."""
    async with stage.running():
        ada, eva = stage.telegram.person(1), stage.telegram.person(2)
        for person, said in ((ada, "third week of the ointment"), (eva, "my eczema is back")):
            await person.send_photo(SELFIE, caption=said)  # only the second is heard as a call for help
            await person.wait_for(is_consent_question)
        await stage.settled()
    async with later(stage, timedelta(days=6, hours=20)) as app:
        await app.own_data.retention.sweep()
    assert stored(stage, "SELECT note FROM report") == [(None,), (None,)]
    async with stage.running():
        await ada.press(await ada.wait_for(is_consent_question), "consent:yes")
        report = await ada.wait_for(is_report)
        await stage.settled()
    assert "ointment" not in report.caption
    async with later(stage, timedelta(days=7, hours=1)) as app:
        await app.own_data.retention.sweep()
    assert stored(stage, "SELECT person_id, state FROM report") == [(1, "delivered")]


async def test_the_proof_says_which_words_were_agreed_to(stage: Stage) -> None:
    """Version, language and a hash of the text; and the separate yes to sending photos."""
    async with stage.running():
        ada = await stage.consenting(language_code="es")
        data = json.loads((await exported(ada))["data.json"])["person"]["stored"]
        assert (data["consent_version"], data["consent_locale"], data["shares_photos"]) == (CONSENT_VERSION, "es", True)
        assert len(bytes.fromhex(data["consent_text"])) == sha256().digest_size
        confirm = await opened(ada, "/delete", "delete:yes")
        await ada.press(confirm, "delete:yes")
        await ada.wait_for(lambda message: "/start" in message.text and "delete:yes" not in data_of(message))
        await stage.settled()

    [proof] = stored(stage, "SELECT version, locale, hex(text), shared_at IS NOT NULL FROM consent_proof")
    assert proof == (CONSENT_VERSION, "es", data["consent_text"].upper(), 1)


async def test_who_agreed_to_earlier_words_is_asked_anew(stage: Stage) -> None:
    """Kindly, once; the photo waits meanwhile, and a yes under the old question does not count for the new one."""
    async with stage.running():
        ada = await stage.consenting()
        with closing(sqlite3.connect(stage.database)) as database, database:
            database.execute("UPDATE person SET consent_version = 2")
        await ada.send_photo(selfie((500, 700)))
        question = await ada.wait_for(is_newer_than(ada.last))
        assert "asking once more" in question.words
        await ada.forge(question.message_id, "consent:yes").answer
        await stage.settled()
        assert len(stage.ailab.calls) == 1
        await ada.press(question, f"consent:yes:{CONSENT_VERSION}")
        await ada.wait_for(is_report_number(2))


@pytest.mark.parametrize("keeps", [True, False])
async def test_reports_after_the_permission_was_taken_back(stage: Stage, keeps: bool) -> None:  # noqa: FBT001 - a case
    """Erased, or kept by a yes of their own that /mydata tells of; nothing is decided without asking."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_text("sleeping badly", reply_to=ada.last.message_id)
        screen = await opened(ada, "/mydata", "withdraw:ask")
        screen = await turned(ada, screen, "withdraw:ask", "withdraw:erase")
        assert {"withdraw:no", "withdraw:keep"} < set(data_of(screen))
        await turned(ada, screen, "withdraw:keep" if keeps else "withdraw:erase", "delete:ask")
        await ada.send_text("/latest")
        latest = await ada.wait_for(is_newer_than(screen))
        overview = await opened(ada, "/mydata", "export")

    assert is_report(latest) is keeps
    assert len(await reports_of(stage)) == int(keeps)
    assert ("kept because you asked" in overview.words) is keeps
    assert stored(stage, "SELECT keeps_reports_at IS NOT NULL FROM person") == [(int(keeps),)]


async def test_a_photo_that_is_measured_when_everything_is_to_go(stage: Stage) -> None:
    """Nothing of it is kept, and its message does not say for ever that it is looked at."""
    async with stage.running():
        ada = await stage.consenting()
        gate = asyncio.Event()
        stage.ailab.will(held(gate))
        stage.ailab.called.clear()
        await ada.send_photo(selfie((500, 700)))
        await stage.ailab.called.wait()
        status = ada.last
        screen = await opened(ada, "/mydata", "withdraw:ask")
        screen = await turned(ada, screen, "withdraw:ask", "withdraw:erase")
        await turned(ada, screen, "withdraw:erase", "delete:ask")
        gate.set()
        await stage.settled()

    assert await reports_of(stage) == []
    [end] = [message for message in ada.bot_messages if message.message_id == status.message_id]
    assert end.text != status.text
    assert not is_report(end)


async def test_erasing_takes_ones_own_messages_of_two_days_along(stage: Stage) -> None:
    """The selfies and what was written, too; only the receipt stays, and whatever Telegram does not delete."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie((500, 700)), caption="new cream")
        await ada.wait_for(is_report_number(2))
        await ada.send_text("my skin hurts")
        await ada.send_text("/help")
        confirm = await opened(ada, "/delete", "delete:yes")
        await ada.press(confirm, "delete:yes")
        receipt = await ada.wait_for(says_words("permission are deleted"))
        await stage.settled()

    assert [message.message_id for message in ada.messages] == [receipt.message_id]


@pytest.mark.skipif(not is_installed(), reason="the on-device analyzer is not installed")
async def test_a_photo_that_is_not_to_be_sent_is_read_here(stage: Stage) -> None:
    """The other yes: a report without any call; changed in /settings from then on, and the two are not compared."""
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_photo(selfie((800, 800)))
        question = await ada.wait_for(is_consent_question)
        await ada.press(question, "consent:here")
        first = await ada.wait_for(is_report)
        await stage.settled()
        assert stage.ailab.calls == []
        await chosen(ada, "yes", "by AILabTools")
        stage.ailab.will(says(answer()))
        await ada.send_photo(selfie((800, 801)))
        second = await ada.wait_for(is_report_number(2))
        await stage.settled()
        assert len(stage.ailab.calls) == 1
        await chosen(ada, "no", "on this bot's own server")
        await ada.send_photo(selfie((500, 700)))
        await ada.wait_for(is_newer_than(ada.last))
        await stage.settled()

    assert len(stage.ailab.calls) == 1
    assert first.photo is not None
    assert "Since report 1" not in second.caption


async def chosen(person: Actor, choice: str, expected: str) -> ChatMessage:
    """/settings, with another choice of where photos are read."""
    screen = await opened(person, "/settings", "settings:share")
    screen = await turned(person, screen, "settings:share", "settings:share:yes")
    await person.press(screen, f"settings:share:{choice}")
    return await person.wait_for(lambda message: message.message_id == screen.message_id and expected in message.words)
