"""The peer: aiogram 3, aiohttp, SQLAlchemy, and Pillow in threads, as a careful engineer writes it.

A selfie becomes a report with as many requests as ours takes, the same look and the same drawing. Nothing outlives a
restart but the row at the end.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, InputMediaPhoto, Message, ReactionTypeEmoji
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from tests.bench.peers.keeping import Reports
from tests.bench.plain import draw, prepare

asked = json.loads(sys.argv[1])
keyboard = InlineKeyboardMarkup.model_validate(asked["reply_markup"])
pixels = ThreadPoolExecutor(os.cpu_count())
reports = Reports(asked["database"])
dispatcher = Dispatcher()
bot = Bot(
    asked["token"],
    session=AiohttpSession(api=TelegramAPIServer.from_base(asked["url"]), limit=256),
    default=DefaultBotProperties(parse_mode=ParseMode.HTML),
)


@dispatcher.message(F.photo)
async def on_photo(message: Message, client: aiohttp.ClientSession) -> None:
    run = asyncio.get_running_loop().run_in_executor
    seen = message.react([ReactionTypeEmoji(emoji="👀")])
    status, _ = await asyncio.gather(bot(message.reply(asked["checking"])), bot(seen))
    prepared = await run(pixels, prepare, (await bot.download(message.photo[-1])).getvalue())
    _, answer = await asyncio.gather(bot(status.edit_text(asked["analysing"])), analysed(client, prepared.jpeg))
    _, card = await asyncio.gather(bot(status.edit_text(asked["drawing"])), run(pixels, draw, prepared, answer))
    report = InputMediaPhoto(media=BufferedInputFile(card, "report.jpg"), caption=asked["caption"])
    await status.edit_media(report, reply_markup=keyboard)
    await run(reports.writer, reports.keep, message.chat.id, answer)


async def analysed(client: aiohttp.ClientSession, jpeg: bytes) -> dict:
    form = aiohttp.FormData({"return_rect_confidence": "1", "return_maps": "red_area"})
    form.add_field("image", jpeg, filename="image.jpg", content_type="image/jpeg")
    async with client.post(asked["ailab"], headers={"ailabapi-api-key": "a-key"}, data=form) as response:
        response.raise_for_status()
        return await response.json()


@dispatcher.message(Command("help"))
async def on_help(message: Message) -> None:
    await message.answer(asked["checking"])


async def serving(_: web.Application) -> AsyncIterator[None]:
    connector = aiohttp.TCPConnector(limit=256)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60)) as client:
        dispatcher["client"] = client
        yield


app = web.Application()
app.cleanup_ctx.append(serving)
SimpleRequestHandler(dispatcher, bot, secret_token="a-secret").register(app, path="/")
setup_application(app, dispatcher, bot=bot)
web.run_app(app, host="127.0.0.1", port=asked["port"], print=None, access_log=None)
