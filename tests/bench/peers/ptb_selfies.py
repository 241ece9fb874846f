"""The peer: python-telegram-bot, httpx, SQLAlchemy, and Pillow in threads, as a careful engineer writes it.

A selfie becomes a report with as many requests as ours takes, the same look and the same drawing. Nothing outlives a
restart but the row at the end.
"""

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
from telegram import InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from tests.bench.peers.keeping import Reports
from tests.bench.plain import draw, prepare

asked = json.loads(sys.argv[1])
keyboard = InlineKeyboardMarkup.de_json(asked["reply_markup"])
pixels = ThreadPoolExecutor(os.cpu_count())
reports = Reports(asked["database"])
client = httpx.AsyncClient(
    timeout=httpx.Timeout(60, pool=None), limits=httpx.Limits(max_connections=256, max_keepalive_connections=256)
)


async def on_photo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    message, run = update.effective_message, asyncio.get_running_loop().run_in_executor
    status, _ = await asyncio.gather(
        message.reply_text(asked["checking"], parse_mode=ParseMode.HTML), message.set_reaction("👀")
    )
    file = await message.photo[-1].get_file()
    prepared = await run(pixels, prepare, bytes(await file.download_as_bytearray()))
    _, answer = await asyncio.gather(
        status.edit_text(asked["analysing"], parse_mode=ParseMode.HTML), analysed(prepared.jpeg)
    )
    _, card = await asyncio.gather(
        status.edit_text(asked["drawing"], parse_mode=ParseMode.HTML), run(pixels, draw, prepared, answer)
    )
    report = InputMediaPhoto(card, caption=asked["caption"], parse_mode=ParseMode.HTML)
    await status.edit_media(report, reply_markup=keyboard)
    await run(reports.writer, reports.keep, message.chat_id, answer)


async def analysed(jpeg: bytes) -> dict:
    response = await client.post(
        asked["ailab"],
        headers={"ailabapi-api-key": "a-key"},
        data={"return_rect_confidence": "1", "return_maps": "red_area"},
        files={"image": ("image.jpg", jpeg, "image/jpeg")},
    )
    response.raise_for_status()
    return response.json()


async def on_help(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    await update.effective_message.reply_text(asked["checking"], parse_mode=ParseMode.HTML)


async def close(_: Application) -> None:
    await client.aclose()


application = (
    Application.builder()
    .token(asked["token"])
    .base_url(f"{asked['url']}/bot")
    .base_file_url(f"{asked['url']}/file/bot")
    .connection_pool_size(256)
    .pool_timeout(60)
    .read_timeout(30)
    .write_timeout(30)
    .media_write_timeout(60)
    .concurrent_updates(256)
    .post_shutdown(close)
    .build()
)
application.add_handler(MessageHandler(filters.PHOTO, on_photo))
application.add_handler(CommandHandler("help", on_help))
application.run_webhook(
    "127.0.0.1", asked["port"], webhook_url=f"http://127.0.0.1:{asked['port']}/", secret_token="a-secret"
)
