"""/stats: for the operator only; anybody else hears what they hear to any unknown command."""

from dataclasses import dataclass

from bot.operations.stats import Stats
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class OperatorHandlers:
    """What admins ask the bot about itself."""

    stats: Stats

    async def on_stats(self, turn: Turn) -> None:
        if self.stats.may_ask(turn.person.telegram_id):
            await turn.say(await self.stats.view())
        else:
            await turn.say("unknown_command")
