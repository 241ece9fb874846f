"""What a person sees, takes along and gives up of their data: every screen's ways in and out, and only their own."""

import asyncio
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable

import pytest
from aiohttp import web

from bot.imaging.pictures.redness import is_grid
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.people.own_data import OwnDataRows
from bot.storage.records import ReportRecord
from tests.ailab import answer, classed, late, says
from tests.ailab.behaviours import Behaviour
from tests.journeys.stage import Stage, data_of, is_consent_question, is_newer_than, is_report, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage, Refuse


def offers(data: str) -> Callable[[ChatMessage], bool]:
    return lambda message: data in data_of(message)


def says_words(words: str) -> Callable[[ChatMessage], bool]:
    return lambda message: words in message.words


async def opened(person: Actor, command: str, expected: str) -> ChatMessage:
    """The screen that a command brings, known by one of its buttons."""
    asked = await person.send_text(command)
    return await person.wait_for(lambda message: message.message_id > asked and expected in data_of(message))


async def turned(person: Actor, message: ChatMessage, data: str, expected: str) -> ChatMessage:
    """The same message after a tap, known by a button that it has then."""
    await person.press(message, data)
    return await person.wait_for(lambda now: now.message_id == message.message_id and expected in data_of(now))


def unpacked(message: ChatMessage) -> dict[str, bytes]:
    assert message.document is not None
    with zipfile.ZipFile(io.BytesIO(message.document.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def test_screens_lead_into_each_other_and_back(stage: Stage) -> None:
    """/mydata, /settings and their sub-screens are one message that is edited; each has its way back."""
    async with stage.running():
        ada = await stage.consenting()
        screen = await opened(ada, "/mydata", "export")
        assert "Reports: 1" in screen.text
        for tap, expected in (
            ("pictures:ask", "pictures:yes"),
            ("pictures:no", "export"),
            ("withdraw:ask", "withdraw:keep"),
            ("withdraw:no", "export"),
            ("delete:ask", "delete:yes"),
            ("delete:no", "mydata"),
            ("mydata", "export"),
            ("settings", "settings:quiet"),
            ("pictures", "settings:marks"),
            ("settings:marks", "settings:mark:mole"),
            ("pictures", "settings"),
            ("settings", "mydata"),
            ("mydata", "history:0"),
            ("history:0", "report:1"),
        ):
            screen = await turned(ada, screen, tap, expected)
        await opened(ada, "/settings", "settings:quiet")
        await opened(ada, "/delete", "delete:no")
        help_text = await opened(ada, "/help", "mydata")
    assert all(command in help_text.text for command in ("/mydata", "/export", "/delete", "/settings"))


async def test_quiet_mode_and_hidden_marks_change_the_next_and_the_past_report(stage: Stage) -> None:
    """Without numbers in caption and details; a kind that is switched off is not drawn, and past pictures follow."""
    async with stage.running():
        stage.ailab.will(
            says(answer(size=(640, 640), marks={"acne": [(150 + 9.0 * at, 300, 9, 9, 0.8) for at in range(7)]}))
        )
        ada = await stage.consenting()
        before = ada.last
        settings = await opened(ada, "/settings", "settings:quiet")
        await ada.press(settings, "settings:quiet")
        settings = await ada.wait_for(lambda message: any(label.startswith("✅ Quiet") for label in message.labels))
        pictures = await turned(ada, settings, "pictures", "settings:marks")
        marks = await turned(ada, pictures, "settings:marks", "settings:mark:acne")
        await ada.press(marks, "settings:mark:acne")
        await ada.wait_for(lambda message: any(label.startswith("⬜ 🔴") for label in message.labels))
        await ada.send_text("/latest")
        again = await ada.wait_for(
            lambda message: is_report_number(1)(message) and message.message_id > before.message_id
        )
        await ada.press(again, "details:1")
        details = await ada.wait_for(is_newer_than(again))
        await ada.send_text("/latest")
        stored = await ada.wait_for(is_newer_than(details))

    assert "Pimples: " in before.caption
    assert not any(number in again.caption + details.text for number in ("Pimples: ", "%", " clear, ", "shades"))
    assert "🔴 Pimples" in again.caption
    assert again.photo != before.photo
    assert stored.photo_file_id == again.photo_file_id
    assert len(stage.ailab.calls) == 1


async def test_pictures_that_are_not_kept(stage: Stage) -> None:
    """Nothing can be shown again: no drawing, no map of redness, and where Telegram has the selfie is forgotten."""
    async with stage.running():
        ada = await stage.consenting()
        await without_pictures(ada)
        await ada.send_photo(selfie((500, 700)))
        report = await ada.wait_for(is_report_number(2))
        await stage.settled()
        await ada.send_text("/report 2")
        words = await ada.wait_for(is_newer_than(report))
        data = await opened(ada, "/mydata", "export")
        kept = await reports_of(stage)

    assert "show again: 1" in data.text
    assert words.photo is None
    assert not {"picture:2", "redness:2"} & {*data_of(words), *data_of(report)}
    assert not any(data.startswith("card:") for data in (*data_of(words), *data_of(report)))
    assert [(len(one.red_map or b"") > 0, [bool(photo.file_id) for photo in one.photos]) for one in kept] == [
        (True, [True]),
        (False, [False]),
    ]


async def without_pictures(person: Actor) -> None:
    """They are not kept any more."""
    pictures = await turned(person, await opened(person, "/settings", "pictures"), "pictures", "settings:pictures")
    await person.press(pictures, "settings:pictures")
    await person.wait_for(lambda message: any(label.startswith("⬜ Keep pictures") for label in message.labels))


async def reports_of(stage: Stage) -> list[ReportRecord]:
    """As the database has them."""
    config = stage.config
    async with Database.open(config.database_url, Keyring.from_setting(config.data_key or "")) as database:
        return await OwnDataRows(database).reports(1, after=0)


async def test_pictures_that_are_no_more_kept_are_drawn_while_they_can_be(stage: Stage) -> None:
    """A report of before is a text then, drawn when it is asked for, and nothing of that is remembered."""
    async with stage.running():
        ada = await stage.consenting()
        await without_pictures(ada)
        await ada.send_text("/report 1")
        words = await ada.wait_for(offers("picture:1"))
        assert words.photo is None
        await ada.press(words, "picture:1")
        drawn = await ada.wait_for(is_newer_than(words))

    assert drawn.photo is not None


@pytest.mark.parametrize("shown", [False, True])
async def test_what_is_stored_of_an_answer(stage: Stage, shown: bool) -> None:  # noqa: FBT001 - a case
    """No class of skin colour, no eyelids, no face in a map; an age only for who has it shown. No more is exported."""
    async with stage.running():
        ada = await stage.consenting()
        if shown:
            await ada.press(await opened(ada, "/settings", "settings:age"), "settings:age")
        stage.ailab.will(says(answer(skin_color=classed(3), skin_age={"value": 31})))
        await ada.send_photo(selfie((500, 700)))
        report = await ada.wait_for(is_report_number(2))
        await stage.settled()
        reports = await reports_of(stage)
        stored = [json.loads(one.answer or "")["result"] for one in reports]
        packed = json.loads((await exported(ada))["data.json"])

    for result in (*stored, *(one["analysis"]["result"] for one in packed["reports"])):
        assert not {"skin_color", "left_eyelids", "right_eyelids", "face_maps"} & result.keys()
        assert "acne" in result
    assert ["skin_age" in result for result in stored] == [False, shown]
    assert [one.red_map is not None and is_grid(one.red_map) for one in reports] == [True, True]
    assert ("AI guess of skin age:" in report.caption) is shown


async def test_deleted_pictures_are_gone_and_the_words_stay(stage: Stage) -> None:
    """Neither drawing nor redness nor the selfie can be had any more; the report can."""
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        screen = await opened(ada, "/mydata", "export")
        screen = await turned(ada, screen, "pictures:ask", "pictures:yes")
        await turned(ada, screen, "pictures:yes", "mydata")
        await ada.send_text("/report 1")
        again = await ada.wait_for(
            lambda message: message.message_id > screen.message_id and "dispute:1" in data_of(message)
        )
        await ada.press(report, "redness:1")
        gone = await ada.wait_for(is_newer_than(again))

    assert again.photo is None
    assert "Skin report 1" in again.text
    assert "redness:1" not in data_of(again)
    assert gone.photo is None


async def test_a_reply_to_a_report_becomes_its_note(stage: Stage) -> None:
    """Kept, confirmed, shown in details and history, replaced by a new one, removed by a tap."""
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        await ada.send_text("new cream", reply_to=report.message_id)
        saved = await ada.wait_for(offers("unnote:1"))
        assert "new cream" in saved.text
        details = await turned(ada, saved, "details:1", "dispute:1")
        assert "new cream" in details.text
        hostile = "<b>x</b> {{7*7}} \u202egnp.exe\u0000 &amp; " + "🧴" * 600
        await ada.send_text(hostile, reply_to=details.message_id)
        replaced = await ada.wait_for(
            lambda message: is_newer_than(details)(message) and "unnote:1" in data_of(message)
        )
        await ada.send_text("/history")
        history = await ada.wait_for(
            lambda message: is_newer_than(replaced)(message) and "report:1" in data_of(message)
        )
        await ada.press(replaced, "unnote:1")
        await ada.wait_for(says_words("Note removed from report 1"))

    assert "<b>x</b> {{7*7}} gnp.exe &amp; 🧴" in replaced.text
    assert "this is the beginning" in replaced.text
    assert any(label.startswith("1 📝") for label in history.labels)
    assert "cream" not in history.words


async def test_a_reply_to_a_report_shown_again_finds_it(stage: Stage) -> None:
    """By the buttons of the message that was answered, whichever message shows the report."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie((500, 700)))
        second = await ada.wait_for(is_report_number(2))
        await stage.settled()
        await ada.send_text("/report 1")
        again = await ada.wait_for(
            lambda message: is_report_number(1)(message) and message.message_id > second.message_id
        )
        await ada.send_text("slept badly", reply_to=again.message_id)
        saved = await ada.wait_for(lambda message: bool({"unnote:1", "unnote:2"} & set(data_of(message))))

    assert "unnote:1" in data_of(saved)


async def test_a_reply_to_anything_else_is_only_a_text(stage: Stage) -> None:
    """An own message, another screen of the bot, a message that names a report of somebody else's number."""
    async with stage.running():
        ada = await stage.consenting()
        own = await ada.send_text("a text")
        hint = await ada.wait_for(lambda message: message.message_id > own)
        screen = await opened(ada, "/mydata", "export")
        for answered in (own, hint.message_id, screen.message_id):
            asked = await ada.send_text("a note?", reply_to=answered)
            said = await ada.wait_for(lambda message, asked=asked: message.message_id > asked)  # type: ignore[misc]
            assert said.words == hint.words


async def test_what_stands_under_a_photo_becomes_its_note(stage: Stage) -> None:
    """Of a photo, and of an album, where it may stand under any part; it can be taken away like any note."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie((500, 700)), caption="slept badly, <new> cream")
        report = await ada.wait_for(is_report_number(2))
        await ada.press(report, "details:2")
        details = await ada.wait_for(offers("unnote:2"))
        assert "slept badly, <new> cream" in details.text
        await ada.send_photo(selfie((400, 400)), album="trip")
        await ada.send_photo(selfie((600, 600)), album="trip", caption="on the beach")
        await ada.wait_for(is_report_number(3))
        await stage.settled()
        await ada.send_text("/history")
        history = await ada.wait_for(lambda message: "report:3" in data_of(message))
        assert [label.partition(" · ")[0] for label in history.labels[:3]] == ["3 📝", "2 📝", "1"]
        await ada.press(details, "unnote:2")
        await ada.wait_for(says_words("Note removed from report 2"))


async def test_a_finding_is_called_not_true_and_true_again(stage: Stage) -> None:
    """A list of what was seen, toggled in place; the report's own message is told anew at once, both ways."""
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        await ada.press(report, "details:1")
        details = await ada.wait_for(is_newer_than(report))
        screen = await turned(ada, details, "dispute:1", "dispute:1:acne")
        assert "⬜ Pimples" in screen.labels
        assert "Pimples" in report.caption
        await ada.press(screen, "dispute:1:acne")
        screen = await ada.wait_for(lambda message: "✖️ Pimples" in message.labels)
        corrected = ada.message(report.message_id)
        assert "imples" not in corrected.caption
        assert "🔴 Pimples" not in corrected.labels
        await ada.wait_for(lambda _: ada.message(report.message_id).photo != report.photo)
        await ada.press(screen, "dispute:1:pores")
        screen = await ada.wait_for(lambda message: sum(label.startswith("✖️") for label in message.labels) == 2)
        await ada.forge(screen.message_id, "dispute:1:skin_age").answer
        details = await turned(ada, screen, "details:1", "dispute:1")
        assert "Left out, as you said: " in details.text
        assert details.text.lower().count("pimples") == 1
        await ada.send_text("/latest")
        shown = await ada.wait_for(
            lambda message: is_report_number(1)(message) and message.message_id > screen.message_id
        )
        assert "imples" not in shown.caption
        assert shown.photo_file_id == ada.message(report.message_id).photo_file_id
        await ada.send_text("/history")
        history = await ada.wait_for(lambda message: "report:1" in data_of(message))
        assert "imples" not in history.text
        assert "pores" not in history.text
        screen = await turned(ada, details, "dispute:1", "dispute:1:acne")
        for key in ("acne", "pores"):
            await ada.press(screen, f"dispute:1:{key}")
        await ada.wait_for(lambda message: sum(label.startswith("✖️") for label in message.labels) == 0)
        await stage.settled()
        assert ada.message(report.message_id).caption == report.caption


def moles(*places: tuple[float, float]) -> dict[str, object]:
    """An answer with moles at these places of the photo, 640 px wide."""
    return answer(size=(640, 640), marks={"mole": [(640 * x, 640 * y, 8.0, 8.0, 0.9) for x, y in places]})


async def test_what_is_not_me_is_not_told_of_the_next_photo(stage: Stage) -> None:
    """One tap from the report; then the same mole is out of the next list and its doctor line, until it is undone."""
    mole = (0.40, 0.62)
    stage.ailab.will(*(says(moles(*places)) for places in ((mole,), (mole,), (mole, (0.60, 0.40)), (mole,))))

    async def next_report(ada: Actor, number: int) -> ChatMessage:
        await ada.send_photo(selfie((640, 640), seed=number))
        return await ada.wait_for(is_report_number(number))

    async with stage.running():
        ada = await stage.consenting()
        first = ada.last
        await ada.press(first, "dispute:1")
        screen = await ada.wait_for(offers("dispute:1:mole"))
        await ada.press(screen, "dispute:1:mole")
        screen = await ada.wait_for(lambda message: "✖️ Moles" in message.labels)
        second = await next_report(ada, 2)
        third = await next_report(ada, 3)
        await ada.press(third, "dispute:3")
        left_out = await ada.wait_for(offers("tellagain:3:mole"))
        drawn = ada.message(third.message_id).photo
        await ada.press(left_out, "tellagain:3:mole")
        await ada.wait_for(lambda _: ada.message(third.message_id).photo != drawn)
        screen = await ada.wait_for(
            lambda message: message.message_id == left_out.message_id and "tellagain:3:mole" not in data_of(message)
        )
        fourth = await next_report(ada, 4)
        await ada.send_text("/export")
        archive = await ada.wait_for(lambda message: message.document is not None)

    assert "mole" in first.caption
    assert "mole" not in second.caption
    assert "mole" in third.caption
    assert "some marks are left out" in left_out.text.lower()
    assert "mole" in fourth.caption
    data = json.loads(unpacked(archive)["data.json"])
    assert data["person"]["stored"]["not_theirs"] == []
    assert data["reports"][1]["disputed"] == ["mole"]


@pytest.mark.parametrize(
    "forged",
    [
        "picture:1",
        "unnote:1",
        "tellagain:1:mole",
        "dispute:1",
        "dispute:1:acne",
        "details:1",
        "dispute:999999999:acne",
        "unnote:0",
    ],
)
async def test_another_persons_report_cannot_be_touched(stage: Stage, forged: str) -> None:
    """A forged number is answered like an unknown one, and changes nothing of ada's."""
    async with stage.running():
        ada = await stage.consenting(1)
        await ada.send_text("ada's own", reply_to=ada.last.message_id)
        noted = await ada.wait_for(offers("unnote:1"))
        eva = stage.telegram.person(2)
        await eva.send_text("/mydata")
        screen = await eva.wait_for(offers("export"))
        await eva.forge(screen.message_id, forged).answer
        said = await eva.wait_for(says_words("no report with this number"))
        await ada.press(noted, "details:1")
        details = await ada.wait_for(lambda message: message.photo is None and "dispute:1" in data_of(message))

    assert said.photo is None
    assert "ada's own" in details.text
    assert "left out, as you said" not in details.text.lower()


async def test_a_note_goes_to_ones_own_report_only(stage: Stage) -> None:
    """Both have a report 1 in a message of the same number or not: each note stays with its writer."""
    async with stage.running():
        ada, eva = await stage.consenting(1), await stage.consenting(2)
        await ada.send_text("by ada", reply_to=ada.last.message_id)
        await ada.wait_for(offers("unnote:1"))
        await eva.send_text("by eva", reply_to=eva.last.message_id)
        await eva.wait_for(offers("unnote:1"))
        export = await exported(eva)

    text = (export["data.json"] + export["index.html"]).decode()
    assert "by eva" in text
    assert "by ada" not in text


async def exported_message(person: Actor) -> ChatMessage:
    asked = await person.send_text("/export")
    return await person.wait_for(lambda m: m.message_id > asked and m.document is not None)


async def exported(person: Actor) -> dict[str, bytes]:
    return unpacked(await exported_message(person))


async def test_the_export_holds_everything(stage: Stage) -> None:
    """JSON, a page, the selfie as it was sent, the drawing as it is shown, the note; no status message is left."""
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        await ada.send_text("<script>alert(1)</script>", reply_to=report.message_id)
        await ada.wait_for(offers("unnote:1"))
        await ada.press(report, "redness:1")
        await ada.wait_for(lambda message: message.photo is not None and message.message_id > report.message_id)
        files = await exported(ada)
        await stage.settled()
        packing = [message for message in ada.bot_messages if "Packing" in message.words]

    data = json.loads(files["data.json"])
    kept = data["reports"][0]
    assert data["format"] == "skinbot-export/1"
    assert data["person"]["telegram_id"] == ada.user_id
    assert kept["note"] == "<script>alert(1)</script>"
    assert kept["analysis"]["result"]
    assert kept["files"].keys() == {"photo", "marked", "redness", "redness-map"}
    assert all(files[path] for path in kept["files"].values())
    assert files[kept["files"]["marked"]] == report.photo
    page = files["index.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert all(f'src="{path}"' in page for path in kept["files"].values())
    assert packing == []


async def test_the_export_tells_photos_from_reports(stage: Stage) -> None:
    """A photo that became no report is in it, named as one, and does not count as a report."""
    async with stage.running():
        ada = stage.telegram.person(7001)
        await ada.send_photo(selfie((500, 700)))
        await ada.send_text("/cancel")
        await ada.wait_for(says_words("Canceled: 1 waiting photo"))
        await stage.consenting(7001)
        sent = await exported_message(ada)
        files = unpacked(sent)

    assert "Reports: 1 " in sent.caption
    assert [record["number"] for record in json.loads(files["data.json"])["reports"]] == [None, 1]
    assert "A photo ·" in files["index.html"].decode()
    assert "pictures/unread-1-photo.jpg" in files


async def test_the_export_lists_what_telegram_lost(stage: Stage) -> None:
    """A file that is gone is named, and the rest is there."""
    async with stage.running():
        ada = await stage.consenting()
        assert ada.last.photo_file_id is not None
        stage.telegram.world.files.lose(ada.last.photo_file_id)
        files = await exported(ada)

    missing = json.loads(files["data.json"])["missing_files"]
    assert {"file": "pictures/0001-marked", "reason": "gone"} in missing
    assert "pictures/0001-marked" in files["index.html"].decode()


async def test_the_export_is_whole_after_a_wait(stage: Stage) -> None:
    """Telegram says "later" once: the second try sends the file from its beginning."""
    async with stage.running():
        ada = await stage.consenting()
        stage.telegram.fail_next(
            "sendDocument", Refuse(status=429, description="Too Many Requests: retry after 1", retry_after=1)
        )
        files = await exported(ada)

    assert {"data.json", "index.html", "pictures/0001-photo.jpg"} <= files.keys()


async def test_permission_taken_back_while_a_photo_is_measured(stage: Stage) -> None:
    """The call can't be undone; what it brings is told to nobody and kept nowhere, and the screen says it ended."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.called.clear()
        stage.ailab.will(late(says(answer(size=(500, 700))), seconds=1.5))
        await ada.send_photo(selfie((500, 700)))
        async with asyncio.timeout(20):
            await stage.ailab.called.wait()
        screen = await opened(ada, "/mydata", "withdraw:ask")
        screen = await turned(ada, screen, "withdraw:ask", "withdraw:keep")
        await turned(ada, screen, "withdraw:keep", "delete:ask")
        await stage.settled()
        told = [message for message in ada.bot_messages if is_report(message)]

    assert len(stage.ailab.calls) == 2
    assert len(told) == 1
    with sqlite3.connect(stage.database) as database:
        assert database.execute("SELECT count(*) FROM report WHERE answer IS NOT NULL").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM paid_call WHERE outcome = 'answered'").fetchone() == (2,)
    database.close()


async def test_permission_taken_back(stage: Stage) -> None:
    """Nothing is analysed from then on, reports stay, and a photo brings the question again."""
    async with stage.running():
        ada = await stage.consenting()
        screen = await opened(ada, "/mydata", "withdraw:ask")
        screen = await turned(ada, screen, "withdraw:ask", "withdraw:keep")
        await turned(ada, screen, "withdraw:keep", "delete:ask")
        await ada.send_photo(selfie((500, 700)))
        await ada.wait_for(lambda message: is_consent_question(message) and message.message_id > screen.message_id)
        await ada.send_text("/report 1")
        await ada.wait_for(lambda message: is_report_number(1)(message) and message.message_id > screen.message_id)
        data = await opened(ada, "/mydata", "export")

    assert "taken back on" in data.text
    assert "withdraw:ask" not in data_of(data)
    assert len(stage.ailab.calls) == 1


async def test_a_kind_word_after_the_fourth_report_of_a_day(stage: Stage) -> None:
    """Once, not with every further one."""
    stage.settings["DAILY_REPORTS_PER_USER"] = "0"
    async with stage.running():
        ada = await stage.consenting()
        for number in range(2, 6):
            await ada.send_photo(selfie((400 + number, 500)))
            await ada.wait_for(is_report_number(number))
            await stage.settled()
            told = [message for message in ada.bot_messages if "over weeks" in message.words]
            assert len(told) == (number >= 4), number


async def test_erasure_takes_back_what_was_said_and_stops_running_work(stage: Stage) -> None:
    """A report in the making ends in silence; the chat keeps the receipt and the person's own messages only."""
    async with stage.running():
        ada = await stage.consenting()
        gate = asyncio.Event()
        stage.ailab.will(held(gate))
        stage.ailab.called.clear()
        await ada.send_photo(selfie((500, 700)))
        await stage.ailab.called.wait()
        confirm = await opened(ada, "/delete", "delete:yes")
        await ada.press(confirm, "delete:yes")
        receipt = await ada.wait_for(says_words("settings and permission are deleted"))
        gate.set()
        await stage.settled()

    assert [message.message_id for message in ada.bot_messages] == [receipt.message_id]


def held(gate: asyncio.Event) -> Behaviour:
    """An analysis that takes until the gate is opened."""

    async def behave(request: web.Request) -> web.StreamResponse:
        await gate.wait()
        return await says(answer())(request)

    return behave
