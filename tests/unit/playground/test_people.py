import asyncio
import io

import pytest
from PIL import Image
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.playground.server.profile import commands_for
from tests.telegram import StagedTelegram
from tests.unit.playground.conftest import Clock

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Yes, please", callback_data="yes")]])


def picture(width: int, height: int, *, orientation: int | None = None) -> bytes:
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def next_update(bot: Bot) -> Update:
    return (await bot.get_updates(timeout=5))[-1]


async def test_photo_from_a_person_has_telegrams_sizes(telegram: StagedTelegram, bot: Bot) -> None:
    """A photo is upright, at most 1280 px, without EXIF, in ascending sizes; the largest can be fetched."""
    await telegram.person(7).send_photo(picture(3000, 1500, orientation=6), caption="me")
    message = (await next_update(bot)).message
    assert message is not None
    assert [(s.width, s.height) for s in message.photo] == [(45, 90), (160, 320), (400, 800), (640, 1280)]
    data = await (await bot.get_file(message.photo[-1])).download_as_bytearray()
    with Image.open(io.BytesIO(data)) as image:
        assert (image.size, len(image.getexif())) == ((640, 1280), 0)


async def test_small_clean_photo_stays_as_it_is(telegram: StagedTelegram, bot: Bot) -> None:
    """A JPEG within 1280 px and without metadata arrives byte by byte."""
    data = picture(900, 600)
    await telegram.person(7).send_photo(data)
    message = (await next_update(bot)).message
    assert message is not None
    assert bytes(await (await bot.get_file(message.photo[-1])).download_as_bytearray()) == data


async def test_file_from_a_person_stays_as_it_is(telegram: StagedTelegram, bot: Bot) -> None:
    """Documents keep their bytes, name and type, and the same bytes have the same unique id."""
    data = picture(3000, 1500, orientation=6)
    await telegram.person(7).send_file(data, name="a.jpg", mime="image/jpeg")
    await telegram.person(8).send_file(data, name="b.jpg", mime="image/jpeg")
    first, second = [u.message.document for u in await bot.get_updates() if u.message]
    assert first is not None
    assert second is not None
    assert bytes(await (await bot.get_file(first)).download_as_bytearray()) == data
    assert (first.file_name, first.mime_type, first.file_size) == ("a.jpg", "image/jpeg", len(data))
    assert first.file_unique_id == second.file_unique_id
    assert first.file_id != second.file_id


async def test_file_over_20_mib_is_not_handed_out(telegram: StagedTelegram, bot: Bot) -> None:
    """getFile refuses more than 20 MiB."""
    limit = 20 * 1024 * 1024
    await telegram.person(7).send_file(bytes(limit), name="fits.bin")
    await telegram.person(7).send_file(bytes(limit + 1), name="big.bin")
    fits, big = [u.message.document for u in await bot.get_updates() if u.message]
    assert fits is not None
    assert big is not None
    assert (await bot.get_file(fits)).file_size == limit
    with pytest.raises(BadRequest, match=r"(?i)File is too big"):
        await bot.get_file(big)


async def test_expired_link_is_not_found_until_asked_again(telegram: StagedTelegram, bot: Bot) -> None:
    """Links end; getFile gives a new one for the same id. An unknown id has none."""
    await telegram.person(7).send_file(b"data", name="a.bin")
    message = (await next_update(bot)).message
    assert message is not None
    assert message.document is not None
    link = await bot.get_file(message.document)
    telegram.world.files.expire_links()
    with pytest.raises(InvalidToken):
        await link.download_as_bytearray()
    assert await (await bot.get_file(message.document)).download_as_bytearray() == b"data"
    with pytest.raises(BadRequest, match=r"(?i)Wrong file_id"):
        await bot.get_file("unknown")


async def test_press_waits_for_its_answer(telegram: StagedTelegram, bot: Bot) -> None:
    """A press reaches the bot, and the person sees the answer once; a second answer is too late."""
    ada = telegram.person(7)
    await ada.send_text("/start")
    await bot.send_message(7, "Do you agree?", reply_markup=BUTTONS)
    pressing = asyncio.create_task(ada.press(ada.last, "Yes"))
    await asyncio.sleep(0)
    query = (await bot.get_updates(timeout=5))[-1].callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("yes", 7)
    await query.answer("Thanks", show_alert=True)
    answer = await pressing
    assert (answer.text, answer.show_alert) == ("Thanks", True)
    with pytest.raises(BadRequest, match=r"(?i)Query is too old and response timeout expired"):
        await query.answer()


