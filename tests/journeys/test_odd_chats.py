"""Chats as they come: nothing that a person sends is dropped without a word."""

import asyncio
import io
import sqlite3
from contextlib import closing

import pytest
from PIL import Image

from tests.journeys.stage import (
    Stage,
    data_of,
    is_consent_question,
    is_newer_than,
    is_report,
    is_report_number,
)
from tests.journeys.test_own_data import reports_of
from tests.pictures import selfie
from tests.telegram import StagedTelegram


async def test_a_spoken_note_is_told_that_notes_are_typed(stage: Stage) -> None:
    """As an answer to a report, and as a message of its own."""
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        voice = ada.upload(b"OggS voice", mime="audio/ogg") | {"duration": 3}
        await ada.send(voice=voice, reply_to=report.message_id)
        told = await ada.wait_for(is_newer_than(report))
        await ada.send_voice()
        again = await ada.wait_for(is_newer_than(told))

    assert "Notes have to be typed" in told.text
    assert again.text == told.text


async def test_erasing_everything_does_not_renew_the_day(stage: Stage) -> None:
    """Two reports a day, however often somebody is erased and agrees anew; then nothing is even fetched."""
    stage.settings["DAILY_REPORTS_PER_USER"] = "2"
    async with stage.running():
        ada = stage.telegram.person(7001)
        for time in range(4):
            await ada.send_photo(selfie((500, 600), seed=time))
            question = await ada.wait_for(is_consent_question)
            await ada.press(question, "consent:yes")
            await ada.wait_for(is_report if time < 2 else lambda message: "That's all for today" in message.words)
            await stage.settled()
            await ada.send_text("/delete")
            await ada.press(await ada.wait_for(lambda message: "delete:yes" in data_of(message)), "delete:yes")
            await ada.wait_for(lambda message: "deleted" in message.words and not data_of(message))

    assert len(stage.ailab.calls) == 2
    assert len(stage.telegram.calls("getFile")) == 2


async def test_a_part_that_comes_long_after_a_doubtful_one_is_looked_at(stage: Stage) -> None:
    """The first part of an album is too dark; the second, five seconds later, is a good selfie."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(dark(selfie((500, 600))), album="two")
        await ada.wait_for(lambda message: any(data.startswith("anyway:") for data in data_of(message)))
        await stage.settled()
        await ada.send_photo(selfie((500, 700)), album="two")
        await ada.wait_for(is_report_number(2))

    assert len(stage.ailab.calls) == 2


async def test_a_part_that_comes_after_the_report_is_told(stage: Stage) -> None:
    """It is not paid for without being asked for, and read when it is."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie((500, 600)), album="two")
        await ada.wait_for(is_report_number(2))
        await stage.settled()
        await ada.send_photo(selfie((500, 700)), album="two")
        told = await ada.wait_for(lambda message: "later than the others" in message.words)
        await stage.settled()
        calls = len(stage.ailab.calls)
        await ada.press(told, "Look at this one")
        await ada.wait_for(is_report_number(3))

    assert calls == 2
    assert "report 2" in told.text
    assert "report:2" in data_of(told)


async def test_an_album_that_a_restart_cut_in_two_is_one(stage: Stage) -> None:
    """Its first part was stored, the others came while nobody was there: the best of all three is read."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(dark(selfie((500, 600))), album="three")
        await ada.wait_for(lambda message: "Checking" in message.words)
    await asyncio.sleep(1.5)  # it would be due by now
    await ada.send_photo(selfie((500, 700)), album="three")
    await ada.send_photo(dark(selfie((500, 610))), album="three")
    async with stage.running():
        report = await ada.wait_for(is_report_number(2))
        await stage.settled()

    assert "2 of 3" in report.caption


async def test_another_bot_on_the_same_database(stage: Stage) -> None:
    """It counts messages, updates and albums from the beginning: nothing of it is taken for the first one's.

    A report of before is shown in words: its pictures are another bot's.
    """
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie((500, 600)), album="two")
        await ada.wait_for(is_report_number(2))
        await stage.settled()
    async with StagedTelegram(token="67890:another") as other:
        stage.telegram = other
        async with stage.running():
            ada = other.person(7001)
            for number, album in ((3, None), (4, "two"), (5, None)):
                await ada.send_photo(selfie((500, 610 + number)), album=album)
                await ada.wait_for(is_report_number(number))
                await stage.settled()
            await ada.send_text("/report 1")
            again = await ada.wait_for(lambda message: "report 1" in message.words)

    assert len(stage.ailab.calls) == 5
    assert not is_report(again)


def dark(picture: bytes) -> bytes:
    """The same photo, taken in the dark."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(picture)).point(lambda value: value * 0.12).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


