"""Pictures for the page are remembered in memory alone: within a bound, for minutes, and made once."""

import asyncio
from typing import Final

import pytest

from bot.reports.gallery import Made, PictureMemory

ADA, EVE = 1, 2
MB: Final = 1_000_000


class Painter:
    """Makes a picture of so many bytes, and counts how often."""

    def __init__(self, size: int = MB) -> None:
        self.size = size
        self.times = 0

    async def make(self) -> Made:
        self.times += 1
        await asyncio.sleep(0)
        return (bytes(self.size),)


async def test_it_holds_no_more_than_its_bound() -> None:
    """What came first goes first; what is larger than all of it is shown, and not kept."""
    memory, painter = PictureMemory(most_bytes=3 * MB), Painter()
    for report in range(9):
        await memory.have((ADA, f"card {report}"), painter.make)
        assert memory.held_bytes <= 3 * MB
    await memory.have((ADA, "card 8"), painter.make)
    assert painter.times == 9
    await memory.have((ADA, "card 0"), painter.make)
    assert painter.times == 10
    large = Painter(4 * MB)
    assert await memory.have((ADA, "large"), large.make) == (bytes(4 * MB),)
    assert memory.held_bytes == 3 * MB
    memory.clear()
    assert memory.held_bytes == 0


async def test_it_forgets_by_itself() -> None:
    """After its time nothing is held, though nobody asks."""
    memory, painter = PictureMemory(seconds=0.01), Painter()
    await memory.have((ADA, "card"), painter.make)
    assert memory.held_bytes == MB
    async with asyncio.timeout(30):
        while memory.held_bytes:  # noqa: ASYNC110 - a timer ends it
            await asyncio.sleep(0.01)


async def test_a_picture_is_made_once_for_many_who_wait() -> None:
    """And the next try is another one when it failed, or there was none."""
    memory, painter = PictureMemory(), Painter()
    made = await asyncio.gather(*(memory.have((ADA, "card"), painter.make) for _ in range(20)))
    assert (painter.times, len(set(made))) == (1, 1)

    async def none() -> Made | None:
        return None

    async def fails() -> Made | None:
        raise ZeroDivisionError

    assert await memory.have((ADA, "redness"), none) is None
    with pytest.raises(ZeroDivisionError):
        await memory.have((ADA, "redness"), fails)
    assert await memory.have((ADA, "redness"), painter.make) is not None


async def test_one_persons_pictures_are_forgotten_alone() -> None:
    """Of whoever erases everything, or takes back their permission."""
    memory, painter = PictureMemory(), Painter()
    for person in (ADA, EVE):
        await memory.have((person, "card"), painter.make)
    memory.forget(ADA)
    assert memory.held_bytes == MB
    await memory.have((EVE, "card"), painter.make)
    assert painter.times == 2
