"""The methods by which a bot says something new."""

from collections.abc import Mapping
from itertools import count
from typing import Final

from bot.playground.server import content
from bot.playground.server.methods import Method
from bot.playground.server.wire import Call, Raw, bad_request, records
from bot.playground.server.world import Chat, Message, World

_ACTIONS: Final = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"}
    | {"choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)
_groups = count(13_000_000_000_000_001)


async def send_message(world: World, call: Call) -> object:
    chat = world.reachable(call)
    body = content.text_body(call)
    return _said(world, call, chat, body).raw()


async def send_photo(world: World, call: Call) -> object:
    chat = world.reachable(call)
    photo, _ = await content.photo(world, call, call.params.get("photo"), part="photo")
    return _said(world, call, chat, content.photo_body(photo, dict(call.params))).raw()


async def send_document(world: World, call: Call) -> object:
    chat = world.reachable(call)
    file = content.document(world, call, call.params.get("document"), part="document")
    return _said(world, call, chat, content.document_body(file, dict(call.params))).raw()


async def send_media_group(world: World, call: Call) -> object:
    """2–10 photos, or as many documents; never mixed."""
    chat = world.reachable(call)
    items = records(call.array("media"))
    if not 2 <= len(items) <= 10:
        raise bad_request("wrong number of messages in the media group: must be 2-10")
    if len({item.get("type") for item in items}) > 1:
        raise bad_request("documents can't be mixed with other media types")
    group = str(next(_groups))
    bodies = [await media_body(world, call, item) | {"media_group_id": group} for item in items]
    return [_said(world, call, chat, body).raw() for body in bodies]


async def send_chat_action(world: World, call: Call) -> object:
    chat = world.reachable(call)
    if call.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = call.text("action")
    world.changes.tell(chat.chat_id, "action")
    return True


async def media_body(world: World, call: Call, media: Raw) -> Raw:
    """The body of an InputMedia… object. Raises Refused."""
    match media.get("type"):
        case "photo":
            photo, _ = await content.photo(world, call, media.get("media"))
            return content.photo_body(photo, media)
        case "document":
            return content.document_body(content.document(world, call, media.get("media")), media)
        case other:
            raise bad_request(f"can't parse InputMedia: {other} can't be sent on this loopback")


def _said(world: World, call: Call, chat: Chat, body: Raw) -> Message:
    inline, other = content.any_keyboard(call)
    body = body | _reply(call, chat)
    if call.flag("protect_content"):
        body["has_protected_content"] = True
    if other is not None:
        chat.reply_keyboard = None if other.get("remove_keyboard") else other
    return world.add(chat, body, sender=world.me, reply_markup=inline)


def _reply(call: Call, chat: Chat) -> Raw:
    parameters = call.record("reply_parameters")
    if not parameters:
        return {}
    number = parameters.get("message_id")
    answered = chat.messages.get(number) if isinstance(number, int) else None
    if answered is not None:
        raw = answered.raw()
        return {"reply_to_message": {k: v for k, v in raw.items() if k not in {"reply_to_message", "reply_markup"}}}
    if parameters.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


METHODS: Final[Mapping[str, Method]] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
}
