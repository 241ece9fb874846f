"""The campaign: selfies come in all the time, processes are killed at random; then everything is counted."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass

from bot.playground.people import Person
from bot.storage.records import CallOutcome
from tests.faults.town import Town, digest, has_no_report


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`paid_again`: calls at the vendor beyond one for each photo. `cut_off`: calls in flight at a kill, by the ledger.

    `unexplained`: calls for a report that had its answer already, or more calls again than were cut off.
    """

    processes: int
    kills: int
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
            f"{self.kills} kills over {self.processes} process(es) in {self.seconds:.0f} s: {self.selfies} selfies, "
            f"{self.reports} reports, {self.missing} missing, {self.twice} twice; {self.paid_again} calls again, of "
            f"{self.cut_off} in flight at a kill, {self.unexplained} unexplained; {self.stray_statuses} stray statuses"
        )


async def kill_at_random(town: Town, *, kills: int, people: int = 8, within: float) -> Figures:
    """Run the campaign in an opened town, to its end: everything answered. Raises AssertionError when it is not."""
    began = time.monotonic()
    for bot in town.bots:
        await bot.start()
    everybody = await town.consenting(people, within=within)
    senders = asyncio.create_task(_keep_sending(town, everybody))
    for _ in range(kills):
        await _kill_one(town)
    senders.cancel()
    await asyncio.gather(senders, return_exceptions=True)
    await town.answered(everybody, within=within)
    return _counted(town, everybody, kills=kills, seconds=time.monotonic() - began)


async def _keep_sending(town: Town, people: list[Person]) -> None:
    """Each person sends the next selfie when at most one is unanswered: a backlog would hide what a kill does."""
    while True:
        person = random.choice(people)
        if town.sent[person.user_id] - len(set(town.reports_of(person))) < 2:
            await town.send(person)
        await asyncio.sleep(random.uniform(0.05, 0.3))


async def _kill_one(town: Town) -> None:
    bot = random.choice(town.bots)
    if random.random() < 0.8:
        await _until_it_works(town)
    await asyncio.sleep(random.uniform(0, 1.5))
    await bot.kill()
    await bot.start()


async def _until_it_works(town: Town) -> None:
    """Until the bots asked Telegram for something more: a kill while they start hits nothing but imports."""
    asked = len(town.telegram.requests)
    for _ in range(600):
        if len(town.telegram.requests) > asked + 3:
            return
        await asyncio.sleep(0.05)


def _counted(town: Town, people: list[Person], *, kills: int, seconds: float) -> Figures:
    numbers = [Counter(town.reports_of(person)) for person in people]
    paid_again = sum(times - 1 for times in Counter(digest(call) for call in town.calls).values())
    ledger = town.ledger()
    cut_off = sum(outcome is None for _, outcome in ledger)
    answered = Counter(report for report, outcome in ledger if outcome == CallOutcome.ANSWERED)
    return Figures(
        processes=len(town.bots),
        kills=kills,
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
