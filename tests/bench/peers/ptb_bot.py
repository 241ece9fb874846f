"""The peer: python-telegram-bot as its documentation starts it; the same answer to /help as ours gives."""

import json
import sys
from pathlib import Path

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import Application, CommandHandler, ContextTypes

asked = json.loads(Path(sys.argv[1]).read_text())
keyboard = InlineKeyboardMarkup.de_json(asked["reply_markup"])


async def on_help(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message:
        await update.message.reply_text(asked["text"], parse_mode="HTML", reply_markup=keyboard)


application = Application.builder().token(asked["token"]).base_url(f"{asked['url']}/bot").build()
application.add_handler(CommandHandler("help", on_help))
if asked["port"]:
    application.run_webhook("127.0.0.1", asked["port"], webhook_url=f"http://127.0.0.1:{asked['port']}/")
else:
    application.run_polling()
