"""From the first message to the first report."""

import asyncio
import io
import sqlite3

from PIL import Image

from bot.imaging.pictures.guide import photo_guide
from tests.ailab import answer, late, says
from tests.journeys.stage import SELFIE, Stage, data_of, is_consent_question, is_report, is_report_number
from tests.pictures import selfie


async def test_a_selfie_sent_before_consent_waits_and_is_read_after_it(stage: Stage) -> None:
    """Nothing is paid before the person agreed, and nothing has to be sent twice."""
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_photo(SELFIE)
        question = await ada.wait_for(is_consent_question)
        assert data_of(question)[0].startswith("consent:yes:")
        assert stage.ailab.calls == []

        await ada.press(question, "consent:yes")
        report = await ada.wait_for(is_report)

    assert len(stage.ailab.calls) == 1
    assert report.photo is not None


async def test_one_status_message_becomes_the_report(stage: Stage) -> None:
    """The person always sees how far it is, in one message, which is a reply to their selfie."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.will(late(says(answer(size=(500, 700))), seconds=0.3))
        sent = await ada.send_photo(selfie((500, 700)))
        report = await ada.wait_for(lambda message: is_report(message) and message.reply_to == sent)

    steps = ("🔬 Looking at your skin … this can take a few seconds.", "✏️ Drawing your picture …")
    assert report.history[0] == "🔎 Checking your photo …"
    assert report.history[1:] in ((), steps[:1], steps[1:], steps)  # one that came too late is left out
    assert [message.message_id for message in ada.bot_messages if message.reply_to == sent] == [report.message_id]


async def test_declining_costs_nothing_and_leaves_the_rest_of_the_bot(stage: Stage) -> None:
    """No consent, no analysis; /help still answers."""
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_photo(SELFIE)
        await ada.press(await ada.wait_for(is_consent_question), "consent:no")
        await ada.send_text("/help")
        await ada.wait_for(lambda message: "/history" in message.text)

    assert stage.ailab.calls == []


async def test_a_photo_that_waited_is_forgotten_with_a_no(stage: Stage) -> None:
    """Who says no and agrees another day gets a report of the selfie of that day alone."""
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_photo(SELFIE)
        question = await ada.wait_for(is_consent_question)
        await ada.press(question, "consent:no")
        await ada.wait_for(lambda message: "Deleted: 1 waiting photo." in message.text)
        with sqlite3.connect(stage.database) as database:
            assert database.execute("SELECT count(*) FROM report").fetchone() == (0,)
        database.close()

        other = await ada.send_photo(selfie((900, 700)))
        await ada.press(
            await ada.wait_for(
                lambda message: is_consent_question(message) and message.message_id != question.message_id
            ),
            "consent:yes",
        )
        await ada.wait_for(lambda message: is_report(message) and message.reply_to == other)

    assert len(stage.ailab.calls) == 1


async def test_a_no_under_an_older_question_takes_back_what_was_agreed_to(stage: Stage) -> None:
    """Two selfies, two questions: a yes to one and then a no to the other is asked about, not waved through."""
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_photo(SELFIE)
        first = await ada.wait_for(is_consent_question)
        await ada.send_photo(selfie((900, 700)))
        second = await ada.wait_for(
            lambda message: is_consent_question(message) and message.message_id != first.message_id
        )
        await ada.press(second, "consent:yes")
        await ada.wait_for(is_report)
        await ada.press(first, "consent:no")
        await ada.press(await ada.wait_for(lambda message: "withdraw:keep" in data_of(message)), "withdraw:keep")
        await ada.wait_for(lambda message: "taken back your permission" in message.text)
        await ada.send_photo(selfie((850, 650)))
        await ada.wait_for(
            lambda message: (
                is_consent_question(message) and message.message_id not in (first.message_id, second.message_id)
            )
        )


async def test_the_guide_is_a_drawing_with_the_words_below_it(stage: Stage) -> None:
    """One tap after /start shows how to take the photo, before anything is agreed or sent."""
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_text("/start")
        await ada.press(await ada.wait_for(lambda message: "guide" in data_of(message)), "guide")
        guide = await ada.wait_for(lambda message: message.photo is not None)

    assert guide.photo == photo_guide()
    assert "A good selfie" in guide.caption
    assert guide.caption.count("•") == 5
    assert stage.ailab.calls == []


async def test_the_api_gets_an_upright_jpeg_without_metadata(stage: Stage) -> None:
    """A file turned by EXIF, with a place in it, arrives upright and bare; the boxes fit what was sent."""
    upright = Image.open(io.BytesIO(selfie((640, 480))))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    turned = io.BytesIO()
    upright.rotate(90, expand=True).save(turned, "JPEG", exif=exif, comment=b"at home", quality=95)

    async with stage.running():
        ada = await stage.consenting()
        await ada.send_file(turned.getvalue(), name="anything.bin", mime="application/octet-stream")
        await ada.wait_for(is_report_number(2))

    sent = Image.open(io.BytesIO(stage.ailab.calls[-1].image))
    assert sent.size == (640, 480)
    assert "exif" not in sent.info
    assert "comment" not in sent.info
    assert not sent.getexif()


async def test_an_album_is_answered_once_and_says_which_photo_it_took(stage: Stage) -> None:
    """Three photos in one go: one status message, one analysis, one report."""
    async with stage.running():
        ada = await stage.consenting()
        for size in ((400, 400), (600, 600), (500, 500)):
            await ada.send_photo(selfie(size), album="holiday")
        report = await ada.wait_for(is_report_number(2))
        await asyncio.sleep(0.3)

    assert len(stage.ailab.calls) == 2
    assert len([message for message in ada.bot_messages if is_report(message)]) == 2
    assert "of 3" in report.caption


async def test_an_album_with_a_photo_that_was_measured_before_is_read_for_the_new_one(stage: Stage) -> None:
    """The known one is not told of while there is another to read."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(SELFIE, album="both")
        await ada.send_photo(selfie((500, 500)), album="both")
        report = await ada.wait_for(is_report_number(2))

    assert "I chose photo 2 of 2" in report.caption
    assert len(stage.ailab.calls) == 2


