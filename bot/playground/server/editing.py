"""The methods by which a bot changes or takes back what it said, and answers presses."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.playground.server import content
from bot.playground.server.methods import Method
from bot.playground.server.sending import media_body
from bot.playground.server.updates import CALLBACK_LIFE_S
from bot.playground.server.wire import Call, Raw, bad_request, records
from bot.playground.server.world import Chat, Message, World

_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
_DELETABLE: Final = timedelta(hours=48)
_ALL_REACTIONS: Final = (  # Telegram takes no others, not even ✅
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 "
    "🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
_REACTIONS: Final = frozenset(_ALL_REACTIONS.split())
_KEPT: Final = ("reply_to_message", "media_group_id", "has_protected_content")
_MEDIA: Final = ("photo", "document", "video", "animation", "audio", "live_photo")


async def edit_message_text(world: World, call: Call) -> object:
    message = _to_edit(world, call)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, call, message, content.text_body(call))


async def edit_message_caption(world: World, call: Call) -> object:
    message = _to_edit(world, call)
    media = {name: message.body[name] for name in (*_MEDIA, "has_media_spoiler") if name in message.body}
    if not media:
        raise bad_request("there is no caption in the message to edit")
    return _edited(world, call, message, media | content.caption_body(dict(call.params)))


async def edit_message_media(world: World, call: Call) -> object:
    """A text may become a picture; a picture only another picture or file."""
    message = _to_edit(world, call)
    if not {"text", *_MEDIA} & set(message.body):
        raise bad_request("message can't be edited")
    body = await media_body(world, call, call.record("media") or {})
    return _edited(world, call, message, body)


async def edit_message_reply_markup(world: World, call: Call) -> object:
    message = _to_edit(world, call)
    return _edited(world, call, message, dict(message.body))


async def delete_message(world: World, call: Call) -> object:
    chat = world.reachable(call)
    message = chat.messages.get(_message_id(call))
    if message is None:
        raise bad_request("message to delete not found")
    _delete(world, chat, message)
    return True


async def delete_messages(world: World, call: Call) -> object:
    """1–100 messages; ones that are not there are passed over."""
    chat = world.reachable(call)
    numbers = call.array("message_ids")
    if not 1 <= len(numbers) <= 100:
        raise bad_request(
            "too many message identifiers specified" if numbers else "message identifiers are not specified"
        )
    for number in numbers:
        message = chat.messages.get(number) if isinstance(number, int) else None
        if message is not None:
            _delete(world, chat, message)
    return True


async def answer_callback_query(world: World, call: Call) -> object:
    query = world.queries.pop(call.text("callback_query_id"), None)
    if query is None or world.clock() - query.at > timedelta(seconds=CALLBACK_LIFE_S):
        raise bad_request(_TOO_OLD)
    if len(call.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if not query.answer.done():
        query.answer.set_result(dict(call.params))
    world.changes.tell(query.chat.chat_id, "answer")
    return True


async def set_message_reaction(world: World, call: Call) -> object:
    chat = world.reachable(call)
    message = chat.messages.get(_message_id(call))
    if message is None:
        raise bad_request("message to react not found")
    reactions = records(call.array("reaction"))
    emoji = [str(reaction.get("emoji", "")).replace("\ufe0f", "") for reaction in reactions]
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not set(emoji) <= _REACTIONS:
        raise bad_request("REACTION_INVALID")
    message.reaction = emoji[0] if emoji else None
    world.changed(message)
    return True


async def pin_chat_message(world: World, call: Call) -> object:
    """The newest pinned one stands in the chat's head."""
    chat = world.reachable(call)
    message = chat.messages.get(_message_id(call))
    if message is None:
        raise bad_request("message to pin not found")
    chat.pinned = [each for each in chat.pinned if each != message.message_id] + [message.message_id]
    world.changed(message)
    return True


async def unpin_chat_message(world: World, call: Call) -> object:
    chat = world.reachable(call)
    message = chat.messages.get(_message_id(call))
    if message is None:
        raise bad_request("message to unpin not found")
    chat.pinned = [each for each in chat.pinned if each != message.message_id]
    world.changed(message)
    return True


def _to_edit(world: World, call: Call) -> Message:
    chat = world.reachable(call)
    message = chat.messages.get(_message_id(call))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _message_id(call: Call) -> int:
    value = call.params.get("message_id")
    if not isinstance(value, int):
        raise bad_request("message identifier is not specified")
    return value


def _edited(world: World, call: Call, message: Message, body: Raw) -> Raw:
    inline = content.inline_keyboard(call)
    body = body | {name: message.body[name] for name in _KEPT if name in message.body}
    if body == message.body and inline == message.reply_markup:
        raise bad_request(_NOT_MODIFIED)
    message.become(body, inline, at=world.clock())
    message.chat.action = None
    world.changed(message)
    return message.raw()


def _delete(world: World, chat: Chat, message: Message) -> None:
    if world.clock() - message.date > _DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    if not message.from_bot and not chat.private:
        raise bad_request("message can't be deleted")
    del chat.messages[message.message_id]
    chat.pinned = [each for each in chat.pinned if each != message.message_id]
    world.changes.tell(chat.chat_id, "delete")


METHODS: Final[Mapping[str, Method]] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
}
