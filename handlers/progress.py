"""/progress and /compare, the buttons on both, and "measure again" under a report."""

from dataclasses import dataclass

from bot.reports.charts import Charts
from bot.reports.comparison import Comparisons
from bot.reports.history import ReportHistory
from bot.skin.trend import REPEAT_WITHIN
from bot.views.progress import MinutesView
from handlers.reports import typed_number
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class ProgressHandlers:
    """What becomes of a skin from photo to photo."""

    charting: Charts
    comparing: Comparisons
    past: ReportHistory

    async def on_progress(self, turn: Turn) -> None:
        await turn.voice.seem_busy(turn.person)
        await turn.say_screen(await self.charting.screen(turn.person))

    async def on_measure(self, turn: Turn, measure: str, span: str) -> None:
        await turn.show_screen(await self.charting.screen(turn.person, measure, span))

    async def on_compare(self, turn: Turn) -> None:
        await turn.voice.seem_busy(turn.person)
        numbers = [typed_number(word) for word in turn.words[:2]]
        if numbers:
            screen = await self.comparing.chosen(turn.person, numbers[0], numbers[-1])
        else:
            screen = await self.comparing.newest(turn.person)
        await turn.say_screen(screen)

    async def on_pair(self, turn: Turn, before: int, after: int) -> None:
        await turn.show_screen(await self.comparing.chosen(turn.person, before, after))

    async def on_pick(self, turn: Turn, slot: str, before: int, after: int, page: int) -> None:
        screen = await self.comparing.choice(turn.person, slot=slot, before=before, after=after, page=page)
        await turn.show_screen(screen)

    async def on_repeat(self, turn: Turn, number: int) -> None:
        if await self.past.wish_repeat(turn.person, number):
            await turn.say(MinutesView(minutes=int(REPEAT_WITHIN.total_seconds() // 60)))
        else:
            await turn.say("repeat_late")
