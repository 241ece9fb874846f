"""The library's application: made, connected, and introduced in Telegram's menus."""

import asyncio
import logging
import os
import warnings
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import stamina
from telegram import Bot, BotCommand, MenuButtonDefault, MenuButtonWebApp, Update
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import Application
from telegram.warnings import PTBUserWarning

from bot.config import Config
from bot.observability.logs import about
from bot.outgoing import proxy_for
from bot.rendering.renderer import SOURCE_LOCALE, Renderer
from bot.storage.engine.database import DatabaseUnavailable
from bot.telegram.wire import AiohttpRequest

_log = logging.getLogger(__name__)

BotApplication = Application[Any, Any, Any, Any, Any, Any]  # the library's own type parameters


class ForthrightApplication(Application[Any, Any, Any, Any, Any, Any]):
    """Lets a passing trouble of ours out to whoever works the update, which is then worked again.

    The library hands every error to the error handlers and counts the update as worked.
    """

    async def process_error(
        self,
        update: object | None,
        error: Exception,
        job: Any = None,  # noqa: ANN401 - the library's interface
        coroutine: Any = None,  # noqa: ANN401 - the library's interface
    ) -> bool:
        if isinstance(error, DatabaseUnavailable):
            raise error
        return await super().process_error(update, error, job, coroutine)


def traced(application: BotApplication) -> Callable[[Update], Awaitable[None]]:
    """How it handles an update; every line that is logged meanwhile says which one it was."""

    async def work(update: Update) -> None:
        with about(update=update.update_id):
            await application.process_update(update)

    return work


def new_application(config: Config, wire: AiohttpRequest) -> BotApplication:
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else every RetryAfter warns of its own type
    # Updates are wanted raw: bot.telegram.intake.
    warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)
    builder = (
        Application.builder()
        .application_class(ForthrightApplication)
        .token(config.telegram_token or "")
        .base_url(f"{config.telegram_api_url}/bot")
        .base_file_url(f"{config.telegram_api_url}/file/bot")
        .request(wire)
        .get_updates_request(AiohttpRequest(proxy_for(config.telegram_api_url, config)))
        .updater(None)
    )
    return builder.build()


async def connect(application: BotApplication, api_url: str) -> None:
    """Ask Telegram who we are; without a network, again and again. Raises InvalidToken."""
    async for attempt in stamina.retry_context(on=_no_network, attempts=None, timeout=None, wait_max=30.0):
        with attempt:
            try:
                await application.initialize()
            except NetworkError as error:
                if _no_network(error):
                    kind, host = type(error).__name__, urlsplit(api_url).hostname
                    _log.warning(
                        "Telegram is not reached at %s (%s); next try in %.0f s", host, kind, attempt.next_wait
                    )
                raise


def _no_network(error: Exception) -> bool:
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


async def introduce(bot: Bot, renderer: Renderer) -> None:
    """Set the command menu and the texts before /start, in every language.

    Not worth failing for.

    Telegram's menus know languages of two letters only; one that it refuses takes no other language's menu with it.
    """
    for language, locale in menu_languages(renderer.locales).items():
        try:
            await _introduce_in(bot, renderer, locale, language)
        except TelegramError as error:
            _log.warning("the command menu in %s was not set: %s", locale, type(error).__name__)
    try:
        await _offer_commands(bot)
    except TelegramError as error:
        _log.warning("a button of an earlier version may be left: %s", type(error).__name__)


async def _offer_commands(bot: Bot) -> None:
    """Beside the letters, where no chat has another button: one for everybody could speak one language only."""
    if isinstance(await bot.get_chat_menu_button(), MenuButtonWebApp):
        await bot.set_chat_menu_button(menu_button=MenuButtonDefault())


def menu_languages(locales: Sequence[str]) -> dict[str | None, str]:
    """A locale for each language of Telegram's menus: pt_BR stands for pt while no pt is there. None is everybody's."""
    regional = {locale.partition("_")[0]: locale for locale in locales}
    plain = {locale: locale for locale in locales if "_" not in locale}
    return {None if language == SOURCE_LOCALE else language: locale for language, locale in (regional | plain).items()}


async def _introduce_in(bot: Bot, renderer: Renderer, locale: str, language: str | None) -> None:
    # In a thread: the first text in a language reads its catalog, which takes 0.1 s.
    commands = await asyncio.to_thread(renderer.commands, locale)
    await bot.set_my_commands([BotCommand(name, about) for name, about in commands], language_code=language)
    await bot.set_my_description(renderer.line("description", locale), language_code=language)
    await bot.set_my_short_description(renderer.line("short_description", locale), language_code=language)
