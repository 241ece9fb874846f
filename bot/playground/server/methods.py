"""What a Bot API method is here: the world and a call in, the `result` of the answer out, or Refused."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.playground.server.wire import Call
from bot.playground.server.world import World

Method: TypeAlias = Callable[[World, Call], Awaitable[object]]
