import io
from datetime import timedelta

import pytest
from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from tests.telegram import Actor, StagedTelegram
from tests.unit.playground.conftest import Clock


def jpeg(width: int = 400, height: int = 300, *, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), 120 if mode == "L" else (200, 150, 120)).save(out, "JPEG")
    return out.getvalue()


def keyboard(data: str = "yes", label: str = "Yes") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)]])


@pytest.fixture
async def ada(telegram: StagedTelegram) -> Actor:
    person = telegram.person(7)
    await person.send_text("/start")
    return person


async def test_status_message_becomes_the_picture(ada: Actor, bot: Bot) -> None:
    """A text can be edited, then turned into a photo; the person sees one message with all its past."""
    sent = await bot.send_message(7, "<b>checking</b>", parse_mode=ParseMode.HTML)
    await bot.edit_message_text("drawing", chat_id=7, message_id=sent.message_id)
    media = InputMediaPhoto(jpeg(), caption="<i>done</i> &amp; well", parse_mode=ParseMode.HTML)
    result = await bot.edit_message_media(media, chat_id=7, message_id=sent.message_id, reply_markup=keyboard())
    assert isinstance(result, Message)
    assert (result.caption, result.photo[-1].width, result.edit_date is not None) == ("done & well", 400, True)
    assert ada.last.message_id == sent.message_id
    assert ada.last.history == ("checking", "drawing")
    assert (ada.last.html, ada.last.photo, ada.last.labels) == ("<i>done</i> &amp; well", jpeg(), ["Yes"])


async def test_picture_never_becomes_text_again(ada: Actor, bot: Bot) -> None:
    """editMessageText edits texts only."""
    sent = await bot.send_photo(7, jpeg(), caption="a")
    with pytest.raises(BadRequest, match=r"(?i)There is no text in the message to edit"):
        await bot.edit_message_text("b", chat_id=7, message_id=sent.message_id)
    await bot.edit_message_caption(7, sent.message_id, caption="b")
    assert ada.last.caption == "b"


@pytest.mark.parametrize("caption", ["same", "other"])
async def test_editing_into_the_same_is_refused(ada: Actor, bot: Bot, caption: str) -> None:
    """The very same picture, words and buttons are `not modified`; any other caption is an edit."""
    sent = await bot.send_photo(7, jpeg(), caption="same", reply_markup=keyboard())
    media = InputMediaPhoto(sent.photo[-1].file_id, caption=caption)
    if caption == "same":
        with pytest.raises(BadRequest, match=r"(?i)Message is not modified: specified new message content and reply"):
            await bot.edit_message_media(media, chat_id=7, message_id=sent.message_id, reply_markup=keyboard())
    else:
        await bot.edit_message_media(media, chat_id=7, message_id=sent.message_id)
        assert (ada.last.caption, ada.last.labels) == ("other", [])


@pytest.mark.parametrize(
    ("text", "fits"), [("x" * 4096, True), ("x" * 4097, False), ("<b>" + "x" * 4096 + "</b>", True), (" \n ", False)]
)
async def test_text_length_is_counted_after_parsing(ada: Actor, bot: Bot, text: str, *, fits: bool) -> None:
    """1 to 4096 characters of what is left after parsing."""
    if fits:
        await bot.send_message(7, text, parse_mode=ParseMode.HTML)
        assert len(ada.last.text) == 4096
    else:
        with pytest.raises(BadRequest):
            await bot.send_message(7, text, parse_mode=ParseMode.HTML)


async def test_caption_over_1024_is_refused(ada: Actor, bot: Bot) -> None:
    """A caption has 1024 characters at most."""
    await bot.send_photo(7, jpeg(), caption="x" * 1024)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(7, jpeg(), caption="x" * 1025)
    assert len(ada.bot_messages) == 1


async def test_callback_data_over_64_bytes_is_refused(ada: Actor, bot: Bot) -> None:
    """Bytes count, not characters."""
    await bot.send_message(7, "x", reply_markup=keyboard("é" * 32))
    with pytest.raises(BadRequest, match=r"(?i)Button_data_invalid"):
        await bot.send_message(7, "x", reply_markup=keyboard("é" * 32 + "x"))
    assert ada.last.data("Yes") == "é" * 32