async def test_the_same_bytes_are_not_paid_for_twice(stage: Stage) -> None:
    """The earlier report is offered instead."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_file(SELFIE, name="other-name.png", mime="image/png")
        same = await ada.wait_for(lambda message: "report:1" in data_of(message))

    assert len(stage.ailab.calls) == 1
    assert not is_report(same)


async def test_two_people_get_their_own_reports(stage: Stage) -> None:
    """Side by side, each in their language, each with number 1."""
    async with stage.running():
        ada, eva = await asyncio.gather(stage.consenting(1), stage.consenting(2, language_code="es"))

    assert "Skin report 1" in ada.last.caption
    assert "Informe" in eva.last.caption


async def test_a_group_is_told_once_and_left(stage: Stage) -> None:
    """Skin is shown in private chats only."""
    async with stage.running():
        ada = stage.telegram.person(1)
        group = stage.telegram.group()
        await group.send_photo(SELFIE, by=ada)
        await group.wait_for(lambda message: not message.photo)
        await stage.settled()
        assert group.left

    assert stage.ailab.calls == []
    assert len(group.bot_messages) == 1


async def test_an_update_that_arrives_twice_is_worked_once(stage: Stage) -> None:
    """Telegram repeats an update whose acknowledgement it did not see."""
    async with stage.running() as app:
        ada = await stage.consenting()
        raw = {
            "update_id": 987654321,
            "message": {
                "message_id": await ada.send_text("hello"),
                "date": 1,
                "chat": {"id": ada.user_id, "type": "private", "first_name": "Ada"},
                "from": ada.card,
                "text": "/help",
                "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
            },
        }
        await app.intake.take([raw])
        await app.intake.take([raw])
        await app.intake.drain()

    assert len([message for message in ada.bot_messages if "/history" in message.text]) == 1


async def test_a_report_without_a_map_has_no_redness_button(stage: Stage) -> None:
    """A broken map is no map, not a failed analysis."""
    broken = answer()
    broken["result"]["face_maps"] = {"red_area": "not base64 at all"}  # type: ignore[index] # a JSON tree
    async with stage.running():
        stage.ailab.will(says(broken))
        ada = await stage.consenting()

    assert [data for data in data_of(ada.last) if data.startswith("redness")] == []
