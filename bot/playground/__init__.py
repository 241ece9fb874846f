"""A Telegram on loopback: the Bot API as a real server speaks it, people who use it, and a chat page."""

from bot.playground.server.faults import Delay, DropAfter, DropBefore, Garbage, Refuse
from bot.playground.server.people import CallbackAnswer, Group, Person
from bot.playground.server.telegram import LoopbackTelegram, Recorded
from bot.playground.server.view import ChatMessage

__all__ = [
    "CallbackAnswer",
    "ChatMessage",
    "Delay",
    "DropAfter",
    "DropBefore",
    "Garbage",
    "Group",
    "LoopbackTelegram",
    "Person",
    "Recorded",
    "Refuse",
]
