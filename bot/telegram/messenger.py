"""The bot speaking first: fetch a file, send, edit. Telegram's errors become ours, permanent or not.

What may already be on the screen is not sent again: a send is repeated only when Telegram refused it, never when its
answer got lost; edits and fetches are repeated, for doing them twice does no harm.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final, TypeVar

from telegram import Bot, InputFile, InputMediaPhoto
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.observability.metrics import Metrics
from bot.rendering.renderer import Rendered
from bot.telegram.calls import Calls, Sent
from bot.telegram.errors import DeliveryError, FileGone, MessageLost, TooShort
from bot.telegram.extras import Extras
from bot.telegram.files import TelegramFiles
from bot.telegram.pacing import Pace
from bot.telegram.retries import again, again_if_transient, delivering, left, seconds, told_to_wait, transient
from bot.telegram.status_edits import StatusEdits

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

_NOT_MODIFIED: Final = "message is not modified"
_STATUS_SECONDS: Final = 5.0  # a report waits at most so long for a status that is on the wire
_DELETED_AT_ONCE: Final = 100  # Telegram's limit
_LOST: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text",
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A picture or a file that is on the person's screen, and under which id Telegram has it."""

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
        self._calls = Calls(bot)
        self._files = files
        self._pace = pace or Pace()
        self._metrics = metrics or Metrics()
        self._on_unreachable = on_unreachable
        self._extras = Extras()
        self._reactions: set[asyncio.Task[None]] = set()
        self._statuses = StatusEdits[Rendered](
            lull=self._pace.lull, show=self._show_status, dropped=self._metrics.status_dropped
        )

    async def close(self) -> None:
        """Statuses that still wait are dropped: the next process shows its own."""
        for reaction in self._reactions:
            reaction.cancel()
        await self._statuses.close()

    async def fetch(self, file_id: str) -> bytes:
        """The bytes of a file of at most 20 MB. Raises FileGone, FileTooBig, DeliveryError.

        One that comes shorter than Telegram said, again and again, is taken as it came: it is judged by its bytes.
        """
        with delivering():
            try:
                return await again_if_transient(lambda: self._files.content_of(file_id))
            except TooShort as error:
                return error.content

    async def say(self, chat_id: int, rendered: Rendered, *, reply_to: int | None = None, guarded: bool = False) -> int:
        """Send a text; not repeated when it may have arrived. Raises DeliveryError.

        `guarded`: what it becomes can't be saved or forwarded.
        """
        with delivering():
            how = {"reply_parameters": _reply(reply_to), "protect_content": guarded or None}
            return await self._again_if_told_to_wait(chat_id, lambda: self._send_text(chat_id, rendered, **how))

    async def lull(self, chat_id: int) -> None:
        """Return when something may be sent to this chat and nobody else has to wait for that. Raises DeliveryError."""
        with delivering():
            await self._pace.patient_lull(chat_id)

    async def say_in_lull(self, chat_id: int, rendered: Rendered) -> int:
        """Send a text right after `lull`: one try. Raises DeliveryError."""
        with delivering():
            return await self._heard(chat_id, lambda: self._send_text(chat_id, rendered))

    async def _send_text(self, chat_id: int, rendered: Rendered, **how: object) -> int:
        text = {"text": self._extras.html(rendered), "parse_mode": ParseMode.HTML, **self._extras.below(rendered)}
        return _arrived(await self._calls.sent("sendMessage", chat_id=chat_id, **text, **how)).message_id

    async def say_and_leave(self, chat_id: int, rendered: Rendered) -> None:
        """Speak in a group and leave it, under its new id when it became a supergroup. Raises DeliveryError."""
        try:
            await self.say(chat_id, rendered)
        except DeliveryError as error:
            if not isinstance(error.__cause__, ChatMigrated):
                _log.info("a message to a group was not sent: the bot may not write there, or has left it")
            else:
                chat_id = error.__cause__.new_chat_id
                await self.say(chat_id, rendered)
        await self.leave(chat_id)

    async def leave(self, chat_id: int) -> None:
        """Raises DeliveryError."""
        with delivering():
            await self._bot.leave_chat(chat_id)

    def revise_soon(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Show how far things are when there is time for it; a newer status, or the end, takes its place."""
        self._statuses.put(chat_id, message_id, rendered)

    async def _show_status(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        try:
            with delivering():
                async with asyncio.timeout(_STATUS_SECONDS):
                    await self._heard(chat_id, lambda: self._edit_text(chat_id, message_id, rendered))
        except (DeliveryError, TimeoutError):
            _log.debug("a status was not shown", exc_info=True)  # the next one, or the report, says more

    async def revise(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Turn a known text message into this one. Raises MessageLost, DeliveryError."""
        await self._edit(chat_id, message_id, lambda: self._edit_text(chat_id, message_id, rendered))

    async def _edit_text(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        await self._calls.done(
            "editMessageText",
            chat_id=chat_id,
            message_id=message_id,
            text=self._extras.html(rendered),
            parse_mode=ParseMode.HTML,
            **self._extras.keyboard(rendered.rows),
        )

    async def revise_caption(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Give a known picture message another caption and buttons. Raises MessageLost, DeliveryError."""
        await self._edit(
            chat_id,
            message_id,
            lambda: self._calls.done(
                "editMessageCaption",
                chat_id=chat_id,
                message_id=message_id,
                caption=self._extras.html(rendered),
                parse_mode=ParseMode.HTML,
                **self._extras.keyboard(rendered.rows),
            ),
        )

    async def become_picture(
        self,
        chat_id: int,
        message_id: int,
        picture: bytes | str,
        rendered: Rendered,
        *,
        veiled: bool = False,
        if_wanted: Callable[[], Awaitable[None]] = _nobody_asks,
    ) -> Shown | None:
        """Turn a known text or picture into a picture with a caption; None when it already was that very one.

        `veiled`: it shows when it is tapped.

        `if_wanted` is asked before each try, when its turn has come. Raises MessageLost, DeliveryError, what it raises.
        """

        async def edit() -> Sent | None:
            await if_wanted()
            media = InputMediaPhoto(
                picture, caption=self._extras.html(rendered), parse_mode=ParseMode.HTML, has_spoiler=veiled or None
            )
            keyboard = self._extras.keyboard(rendered.rows)
            return await self._calls.sent(
                "editMessageMedia", chat_id=chat_id, message_id=message_id, media=media, **keyboard
            )

        sent = await self._edit(chat_id, message_id, edit)
        return None if sent is None else _shown(sent)

    async def show(
        self,
        chat_id: int,
        picture: bytes | str,
        rendered: Rendered,
        *,
        veiled: bool = False,
        guarded: bool = False,
    ) -> Shown:
        """Send a picture (bytes, or a file id for one that Telegram has). Raises FileGone, DeliveryError.

        `veiled`: it shows when it is tapped. `guarded`: it can't be saved or forwarded.
        """
        try:
            with delivering():
                sent = await self._again_if_told_to_wait(
                    chat_id,
                    lambda: self._calls.sent(
                        "sendPhoto",
                        chat_id=chat_id,
                        photo=picture if isinstance(picture, str) else InputFile(picture),
                        caption=self._extras.html(rendered),
                        parse_mode=ParseMode.HTML,
                        has_spoiler=veiled or None,
                        protect_content=guarded or None,
                        **self._extras.keyboard(rendered.rows),
                    ),
                )
        except DeliveryError as error:
            if isinstance(picture, str) and isinstance(error.__cause__, BadRequest):
                raise FileGone from None
            raise
        return _shown(sent)

    async def send_file(
        self, chat_id: int, file: BinaryIO, name: str, rendered: Rendered, *, guarded: bool = False
    ) -> Shown:
        """Send a file of at most 50 MB, read as it is sent. Raises DeliveryError."""

        def send() -> Awaitable[Sent | None]:
            file.seek(0)
            return self._calls.sent(
                "sendDocument",
                chat_id=chat_id,
                document=InputFile(file, filename=name, read_file_handle=False),
                caption=self._extras.html(rendered),
                parse_mode=ParseMode.HTML,
                disable_content_type_detection=True,
                protect_content=guarded or None,
                **self._extras.keyboard(rendered.rows),
            )

        with delivering():
            return _shown(await again(lambda: self._once(chat_id, send), told_to_wait))

    async def pin(self, chat_id: int, message_id: int) -> bool:
        """In the chat's head, without a sound. False where Telegram does not: no reason not to go on."""
        pin = partial(self._bot.pin_chat_message, chat_id, message_id, disable_notification=True)
        return await self._tidied(chat_id, pin)

    async def unpin(self, chat_id: int, message_id: int) -> bool:
        """As `pin`."""
        return await self._tidied(chat_id, partial(self._bot.unpin_chat_message, chat_id, message_id=message_id))

    async def _tidied(self, chat_id: int, call: Callable[[], Awaitable[bool]]) -> bool:
        try:
            return await again(partial(self._once, chat_id, call), transient)
        except TelegramError:
            return False

    async def offer_page(self, chat_id: int, label: str, url: str) -> None:
        """The button beside the letters opens that page. Raises DeliveryError."""
        await self._set_menu(chat_id, {"type": "web_app", "text": label, "web_app": {"url": url}})

    async def offer_commands(self, chat_id: int) -> None:
        """It opens the list of commands. Raises DeliveryError."""
        await self._set_menu(chat_id, {"type": "commands"})

    async def _set_menu(self, chat_id: int, button: dict[str, object]) -> None:
        with delivering():
            call = partial(self._calls.done, "setChatMenuButton", chat_id=chat_id, menu_button=button)
            await again(partial(self._once, chat_id, call), transient)

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
            await again(partial(self._once, chat_id, delete), transient)
        except BadRequest:
            middle = len(message_ids) // 2
            for half in (message_ids[:middle], message_ids[middle:]) if middle else ():
                await self._delete(chat_id, half)
        except TelegramError:
            return  # whether a chat can be tidied is no reason not to go on

    def react_soon(self, chat_id: int, message_id: int, emoji: str) -> None:
        """A sign on a person's own message, when there is time for it. Not worth failing for."""
        task = asyncio.create_task(self._react(chat_id, message_id, emoji))
        self._reactions.add(task)
        task.add_done_callback(self._reactions.discard)

    async def _react(self, chat_id: int, message_id: int, emoji: str) -> None:
        await self._pace.lull(chat_id)
        with suppress(TelegramError):
            reaction = [{"type": "emoji", "emoji": emoji}]
            await self._calls.done("setMessageReaction", chat_id=chat_id, message_id=message_id, reaction=reaction)

    async def seem_busy(self, chat_id: int, *, with_file: bool = False) -> None:
        """Telegram's own sign that a picture (or a file) is on its way, for a few seconds. Not worth failing for."""
        with suppress(TelegramError):
            await self._bot.send_chat_action(
                chat_id, ChatAction.UPLOAD_DOCUMENT if with_file else ChatAction.UPLOAD_PHOTO
            )

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
            with delivering():
                return await again(lambda: self._once(chat_id, edit), transient)
        except DeliveryError as error:
            cause = str(error.__cause__).lower()
            if _NOT_MODIFIED in cause:
                return None
            if any(words in cause for words in _LOST):
                raise MessageLost from None
            raise

    async def _again_if_told_to_wait(self, chat_id: int, call: Callable[[], Awaitable[_T]]) -> _T:
        """For sends: a lost answer may hide a message that has arrived, so only a refusal is tried again."""
        return await again(lambda: self._once(chat_id, call), told_to_wait)

    async def _once(self, chat_id: int, call: Callable[[], Awaitable[_T]]) -> _T:
        """One try, in its turn."""
        await self._pace.turn(chat_id)
        return await self._heard(chat_id, call)

    async def _heard(self, chat_id: int, call: Callable[[], Awaitable[_T]]) -> _T:
        """One try; what Telegram says about the chat is remembered."""
        began = asyncio.get_running_loop().time()
        try:
            answer = await self._taken(call)
        except RetryAfter as error:
            everywhere = self._pace.refused(chat_id, seconds(error.retry_after), began=began)
            self._metrics.refused(everywhere=everywhere)
            raise
        except Forbidden as error:
            if left(error):
                await self._on_unreachable(chat_id)
            raise
        self._pace.accepted(began=began)
        return answer

    async def _taken(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """A server that knows less than Telegram's gets the same without what it does not know."""
        try:
            return await call()
        except BadRequest as error:
            if not self._extras.learn(error):
                raise
        return await call()


def _arrived(sent: Sent | None) -> Sent:
    if sent is None:
        raise TelegramError("a message was sent, and none came back")
    return sent


def _shown(sent: Sent | None) -> Shown:
    sent = _arrived(sent)
    if sent.file_id is None or sent.unique_id is None:
        raise TelegramError("a file was sent, and none came back")
    return Shown(message_id=sent.message_id, file_id=sent.file_id, unique_id=sent.unique_id)


def _reply(message_id: int | None) -> dict[str, object] | None:
    return {"message_id": message_id, "allow_sending_without_reply": True} if message_id else None
