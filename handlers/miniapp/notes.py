"""A note that is written on the page: as a reply to the report in the chat would be."""

from dataclasses import dataclass

from bot.people.voice import Voice
from bot.people.written import tidied
from bot.reports.feedback import Feedback
from bot.storage.records import PersonRecord
from bot.views.miniapp import PageTapped
from handlers.listening import answer, heard_in_note
from handlers.miniapp.turn import PageTurn


@dataclass(frozen=True, kw_only=True)
class NoteCalls:
    feedback: Feedback
    voice: Voice

    async def write(self, person: PersonRecord, number: int, text: str) -> PageTapped | None:
        """Nothing written removes it; what asks for help is answered, and kept nowhere. None for no such report."""
        found = heard_in_note(text)
        if found is not None:
            turn = PageTurn(person=person, voice=self.voice)
            await turn.say(answer(found, person.time_zone, person.language_code))
            return PageTapped(screens=turn.screens(()))
        written = bool(tidied(text)[0])
        view = await (
            self.feedback.note(person, number, text) if written else self.feedback.remove_note(person, number)
        )
        return None if view is None else PageTapped(screens=())
