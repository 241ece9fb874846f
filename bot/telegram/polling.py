"""Asks Telegram for updates, or has them sent. Whenever either stops or stalls, the reason is told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from telegram import Bot, WebhookInfo
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.storage.engine.database import DatabaseUnavailable
from bot.telegram.intake import update_id_of

_log = logging.getLogger(__name__)

POLL_SECONDS: Final = 30
ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
_UNTIL_OTHER_ENDS_SECONDS: Final = 5.0
_LONGEST_SILENCE_SECONDS: Final = 180.0
_RESTS: Final = 6  # of the watchdog, in its patience
_LOOK_EVERY_SECONDS: Final = 60.0

Take = Callable[[Sequence[Mapping[str, object]]], Awaitable[None]]


class PollingEnded(Exception):
    """Telegram will not hand updates to this process any more; the supervisor should see it end."""


class PollingStuck(Exception):
    """Telegram answers everything but the question for updates: a fresh process may get through."""


class Polling:
    """Asks for updates; what was taken is acknowledged by the next question. `patience_s` is the watchdog's."""

    def __init__(self, *, bot: Bot, take: Take, patience_s: float = _LONGEST_SILENCE_SECONDS) -> None:
        self._bot = bot
        self._take = take
        self._patience_s = patience_s
        self._answers = 0

    async def run(self) -> None:
        """Poll until cancelled. Other troubles than these are logged and waited out.

        Raises (in a group) PollingEnded when the token is refused, PollingStuck when the watchdog barks.
        """
        async with asyncio.TaskGroup() as together:
            together.create_task(self._ask_for_ever())
            together.create_task(self._watch())

    async def _ask_for_ever(self) -> None:
        offset, wait = 0, 1.0
        while True:
            try:
                updates = await self._get_updates(offset)
                await self._take(updates)
            except (InvalidToken, EndPointNotFound):  # the library's word for 401 and 404, before and after getMe
                raise PollingEnded("Telegram refuses the token") from None
            except RetryAfter as error:
                await asyncio.sleep(_seconds_of(error))
            except Conflict as error:
                self._answers += 1
                await self._settle(error)
            except (TelegramError, DatabaseUnavailable) as error:
                _log.warning("polling failed, next try in %.0f s: %s", wait, type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 30.0)
            else:
                wait = 1.0
                offset = max((update_id_of(raw) + 1 for raw in updates), default=offset)

    async def _watch(self) -> None:
        """A pool that is wedged, or a proxy that swallows long polls, looks like a quiet night from within.

        It counts its own rests, not the clock: while this process did not run (the machine slept, the container was
        paused) nobody was silent. After that, too, a poll that died meanwhile has its time to end and be asked again.
        """
        rest, silent_for = self._patience_s / _RESTS, 0.0
        while True:
            answers = self._answers
            await asyncio.sleep(rest)
            silent_for = silent_for + rest if answers == self._answers else 0.0
            if silent_for > self._patience_s and await self._telegram_answers():
                raise PollingStuck(f"no answer to getUpdates for {silent_for:.0f} s, though Telegram answers")

    async def _telegram_answers(self) -> bool:
        try:
            await self._bot.get_me()
        except TelegramError:
            return False
        return True

    async def _settle(self, conflict: Conflict) -> None:
        """A webhook that an earlier set-up left is taken down; another poller is only waited for."""
        if "webhook" in str(conflict).lower():
            _log.warning("a webhook was set; it is taken down, because this process polls")
            with suppress(TelegramError):  # the next question tells whether it is gone
                await self._bot.delete_webhook()
            return
        _log.error("another process polls with the same token")
        await asyncio.sleep(_UNTIL_OTHER_ENDS_SECONDS)

    async def _get_updates(self, offset: int) -> Sequence[Mapping[str, object]]:
        """Raw updates: one that python-telegram-bot can't read must not take the others with it."""
        answer = await self._bot.do_api_request(
            "getUpdates",
            api_kwargs={"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES)},
            read_timeout=POLL_SECONDS + 10,
        )
        self._answers += 1
        return answer if isinstance(answer, list) else []


async def keep_webhook(bot: Bot, url: str, secret: str, *, every_s: float = _LOOK_EVERY_SECONDS) -> None:
    """See to it that Telegram sends updates to `url`, until cancelled: set when it is not, and not before that.

    A secret that is new shows in refused deliveries (which Telegram keeps and repeats): it is set anew then.
    """
    seen_to: datetime | None = None
    while True:
        try:
            info = await bot.get_webhook_info()
            refused_at = info.last_error_date if "403" in (info.last_error_message or "") else None
            if not _stands(info, url) or refused_at != seen_to:
                await bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)
                seen_to = refused_at
                _log.info("the webhook is set")
        except TelegramError as error:
            _log.warning("the webhook could not be checked: %s", type(error).__name__)
        await asyncio.sleep(every_s)


def _stands(info: WebhookInfo, url: str) -> bool:
    return info.url == url and set(info.allowed_updates or ()) == set(ALLOWED_UPDATES)


def _seconds_of(error: RetryAfter) -> float:
    wait: float | timedelta = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
