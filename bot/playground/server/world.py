"""What Telegram knows: chats, their messages, files, updates that wait, and the bot's own card."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.playground.server.files import StoredFiles
from bot.playground.server.updates import Updates
from bot.playground.server.wire import Call, Raw, bad_request, forbidden

if TYPE_CHECKING:
    from itertools import count


class Reach(StrEnum):
    """Whether the bot can write into a chat."""

    UNKNOWN = "unknown"
    OPEN = "open"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    LEFT = "left"


@dataclass(kw_only=True, eq=False)
class Message:
    """One message. `body` holds its content as in the Bot API: text and entities, or a photo and its caption."""

    message_id: int
    chat: "Chat"
    sender: Raw
    from_bot: bool
    date: datetime
    body: Raw
    reply_markup: Raw | None = None
    edited: datetime | None = None
    history: list[str] = field(default_factory=list)
    reaction: str | None = None

    @property
    def words(self) -> str:
        """The text, or the caption."""
        return str(self.body.get("text", self.body.get("caption", "")))

    def raw(self) -> Raw:
        """The message as updates and answers carry it."""
        raw: Raw = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat.raw(),
            "date": int(self.date.timestamp()),
            **self.body,
        }
        if self.edited:
            raw["edit_date"] = int(self.edited.timestamp())
        if self.reply_markup:
            raw["reply_markup"] = self.reply_markup
        return raw

    def become(self, body: Raw, reply_markup: Raw | None, *, at: datetime) -> None:
        """An edit: new content, the old words kept in `history`."""
        self.history.append(self.words)
        self.body = body
        self.reply_markup = reply_markup
        self.edited = at


@dataclass(kw_only=True, eq=False)
class Chat:
    """A private chat or a group, and everything said in it that was not deleted."""

    chat_id: int
    card: Raw
    reach: Reach = Reach.UNKNOWN
    messages: dict[int, Message] = field(default_factory=dict)
    action: str | None = None
    reply_keyboard: Raw | None = None
    pinned: list[int] = field(default_factory=list)
    menu_button: Raw | None = None

    @property
    def private(self) -> bool:
        return self.card["type"] == "private"

    def raw(self) -> Raw:
        return {"id": self.chat_id, **self.card}


@dataclass(kw_only=True, eq=False)
class Query:
    """A press on a button that waits for answerCallbackQuery."""

    query_id: str
    chat: Chat
    at: datetime
    answer: asyncio.Future[Raw]


class Changes:
    """Wakes whoever watches chats: each change is `(chat id, what)`."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[tuple[int, str]]] = set()

    def tell(self, chat_id: int, what: str) -> None:
        for watcher in self._watchers:
            watcher.put_nowait((chat_id, what))

    def watch(self) -> asyncio.Queue[tuple[int, str]]:
        watcher: asyncio.Queue[tuple[int, str]] = asyncio.Queue()
        self._watchers.add(watcher)
        return watcher

    def unwatch(self, watcher: asyncio.Queue[tuple[int, str]]) -> None:
        self._watchers.discard(watcher)


@dataclass(kw_only=True, eq=False)
class Profile:
    """What setMy… has set; keys are (scope, language)."""

    commands: dict[tuple[str, str], list[Raw]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_button: Raw = field(default_factory=lambda: {"type": "commands"})
    has_photo: bool = False


@dataclass(kw_only=True, eq=False)
class World:
    clock: Callable[[], datetime]
    me: Raw
    updates: Updates
    numbers: "count[int]"
    albums: "count[int]"
    files: StoredFiles = field(default_factory=StoredFiles)
    profile: Profile = field(default_factory=Profile)
    changes: Changes = field(default_factory=Changes)
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)

    def reachable(self, call: Call) -> Chat:
        """The chat of a call. Raises Refused when it is unknown or closed to the bot."""
        chat = self.chats.get(_chat_id(call))
        if chat is None or chat.reach is Reach.UNKNOWN:
            raise bad_request("chat not found")
        if chat.reach is Reach.BLOCKED:
            raise forbidden("bot was blocked by the user")
        if chat.reach is Reach.DEACTIVATED:
            raise forbidden("user is deactivated")
        if chat.reach is Reach.LEFT:
            raise forbidden("bot is not a member of the supergroup chat")
        return chat

    def add(self, chat: Chat, body: Raw, *, sender: Raw, reply_markup: Raw | None = None) -> Message:
        """A new message at the end of a chat."""
        message = Message(
            message_id=next(self.numbers),
            chat=chat,
            sender=sender,
            from_bot=sender is self.me,
            date=self.clock(),
            body=body,
            reply_markup=reply_markup,
        )
        chat.messages[message.message_id] = message
        chat.action = None if message.from_bot else chat.action
        self.changes.tell(chat.chat_id, "message")
        return message

    def changed(self, message: Message) -> None:
        self.changes.tell(message.chat.chat_id, "edit")


def _chat_id(call: Call) -> int:
    value = call.params.get("chat_id")
    if value is None or value == "":
        raise bad_request("chat_id is empty")
    if not isinstance(value, int):
        raise bad_request("chat not found")
    return value
