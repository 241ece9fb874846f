"""Products and habits: a note becomes one, a name is asked for, help is heard first, and all of it can go."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from tests.journeys.stage import Calendar, Stage, asked, data_of
from tests.journeys.test_own_data import unpacked
from tests.journeys.test_progress import size_of, weekly
from tests.journeys.test_reminders import walk
from tests.telegram import Actor, ChatMessage


async def noted(ada: Actor, text: str) -> ChatMessage:
    """The answer to a note to the newest report."""
    report = await ada.wait_for(lambda message: "details:1" in data_of(message) and message.photo is not None)
    sent = await ada.send_text(text, reply_to=report.message_id)
    return await ada.wait_for(lambda message: message.message_id > sent and "unnote:1" in data_of(message))


async def opened(ada: Actor, message: ChatMessage, data: str) -> ChatMessage:
    """A new message that a button brings."""
    before = ada.last.message_id
    await ada.press(message, data)
    return await ada.wait_for(lambda now: now.message_id > before)


async def adding(ada: Actor, use: str = "started") -> ChatMessage:
    """The question for a name, asked from the list under /mydata."""
    screen = await asked(ada, "/mydata")
    return await walk(ada, screen, "products", "product:new:0", f"product:use:0:{use}")


def rows(stage: Stage) -> int:
    with closing(sqlite3.connect(stage.database)) as database:
        (count,) = database.execute("SELECT count(*) FROM product").fetchone()
    return int(count)


async def test_a_note_becomes_a_product_and_is_stopped_and_removed(stage: Stage, calendar: Calendar) -> None:
    """With two taps, through a restart, in the person's own days; it comes along in the export."""
    async with stage.running():
        ada = await stage.consenting(1)
        choice = await opened(ada, await noted(ada, "azelaic  acid"), "product:new:1")
        assert "“azelaic acid”: started or stopped?" in choice.words
        kept = await walk(ada, choice, "product:use:1:started")
        assert "azelaic acid: since Mar 2, 2026" in kept.words
    calendar.tear_off(timedelta(days=20))
    async with stage.running():
        again = await walk(
            ada, await opened(ada, await noted(ada, "Azelaic acid"), "product:new:1"), "product:use:1:ongoing"
        )
        assert again.words.count("acid") == 1
        (stop,) = (data for data in data_of(again) if data.startswith("product:stop:"))
        stopped = await walk(ada, again, stop)
        assert "azelaic acid: Mar 2, 2026 to Mar 22, 2026" in stopped.words
        await ada.send_text("/export")
        archive = await ada.wait_for(lambda message: message.document is not None)
        (remove,) = (data for data in data_of(stopped) if data.startswith("product:remove:"))
        gone = await walk(ada, stopped, remove)

    files = unpacked(archive)
    assert json.loads(files["data.json"])["products"] == [
        {"name": "azelaic acid", "started_on": "2026-03-02", "stopped_on": "2026-03-22"}
    ]
    assert "azelaic acid" in files["index.html"].decode()
    assert "Nothing here yet." in gone.words
    assert rows(stage) == 0


async def test_a_long_note_is_asked_for_a_name(stage: Stage, calendar: Calendar) -> None:
    """The next text within ten minutes, a shorter one where it is too long; after that a text is a text again."""
    async with stage.running():
        ada = await stage.consenting(1)
        note = await noted(ada, "since Monday I wash my face with cold water only, in the morning and at night")
        question = await walk(ada, await opened(ada, note, "product:new:1"), "product:use:1:ongoing")
        assert "What is it called?" in question.words
        long = await asked(ada, "only cold water on my face, in the morning and at night")
        assert "shorter one" in long.words
    async with stage.running():
        kept = await asked(ada, "cold water only")
        assert "cold water only: ongoing" in kept.words
        await adding(ada, "stopped")
        calendar.tear_off(timedelta(minutes=11))
        late = await asked(ada, "soap")
        assert "soap" not in late.words
        assert rows(stage) == 1


async def test_what_was_asked_for_in_reply_and_ended_by_cancel(stage: Stage) -> None:
    """A reply to the question is a name, a reply to a report a note; /cancel ends the question."""
    async with stage.running():
        ada = await stage.consenting(1)
        question = await adding(ada)
        note = await noted(ada, "slept badly")
        assert "Note added" in note.words
        sent = await ada.send_text("zinc", reply_to=question.message_id)
        kept = await ada.wait_for(lambda message: message.message_id > sent)
        assert "zinc: since" in kept.words
        await adding(ada)
        canceled = await asked(ada, "/cancel")
        assert "no longer waiting for a name" in canceled.words
        await asked(ada, "more zinc")
        assert rows(stage) == 1


@pytest.mark.parametrize(
    ("text", "said", "kept"),
    [
        ("i want to die", "You don't have to go through it alone", False),
        ("my mole hurts", "a harmless mole", False),
        ("it burns and hurts", "what hurts or itches", False),
        ("can i take ibuprofen?", "ask a doctor or a pharmacist", False),
        ("adapalene", "Keep using anything a doctor prescribed", True),
        ("sun cream", "sun cream: since", True),
        ("thanks", "", False),
    ],
)
async def test_help_is_heard_before_a_name(stage: Stage, text: str, said: str, *, kept: bool) -> None:
    """While a name is asked for as well; a medicine that is only named is one, with what is to be said of it."""
    async with stage.running():
        ada = await stage.consenting(1)
        await adding(ada)
        answer = await asked(ada, text)

    assert said in answer.words
    assert rows(stage) == kept


async def test_another_persons_product_is_nobodys(stage: Stage) -> None:
    """A button that is forged, of theirs or of none, changes nothing; nothing is kept without permission."""
    async with stage.running():
        ada, ben = await stage.consenting(1), await stage.consenting(2)
        await adding(ada)
        await asked(ada, "zinc")
        screen = await walk(ben, await asked(ben, "/mydata"), "products")
        assert "zinc" not in screen.words
        for data in ("product:stop:1", "product:remove:1", "product:use:0:forged", "product:new:999"):
            ben.forge(screen.message_id, data)
        await stage.settled()
        assert rows(stage) == 1
        await walk(ada, await asked(ada, "/mydata"), "withdraw:ask", "withdraw:erase")
        assert rows(stage) == 0
        screen = await walk(ada, await asked(ada, "/mydata"), "products")
        await ada.press(screen, "product:new:0")
        await ada.wait_for(lambda message: any(data.startswith("consent:yes") for data in data_of(message)))


async def test_they_stand_as_bars_under_the_chart(stage: Stage, calendar: Calendar) -> None:
    """At most four, and the words above it say nothing of them, in no language."""
    async with stage.running():
        ada = await weekly(stage, calendar, [5, 6, 5, 6])
        bare = await asked(ada, "/progress")
        for name in ("zinc", "less milk", "cold water", "no scrubs", "a hat"):
            await adding(ada)
            await asked(ada, name)
        full = await asked(ada, "/progress")
        await walk(ada, await asked(ada, "/settings"), "settings:lang:es")
        told = await asked(ada, "/progress")

    assert size_of(bare) == (1080, 1000)
    assert size_of(full) == size_of(told) == (1080, 1000 + 4 * 62 + 14)
    assert full.words == bare.words
    assert "zinc" not in told.words
