"""The bot speaking first: fetch a file, send, edit. Telegram's errors become ours, permanent or not."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

import stamina
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.rendering import Button, Rendered

_T = TypeVar("_T")

_NOT_MODIFIED: Final = "message is not modified"
_TOO_BIG: Final = "file is too big"
_LOST: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text",
)


class DeliveryError(Exception):
    """Telegram did not take a message. `permanent`: trying again is of no use (blocked, deleted account)."""

    def __init__(self, cause: str, *, permanent: bool) -> None:
        super().__init__(cause)
        self.permanent = permanent


class MessageLost(Exception):
    """The message to edit is gone (the person deleted it) or can't be edited any more."""


class FileGone(Exception):
    """Telegram does not have the file any more."""


class FileTooBig(Exception):
    """Telegram hands bots files of up to 20 MB only."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture that is on the person's screen, and under which id Telegram shows it again."""

    message_id: int
    file_id: str


class Messenger:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, file_id: str) -> bytes:
        """The bytes of a file of at most 20 MB. Raises FileGone, FileTooBig, DeliveryError."""
        with _delivering():
            return await _again_if_transient(lambda: self._download(file_id))

    async def _download(self, file_id: str) -> bytes:
        try:
            file = await self._bot.get_file(file_id)  # links expire: a new one each time
            return bytes(await file.download_as_bytearray())
        except InvalidToken:
            raise FileGone from None  # python-telegram-bot's word for a 404 on a download
        except BadRequest as error:
            raise (FileTooBig if _TOO_BIG in str(error).lower() else FileGone) from None

    async def say(self, chat_id: int, rendered: Rendered, *, reply_to: int | None = None) -> int:
        """Send a text; not repeated when it may have arrived. Raises DeliveryError."""
        with _delivering():
            message = await _again_if_told_to_wait(
                lambda: self._bot.send_message(
                    chat_id,
                    rendered.text,
                    parse_mode=ParseMode.HTML,
                    reply_markup=_keyboard(rendered.rows),
                    reply_parameters=_reply(reply_to),
                )
            )
        return message.message_id

    async def revise(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Turn a known text message into this one. Raises MessageLost, DeliveryError."""
        await self._edit(
            lambda: self._bot.edit_message_text(
                rendered.text,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(rendered.rows),
            )
        )

    async def revise_caption(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Give a known picture message another caption and buttons. Raises MessageLost, DeliveryError."""
        await self._edit(
            lambda: self._bot.edit_message_caption(
                chat_id=chat_id,
                message_id=message_id,
                caption=rendered.text,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(rendered.rows),
            )
        )

    async def become_picture(
        self, chat_id: int, message_id: int, picture: bytes | str, rendered: Rendered
    ) -> Shown | None:
        """Turn a known text message into a picture with a caption; None when it already was that very one.

        Raises MessageLost, DeliveryError.
        """
        media = InputMediaPhoto(picture, caption=rendered.text, parse_mode=ParseMode.HTML)
        message = await self._edit(
            lambda: self._bot.edit_message_media(
                media, chat_id=chat_id, message_id=message_id, reply_markup=_keyboard(rendered.rows)
            )
        )
        return _shown(message) if isinstance(message, Message) else None

    async def show(self, chat_id: int, picture: bytes | str, rendered: Rendered) -> Shown:
        """Send a picture (bytes, or a file id for one that Telegram has). Raises FileGone, DeliveryError."""
        try:
            with _delivering():
                message = await _again_if_told_to_wait(
                    lambda: self._bot.send_photo(
                        chat_id,
                        picture,
                        caption=rendered.text,
                        parse_mode=ParseMode.HTML,
                        reply_markup=_keyboard(rendered.rows),
                    )
                )
        except DeliveryError as error:
            if isinstance(picture, str) and isinstance(error.__cause__, BadRequest):
                raise FileGone from None
            raise
        return _shown(message)

    async def answers(self) -> bool:
        """Does Telegram answer at all? Asked by something that changes nothing."""
        try:
            await self._bot.get_me()
        except TelegramError:
            return False
        return True

    async def _edit(self, edit: Callable[[], Awaitable[_T]]) -> _T | None:
        try:
            with _delivering():
                return await _again_if_transient(edit)
        except DeliveryError as error:
            cause = str(error.__cause__).lower()
            if _NOT_MODIFIED in cause:
                return None
            if any(words in cause for words in _LOST):
                raise MessageLost from None
            raise


@contextmanager
def _delivering() -> Iterator[None]:
    try:
        yield
    except Forbidden as error:
        raise DeliveryError("the person can't be reached", permanent=True) from error
    except BadRequest as error:
        raise DeliveryError("Telegram refused the request", permanent=True) from error
    except TelegramError as error:
        raise DeliveryError("Telegram did not answer", permanent=False) from error


def _told_to_wait(error: Exception) -> float | bool:
    if isinstance(error, RetryAfter):
        return _seconds(error.retry_after)
    return False


def _transient(error: Exception) -> float | bool:
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest)
    return _told_to_wait(error)


def _seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def _again_if_told_to_wait(call: Callable[[], Awaitable[_T]]) -> _T:
    """For sends: a lost answer may hide a message that has arrived, so only a refusal is tried again."""
    return await _again(call, _told_to_wait)


async def _again_if_transient(call: Callable[[], Awaitable[_T]]) -> _T:
    """For edits and fetches: doing them twice does no harm."""
    return await _again(call, _transient)


async def _again(call: Callable[[], Awaitable[_T]], on: Callable[[Exception], float | bool]) -> _T:
    async for attempt in stamina.retry_context(on=on, attempts=6, timeout=120.0, wait_initial=0.5, wait_max=15.0):
        with attempt:
            return await call()
    raise AssertionError("the last attempt either returns or raises")


def _shown(message: Message) -> Shown:
    return Shown(message_id=message.message_id, file_id=message.photo[-1].file_id)


def _reply(message_id: int | None) -> ReplyParameters | None:
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in rows]
    )
