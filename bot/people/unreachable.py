"""Whoever blocked the bot or left Telegram: their work ends quietly, unpaid, until they write again."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.storage.people.people import PersonRows
from bot.storage.reports.reports import ReportRows

UNREACHABLE = "unreachable"


@dataclass(frozen=True, kw_only=True)
class UnreachablePeople:
    people: PersonRows
    reports: ReportRows
    now: Clock

    async def note(self, telegram_id: int) -> None:
        """What was analysed is kept and shown by /report; what was not read yet is given up, before it costs."""
        person_id = await self.people.mark_unreachable(telegram_id, now=self.now())
        if person_id is not None:
            await self.reports.give_up_all(person_id, reason=UNREACHABLE, now=self.now())
