"""Past reports are shown again, to their owner only, and cost nothing."""

import pytest

from bot.storage.people.efforts import EffortKind
from tests.journeys.stage import Stage, data_of, is_newer_than, is_report, is_report_number
from tests.pictures import selfie


async def test_a_past_report_comes_with_its_stored_picture_and_no_new_analysis(stage: Stage) -> None:
    """By number, by /latest and by the history's button: the same drawing under Telegram's own file id."""
    async with stage.running():
        ada = await stage.consenting()
        first = ada.last
        for asked in ("/report 1", "/report", "/latest", "/start r_1"):
            before = ada.last
            await ada.send_text(asked)
            again = await ada.wait_for(is_newer_than(before))
            assert again.photo_file_id == first.photo_file_id, asked
            assert is_report_number(1)(again), asked
        await ada.send_text("/history")
        history = await ada.wait_for(lambda message: "report:1" in data_of(message))
        await ada.press(history, "report:1")
        await ada.wait_for(lambda message: is_report(message) and message.message_id > history.message_id)

    assert len(stage.ailab.calls) == 1


async def test_history_is_newest_first_and_has_pages(stage: Stage) -> None:
    """Nine reports make two pages."""
    stage.settings["DAILY_REPORTS_PER_USER"] = "0"
    async with stage.running():
        ada = await stage.consenting()
        for number in range(2, 10):
            await ada.send_photo(selfie((400 + number, 500)))
            await ada.wait_for(is_report_number(number))
        await stage.settled()
        await ada.send_text("/history")
        first = await ada.wait_for(lambda message: "history:1" in data_of(message))
        assert [data for data in data_of(first) if data.startswith("report:")] == [
            f"report:{n}" for n in range(9, 1, -1)
        ]
        await ada.press(first, "history:1")
        second = await ada.wait_for(lambda message: "report:1" in data_of(message))

    assert second.message_id == first.message_id


@pytest.mark.parametrize("forged", ["report:1", "details:1", "redness:1", "report:999999999", "history:7"])
async def test_another_persons_report_cannot_be_reached_by_a_forged_button(stage: Stage, forged: str) -> None:
    """Numbers are each person's own: eva's 1 does not exist, whatever she taps."""
    async with stage.running():
        ada = await stage.consenting(1)
        eva = stage.telegram.person(2)
        await eva.send_text("/start")
        welcome = await eva.wait_for(lambda message: not message.photo)
        await eva.forge(welcome.message_id, forged).answer
        said = await eva.wait_for(lambda message: message.message_id > welcome.message_id or message.edit_count > 0)

    assert said.photo is None
    assert all(finding not in said.words for finding in ("Pimples", "pores", "Skin report 1 ·"))
    assert ada.last.photo is not None


@pytest.mark.parametrize("asked", ["/report 1", "/start r_1", "/report -1", "/report 1 OR 1=1", "/report ²", "/latest"])
async def test_another_persons_report_cannot_be_reached_by_a_number_or_link(stage: Stage, asked: str) -> None:
    """A forged id is answered exactly like an unknown one."""
    async with stage.running():
        await stage.consenting(1)
        eva = stage.telegram.person(2)
        await eva.send_text(asked)
        said = await eva.wait_for(lambda message: not message.photo)

    assert said.photo is None
    assert "Skin report" not in said.words


async def test_the_details_say_more_and_redness_shows_the_map(stage: Stage) -> None:
    """What is not told below the picture stands behind its buttons, and is no copy of it."""
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        await ada.press(report, "details:1")
        details = await ada.wait_for(lambda message: message.message_id > report.message_id)
        await ada.press(report, "redness:1")
        redness = await ada.wait_for(lambda message: message.message_id > details.message_id)
        await ada.press(report, "redness:1")
        again = await ada.wait_for(lambda message: message.message_id > redness.message_id)

    assert "Skin type" in details.text
    assert {line for line in details.text.splitlines()[1:] if line} - set(report.caption.splitlines()) != set()
    assert report.caption.splitlines()[-1] not in details.text
    assert redness.photo is not None
    assert redness.photo != report.photo
    assert again.photo_file_id == redness.photo_file_id
    assert len(stage.ailab.calls) == 1


async def test_pictures_that_are_made_again_and_again_have_an_end(stage: Stage) -> None:
    """Nothing is fetched for them then: the person is told, and keeps every word of their reports."""
    async with stage.running() as app:
        ada = await stage.consenting()
        report = ada.last
        await stage.settled()
        for _ in range(100):
            await app.store.efforts.note(1, EffortKind.AGAIN, now=app.now())
        fetched = len(stage.telegram.calls("getFile"))
        await ada.press(report, "redness:1")
        told = await ada.wait_for(lambda message: message.message_id > report.message_id)
        await ada.send_text("/report 1")
        again = await ada.wait_for(
            lambda message: is_report_number(1)(message) and message.message_id > told.message_id
        )

    assert "earlier pictures" in told.text
    assert again.photo is not None  # its stored picture costs nothing
    assert len(stage.telegram.calls("getFile")) == fetched
