"""Chats as they come: nothing that a person sends is dropped without a word."""

from tests.journeys.stage import Stage, is_newer_than


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
