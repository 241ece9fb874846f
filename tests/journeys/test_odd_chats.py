"""Chats as they come: nothing that a person sends is dropped without a word."""

from tests.journeys.stage import Stage, data_of, is_consent_question, is_newer_than, is_report
from tests.pictures import selfie


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

    assert "Notes are typed" in told.text
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
            await ada.wait_for(is_report if time < 2 else lambda message: "all your reports for today" in message.words)
            await stage.settled()
            await ada.send_text("/delete")
            await ada.press(await ada.wait_for(lambda message: "delete:yes" in data_of(message)), "delete:yes")
            await ada.wait_for(lambda message: "erased" in message.words and not data_of(message))

    assert len(stage.ailab.calls) == 2
    assert len(stage.telegram.calls("getFile")) == 2
