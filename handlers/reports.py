"""Past reports, shown again: /history, /report N, /latest; the buttons under a report; what its person adds to it."""

from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from telegram import InlineKeyboardMarkup, Message

from bot.reminders.setting import ReminderSetting
from bot.reports.charts import Screen
from bot.reports.feedback import Feedback
from bot.reports.history import ReportHistory
from bot.skin.question import QuestionAnswer
from bot.storage.records import PersonRecord, ReportRecord, Tried
from bot.views import taps
from bot.views.reports import DisputeView, TriedView
from handlers.turn import Turn

_OF_A_REPORT: Final = (taps.details, taps.dispute, taps.unnote)  # buttons that only a report's own messages have
_ANSWERS: Final = frozenset[str](QuestionAnswer)
_OUTCOMES: Final = frozenset[str]({Tried.YES, Tried.PARTLY, Tried.NO})
_LONGEST_NUMBER: Final = 9  # digits; more is nobody's report


@dataclass(frozen=True, kw_only=True)
class ReportHandlers:
    """A number is the person's own: another person's is simply one this person has no report under."""

    past: ReportHistory
    feedback: Feedback
    reminders: ReminderSetting

    async def on_history(self, turn: Turn) -> None:
        await turn.say(await self.past.page(turn.person, 0) or "history_empty")

    async def on_page(self, turn: Turn, page: int) -> None:
        await turn.show(await self.past.page(turn.person, page) or "history_empty")

    async def on_latest(self, turn: Turn) -> None:
        report = await self.past.latest(turn.person)
        if report is None:
            await turn.say("history_empty")
        else:
            await turn.voice.seem_busy(turn.person)
            await self.past.show(turn.person, report)

    async def on_report(self, turn: Turn) -> None:
        if turn.words:
            await self.on_open(turn, typed_number(turn.words[0]))
        else:
            await self.on_latest(turn)

    async def on_open(self, turn: Turn, number: int) -> None:
        report = await self._find(turn, number)
        if report is not None:
            await turn.voice.seem_busy(turn.person)
            await self.past.show(turn.person, report)

    async def on_details(self, turn: Turn, number: int) -> None:
        report = await self._find(turn, number)
        if report is not None:
            await turn.show("details", self.past.details(turn.person, report))

    async def on_picture(self, turn: Turn, number: int) -> None:
        report = await self._find(turn, number)
        if report is not None:
            await turn.voice.seem_busy(turn.person)
            await _say_instead(turn, await self.past.draw(turn.person, report))

    async def on_card(self, turn: Turn, number: int, card: str) -> None:
        """The picture above the button shows something else; too old to be changed, it is left alone."""
        report = await self._find(turn, number)
        if report is not None and turn.tapped is not None:
            await _say_instead(turn, await self.past.turn_card(turn.person, report, turn.tapped.message_id, card))

    async def on_redness(self, turn: Turn, number: int) -> None:
        report = await self._find(turn, number)
        if report is not None:
            await turn.voice.seem_busy(turn.person)
            await _say_instead(turn, await self.past.show_redness(turn.person, report))

    async def on_reply(self, turn: Turn, message: Message) -> None:
        """A text in reply to a message about a report is its note; in reply to anything else it is only a text."""
        number = await self.answered(turn.person, message.reply_to_message)
        view = None if number is None else await self.feedback.note(turn.person, number, message.text or "")
        await turn.say("text_hint" if view is None else "note_saved", view)

    async def on_remove_note(self, turn: Turn, number: int) -> None:
        view = await self.feedback.remove_note(turn.person, number)
        await turn.show("report_missing" if view is None else "note_saved", view)

    async def on_dispute(self, turn: Turn, number: int) -> None:
        """The list of what was seen, to call it not true."""
        view = await self.feedback.disputable(turn.person, number)
        await turn.show(view or "report_missing")

    async def on_dispute_finding(self, turn: Turn, number: int, key: str) -> None:
        """One finding in that list is called none of theirs, or theirs again."""
        await self._corrected(turn, number, await self.feedback.toggle(turn.person, number, key))

    async def on_tell_again(self, turn: Turn, number: int, key: str) -> None:
        """What was left out since it was none of theirs in an earlier report is told again."""
        await self._corrected(turn, number, await self.feedback.tell_again(turn.person, number, key))

    async def on_somebody_else(self, turn: Turn, number: int) -> None:
        view = await self.feedback.somebody_else(turn.person, number)
        await turn.show(view or "report_missing")

    async def on_answer(self, turn: Turn, number: int, key: str) -> None:
        """To the question under a report. Any other word than an answer takes the answer back."""
        answer = QuestionAnswer(key) if key in _ANSWERS else None
        await _or_missing(turn, self.feedback.answer(turn.person, number, answer, at=_picture(turn)))

    async def on_question(self, turn: Turn, number: int) -> None:
        """Their answer is to be another one, or none."""
        await _or_missing(turn, self.feedback.ask_again(turn.person, number, at=_picture(turn)))

    async def on_try(self, turn: Turn, number: int) -> None:
        await _or_missing(turn, self.feedback.plan(turn.person, number, at=_picture(turn)))

    async def on_tried(self, turn: Turn, number: int, key: str) -> None:
        """Under a reminder, which is read then."""
        await self.reminders.answered(turn.person)
        if key in _OUTCOMES and await self.feedback.tried(turn.person, number, Tried(key)):
            await turn.say(TriedView(outcome=key))
        else:
            await turn.say("report_missing")

    async def _corrected(self, turn: Turn, number: int, view: DisputeView | None) -> None:
        """The words first: a picture takes a second."""
        await turn.show(view or "report_missing")
        if view is not None and not await self.feedback.redraw(turn.person, number):
            await turn.show(replace(view, keeps_marks=True))

    async def _find(self, turn: Turn, number: int) -> ReportRecord | None:
        """None when there is none, which was said then."""
        report = await self.past.find(turn.person, number)
        if report is None:
            await turn.say("report_missing")
        return report

    async def answered(self, person: PersonRecord, message: Message | None) -> int | None:
        """The number of the report that a message of the bot is about."""
        if message is None or message.from_user is None or message.from_user.id != message.get_bot().id:
            return None
        numbers = (found for data in _data(message.reply_markup) for tap in _OF_A_REPORT if (found := tap.read(data)))
        (number,) = next(numbers, (None,))
        return await self.feedback.shown_in(person, message.message_id) if number is None else number


def _picture(turn: Turn) -> int | None:
    """The tapped message, where its caption is a report."""
    return turn.tapped.message_id if turn.tapped is not None and turn.tapped.photo else None


async def _or_missing(turn: Turn, done: Awaitable[bool]) -> None:
    if not await done:
        await turn.say("report_missing")


def typed_number(word: str) -> int:
    """A report's number as it is typed; 0, which is nobody's, for anything else."""
    digits = word.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER else 0


async def _say_instead(turn: Turn, screen: Screen | None) -> None:
    if screen is not None:
        await turn.say(screen.name, screen.view)


def _data(markup: InlineKeyboardMarkup | None) -> Iterator[str]:
    for row in markup.inline_keyboard if markup is not None else ():
        for button in row:
            if isinstance(button.callback_data, str):
                yield button.callback_data
