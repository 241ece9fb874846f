"""Somebody in need writes to a bot about skin: help comes first, wherever they write it, and nothing of it is kept."""

from typing import Final

import pytest

from tests.journeys.stage import SELFIE, Stage, data_of, is_consent_question, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage

CRIES: Final = {"en": "my face hurts and i wanna dye.. i want to dei", "es": "kiero morirme, no puedo mas"}
HELP: Final = "findahelpline.com"
EMERGENCY: Final = {"en": "emergency number", "es": "número de emergencias"}


async def answered(person: Actor, message_id: int) -> ChatMessage:
    return await person.wait_for(lambda message: message.message_id > message_id)


async def answer_to(person: Actor, text: str, *, reply_to: int | None = None) -> ChatMessage:
    return await answered(person, await person.send_text(text, reply_to=reply_to))


def is_help(message: ChatMessage, language: str = "en") -> bool:
    said = message.text.lower()
    return HELP in said and EMERGENCY[language] in said and "selfie" not in said and "selfi" not in said


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_cry_for_help_is_answered_with_help(stage: Stage, language: str) -> None:
    """Before consent, behind a command that is none or is one: never with a wish for a selfie."""
    async with stage.running():
        ada = stage.telegram.person(7001, language_code=language)
        for text in (CRIES[language], f"/whatever {CRIES[language]}", f"/help {CRIES[language]}"):
            assert is_help(await answer_to(ada, text), language)


async def test_a_reply_that_asks_for_help_is_no_note(stage: Stage) -> None:
    """It is answered; the report has no note of it. A plain reply is still kept."""
    async with stage.running():
        ada = await stage.consenting()
        report = await ada.wait_for(is_report_number(1))
        assert is_help(await answer_to(ada, CRIES["en"], reply_to=report.message_id))
        bleeding = await answer_to(ada, "it is bleding since monday", reply_to=report.message_id)
        assert "medical help today" in bleeding.text
        details = await answer_to(ada, "/report 1")
        await ada.press(details, "details:1")
        details = await ada.wait_for(lambda message: "unnote:1" in data_of(message) or "note" in message.text)
        assert "unnote:1" not in data_of(details)
        noted = await answer_to(ada, "new cream since monday", reply_to=report.message_id)
        assert "new cream since monday" in noted.text


async def test_a_caption_that_asks_for_help(stage: Stage) -> None:
    """The photo is read all the same, and the help comes as well; the caption is no note."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie((500, 600)), caption="look how ugly, i dont want to live")
        await ada.wait_for(is_help)
        report = await ada.wait_for(is_report_number(2))
        await ada.press(report, "details:2")
        details = await ada.wait_for(lambda message: message.photo is None and "dispute:2" in data_of(message))
        assert "unnote:2" not in data_of(details)


async def test_a_caption_before_consent(stage: Stage) -> None:
    """Help first, then the question; the photo waits for its answer."""
    async with stage.running():
        ada = stage.telegram.person(7001)
        await ada.send_photo(SELFIE, caption="my cheek is bleeding")
        question = await ada.wait_for(is_consent_question)
        assert any("medical help today" in message.text for message in ada.bot_messages)
        await ada.press(question, "consent:yes")
        await ada.wait_for(is_report_number(1))


async def test_while_a_city_is_asked_for(stage: Stage) -> None:
    """A cry for help is no city's name; the question stays open."""
    async with stage.running():
        ada = await stage.consenting()
        settings = await answer_to(ada, "/settings")
        await ada.press(settings, "zone")
        await ada.wait_for(lambda message: "zone:clock" in data_of(message))
        assert is_help(await answer_to(ada, CRIES["es"]))
        assert "emergency number" in (await answer_to(ada, "no puedo respirar")).text
        cities = await answer_to(ada, "Madrid")
        assert "zone:set:Europe/Madrid" in data_of(cities)


async def test_a_question_is_no_city(stage: Stage) -> None:
    """It is answered, whatever it asks; a city is one, also when its name means something else."""
    async with stage.running():
        ada = await stage.consenting()
        settings = await answer_to(ada, "/settings")
        await ada.press(settings, "zone")
        await ada.wait_for(lambda message: "zone:clock" in data_of(message))
        assert "redder than the rest" in (await answer_to(ada, "what does redness mean?")).text
        asked = await answer_to(ada, "why do you need to know that?")
        assert "didn't understand" in asked.text
        for city, zone in (("Soledad", "America/Bogota"), ("Killeen", "America/Chicago"), ("Nice", "Europe/Paris")):
            assert f"zone:set:{zone}" in data_of(await answer_to(ada, city))
        assert HELP not in (await answer_to(ada, "Die, France")).text


