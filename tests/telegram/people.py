"""People and groups as tests play them: they wait for what the bot says, press its buttons, and read the whole chat."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.server.people import Member, Person, caption_body, membership, text_body
from bot.playground.server.photos import PERSON_SIDE_PX
from bot.playground.server.view import ChatMessage, seen
from bot.playground.server.wire import Raw
from bot.playground.server.world import Query, Reach


@dataclass(frozen=True, kw_only=True)
class CallbackAnswer:
    """What a press brought: a toast (or an alert), or nothing but the end of the spinner."""

    text: str = ""
    show_alert: bool = False
    url: str = ""


class _Reader(Member):
    """Reads what the bot says in a chat."""

    @property
    def bot_messages(self) -> list[ChatMessage]:
        return [message for message in self.messages if message.from_bot]

    @property
    def last(self) -> ChatMessage:
        """The newest message of the bot. Raises LookupError where it said nothing."""
        if not self.bot_messages:
            raise LookupError("the bot said nothing")
        return self.bot_messages[-1]

    def message(self, message_id: int) -> ChatMessage:
        """One message as it is now. Raises KeyError when it is gone."""
        return seen(self._world, self._chat.messages[message_id])

    async def wait_for(
        self,
        predicate: Callable[[ChatMessage], bool],
        timeout: float = 30.0,  # noqa: ASYNC109 - asked for by name
    ) -> ChatMessage:
        """The newest message of the bot that fits, as soon as there is one. Raises AssertionError with the chat."""
        watcher = self._world.changes.watch()
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for message in reversed(self.bot_messages):
                        if predicate(message):
                            return message
                    await self._changed(watcher)
        except TimeoutError:
            raise AssertionError(f"nothing fitting within {timeout:g} s in:\n{self.transcript()}") from None
        finally:
            self._world.changes.unwatch(watcher)

    async def _changed(self, watcher: "asyncio.Queue[tuple[int, str]]") -> None:
        """What happens in other chats is none of ours, and to look at a long chat takes a while."""
        while (await watcher.get())[0] != self._chat.chat_id:
            pass
        while not watcher.empty():
            watcher.get_nowait()

    def transcript(self) -> str:
        """The chat as text, for a failing test."""
        return "\n".join(
            f"{m.message_id} {'bot' if m.from_bot else 'person'} {'[photo] ' if m.photo else ''}{m.words!r} {m.labels}"
            for m in self.messages
        )


class Actor(_Reader, Person):
    """A person whom a test plays."""

    async def press(self, message: ChatMessage, label_or_data: str, *, timeout: float = 30.0) -> CallbackAnswer:  # noqa: ASYNC109 - as wait_for
        """Press a button (by label, its beginning, a part of it, or its data up to a colon) and wait for the answer."""
        query = self.tap(message, label_or_data)
        try:
            async with asyncio.timeout(timeout):
                answer = await asyncio.shield(query.answer)
        except TimeoutError:
            raise AssertionError(f"the press on {label_or_data!r} was not answered within {timeout:g} s") from None
        return _answer(answer)

    def tap(self, message: ChatMessage, label_or_data: str) -> Query:
        """Press a button and go on without waiting for the answer. Raises LookupError where there is none."""
        known = [data for row in message.buttons for _, data in row]
        begins = next((data for data in known if data.startswith(f"{label_or_data}:")), None)
        data = label_or_data if label_or_data in known else begins or message.data(label_or_data)
        return self.forge(message.message_id, data)

    async def edit_photo(self, message_id: int, *, picture: bytes | None = None, caption: str | None = None) -> None:
        """Change the words under an own photo, and the photo itself when there is another."""
        message = self._own(message_id)
        kept = {name: value for name, value in message.body.items() if name in {"photo", "media_group_id"}}
        other = {} if picture is None else await self._photo_body(picture, None, None, PERSON_SIDE_PX)
        self._edit(message, kept | other | caption_body(caption))

    async def forward(self, message_id: int, *, hide_sender: bool = False) -> int:
        """Send on a picture of this chat; without its sender it looks like one's own."""
        message = self._chat.messages[message_id]
        origin = {"type": "user", "date": int(message.date.timestamp()), "sender_user": message.sender}
        body = {"photo": message.body["photo"]}
        return await self._write(body if hide_sender else body | {"forward_origin": origin})

    def deactivate(self) -> None:
        """The account is deleted; the bot is not told."""
        self._chat.reach = Reach.DEACTIVATED


class Group(_Reader):
    """A group that the bot was added to; `by` says who of its people acts."""

    @property
    def left(self) -> bool:
        """The bot went away with leaveChat."""
        return self._chat.reach is Reach.LEFT

    def add_bot(self, by: Person) -> None:
        """The bot is put into the group and told so."""
        self._chat.reach = Reach.OPEN
        body = membership(self._world, self._chat, by.card, "left", "member")
        self._world.updates.push("my_chat_member", body, chat_id=self.chat_id)

    async def send_text(self, text: str, *, by: Person, reply_to: int | None = None) -> int:
        return await self._say(by.card, text_body(text), reply_to=reply_to)

    async def send_photo(self, picture: bytes, *, by: Person, caption: str | None = None) -> int:
        body = await self._photo_body(picture, caption, None, PERSON_SIDE_PX)
        return await self._say(by.card, body, reply_to=None)

    async def press_as(self, by: Person, message: ChatMessage, label: str) -> CallbackAnswer:
        query = self._press(by.card, message.message_id, message.data(label))
        async with asyncio.timeout(10.0):
            return _answer(await query.answer)


def _answer(params: Raw) -> CallbackAnswer:
    return CallbackAnswer(
        text=str(params.get("text") or ""),
        show_alert=bool(params.get("show_alert")),
        url=str(params.get("url") or ""),
    )
