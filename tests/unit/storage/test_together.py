"""Small pieces of work, done many at a time."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.storage.engine.batching import Batching
from bot.storage.engine.priority import behind_others, can_wait


async def test_what_is_asked_meanwhile_goes_together_and_each_gets_its_own_outcome() -> None:
    done: list[list[int]] = []

    async def double(pieces: Sequence[int]) -> list[int]:
        done.append(list(pieces))
        await asyncio.sleep(0)
        return [2 * piece for piece in pieces]

    together = Batching(double)
    first = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = await asyncio.gather(*(together.ask(piece) for piece in (2, 3, 4)))

    assert await first == 2
    assert others == [4, 6, 8]
    assert done == [[1], [2, 3, 4]]


async def test_an_error_is_everybodys_and_the_next_are_worked_again() -> None:
    broken = True

    async def work(pieces: Sequence[int]) -> Sequence[int]:
        if broken:
            raise LookupError("away")
        return pieces

    together = Batching(work)
    outcomes = await asyncio.gather(together.ask(1), together.ask(2), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [LookupError, LookupError]

    broken = False
    assert await together.ask(3) == 3


async def test_who_is_cancelled_takes_nothing_back() -> None:
    worked: list[int] = []

    async def work(pieces: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0.01)
        worked.extend(pieces)
        return pieces

    together = Batching(work)
    asking = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await together.ask(2) == 2
    assert worked == [1, 2]


async def test_a_list_is_as_urgent_as_the_most_urgent_piece_in_it() -> None:
    """Whoever asks first decides nothing for those who join."""
    waited: list[bool] = []

    async def work(pieces: Sequence[int]) -> Sequence[int]:
        waited.append(can_wait())
        await asyncio.sleep(0)
        return pieces

    together = Batching(work)
    with behind_others():
        first = asyncio.create_task(together.ask(1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        second = asyncio.create_task(together.ask(2))
    await asyncio.gather(first, second, together.ask(3))
    assert waited == [True, False]
