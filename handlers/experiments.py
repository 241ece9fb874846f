"""/experiment: planned by taps and one text, and what can be done with it while it is under way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from telegram import Message

from bot.diary.experiments.planning import ExperimentPlanning
from bot.diary.experiments.running import ExperimentSteps
from bot.diary.products import Products
from bot.reminders.time_zones import TimeZones
from bot.reports.charts import Screen
from bot.reports.history import ReportHistory
from bot.skin.analysis import Judged
from bot.skin.experiments.plan import Design
from bot.storage.experiments.records import ExperimentDraft
from bot.views.experiments import BurnsView
from handlers.turn import OnMessage, Turn

_SIDES: Final = {"left": True, "right": False}  # the cheek on the picture's left is their left one: a mirror's picture
_STEPS: Final = frozenset({"pause", "early", "drop"})


@dataclass(frozen=True, kw_only=True)
class ExperimentHandlers:
    """`zones`: while a city is asked for, a text is a city; `naming`: so it is with the name of a product.

    `otherwise`: who hears every other text.
    """

    planning: ExperimentPlanning
    steps: ExperimentSteps
    past: ReportHistory
    zones: TimeZones
    naming: Products
    otherwise: OnMessage

    async def on_experiment(self, turn: Turn) -> None:
        """How it stands, in a message of its own: also under the pinned one, which stays as it is."""
        await turn.say_screen(await self._here(turn))

    async def on_menu(self, turn: Turn) -> None:
        await turn.show_screen(await self._here(turn))

    async def on_new(self, turn: Turn) -> None:
        await self._start(turn, None)

    async def on_note(self, turn: Turn, number: int) -> None:
        """From a note of theirs, which may name what they want to try."""
        report = await self.past.find(turn.person, number)
        await self._start(turn, report.note if report else None)

    async def on_edit(self, turn: Turn, piece: str) -> None:
        """Back to an earlier question; what was chosen after it stays where it still fits."""
        await self._chosen(turn, lambda draft: _without(draft, piece))

    async def on_judged(self, turn: Turn, key: str) -> None:
        judged = next((each for each in Judged if each == key), None)
        await self._chosen(turn, lambda draft: replace(draft, judged=judged))

    async def on_design(self, turn: Turn, key: str) -> None:
        design = next((each for each in Design if each == key), None)
        await self._chosen(turn, lambda draft: replace(draft, design=design))

    async def on_length(self, turn: Turn, weeks: int, photos: int) -> None:
        await self._chosen(turn, lambda draft: replace(draft, weeks=weeks, photos_a_week=photos))

    async def on_side(self, turn: Turn, key: str) -> None:
        """The marked picture goes: the last look is to become the plan's own message."""
        if turn.tapped is not None and turn.tapped.photo:
            await turn.voice.take_back(turn.person, [turn.tapped.message_id])
            turn = replace(turn, tapped=None)
        await self._chosen(turn, lambda draft: replace(draft, mirrored=_SIDES.get(key)))

    async def on_begin(self, turn: Turn, mark: str) -> None:
        """The last look becomes the plan; one that is not what stands there any more is looked at again."""
        message_id = turn.tapped.message_id if turn.tapped is not None else None
        if await self.planning.begin(turn.person, mark, message_id=message_id) is None:
            await self.on_new(turn)

    async def on_discard(self, turn: Turn) -> None:
        """What is under way goes on, whatever an old button says."""
        dropped = await self.planning.discard(turn.person)
        if dropped or await self.steps.standing(turn.person) is None:
            await turn.show("experiment_discarded")
        else:
            await self.on_experiment(turn)

    async def on_ask(self, turn: Turn, act: str) -> None:
        view = await self.steps.ask(turn.person, act) if act in _STEPS else None
        if view is None:
            await self.on_menu(turn)
        else:
            await turn.show(view)

    async def on_do(self, turn: Turn, act: str) -> None:
        """Asked before; whatever is not under way any more is shown as it is."""
        if act == "drop" and await self.steps.drop(turn.person):
            await turn.show("experiment_dropped")
            return
        if act == "early" and await self.steps.end_early(turn.person) is not None:
            await turn.show("experiment_ending")
            return
        if act == "pause":
            await self.steps.pause(turn.person)
        elif act == "go_on":
            await self.steps.go_on(turn.person)
        await self.on_menu(turn)

    async def on_burns(self, turn: Turn) -> None:
        """At any time, also when nothing is under way any more: the advice is the same."""
        paused = await self.steps.pause(turn.person, burns=True)
        await turn.say(BurnsView(paused=paused is not None))

    async def on_answer(self, turn: Turn, experiment_id: int) -> None:
        """Once more, as it was told at the end."""
        await turn.voice.seem_busy(turn.person)
        await turn.say_screen(await self.steps.answer(turn.person, experiment_id) or await self._here(turn))

    async def on_text(self, turn: Turn, message: Message) -> None:
        """What is tried, when that was asked for; else it is for others."""
        if await self.awaits(turn, message):
            screen = await self.planning.say_what(turn.person, message.text or "")
            await turn.say_screen(screen or await self._here(turn))
        else:
            await self.otherwise(turn, message)

    async def awaits(self, turn: Turn, message: Message) -> bool:
        """Whether that text says what is tried. A city that was asked for since then comes first."""
        if message.reply_to_message is not None or await self.zones.is_asked(turn.person):
            return False
        return await self.planning.is_asked(turn.person)

    async def _chosen(self, turn: Turn, changed: Callable[[ExperimentDraft], ExperimentDraft]) -> None:
        """A picture of their face is a message of its own: what a text turns into could not be hidden or guarded.

        So it is where one is under way: the message of an old button may be the plan's.
        """
        screen = await self.planning.change(turn.person, changed)
        if screen is None:
            await self.on_experiment(turn)
        else:
            await (turn.show_screen(screen) if screen.picture is None else turn.say_screen(screen))

    async def _start(self, turn: Turn, note: str | None) -> None:
        await self.zones.stop_asking(turn.person)
        await self.naming.stop_asking(turn.person)
        await turn.say_screen(await self.planning.start(turn.person, note) or await self._here(turn))

    async def _here(self, turn: Turn) -> Screen:
        standing = await self.steps.standing(turn.person)
        view = standing or await self.planning.home(turn.person)
        return Screen(name=view.template, view=view)


def _without(draft: ExperimentDraft, piece: str) -> ExperimentDraft:
    match piece:
        case "what":
            return replace(draft, what=None)
        case "judged":
            return replace(draft, judged=None)
        case "design":
            return replace(draft, design=None, weeks=None, photos_a_week=None)
        case "length":
            return replace(draft, weeks=None, photos_a_week=None)
        case _:
            return replace(draft, mirrored=None)
