"""A pause that a bell may cut short, and a cancel always ends."""

import asyncio

import pytest

from bot.clock import Wakeup


async def test_a_ring_ends_the_rest() -> None:
    bell = Wakeup()
    resting = asyncio.create_task(bell.rest(60))
    await asyncio.sleep(0)
    bell.ring()

    assert await resting


async def test_a_rest_ends_by_itself() -> None:
    assert not await Wakeup().rest(0.001)


async def test_an_earlier_ring_is_heard_unless_it_was_hushed() -> None:
    bell = Wakeup()
    bell.ring()
    assert await bell.rest(60)
    bell.hush()
    assert not await bell.rest(0.001)


@pytest.mark.parametrize("steps", range(5))
async def test_a_cancel_beside_a_ring_is_not_swallowed(steps: int) -> None:
    """However many turns of the loop lie between the ring and the cancel."""
    bell = Wakeup()

    async def at_work() -> None:
        while True:
            bell.hush()
            await bell.rest(60)

    task = asyncio.create_task(at_work())
    await asyncio.sleep(0.01)
    bell.ring()
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=1)

    assert task.cancelled()
