"""A campaign: selfies come in all the time while troubles are made; then everything is counted."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.storage.records import CallOutcome
from tests.faults.town import Town, digest, has_no_report
from tests.telegram import Actor

Send = Callable[[Town, Actor], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`paid_again`: calls at the vendor beyond one a photo. `cut_off`: calls whose outcome the ledger does not know.

    `unexplained`: calls for a report that had its answer already, or more calls again than were cut off.
    """

    troubles: str
    processes: int
    selfies: int
    reports: int
    missing: int
    twice: int
    paid_again: int
    cut_off: int
    unexplained: int
    stray_statuses: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.troubles} over {self.processes} process(es) in {self.seconds:.0f} s: {self.selfies} selfies, "
            f"{self.reports} reports, {self.missing} missing, {self.twice} twice; {self.paid_again} calls again, of "
            f"{self.cut_off} cut off in flight, {self.unexplained} unexplained; {self.stray_statuses} stray statuses"
        )

    def check(self) -> None:
        """Nothing is lost, nothing said twice, nothing paid again that was not cut off. Raises AssertionError."""
        assert self.missing == 0, self
        assert self.twice == 0, self
        assert self.unexplained == 0, self


async def campaign(
    town: Town, troubles: Awaitable[None], *, called: str, people: int = 8, within: float, send: Send = Town.send
) -> Figures:
    """From the start of the bots to the end: everything answered. Raises AssertionError when it is not.

    `send`: how a person sends a selfie of theirs.
    """
    began = time.monotonic()
    for bot in town.bots:
        await bot.start()
    everybody = await town.consenting(people, within=within)
    over = asyncio.Event()
    async with asyncio.TaskGroup() as together:
        together.create_task(_keep_sending(town, everybody, send, until=over))
        await troubles
        over.set()  # not cancelled: a selfie that is counted has to be sent
    await town.answered(everybody, within=within)
    return _counted(town, everybody, troubles=called, seconds=time.monotonic() - began)


async def kill_at_random(town: Town, kills: int) -> None:
    for _ in range(kills):
        await _kill_one(town)


async def _keep_sending(town: Town, people: list[Actor], send: Send, *, until: asyncio.Event) -> None:
    """Each person sends the next selfie when at most one is unanswered: a backlog would hide what a kill does."""
    while not until.is_set():
        person = random.choice(people)
        if town.sent[person.user_id] - len(set(town.reports_of(person))) < 2:
            await send(town, person)
        await asyncio.sleep(random.uniform(0.05, 0.3))


async def _kill_one(town: Town) -> None:
    """Mostly while it works; how long that takes is told by how long it took to start, on a machine that is busy."""
    bot = random.choice(town.bots)
    began = time.monotonic()
    if random.random() < 0.8:
        await _until_it_works(town)
    await asyncio.sleep(random.uniform(0, max(1.5, 1.5 * (time.monotonic() - began))))
    await bot.kill()
    await bot.start()


async def _until_it_works(town: Town) -> None:
    """Until one more photo is analysed, or for ten seconds: a kill while they start hits nothing but imports."""
    analysed = len(town.calls)
    for _ in range(200):
        if len(town.calls) > analysed:
            return
        await asyncio.sleep(0.05)


def _counted(town: Town, people: list[Actor], *, troubles: str, seconds: float) -> Figures:
    numbers = [Counter(town.reports_of(person)) for person in people]
    paid_again = sum(times - 1 for times in Counter(digest(call) for call in town.calls).values())
    ledger = town.ledger()
    cut_off = sum(outcome is None for _, outcome in ledger)
    answered = Counter(report for report, outcome in ledger if outcome == CallOutcome.ANSWERED)
    return Figures(
        troubles=troubles,
        processes=len(town.bots),
        selfies=town.sent.total(),
        reports=sum(len(mine) for mine in numbers),
        missing=town.sent.total() - sum(len(mine) for mine in numbers),
        twice=sum(times - 1 for mine in numbers for times in mine.values()),
        paid_again=paid_again,
        cut_off=cut_off,
        unexplained=max(0, paid_again - cut_off) + sum(times - 1 for times in answered.values()),
        stray_statuses=sum(has_no_report(message) for person in people for message in person.bot_messages),
        seconds=seconds,
    )