@pytest.mark.parametrize(("language", "zone", "line"), [("en", "Europe/Madrid", "call 024"), ("es", None, "024")])
async def test_the_line_of_ones_country_is_told(stage: Stage, language: str, zone: str | None, line: str) -> None:
    """By the time zone that was chosen; else by the language."""
    async with stage.running():
        ada = await stage.consenting(language_code=language)
        if zone is not None:
            await ada.press(await answer_to(ada, "/settings"), "zone")
            await ada.wait_for(lambda message: "zone:clock" in data_of(message))
            await ada.press(await answer_to(ada, "Madrid"), f"zone:set:{zone}")
        said = await answer_to(ada, CRIES[language])
    assert is_help(said, language)
    assert line in said.text
    assert ("988" in said.text) is (zone is None and language == "en")


async def test_a_question_about_a_report_is_answered(stage: Stage) -> None:
    """In reply to it as well, where it is no note; a medicine that is only named there is one."""
    async with stage.running():
        ada = await stage.consenting()
        report = await ada.wait_for(is_report_number(1))
        assert "openings of the skin" in (await answer_to(ada, "wat r pores", reply_to=report.message_id)).text
        noted = await answer_to(ada, "adapalene since monday", reply_to=report.message_id)
        assert "adapalene since monday" in noted.text
        asked = await answer_to(ada, "can i use adapalene?", reply_to=report.message_id)
        assert "a doctor or a pharmacist" in asked.text


async def test_help_by_a_word(stage: Stage) -> None:
    """ "help" and "ayuda" alone are the command."""
    async with stage.running():
        ada = stage.telegram.person(7001)
        for word in ("help", "Ayuda"):
            assert "/latest" in (await answer_to(ada, word)).text


async def test_a_cry_under_an_album_is_heard(stage: Stage) -> None:
    """Under any of its photos; it is no note."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie((500, 600)), album="1")
        await ada.send_photo(selfie((510, 600)), album="1", caption=CRIES["en"])
        await ada.wait_for(is_help)
        report = await ada.wait_for(is_report_number(2))
        await ada.press(report, "details:2")
        details = await ada.wait_for(lambda message: "dispute:2" in data_of(message))
        assert "unnote:2" not in data_of(details)


async def test_what_can_not_be_heard_says_where_help_is(stage: Stage) -> None:
    """A voice message, a sticker, a video, and words that nothing was heard in; a video's caption is heard."""
    async with stage.running():
        ada = stage.telegram.person(7001)
        for send in (ada.send_voice, ada.send_sticker, ada.send_video, lambda: ada.send_text("asdf qwertz")):
            said = (await answered(ada, await send())).text
            assert HELP in said
            assert EMERGENCY["en"] in said
        assert is_help(await answered(ada, await ada.send_video(caption="i want to die")))


async def test_who_is_polite_is_answered_politely(stage: Stage) -> None:
    """Thanks are thanked, a greeting is greeted."""
    async with stage.running():
        ada = stage.telegram.person(7001)
        assert "welcome" in (await answer_to(ada, "thanks!")).text
        assert "Hello" in (await answer_to(ada, "Hi there")).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("can I use tretinoin?", "a doctor or a pharmacist"),
        ("is this mole cancer", "See a doctor soon"),
        ("cant breath", "call your local emergency number now"),
        ("my eye hurts", "Get medical help today"),
        ("i feel so ugly", "Talking helps"),
    ],
)
async def test_a_worry_is_answered_with_where_to_go(stage: Stage, text: str, said: str) -> None:
    """The first line says it, and no photo is asked for."""
    async with stage.running():
        answer = await answer_to(stage.telegram.person(7001), text)
    assert said in answer.text
    assert "selfie" not in answer.text


@pytest.mark.parametrize("language", ["en", "es"])
async def test_a_message_that_is_changed_into_a_cry_for_help(stage: Stage, language: str) -> None:
    """A text, a command, a note and the words under a selfie: help comes first, and none of it is a note."""
    async with stage.running():
        ada = await stage.consenting(language_code=language)
        report = await ada.wait_for(is_report_number(1))
        for text, reply_to in (("hmm hmm", None), ("/help", None), ("new cream", report.message_id)):
            sent = await ada.send_text(text, reply_to=reply_to)
            told = await answered(ada, sent)
            await ada.edit(sent, CRIES[language])
            assert is_help(await answered(ada, told.message_id), language)
        photo = await ada.send_photo(selfie((500, 600)), caption="after the sea")
        await ada.wait_for(is_report_number(2))
        await stage.settled()
        told = ada.last
        await ada.edit_photo(photo, caption=CRIES[language])
        assert is_help(await answered(ada, told.message_id), language)
        await ada.send_text("/history")
        history = await ada.wait_for(lambda message: "report:2" in data_of(message))
    assert CRIES[language] not in history.text
