"""The bot speaking first: fetch a file, send, edit. Telegram's errors become ours, permanent or not.

What may already be on the screen is not sent again: a send is repeated only when Telegram refused it, never when its
answer got lost; edits and fetches are repeated, for doing them twice does no harm.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import BinaryIO, Final, TypeVar

import aiohttp
import stamina
from telegram import Bot, InputFile, InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.observability.metrics import Metrics
from bot.rendering.renderer import Button, Rendered
from bot.telegram.errors import DeliveryError, FileGone, MessageLost, TooShort, Unreachable
from bot.telegram.files import TelegramFiles
from bot.telegram.pacing import Pace, ToldToWait
from bot.telegram.status_edits import StatusEdits

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

_NOT_MODIFIED: Final = "message is not modified"
_AT_ONCE_SECONDS: Final = 0.001
_FIRST_WAIT_SECONDS: Final = 0.5
_STATUS_SECONDS: Final = 5.0  # a report waits at most so long for a status that is on the wire
_DELETED_AT_ONCE: Final = 100  # Telegram's limit
_BY_THE_PERSON: Final = ("blocked", "deactivated")
_LOST: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text",
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture that is on the person's screen, and under which id Telegram shows it again."""

    message_id: int
    file_id: str
    unique_id: str


async def _nobody_asks(*_: int) -> None:
    return