async def test_a_note_that_is_changed_is_corrected(stage: Stage) -> None:
    """An answer to a report, and the words under a selfie: taken, and said."""
    async with stage.running():
        ada = await stage.consenting()
        note = await ada.send_text("new craem", reply_to=ada.last.message_id)
        await ada.wait_for(lambda message: "new craem" in message.words)
        await ada.edit(note, "new cream")
        await ada.wait_for(lambda message: "new cream" in message.words)
        photo = await ada.send_photo(selfie((500, 600)), caption="after the sae")
        await ada.wait_for(is_report_number(2))
        await stage.settled()
        await ada.edit_photo(photo, caption="after the sea")
        noted = await ada.wait_for(lambda message: "after the sea" in message.words)
        await ada.edit_photo(photo, caption="after the sea")  # nothing is said about nothing
        await ada.send_text("/history")
        history = await ada.wait_for(is_newer_than(noted))
        kept = [one.note for one in await reports_of(stage)]

    assert "Your reports" in history.words
    assert kept == ["new cream", "after the sea"]


async def test_a_message_that_is_changed_is_answered(stage: Stage) -> None:
    """A command is not run for being changed, another picture not read: both are said, in words."""
    async with stage.running():
        ada = await stage.consenting()
        command = await ada.send_text("/hlep")
        unknown = await ada.wait_for(is_newer_than(ada.last))
        await ada.edit(command, "/help")
        told = await ada.wait_for(is_newer_than(unknown))
        await ada.edit(command, "/history")  # said once
        photo = await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(is_report_number(2))
        await stage.settled()
        await ada.edit_photo(photo, picture=selfie((500, 700)))
        replaced = await ada.wait_for(lambda message: "edited a photo" in message.words)
        text = await ada.send_text("Hello")
        hint = await ada.wait_for(is_newer_than(replaced))
        await ada.edit(text, "Hello?")
        again = await ada.wait_for(is_newer_than(hint))

    assert "only act on new commands" in told.text
    assert [message.text for message in ada.bot_messages].count(told.text) == 1
    assert len(stage.ailab.calls) == 2
    assert again.text == hint.text


async def test_our_own_picture_sent_back_is_known(stage: Stage) -> None:
    """Forwarded, with or without its sender: not paid for. A selfie of somebody else that is forwarded is read."""
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        for hide_sender in (False, True):
            known = ada.last
            await ada.forward(report.message_id, hide_sender=hide_sender)
            told = await ada.wait_for(is_newer_than(known))
            assert "one of mine" in told.text
        await stage.settled()
        with closing(sqlite3.connect(stage.database)) as database, database:
            database.execute("DELETE FROM shown_picture")  # as a year later
        await ada.forward(report.message_id)
        again = await ada.wait_for(is_newer_than(told))
        assert again.text == told.text
        calls = len(stage.ailab.calls)
        eva = stage.telegram.person(42)
        photo = await eva.send_photo(selfie((500, 600)))
        sent = stage.telegram.world.chats[42].messages[photo]
        origin = {"type": "user", "date": 1, "sender_user": eva.card}
        await ada.send(photo=sent.body["photo"], forward_origin=origin)
        await ada.wait_for(is_report_number(2))

    assert calls == 1


async def test_a_channel_is_left_without_a_word(stage: Stage) -> None:
    """Whoever makes the bot an administrator of one."""
    async with stage.running():
        ada = stage.telegram.person(7001)
        channel = stage.telegram.group(-1_009_999_999_999, title="News")
        stage.telegram.world.chats[channel.chat_id].card["type"] = "channel"
        channel.add_bot(ada)
        async with asyncio.timeout(20):
            while not channel.left:  # noqa: ASYNC110 - a chat rings no bell when it is left
                await asyncio.sleep(0.05)
        await stage.settled()
    assert channel.bot_messages == []


@pytest.mark.parametrize("user_id", [7002, 777000])
async def test_another_bot_and_telegram_itself_are_nobody(stage: Stage, user_id: int) -> None:
    """No answer and no row: two bots that answer each other never end."""
    async with stage.running():
        stranger = stage.telegram.person(user_id)
        card = {**stranger.card, "is_bot": user_id != 777000}
        body = {"message_id": 900, "date": 1_700_000_000, "from": card, "chat": {"id": user_id, "type": "private"}}
        stage.telegram.world.updates.push("message", {**body, "text": "/help"}, chat_id=user_id)
        ada = stage.telegram.person(7001)
        await ada.send_text("hello")
        await ada.wait_for(lambda _: True)
        await stage.settled()
        assert stranger.bot_messages == []
        with closing(sqlite3.connect(stage.database)) as rows:
            assert rows.execute("SELECT count(*) FROM person").fetchone() == (1,)
