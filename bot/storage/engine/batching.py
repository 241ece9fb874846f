"""Small pieces of work that are asked for one by one and done many at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.storage.engine.priority import behind_others, can_wait

_Piece = TypeVar("_Piece")
_Outcome = TypeVar("_Outcome")


@dataclass(frozen=True, kw_only=True)
class _Asked(Generic[_Piece, _Outcome]):
    piece: _Piece
    done: "asyncio.Future[_Outcome]"
    can_wait: bool


class Batching(Generic[_Piece, _Outcome]):
    """`do` works a list of pieces by one statement, an outcome for each. A piece that comes alone is worked at once.

    What is asked for while one statement is under way goes with the next. An error is everybody's. A caller who is
    cancelled does not take the piece back. A list is as urgent as the most urgent piece in it.
    """

    def __init__(self, do: Callable[[Sequence[_Piece]], Awaitable[Sequence[_Outcome]]]) -> None:
        self._do = do
        self._asked: list[_Asked[_Piece, _Outcome]] = []
        self._working: asyncio.Task[None] | None = None

    async def ask(self, piece: _Piece) -> _Outcome:
        done: asyncio.Future[_Outcome] = asyncio.get_running_loop().create_future()
        self._asked.append(_Asked(piece=piece, done=done, can_wait=can_wait()))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await done

    async def finished(self) -> None:
        """When what was asked for so far is done."""
        if self._working is not None:
            await asyncio.wait([self._working])

    async def _work(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, []
                with behind_others(wanted=all(each.can_wait for each in asked)):
                    await self._work_off(asked)
        finally:
            self._working = None

    async def _work_off(self, asked: Sequence[_Asked[_Piece, _Outcome]]) -> None:
        try:
            outcomes = await self._do([each.piece for each in asked])
        except Exception as error:  # noqa: BLE001 - it is handed to whoever asked
            for each in asked:
                if not each.done.cancelled():
                    each.done.set_exception(error)
            return
        for each, outcome in zip(asked, outcomes, strict=True):
            if not each.done.cancelled():
                each.done.set_result(outcome)
