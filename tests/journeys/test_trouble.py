"""What goes wrong ends in a report or in kind words, never in silence."""

import asyncio

import pytest

from tests.ailab import drop, empty, error, garbage, html, truncated
from tests.journeys.stage import SELFIE, Stage, data_of, is_report, is_report_number
from tests.pictures import selfie
from tests.telegram import Delay, DropAfter, DropBefore, Garbage, Refuse


async def test_a_picture_error_makes_one_call_and_names_what_to_change(stage: Stage) -> None:
    """The API refuses: said once, specifically, with no machine words."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.will(error("ERROR_MOUTH_OCCLUSION_TOO_HIGH", status=422))
        await ada.send_photo(selfie((500, 600)))
        told = await ada.wait_for(lambda message: "mouth" in message.text.lower())

    assert len(stage.ailab.calls) == 2
    assert "ERROR" not in told.text
    assert "_" not in told.text


async def test_use_anyway_asks_the_api_without_its_check_of_quality(stage: Stage) -> None:
    """A doubtful photo may be read all the same, by one tap; a second tap changes nothing."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.will(error("ERROR_POOR_FACE_QUALITY", status=422))
        await ada.send_photo(selfie((500, 600)))
        doubt = await ada.wait_for(lambda message: "anyway:-1" in data_of(message))
        first, second = ada.tap(doubt, "anyway:-1"), ada.tap(doubt, "anyway:-1")
        await asyncio.gather(first.answer, second.answer)
        await ada.wait_for(is_report_number(2))

    assert [call.fields["face_quality_control"] for call in stage.ailab.calls] == ["1", "1", "0"]


async def test_a_selfie_cancelled_while_it_is_fetched_is_not_paid_for(stage: Stage) -> None:
    """/cancel counts up to the moment of the paid call; the status message says so, too, and the next selfie works."""
    async with stage.running():
        ada = await stage.consenting()
        stage.telegram.fail_next("file", Delay(seconds=1.0))
        await ada.send_photo(selfie((500, 600)))
        status = await ada.wait_for(lambda message: "checking" in message.words.lower())
        await ada.send_text("/cancel")
        await stage.settled()
        calls = len(stage.ailab.calls)
        ended = next(message for message in ada.bot_messages if message.message_id == status.message_id)
        await ada.send_photo(selfie((520, 600)))
        await ada.wait_for(is_report_number(2))

    assert calls == 1
    assert "Canceled" in ended.words
    assert sum(is_report(message) for message in ada.bot_messages) == 2


@pytest.mark.parametrize("trouble", [html(), garbage(), truncated(), empty(), drop()], ids=str)
async def test_a_passing_trouble_ends_in_a_report_after_a_retry(stage: Stage, trouble: object) -> None:
    """Gateways send pages, connections break: the next try answers."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.will(trouble)  # type: ignore[arg-type] # parametrized
        await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(is_report_number(2), timeout=30)


async def test_without_credits_the_photo_waits_and_the_admins_hear_once(stage: Stage) -> None:
    """Two photos wait; each admin gets one alert; nobody has to send anything again."""
    stage.settings["ADMIN_IDS"] = "900"
    boss = stage.telegram.person(900, first_name="Boss")
    async with stage.running():
        await boss.send_text("/start")
        ada, eva = await stage.consenting(1), await stage.consenting(2)
        stage.ailab.will(*[error("ERROR_NOT_ENOUGH_CREDITS", status=429)] * 2)
        for person in (ada, eva):
            await person.send_photo(selfie((500, 600)))
            await person.wait_for(lambda message: "photo" in message.text and not data_of(message))
        await boss.wait_for(lambda message: "ERROR_NOT_ENOUGH_CREDITS" in message.text)
        await asyncio.sleep(0.2)

    alerts = [message for message in boss.bot_messages if "CREDITS" in message.text]
    assert len(alerts) == 1
    assert "ERROR" not in ada.last.words


async def test_a_report_survives_a_restart_in_the_middle(stage: Stage) -> None:
    """Stopped while the API thinks, started again: the same selfie becomes one report."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.default = None
        stage.ailab.called.clear()
        from tests.ailab import hang  # noqa: PLC0415 - next to its only use

        stage.ailab.will(hang())
        await ada.send_photo(selfie((500, 600)))
        await asyncio.wait_for(stage.ailab.called.wait(), 10)
    async with stage.running():
        await ada.wait_for(is_report_number(2))

    assert len([message for message in ada.bot_messages if is_report(message)]) == 2


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("editMessageMedia", Refuse(status=429, description="Too Many Requests: retry after 1", retry_after=1)),
        ("editMessageMedia", Refuse(status=500, description="Internal Server Error")),
        ("editMessageMedia", DropBefore()),
        ("editMessageMedia", DropAfter()),
        ("editMessageText", DropAfter()),
        ("getFile", Refuse(status=500, description="Internal Server Error")),
        ("file", DropBefore()),
        ("file", Garbage(body=b"<html>please wait</html>", status=200)),
        ("sendMessage", DropAfter()),
        ("getUpdates", Garbage()),
    ],
)
async def test_telegrams_troubles_do_not_cost_the_report(stage: Stage, method: str, fault: object) -> None:
    """Lost answers, errors and floods: one report, paid once."""
    async with stage.running():
        ada = await stage.consenting()
        stage.telegram.fail_next(method, fault)  # type: ignore[arg-type] # parametrized
        await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(is_report_number(2), timeout=30)

    assert len(stage.ailab.calls) == 2
    assert len([message for message in ada.bot_messages if is_report_number(2)(message)]) == 1


async def test_a_download_that_stays_too_short_is_judged_as_it_comes(stage: Stage) -> None:
    """Telegram's own figure may be wrong: then the photo must not wait for ever."""
    async with stage.running():
        ada = await stage.consenting()
        stage.telegram.fail_next("file", *[Garbage(body=b"<html>please wait</html>", status=200)] * 6)
        await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(lambda message: "not a picture" in message.words, timeout=60)

    assert len(stage.ailab.calls) == 1


async def test_a_person_who_blocked_the_bot_stops_nobody(stage: Stage) -> None:
    """Ada blocks the bot in the middle; eva still gets hers."""
    async with stage.running():
        ada, eva = await stage.consenting(1), await stage.consenting(2)
        await ada.send_photo(selfie((500, 600)))
        ada.block()
        await eva.send_photo(selfie((500, 600)))
        await eva.wait_for(is_report_number(2))


async def test_a_deleted_status_message_does_not_cost_the_report(stage: Stage) -> None:
    """The report comes as a new message then."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.called.clear()
        await ada.send_photo(selfie((500, 600)))
        status = await ada.wait_for(lambda message: "…" in message.text)
        ada.delete(status.message_id)
        await ada.wait_for(is_report_number(2))


async def test_the_days_budget_is_said_kindly(stage: Stage) -> None:
    """The second paid analysis within a day is not made when one is allowed."""
    stage.settings["DAILY_REPORTS_PER_USER"] = "1"
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(lambda message: "tomorrow" in message.text)

    assert len(stage.ailab.calls) == 1


async def test_a_file_that_is_too_big_for_bots_is_said_so(stage: Stage) -> None:
    """Telegram hands bots 20 MB at most."""
    async with stage.running():
        ada = await stage.consenting()
        await ada.send_file(SELFIE + bytes(21_000_000), name="big.jpg", mime="image/jpeg")
        await ada.wait_for(lambda message: "20 MB" in message.text)
