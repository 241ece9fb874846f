"""/progress and /compare, the buttons on both, and "measure again" under a report."""

from dataclasses import dataclass

from telegram import Update

from bot.reports.charts import Charts
from bot.reports.comparison import Comparisons
from bot.reports.history import ReportHistory
from bot.skin.trend import REPEAT_WITHIN
from bot.views.progress import MinutesView
from handlers import screens
from handlers.turn import Context, Hearing, query_of, tapped_number

_LONGEST_NUMBER = 9  # digits; more is nobody's report


@dataclass(frozen=True, kw_only=True)
class ProgressHandlers:
    hearing: Hearing
    charting: Charts
    comparing: Comparisons
    past: ReportHistory

    async def on_progress(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.voice.seem_busy(person)
        await screens.say(self.hearing.voice, person, await self.charting.screen(person))

    async def on_measure(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        measure, span = _parts(update)
        await screens.put(self.hearing.voice, person, update, await self.charting.screen(person, measure, span))

    async def on_compare(self, update: Update, context: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.voice.seem_busy(person)
        if context.args:
            numbers = [_number(word) for word in context.args[:2]]
            screen = await self.comparing.chosen(person, numbers[0], numbers[-1])
        else:
            screen = await self.comparing.newest(person)
        await screens.say(self.hearing.voice, person, screen)

    async def on_pair(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        one, other = _parts(update)
        screen = await self.comparing.chosen(person, int(one), int(other))
        await screens.put(self.hearing.voice, person, update, screen)

    async def on_pick(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        slot, before, after, page = _parts(update)
        screen = await self.comparing.choice(person, slot=slot, before=int(before), after=int(after), page=int(page))
        await screens.put(self.hearing.voice, person, update, screen)

    async def on_repeat(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        if await self.past.wish_repeat(person, tapped_number(update)):
            minutes = MinutesView(minutes=int(REPEAT_WITHIN.total_seconds() // 60))
            await self.hearing.answer(update, "repeat_ready", minutes)
        else:
            await self.hearing.answer(update, "repeat_late")


def _parts(update: Update) -> list[str]:
    """What stands in a button's data after its name."""
    return (query_of(update).data or "").split(":")[1:]


def _number(word: str) -> int:
    """A report's number as it is typed; 0, which is nobody's, for anything else."""
    digits = word.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER else 0
