"""A small bot for trying the page: it answers as a report bot does, without reading any photo."""

import asyncio

from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode

REPORT = (
    "<b>Your report</b> · photo of today\n\n"
    "✨ <b>Hardly seen or not seen</b>\nVery little redness seen\n\n"
    "👀 <b>What stands out in this photo</b>\n🔴 Red spots (3 marked)\nVisible pores: nose\n\n"
    "🌱 <b>One small step</b>\nA mild cleanser in the evening is enough.\n"
    "<blockquote expandable><b>Forehead</b> · Not seen: forehead lines\n<b>Eyes</b> · fine lines under the eyes\n"
    "<b>Nose and mouth</b> · visible pores\n<b>Chin</b> · Not seen: visible pores\n"
    "<b>Whole face</b> · Not seen: pimples, brown spots\n<b>Skin type</b>: neither oily nor dry\n\n"
    "<b>Less sure</b>: maybe dark circles</blockquote>\n\n"
    "🤖 <i>Made by AI from one photo. It can be wrong and is not a diagnosis.</i>"
)


def keyboard(*rows: tuple[tuple[str, str], ...]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


START = keyboard((("✅ I agree, and I am 18 or over", "agree"),), (("No, thanks", "no"),))
REPORT_KEYS = keyboard(
    (("🌡 Redness map", "redness"), ("📈 Progress", "progress")), (("🗑 Delete this report", "delete"),)
)


class EchoBot:
    def __init__(self, bot: Bot, *, pause: float = 0.0) -> None:
        self.bot = bot
        self._pause = pause

    async def run(self) -> None:
        await self.bot.set_my_commands(
            [
                BotCommand("history", "Your reports, newest first"),
                BotCommand("settings", "Language, reminders, details"),
                BotCommand("privacy", "What is kept, and for how long"),
                BotCommand("help", "How to take a good photo"),
            ]
        )
        await self.bot.set_my_description("Send me a selfie, and I send you a friendly report about your skin.")
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=30, read_timeout=40):
                offset = update.update_id + 1
                await self._on_update(update)

    async def _on_update(self, update: Update) -> None:
        if update.callback_query:
            await self._on_press(update.callback_query)
        elif update.message and (update.message.photo or update.message.document):
            await self._on_picture(update.message)
        elif update.message:
            await self._on_text(update.message)

    async def _on_text(self, message: Message) -> None:
        if message.text == "/start":
            text = (
                "Hello! I am an <b>AI</b> that looks at selfies and tells you what it sees on your skin.\n\n"
                "May I look at your skin? I don't save your photo: see /privacy.\n"
                "<blockquote>I am not a doctor, and I don't make a diagnosis.</blockquote>"
            )
            await message.reply_text(text, parse_mode=ParseMode.HTML, reply_markup=START)
        else:
            await message.reply_text(f"You said: {message.text}")

    async def _on_picture(self, message: Message) -> None:
        status = await message.reply_text(
            "🔎 Checking your photo …", reply_parameters=ReplyParameters(message.message_id)
        )
        await self.bot.send_chat_action(message.chat_id, ChatAction.UPLOAD_PHOTO)
        await asyncio.sleep(self._pause)
        await status.edit_text("✏️ Drawing your report …")
        await asyncio.sleep(self._pause)
        source = message.photo[-1] if message.photo else message.document
        if source is None:
            return
        picture = await (await self.bot.get_file(source.file_id)).download_as_bytearray()
        media = InputMediaPhoto(bytes(picture), caption=REPORT, parse_mode=ParseMode.HTML)
        await status.edit_media(media, reply_markup=REPORT_KEYS)

    async def _on_press(self, query: CallbackQuery) -> None:
        await asyncio.sleep(self._pause)
        match query.data:
            case "delete":
                await query.answer("Deleted for good. It can't be brought back.", show_alert=True)
                if isinstance(query.message, Message):
                    await query.message.delete()
            case "agree":
                await query.answer("Thank you!")
                await query.edit_message_text("✅ Agreed. Send me a selfie now.")
            case data:
                await query.answer(f"{data} is not part of this small bot")
