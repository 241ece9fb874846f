"""The methods about the bot itself, its files and its chats."""

import json
import re
from collections.abc import Mapping
from typing import Final

from bot.playground.server.methods import Method
from bot.playground.server.wire import Call, Raw, bad_request, records
from bot.playground.server.world import Chat, Profile, Reach, World

_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES: Final = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators"}
    | {"chat_member"}
)
_NOTICES: Final[Mapping[str, tuple[str, int]]] = {
    "Name": ("name", 64),
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
}


async def get_me(world: World, _call: Call) -> object:
    return world.me | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_file(world: World, call: Call) -> object:
    return world.files.link(call.text("file_id"))


async def set_my_commands(world: World, call: Call) -> object:
    commands = records(call.array("commands"))
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", "")).strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    named = [command | {"command": str(command["command"]).removeprefix("/")} for command in commands]
    world.profile.commands[_place(call)] = named
    world.changes.tell(0, "commands")
    return True


async def get_my_commands(world: World, call: Call) -> object:
    return world.profile.commands.get(_place(call), [])


async def delete_my_commands(world: World, call: Call) -> object:
    world.profile.commands.pop(_place(call), None)
    world.changes.tell(0, "commands")
    return True


async def set_notice(world: World, call: Call) -> object:
    """setMyName, setMyDescription, setMyShortDescription."""
    kind = call.method[len("setMy") :]
    parameter, limit = _NOTICES[kind]
    if len(call.text(parameter)) > limit:
        raise bad_request(f"bot {parameter.replace('_', ' ')} is too long")
    world.profile.descriptions[(kind, _language(call))] = call.text(parameter)
    world.changes.tell(0, "profile")
    return True


async def get_notice(world: World, call: Call) -> object:
    kind = call.method[len("getMy") :]
    texts = world.profile.descriptions
    default = str(world.me["first_name"]) if kind == "Name" else ""
    return {_NOTICES[kind][0]: texts.get((kind, _language(call))) or texts.get((kind, ""), default)}


async def set_my_profile_photo(world: World, call: Call) -> object:
    """`photo` is an object here alone; elsewhere it is a file or its id."""
    try:
        photo = json.loads(call.text("photo"))
        attached = photo["type"] == "static" and photo["photo"].removeprefix("attach://") in call.files
    except (ValueError, LookupError, TypeError, AttributeError):
        attached = False
    if not attached:
        raise bad_request("wrong profile photo specified")
    world.profile.has_photo = True
    world.changes.tell(0, "profile")
    return True


async def get_user_profile_photos(world: World, call: Call) -> object:
    """Of the bot itself: whether there is one; nobody asks for it."""
    if call.text("user_id") != str(world.me["id"]):
        raise bad_request("user not found")
    return {"total_count": int(world.profile.has_photo), "photos": []}


async def set_chat_menu_button(world: World, call: Call) -> object:
    button = call.record("menu_button") or {"type": "default"}
    if button.get("type") not in {"commands", "web_app", "default"}:
        raise bad_request("can't parse menu button: Menu button has unsupported type")
    if "chat_id" not in call.params:
        world.profile.menu_button = button
        world.changes.tell(0, "menu")
        return True
    chat = world.reachable(call)
    chat.menu_button = None if button["type"] == "default" else button
    world.changes.tell(chat.chat_id, "menu")
    return True


async def get_chat_menu_button(world: World, call: Call) -> object:
    chat = world.reachable(call) if "chat_id" in call.params else None
    return (chat and chat.menu_button) or world.profile.menu_button


async def leave_chat(world: World, call: Call) -> object:
    chat = world.reachable(call)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.reach = Reach.LEFT
    world.changes.tell(chat.chat_id, "left")
    return True


async def get_chat(world: World, call: Call) -> object:
    chat = world.reachable(call)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full: Raw = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return chat.raw() | full


def commands_for(profile: Profile, chat: Chat, language: str) -> list[Raw]:
    """The menu that this person sees: the most specific scope that has one, their language first."""
    place = {"type": "chat", "chat_id": chat.chat_id}
    scopes = [_key(place), _key({"type": "all_private_chats" if chat.private else "all_group_chats"}), _key({})]
    places = [(scope, lang) for scope in scopes for lang in (language[:2], "")]
    return next((profile.commands[place] for place in places if place in profile.commands), [])


def _place(call: Call) -> tuple[str, str]:
    return _key(call.record("scope") or {}), _language(call)


def _key(scope: Raw) -> str:
    scope = scope or {"type": "default"}
    if scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return json.dumps(scope, sort_keys=True)


def _language(call: Call) -> str:
    language = call.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


METHODS: Final[Mapping[str, Method]] = {
    "getMe": get_me,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyProfilePhoto": set_my_profile_photo,
    "getUserProfilePhotos": get_user_profile_photos,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "leaveChat": leave_chat,
    "getChat": get_chat,
    **{f"set{name}": set_notice for name in ("MyName", "MyDescription", "MyShortDescription")},
    **{f"get{name}": get_notice for name in ("MyName", "MyDescription", "MyShortDescription")},
}
