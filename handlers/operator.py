"""/stats: for the operator only; anybody else hears what they hear to any unknown command."""

from dataclasses import dataclass

from telegram import Update

from bot.operations.stats import Stats
from handlers.turn import Context, Hearing


@dataclass(frozen=True, kw_only=True)
class OperatorHandlers:
    hearing: Hearing
    stats: Stats

    async def on_stats(self, update: Update, _: Context) -> None:
        if update.effective_user is None or not self.stats.may_ask(update.effective_user.id):
            await self.hearing.answer(update, "unknown_command")
            return
        await self.hearing.answer(update, "stats", await self.stats.view())