async def test_late_answer_to_a_press_is_refused(telegram: StagedTelegram, bot: Bot, clock: Clock) -> None:
    """A query answered after 150 seconds is too old."""
    ada = telegram.person(7)
    query = ada.forge(await ada.send_text("x"), "y")
    clock.move(seconds=151)
    with pytest.raises(BadRequest, match=r"(?i)Query is too old"):
        await bot.answer_callback_query(query.query_id)


async def test_unknown_button_can_not_be_pressed(telegram: StagedTelegram, bot: Bot) -> None:
    """A label that is not there is a mistake of the test, said with what is there."""
    ada = telegram.person(7)
    await ada.send_text("x")
    await bot.send_message(7, "Do you agree?", reply_markup=BUTTONS)
    with pytest.raises(LookupError, match="Yes, please"):
        await ada.press(ada.last, "No")


async def test_waiting_for_a_message(telegram: StagedTelegram, bot: Bot) -> None:
    """wait_for returns the newest fitting message of the bot; without one it tells what is in the chat."""
    ada = telegram.person(7)
    await ada.send_text("hello")
    waiting = asyncio.create_task(ada.wait_for(lambda m: "done" in m.text))
    sent = await bot.send_message(7, "working")
    await bot.edit_message_text("done", chat_id=7, message_id=sent.message_id)
    assert (await waiting).message_id == sent.message_id
    with pytest.raises(AssertionError, match="'hello'"):
        await ada.wait_for(lambda m: "never" in m.text, timeout=0.05)


async def test_every_kind_of_message_can_be_read_by_the_library(telegram: StagedTelegram, bot: Bot) -> None:
    """Stickers, voices, videos, places, contacts, albums, edits, replies, blocking: each is a legal update."""
    ada = telegram.person(7, language_code=None)
    first = await ada.send_text("hi", reply_to=None)
    await ada.send_sticker()
    await ada.send_voice()
    await ada.send_video(caption="look")
    await ada.send_location()
    await ada.send_contact()
    await ada.send(dice={"emoji": "🎲", "value": 3})
    await ada.send_photo(picture(50, 50), album="a")
    await ada.send_photo(picture(50, 50), album="a")
    await ada.edit(first, "hi there")
    await ada.send_text("and", reply_to=first)
    ada.block()
    updates = await bot.get_updates()
    messages = [u.message for u in updates if u.message]
    kinds = ["sticker", "voice", "video", "location", "contact", "dice"]
    assert all(getattr(m, kind) for m, kind in zip(messages[1:], kinds, strict=False))
    assert messages[7].media_group_id == messages[8].media_group_id is not None
    assert messages[9].reply_to_message is not None
    assert messages[9].reply_to_message.text == "hi there"
    assert messages[0].from_user is not None
    assert messages[0].from_user.language_code is None
    assert [u.edited_message.text for u in updates if u.edited_message] == ["hi there"]
    assert [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member] == ["kicked"]


async def test_bot_leaves_a_group(telegram: StagedTelegram, bot: Bot) -> None:
    """A group's messages reach the bot until it leaves; then it can't write there."""
    group, ada = telegram.group(), telegram.person(7)
    group.add_bot(ada)
    await group.send_text("hello all", by=ada)
    await group.send_photo(picture(60, 60), by=ada)
    updates = await bot.get_updates()
    assert updates[1].message is not None
    assert (updates[1].message.chat.type, updates[1].message.chat.id) == ("supergroup", group.chat_id)
    assert await bot.leave_chat(group.chat_id)
    assert group.left
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(group.chat_id, "x")


async def test_menu_is_the_most_specific_one(telegram: StagedTelegram, bot: Bot) -> None:
    """The person sees the commands of their chat, then of private chats, their language first, then the default."""
    chat = telegram.world.chats[telegram.person(7).chat_id]
    profile = telegram.world.profile
    await bot.set_my_commands([BotCommand("start", "Begin")])
    private = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("start", "Start")], scope=private)
    await bot.set_my_commands([BotCommand("start", "Empezar")], scope=private, language_code="es")
    shown = {lang: commands_for(profile, chat, lang)[0]["description"] for lang in ("es-MX", "en")}
    assert shown == {"es-MX": "Empezar", "en": "Start"}
    assert (await bot.get_my_commands())[0].description == "Begin"
    await bot.delete_my_commands(scope=private)
    assert commands_for(profile, chat, "en")[0]["description"] == "Begin"
    with pytest.raises(BadRequest, match=r"(?i)Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Not-Good", "x")])
