"""No photo leaves, and nothing is paid, without the permission that stands at that moment."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import now
from bot.reports.afterwards import Afterwards
from tests.ailab import Behaviour, error, truncated
from tests.journeys.stage import Stage, data_of, is_consent_question, is_report
from tests.journeys.test_own_data import held, opened, turned
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage, Delay, Refuse


async def withdraw(person: Actor) -> None:
    screen = await opened(person, "/mydata", "withdraw:ask")
    screen = await turned(person, screen, "withdraw:ask", "withdraw:keep")
    await turned(person, screen, "withdraw:keep", "delete:ask")


def offer(message: ChatMessage, what: str) -> str:
    return next((data for data in data_of(message) if data.startswith(f"{what}:")), "")


def states(stage: Stage) -> list[tuple[str, str | None]]:
    with closing(sqlite3.connect(stage.database)) as database:
        return database.execute("SELECT state, reason FROM report ORDER BY id").fetchall()


@pytest.mark.parametrize(
    ("what", "trouble"),
    [
        ("anyway", error("ERROR_POOR_FACE_QUALITY", status=422)),
        ("again", truncated()),
        ("here", error("EXCEEDING_LIMITS", status=429, retry_after="600")),
    ],
)
async def test_an_old_button_asks_for_the_permission_that_was_taken_back(
    stage: Stage, what: str, trouble: Behaviour
) -> None:
    """The photo stays where it is; without a limit a day, too, nothing is paid."""
    stage.settings |= {"DAILY_REPORTS_PER_USER": "0", "FALLBACK_ANALYZER": "local"}
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.will(trouble, trouble)
        await ada.send_photo(selfie((500, 600)))
        told = await ada.wait_for(lambda message: bool(offer(message, what)))
        await withdraw(ada)
        calls = len(stage.ailab.calls)
        await ada.press(told, offer(told, what))
        await ada.wait_for(lambda message: is_consent_question(message) and message.message_id > told.message_id)
        await stage.settled()

    assert len(stage.ailab.calls) == calls


async def test_permission_taken_back_while_a_photo_waits_for_its_turn(stage: Stage) -> None:
    """With the vendor's one place taken, it was promised that photos that wait are given up."""
    stage.settings["AILAB_CONCURRENCY"] = "1"
    async with stage.running():
        ada, gate = await _in_the_queue(stage)
        await withdraw(ada)
        gate.set()
        await stage.settled()

    assert len(stage.ailab.calls) == 3  # two first ones, and Eva's
    assert ("failed", "cancelled") in states(stage)


async def test_permission_taken_back_while_the_report_is_sent(stage: Stage) -> None:
    """Nothing more is said of that report, nothing of it is kept, and no reminder is offered."""
    async with stage.running():
        ada = await stage.consenting()
        stage.telegram.fail_next("editMessageMedia", Delay(seconds=2))
        await ada.send_photo(selfie((500, 600)))
        async with asyncio.timeout(20):
            while len(stage.telegram.calls("editMessageMedia")) < 2:  # noqa: ASYNC110 - the server rings no bell
                await asyncio.sleep(0.01)
        await withdraw(ada)
        await _ends_in_silence(stage, ada)


async def test_permission_taken_back_before_the_report_is_drawn(stage: Stage) -> None:
    """A process died with the answer stored; before the next one goes on, the person changed their mind."""
    async with stage.running():
        ada = await stage.consenting()
        stage.telegram.fail_next("editMessageMedia", *[Refuse(status=502, description="Bad Gateway")] * 9)
        await ada.send_photo(selfie((500, 600)))
        async with asyncio.timeout(20):
            while ("analyzed", None) not in states(stage):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
    await ada.send_text("/mydata")
    with closing(sqlite3.connect(stage.database)) as database, database:
        database.execute("UPDATE person SET consent_version = NULL, withdrawn_at = consented_at")
        database.execute("UPDATE report SET not_before = updated_at WHERE state = 'analyzed'")
    sent, fetched = len(stage.telegram.calls("editMessageMedia")), len(stage.telegram.calls("getFile"))
    async with stage.running():
        await ada.wait_for(lambda message: "taken back" in message.words)
        async with asyncio.timeout(20):
            while len(states(stage)) > 1:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
        await _ends_in_silence(stage, ada)
    assert len(stage.telegram.calls("editMessageMedia")) == sent
    assert len(stage.telegram.calls("getFile")) == fetched  # nor is it drawn for nobody


