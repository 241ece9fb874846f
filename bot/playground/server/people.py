"""The human side of the chats: people who write, send pictures and press buttons; groups they meet in."""

import asyncio
from itertools import count
from typing import Final

from bot.playground.server import markup
from bot.playground.server.files import Kind
from bot.playground.server.markup import Text
from bot.playground.server.photos import PERSON_SIDE_PX, photo_sizes
from bot.playground.server.view import ChatMessage, seen
from bot.playground.server.wire import Raw
from bot.playground.server.world import Chat, Message, Query, Reach, World

_queries: Final = count(4_000_000_000_000_000_001)


class Member:
    """Somebody who writes into a chat that the bot is in."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat
        self._album_ids: dict[str, str] = {}

    @property
    def chat_id(self) -> int:
        return self._chat.chat_id

    @property
    def messages(self) -> list[ChatMessage]:
        """The chat as it stands on the screen now, oldest first."""
        return [seen(self._world, message) for message in self._chat.messages.values()]

    @property
    def action(self) -> str | None:
        """The chat action ("typing", …) that shows above the chat until the bot says something."""
        return self._chat.action

    @property
    def reply_keyboard(self) -> Raw | None:
        """The keyboard (or the wish for a reply) that the bot put in place of the letters."""
        return self._chat.reply_keyboard

    async def _say(self, sender: Raw, body: Raw, *, reply_to: int | None) -> int:
        if reply_to is not None and reply_to in self._chat.messages:
            answered = self._chat.messages[reply_to].raw()
            body = body | {"reply_to_message": {k: v for k, v in answered.items() if k != "reply_to_message"}}
        message = self._world.add(self._chat, body, sender=sender)
        self._world.updates.push("message", message.raw(), chat_id=self.chat_id)
        return message.message_id

    def _press(self, sender: Raw, message_id: int, data: str) -> Query:
        message = self._chat.messages.get(message_id)
        gone: Raw = {"message_id": message_id, "chat": self._chat.raw(), "date": 0}
        query = Query(
            query_id=str(next(_queries)),
            chat=self._chat,
            at=self._world.clock(),
            answer=asyncio.get_running_loop().create_future(),
        )
        self._world.queries[query.query_id] = query
        body: Raw = {
            "id": query.query_id,
            "from": sender,
            "chat_instance": str(-(abs(self.chat_id) * 7919 + 5_000_000_000)),
            "message": message.raw() if message else gone,
            "data": data,
        }
        self._world.updates.push("callback_query", body, chat_id=self.chat_id)
        return query

    async def _photo_body(self, picture: bytes, caption: str | None, album: str | None, max_side_px: int) -> Raw:
        sizes = await asyncio.to_thread(photo_sizes, picture, max_side_px=max_side_px)
        photo = self._world.files.keep_photo(sizes)
        return {"photo": [size.raw() for size in photo], **caption_body(caption), **self._in_album(album)}

    def _file_body(self, data: bytes, name: str, mime: str, caption: str | None, album: str | None) -> Raw:
        file = self._world.files.keep(data, kind=Kind.DOCUMENT, name=name, mime=mime)
        return {"document": file.raw(), **caption_body(caption), **self._in_album(album)}

    def _in_album(self, album: str | None) -> Raw:
        if album is None:
            return {}
        return {"media_group_id": self._album_ids.setdefault(album, str(next(self._world.albums)))}


class Person(Member):
    """One person in their private chat with the bot. `user_id` is also the chat's id."""

    def __init__(self, world: World, chat: Chat, *, language_code: str | None) -> None:
        super().__init__(world, chat)
        self.language_code = language_code

    @property
    def user_id(self) -> int:
        return self._chat.chat_id

    @property
    def first_name(self) -> str:
        return str(self._chat.card["first_name"])

    @property
    def card(self) -> Raw:
        """This person as `from` in updates."""
        card: Raw = {"id": self.user_id, "is_bot": False, "first_name": self.first_name}
        return card | {"language_code": self.language_code} if self.language_code else card

    async def send_text(self, text: str, *, reply_to: int | None = None) -> int:
        """Write something; commands, links and mentions are found as the app finds them. Returns the message id."""
        return await self._write(text_body(text), reply_to=reply_to)

    async def send_photo(
        self, picture: bytes, *, caption: str | None = None, album: str | None = None, hd: bool = False
    ) -> int:
        """Send a picture as a photo: at most 1280 px (2560 in HD), upright, no metadata. Raises NotAPhoto."""
        side = 2 * PERSON_SIDE_PX if hd else PERSON_SIDE_PX
        return await self._write(await self._photo_body(picture, caption, album, side))

    async def send_file(
        self, data: bytes, *, name: str = "file", mime: str = "", caption: str | None = None, album: str | None = None
    ) -> int:
        """Send bytes as they are, as a document."""
        return await self._write(self._file_body(data, name, mime, caption, album))

    async def send(self, *, reply_to: int | None = None, **fields: object) -> int:
        """Send a message of any kind, given by the fields that it has in the Bot API."""
        return await self._write(fields, reply_to=reply_to)

    def upload(self, data: bytes, *, mime: str = "", name: str = "") -> Raw:
        """Keep bytes at Telegram; the fields of the file, for `send(video=…)` and its like."""
        return self._world.files.keep(data, kind=Kind.OTHER, mime=mime, name=name).raw()

    async def send_sticker(self) -> int:
        sticker = self.upload(b"RIFF sticker WEBP", mime="")
        return await self.send(
            sticker=sticker
            | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "🙂"}
        )

    async def send_voice(self) -> int:
        return await self.send(voice=self.upload(b"OggS voice", mime="audio/ogg") | {"duration": 3})

    async def send_video(self, *, caption: str | None = None) -> int:
        video = self.upload(b"ftyp video", mime="video/mp4") | {"width": 640, "height": 480, "duration": 4}
        return await self._write({"video": video, **caption_body(caption)})

    async def send_location(
        self, *, latitude: float = 48.2082, longitude: float = 16.3738, reply_to: int | None = None
    ) -> int:
        """Share a place, in degrees."""
        return await self.send(location={"latitude": latitude, "longitude": longitude}, reply_to=reply_to)

    async def send_contact(self) -> int:
        return await self.send(contact={"phone_number": "+43123456", "first_name": "Ada"})

    async def edit(self, message_id: int, text: str) -> None:
        """Change an own text message."""
        message = self._own(message_id)
        answered = {name: value for name, value in message.body.items() if name == "reply_to_message"}
        self._edit(message, answered | text_body(text))

    def _edit(self, message: Message, body: Raw) -> None:
        message.become(body, None, at=self._world.clock())
        self._world.changed(message)
        self._world.updates.push("edited_message", message.raw(), chat_id=self.chat_id)

    def delete(self, message_id: int) -> None:
        """Take any message off the chat; the bot is not told."""
        del self._chat.messages[message_id]
        self._world.changes.tell(self.chat_id, "delete")

    def forge(self, message_id: int, data: str) -> Query:
        """A press with any data at all, under a message that may not be there: what a hacked app can send."""
        return self._press(self.card, message_id, data)

    def block(self) -> None:
        """Stop the bot: it is told so, and every send answers Forbidden."""
        self._member("kicked", was="member", reach=Reach.BLOCKED)

    def unblock(self) -> None:
        self._member("member", was="kicked", reach=Reach.OPEN)

    async def _write(self, body: Raw, *, reply_to: int | None = None) -> int:
        if self._chat.reach is Reach.UNKNOWN:
            self._chat.reach = Reach.OPEN
        if self._chat.reach is Reach.BLOCKED:
            self.unblock()  # as the app does
        return await self._say(self.card, body, reply_to=reply_to)

    def _own(self, message_id: int) -> Message:
        message = self._chat.messages[message_id]
        if message.from_bot:
            raise ValueError("people edit their own messages")
        return message

    def _member(self, status: str, *, was: str, reach: Reach) -> None:
        self._chat.reach = reach
        self._world.updates.push(
            "my_chat_member", membership(self._world, self._chat, self.card, was, status), chat_id=self.chat_id
        )


def text_body(text: str) -> Raw:
    found = markup.detected(Text(text))
    return {"text": text, "entities": list(found.entities)} if found.entities else {"text": text}


def caption_body(caption: str | None) -> Raw:
    if not caption:
        return {}
    found = markup.detected(Text(caption))
    return {"caption": caption, "caption_entities": list(found.entities)} if found.entities else {"caption": caption}


def membership(world: World, chat: Chat, by: Raw, was: str, status: str) -> Raw:
    def member(state: str) -> Raw:
        return {"status": state, "user": world.me, **({"until_date": 0} if state == "kicked" else {})}

    return {
        "chat": chat.raw(),
        "from": by,
        "date": int(world.clock().timestamp()),
        "old_chat_member": member(was),
        "new_chat_member": member(status),
    }
