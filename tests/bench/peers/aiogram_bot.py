"""The peer: aiogram 3, polling or behind a webhook; the same answer to /help as ours gives."""

import asyncio
import json
import sys
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

asked = json.loads(Path(sys.argv[1]).read_text())
bot = Bot(asked["token"], session=AiohttpSession(api=TelegramAPIServer.from_base(asked["url"])))
dispatcher = Dispatcher()
keyboard = InlineKeyboardMarkup.model_validate(asked["reply_markup"])


@dispatcher.message(Command("help"))
async def on_help(message: Message) -> None:
    await message.answer(asked["text"], parse_mode="HTML", reply_markup=keyboard)


if asked["port"]:
    app = web.Application()
    SimpleRequestHandler(dispatcher=dispatcher, bot=bot).register(app, path="/")
    web.run_app(app, host="127.0.0.1", port=asked["port"], print=None, access_log=None)
else:
    asyncio.run(dispatcher.start_polling(bot))
