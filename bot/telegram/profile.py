"""The bot as Telegram shows it before anybody has spoken to it: its name, its picture, its texts and its menu."""

from pathlib import Path
from typing import Final

from telegram import Bot, InputProfilePhotoStatic

from bot.rendering.renderer import Renderer
from bot.telegram.application import introduce, menu_languages

PICTURE: Final = Path(__file__).with_name("profile.jpg")  # drawn by tools/guide/profile_photo.py


async def present(bot: Bot, renderer: Renderer) -> None:
    """All of it, in every language; for the set-up, since Telegram takes names only now and then.

    Raises TelegramError.
    """
    for language, locale in menu_languages(renderer.locales).items():
        await bot.set_my_name(renderer.line("name", locale), language_code=language)
    await bot.set_my_profile_photo(InputProfilePhotoStatic(PICTURE.read_bytes()))
    await introduce(bot, renderer)