async def test_nothing_follows_a_report_once_the_permission_was_taken_back(stage: Stage) -> None:
    """Taken back in the moment in which the report was there: neither its note nor a reminder is spoken of."""
    async with stage.running() as app:
        ada = await stage.consenting()
        person = await app.store.people.known(7001)
        assert person is not None
        report = await app.store.reports.of_person(person.id, 1)
        assert report is not None
        afterwards = Afterwards(
            rows=app.store.reports,
            told=app.store.retention,
            voice=app.people.voice,
            still_permits=app.people.people.still_permits,
            suggest=app.reminders.setting.suggest,
            now=now,
        )
        await withdraw(ada)
        said = len(ada.bot_messages)
        await afterwards.after_report(person, replace(report, note="after the sea"))
        assert len(ada.bot_messages) == said


async def _ends_in_silence(stage: Stage, person: Actor) -> None:
    said = person.last.message_id
    await stage.settled()
    assert person.last.message_id == said
    assert sum(is_report(message) for message in person.bot_messages) == 1  # the first one, of before
    assert not any(data.startswith("remind") for message in person.bot_messages for data in data_of(message))
    assert not any("Looking" in message.words or "Drawing" in message.words for message in person.bot_messages)
    assert states(stage) == [("delivered", None)]


async def test_a_photo_cancelled_while_it_waits_for_its_turn(stage: Stage) -> None:
    """What was said to be stopped is stopped: neither paid nor delivered."""
    stage.settings["AILAB_CONCURRENCY"] = "1"
    async with stage.running():
        ada, gate = await _in_the_queue(stage)
        await ada.send_text("/cancel")
        await ada.wait_for(lambda message: "Canceled: 1 waiting photo" in message.words)
        gate.set()
        await stage.settled()

    assert len(stage.ailab.calls) == 3
    assert sum(is_report(message) for message in ada.bot_messages) == 1


async def test_permission_for_this_device_alone_sends_nothing_away(stage: Stage) -> None:
    """A photo that waits when the operator turns to the vendor is given up, once, and unpaid."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.will(error("ERROR_NOT_ENOUGH_CREDITS", status=429))
        await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(lambda message: "keeps its place" in message.words)
        await stage.settled()
    with closing(sqlite3.connect(stage.database)) as database, database:
        database.execute("UPDATE person SET consent_version = 1")  # as who agreed while photos stayed on the machine
        database.execute("UPDATE report SET not_before = requested_at WHERE state = 'requested'")
    calls = len(stage.ailab.calls)
    async with stage.running():
        await ada.wait_for(lambda message: "Canceled: 1 waiting photo" in message.words)
        await stage.settled()

    assert len(stage.ailab.calls) == calls
    assert states(stage)[-1] == ("failed", "cancelled")


async def test_a_photo_that_waits_for_credits_says_so_once(stage: Stage) -> None:
    """When the person cleared the chat, one new message says it; later tries change that one."""
    ahead = timedelta(0)

    def clock() -> datetime:
        return now() + ahead

    stage.clock = clock
    async with stage.running() as app:
        ada = await stage.consenting()
        stage.ailab.will(*[error("ERROR_NOT_ENOUGH_CREDITS", status=429)] * 9)
        await ada.send_photo(selfie((500, 600)))
        said = await ada.wait_for(lambda message: "keeps its place" in message.words)
        await stage.settled()
        ada.delete(said.message_id)
        known = len(ada.bot_messages)
        for _ in range(3):
            ahead += timedelta(minutes=11)
            stage.ailab.called.clear()
            app.jobs.wake()
            await asyncio.wait_for(stage.ailab.called.wait(), 20)
            await stage.settled()
        assert len(ada.bot_messages) == known + 1


async def _in_the_queue(stage: Stage) -> tuple[Actor, asyncio.Event]:
    """Somebody whose photo waits for the vendor's one place, and the event that frees it."""
    ada, eva = await stage.consenting(1), await stage.consenting(2)
    gate = asyncio.Event()
    stage.ailab.will(held(gate))
    stage.ailab.called.clear()
    await eva.send_photo(selfie((510, 700)))
    await asyncio.wait_for(stage.ailab.called.wait(), 20)
    await ada.send_photo(selfie((500, 600)))
    await ada.wait_for(lambda message: "Looking at your skin" in message.words)
    return ada, gate


@pytest.mark.parametrize("tap", ["redness:1", "compare"])
async def test_no_photo_is_looked_at_again_without_the_permission(stage: Stage, tap: str) -> None:
    """Reports that are kept to be read are read: no new picture is made of the selfie for them."""
    async with stage.running():
        ada = await stage.consenting()
        (report,) = [message for message in ada.bot_messages if is_report(message)]
        await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(lambda message: is_report(message) and message.message_id > report.message_id)
        await stage.settled()
        await withdraw(ada)
        fetched = len(stage.telegram.calls("getFile"))
        before = ada.last
        await ada.forge(report.message_id, tap).answer
        await ada.wait_for(lambda message: message.message_id > before.message_id)
        await stage.settled()

    assert len(stage.telegram.calls("getFile")) == fetched