class Messenger:
    """`on_unreachable` is told the chat of whoever can't be reached, before the error is raised."""

    def __init__(
        self,
        bot: Bot,
        files: TelegramFiles,
        *,
        pace: Pace | None = None,
        metrics: Metrics | None = None,
        on_unreachable: Callable[[int], Awaitable[None]] = _nobody_asks,
    ) -> None:
        self._bot = bot
        self._files = files
        self._pace = pace or Pace()
        self._metrics = metrics or Metrics()
        self._on_unreachable = on_unreachable
        self._statuses = StatusEdits[Rendered](
            lull=self._pace.lull, show=self._show_status, dropped=self._metrics.status_dropped
        )

    async def close(self) -> None:
        """Statuses that still wait are dropped: the next process shows its own."""
        await self._statuses.close()

    async def fetch(self, file_id: str) -> bytes:
        """The bytes of a file of at most 20 MB. Raises FileGone, FileTooBig, DeliveryError.

        One that comes shorter than Telegram said, again and again, is taken as it came: it is judged by its bytes.
        """
        with _delivering():
            try:
                return await _again_if_transient(lambda: self._files.content_of(file_id))
            except TooShort as error:
                return error.content

    async def say(self, chat_id: int, rendered: Rendered, *, reply_to: int | None = None) -> int:
        """Send a text; not repeated when it may have arrived. Raises DeliveryError."""
        with _delivering():
            message = await self._again_if_told_to_wait(
                chat_id,
                lambda: self._bot.send_message(
                    chat_id,
                    rendered.text,
                    parse_mode=ParseMode.HTML,
                    api_kwargs=_keyboard(rendered.rows),
                    reply_parameters=_reply(reply_to),
                ),
            )
        return message.message_id

    async def say_and_leave(self, chat_id: int, rendered: Rendered) -> None:
        """Speak in a group and leave it, under its new id when it became a supergroup. Raises DeliveryError."""
        try:
            await self.say(chat_id, rendered)
        except DeliveryError as error:
            if not isinstance(error.__cause__, ChatMigrated):
                _log.info(
                    "a message to a group was not sent: the bot may not write there"
                )  # not allowed to speak there, or gone already
            else:
                chat_id = error.__cause__.new_chat_id
                await self.say(chat_id, rendered)
        await self.leave(chat_id)

    async def leave(self, chat_id: int) -> None:
        """Raises DeliveryError."""
        with _delivering():
            await self._bot.leave_chat(chat_id)

    def revise_soon(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Show how far things are when there is time for it; a newer status, or the end, takes its place."""
        self._statuses.put(chat_id, message_id, rendered)

    async def _show_status(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        try:
            with _delivering():
                async with asyncio.timeout(_STATUS_SECONDS):
                    await self._heard(chat_id, lambda: self._edit_text(chat_id, message_id, rendered))
        except (DeliveryError, TimeoutError):
            _log.debug("a status was not shown", exc_info=True)  # the next one, or the report, says more

    async def revise(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Turn a known text message into this one. Raises MessageLost, DeliveryError."""
        await self._edit(chat_id, message_id, lambda: self._edit_text(chat_id, message_id, rendered))

    async def _edit_text(self, chat_id: int, message_id: int, rendered: Rendered) -> Message | bool:
        return await self._bot.edit_message_text(
            rendered.text,
            chat_id=chat_id,
            message_id=message_id,
            parse_mode=ParseMode.HTML,
            api_kwargs=_keyboard(rendered.rows),
        )

    async def revise_caption(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Give a known picture message another caption and buttons. Raises MessageLost, DeliveryError."""
        await self._edit(
            chat_id,
            message_id,
            lambda: self._bot.edit_message_caption(
                chat_id=chat_id,
                message_id=message_id,
                caption=rendered.text,
                parse_mode=ParseMode.HTML,
                api_kwargs=_keyboard(rendered.rows),
            ),
        )

    async def become_picture(
        self,
        chat_id: int,
        message_id: int,
        picture: bytes | str,
        rendered: Rendered,
        *,
        if_wanted: Callable[[], Awaitable[None]] = _nobody_asks,
    ) -> Shown | None:
        """Turn a known text or picture into a picture with a caption; None when it already was that very one.

        `if_wanted` is asked before each try, when its turn has come. Raises MessageLost, DeliveryError, what it raises.
        """
        media = InputMediaPhoto(picture, caption=rendered.text, parse_mode=ParseMode.HTML)

        async def edit() -> Message | bool:
            await if_wanted()
            return await self._bot.edit_message_media(
                media, chat_id=chat_id, message_id=message_id, api_kwargs=_keyboard(rendered.rows)
            )

        message = await self._edit(chat_id, message_id, edit)
        return _shown(message) if isinstance(message, Message) else None

    async def show(self, chat_id: int, picture: bytes | str, rendered: Rendered) -> Shown:
        """Send a picture (bytes, or a file id for one that Telegram has). Raises FileGone, DeliveryError."""
        try:
            with _delivering():
                message = await self._again_if_told_to_wait(
                    chat_id,
                    lambda: self._bot.send_photo(
                        chat_id,
                        picture,
                        caption=rendered.text,
                        parse_mode=ParseMode.HTML,
                        api_kwargs=_keyboard(rendered.rows),
                    ),
                )
        except DeliveryError as error:
            if isinstance(picture, str) and isinstance(error.__cause__, BadRequest):
                raise FileGone from None
            raise
        return _shown(message)

    async def send_file(self, chat_id: int, file: BinaryIO, name: str, rendered: Rendered) -> int:
        """Send a file of at most 50 MB, read as it is sent; returns the message's id. Raises DeliveryError."""

        def send() -> Awaitable[Message]:
            file.seek(0)
            return self._bot.send_document(
                chat_id,
                InputFile(file, filename=name, read_file_handle=False),
                caption=rendered.text,
                parse_mode=ParseMode.HTML,
                api_kwargs=_keyboard(rendered.rows),
                disable_content_type_detection=True,
            )

        with _delivering():
            return (await _again(lambda: self._once(chat_id, send), _told_to_wait)).message_id

    async def take_back(self, chat_id: int, message_ids: Sequence[int]) -> None:
        """Delete messages of a private chat, the person's own as well; those that can't be deleted are left alone."""
        for message_id in message_ids:
            await self._statuses.end(chat_id, message_id)
        for start in range(0, len(message_ids), _DELETED_AT_ONCE):
            await self._delete(chat_id, message_ids[start : start + _DELETED_AT_ONCE])

    async def _delete(self, chat_id: int, message_ids: Sequence[int]) -> None:
        """One that Telegram does not delete (a dice of today) must not keep the others."""
        try:
            delete = partial(self._bot.delete_messages, chat_id, list(message_ids))
            await _again(partial(self._once, chat_id, delete), _transient)
        except BadRequest:
            middle = len(message_ids) // 2
            for half in (message_ids[:middle], message_ids[middle:]) if middle else ():
                await self._delete(chat_id, half)
        except TelegramError:
            return  # whether a chat can be tidied is no reason not to go on

    async def seem_busy(self, chat_id: int) -> None:
        """Telegram's own sign that a picture is on its way, for a few seconds. Not worth failing for."""
        with suppress(TelegramError):
            await self._bot.send_chat_action(chat_id, ChatAction.UPLOAD_PHOTO)

    async def answers(self) -> bool:
        """Does Telegram answer at all? Asked by something that changes nothing."""
        try:
            await self._bot.get_me()
        except TelegramError:
            return False
        return True

    async def _edit(self, chat_id: int, message_id: int, edit: Callable[[], Awaitable[_T]]) -> _T | None:
        await self._statuses.end(chat_id, message_id)
        try:
            with _delivering():
                return await _again(lambda: self._once(chat_id, edit), _transient)
        except DeliveryError as error:
            cause = str(error.__cause__).lower()
            if _NOT_MODIFIED in cause:
                return None
            if any(words in cause for words in _LOST):
                raise MessageLost from None
            raise

    async def _again_if_told_to_wait(self, chat_id: int, call: Callable[[], Awaitable[_T]]) -> _T:
        """For sends: a lost answer may hide a message that has arrived, so only a refusal is tried again."""
        return await _again(lambda: self._once(chat_id, call), _told_to_wait)

    async def _once(self, chat_id: int, call: Callable[[], Awaitable[_T]]) -> _T:
        """One try, in its turn."""
        await self._pace.turn(chat_id)
        return await self._heard(chat_id, call)

    async def _heard(self, chat_id: int, call: Callable[[], Awaitable[_T]]) -> _T:
        """One try; what Telegram says about the chat is remembered."""
        began = asyncio.get_running_loop().time()
        try:
            answer = await call()
        except RetryAfter as error:
            everywhere = self._pace.refused(chat_id, _seconds(error.retry_after), began=began)
            self._metrics.refused(everywhere=everywhere)
            raise
        except Forbidden as error:
            if _left(error):
                await self._on_unreachable(chat_id)
            raise
        self._pace.accepted(began=began)
        return answer


def _left(error: TelegramError) -> bool:
    """Also a bot whose token was put here by mistake is forbidden to write to people: they left nobody."""
    return isinstance(error, Forbidden) and any(words in str(error).lower() for words in _BY_THE_PERSON)


@contextmanager
def _delivering() -> Iterator[None]:
    try:
        yield
    except (Forbidden, BadRequest) as error:
        if _left(error):
            raise Unreachable from error
        raise DeliveryError("Telegram refused the request", permanent=True) from error
    except (TelegramError, ToldToWait) as error:
        raise DeliveryError(
            "Telegram did not answer", permanent=False, unsent=_unsent(error), silent_for=_silence(error)
        ) from error


def _silence(error: Exception) -> timedelta | None:
    return timedelta(seconds=error.seconds) if isinstance(error, ToldToWait) else None


def _unsent(error: Exception) -> bool:
    """Telegram said so, or no connection came to be."""
    return isinstance(error, RetryAfter | ToldToWait) or isinstance(error.__cause__, aiohttp.ClientConnectorError)


def _told_to_wait(error: Exception) -> float | bool:
    """The wait itself is the pace's: it holds for everything else that is said there, too."""
    return _AT_ONCE_SECONDS if isinstance(error, RetryAfter) else False


def _transient(error: Exception) -> float | bool:
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest)
    return _told_to_wait(error)


def _seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def _again_if_transient(call: Callable[[], Awaitable[_T]]) -> _T:
    """For fetches: doing them twice does no harm."""
    return await _again(call, _transient)


async def _again(call: Callable[[], Awaitable[_T]], on: Callable[[Exception], float | bool]) -> _T:
    """The first try goes without stamina: what that makes for each call is garbage that only a collection finds."""
    try:
        return await call()
    except Exception as error:
        wait = on(error)
        if not wait:
            raise
    await asyncio.sleep(_FIRST_WAIT_SECONDS if wait is True else wait)
    async for attempt in stamina.retry_context(
        on=on, attempts=5, timeout=120.0, wait_initial=2 * _FIRST_WAIT_SECONDS, wait_max=15.0
    ):
        with attempt:
            return await call()
    raise AssertionError("the last attempt either returns or raises")


def _shown(message: Message) -> Shown:
    largest = message.photo[-1]
    return Shown(message_id=message.message_id, file_id=largest.file_id, unique_id=largest.file_unique_id)


def _reply(message_id: int | None) -> ReplyParameters | None:
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None


def _keyboard(rows: Sequence[Sequence[Button]]) -> dict[str, str] | None:
    """Buttons as Telegram reads them. The library's own are made into this again by a tenth of an answer's work."""
    if not rows:
        return None
    buttons = [[{"text": button.label, "callback_data": button.data} for button in row] for row in rows]
    return {"reply_markup": json.dumps({"inline_keyboard": buttons}, ensure_ascii=False)}
