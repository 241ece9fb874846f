"""Telegram, as far as one bot can tell, and the people of a test in it."""

from bot.playground.server.view import ChatMessage
from tests.telegram.faults import Delay, DropAfter, DropBefore, Fault, Garbage, Refuse
from tests.telegram.people import Actor, CallbackAnswer, Group
from tests.telegram.server import Recorded, StagedTelegram

__all__ = [
    "Actor",
    "CallbackAnswer",
    "ChatMessage",
    "Delay",
    "DropAfter",
    "DropBefore",
    "Fault",
    "Garbage",
    "Group",
    "Recorded",
    "Refuse",
    "StagedTelegram",
]
