import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter

from tests.telegram import Delay, DropAfter, DropBefore, Garbage, Refuse, StagedTelegram


@pytest.mark.filterwarnings("ignore:.*attribute `retry_after` will be:DeprecationWarning")
async def test_ordered_faults_come_one_at_a_time(telegram: StagedTelegram, bot: Bot) -> None:
    """Each fault meets one request; after them everything works, and each request was recorded."""
    await telegram.person(7).send_text("x")
    telegram.fail_next(
        "sendMessage",
        Refuse(status=429, description="Too Many Requests: retry after 3", retry_after=3),
        DropBefore(),
        Garbage(),
    )
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "a")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "b")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "c")
    assert telegram.person(7).bot_messages == []
    await bot.send_message(7, "d")
    assert [request.params["text"] for request in telegram.calls("sendMessage")] == ["a", "b", "c", "d"]


async def test_drop_after_takes_effect(telegram: StagedTelegram, bot: Bot) -> None:
    """The answer is lost, the message is not."""
    await telegram.person(7).send_text("x")
    telegram.fail_next("sendMessage", DropAfter())
    with pytest.raises(NetworkError):
        await bot.send_message(7, "arrived")
    assert telegram.person(7).last.text == "arrived"


async def test_delayed_request_works(telegram: StagedTelegram, bot: Bot) -> None:
    """A slow answer is still an answer."""
    telegram.fail_next("getMe", Delay(seconds=0.05))
    assert (await bot.get_me()).username == "skin_bot"


async def test_download_can_fail(telegram: StagedTelegram, bot: Bot) -> None:
    """ "file" orders faults for downloads."""
    await telegram.person(7).send_file(b"data", name="a.bin")
    message = (await bot.get_updates())[0].message
    assert message is not None
    assert message.document is not None
    file = await bot.get_file(message.document)
    telegram.fail_next("file", DropBefore(), Refuse(status=404, description="Not Found"))
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    with pytest.raises(InvalidToken):
        await file.download_as_bytearray()
    assert await file.download_as_bytearray() == b"data"