async def test_photo_by_file_id_is_the_same_photo(ada: Actor, bot: Bot) -> None:
    """A file id shows the same bytes again, and no document by that of a photo."""
    first = await bot.send_photo(7, jpeg())
    again = await bot.send_photo(7, first.photo[0].file_id)
    assert again.photo == first.photo
    assert ada.last.photo == jpeg()
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type Photo as Document"):
        await bot.send_document(7, first.photo[0].file_id)


@pytest.mark.parametrize(
    ("picture", "complaint"),
    [
        (b"not a picture", "[Ii]mage_process_failed"),
        (jpeg(9000, 1001, mode="L"), "[Pp]hoto_invalid_dimensions"),
        (jpeg(2100, 100), "[Pp]hoto_invalid_dimensions"),
        (jpeg() + bytes(10 * 1024 * 1024), "too big for a photo"),
    ],
)
async def test_photos_out_of_bounds_are_refused(ada: Actor, bot: Bot, picture: bytes, complaint: str) -> None:
    """10 MB, 10000 px in total, 20 to 1, and it must be a picture."""
    with pytest.raises(BadRequest, match=complaint):
        await bot.send_photo(7, picture)
    assert ada.bot_messages == []


async def test_reply_to_a_message_that_is_gone(ada: Actor, bot: Bot) -> None:
    """A reply needs its message, unless the bot says that it may go without."""
    await bot.send_message(7, "to you", reply_parameters=ReplyParameters(1))
    assert ada.last.reply_to == 1
    ada.delete(1)
    with pytest.raises(BadRequest, match="to be replied not found"):
        await bot.send_message(7, "x", reply_parameters=ReplyParameters(1))
    await bot.send_message(7, "x", reply_parameters=ReplyParameters(1, allow_sending_without_reply=True))
    assert ada.last.reply_to is None


async def test_deleting_is_possible_for_two_days(ada: Actor, bot: Bot, clock: Clock) -> None:
    """Own messages and the person's go within 48 hours; later none does."""
    old = await bot.send_message(7, "old")
    clock.at += timedelta(hours=48, seconds=1)
    new = await bot.send_message(7, "new")
    await bot.delete_message(7, new.message_id)
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(7, old.message_id)
    with pytest.raises(BadRequest, match=r"(?i)Message to delete not found"):
        await bot.delete_message(7, new.message_id)
    assert [m.text for m in ada.messages] == ["/start", "old"]


async def test_editing_what_the_person_deleted(ada: Actor, bot: Bot) -> None:
    """A message that is gone can't be edited."""
    sent = await bot.send_message(7, "x")
    ada.delete(sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)Message to edit not found"):
        await bot.edit_message_text("y", chat_id=7, message_id=sent.message_id)


async def test_who_can_be_written_to(telegram: StagedTelegram, ada: Actor, bot: Bot) -> None:
    """Nobody who never wrote, who blocked the bot, or whose account is gone."""
    telegram.person(8)
    with pytest.raises(BadRequest, match=r"(?i)Chat not found"):
        await bot.send_message(8, "x")
    ada.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(7, "x")
    ada.unblock()
    await bot.send_message(7, "again")
    ada.deactivate()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(7, "x")


async def test_album_of_the_bot(ada: Actor, bot: Bot) -> None:
    """Two to ten pictures share one group."""
    sent = await bot.send_media_group(7, [InputMediaPhoto(jpeg()), InputMediaPhoto(jpeg(100, 100), caption="b")])
    assert len({message.media_group_id for message in sent}) == 1
    assert [m.caption for m in ada.bot_messages] == ["", "b"]
    with pytest.raises(BadRequest, match="2-10"):
        await bot.send_media_group(7, [InputMediaPhoto(jpeg())])


async def test_only_listed_reactions(ada: Actor, bot: Bot) -> None:
    """A bot may react with one of Telegram's emoji; ✅ is none."""
    await bot.set_message_reaction(7, 1, "👀")
    assert ada.message(1).reaction == "👀"
    with pytest.raises(BadRequest, match=r"(?i)Reaction_invalid"):
        await bot.set_message_reaction(7, 1, "✅")
