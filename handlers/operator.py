"""/admin and /stats: for admins only; anybody else hears what they hear to any unknown command."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from telegram import Message

from bot.listening import listen
from bot.operations.broadcast_desk import BroadcastDesk
from bot.operations.controls import AdminControls
from bot.operations.stats import Stats
from bot.views.operator import NoticeProgressView
from handlers import fallbacks
from handlers.turn import OnMessage, OnTurn, Turn

_MOST_REPORTS: Final = 1000


@dataclass(frozen=True, kw_only=True)
class OperatorHandlers:
    """What admins ask the bot about itself, and what they do there."""

    stats: Stats
    controls: AdminControls
    desk: BroadcastDesk

    async def on_admin(self, turn: Turn) -> None:
        if self._may(turn):
            await turn.say(await self.stats.view())
        else:
            await turn.say("unknown_command")

    async def on_opened(self, turn: Turn) -> None:
        await self._do(turn, self._nothing)

    async def on_pause(self, turn: Turn) -> None:
        await self._do(turn, self.controls.pause)

    async def on_resume(self, turn: Turn) -> None:
        await self._do(turn, self.controls.resume)

    async def on_invite(self, turn: Turn, reports: int) -> None:
        if self._may(turn) and 0 < reports <= _MOST_REPORTS:
            await turn.show(await self.controls.invite(reports))
        else:
            await fallbacks.on_unknown_tap(turn)

    async def on_invitations(self, turn: Turn) -> None:
        if self._may(turn):
            await turn.show(await self.controls.invitations())
        else:
            await fallbacks.on_unknown_tap(turn)

    async def on_revoke(self, turn: Turn, number: int) -> None:
        if self._may(turn):
            await turn.show(await self.controls.revoke(number))
        else:
            await fallbacks.on_unknown_tap(turn)

    async def on_notice(self, turn: Turn) -> None:
        if self._may(turn):
            await turn.show(await self.desk.opened(turn.person))
        else:
            await fallbacks.on_unknown_tap(turn)

    async def on_notice_anew(self, turn: Turn) -> None:
        if self._may(turn):
            await turn.show(await self.desk.anew(turn.person))
        else:
            await fallbacks.on_unknown_tap(turn)

    async def on_notice_drop(self, turn: Turn) -> None:
        if self._may(turn):
            await self.desk.drop(turn.person)
            await turn.show("notice_dropped")
        else:
            await fallbacks.on_unknown_tap(turn)

    async def on_notice_send(self, turn: Turn, number: int) -> None:
        place = turn.tapped.message_id if turn.tapped else None
        await self._show_progress(turn, lambda: self.desk.send(turn.person, number, message_id=place))

    async def on_notice_look(self, turn: Turn, number: int) -> None:
        await self._show_progress(turn, lambda: self.desk.look(number))

    async def on_notice_stop(self, turn: Turn, number: int) -> None:
        await self._show_progress(turn, lambda: self.desk.stop(number))

    def words_first(self, otherwise: OnMessage) -> OnMessage:
        """A text of an admin is a notice while one is awaited; who cries for help is helped all the same."""

        async def on_text(turn: Turn, message: Message) -> None:
            text = message.text or ""
            if text.startswith("/") or not self._may(turn) or not await self.desk.awaits(turn.person):
                await otherwise(turn, message)
                return
            found = listen(text)
            if found is not None and found.topic.is_urgent:
                await otherwise(turn, message)
            for view in await self.desk.written(turn.person, text):
                await turn.say(view)

        return on_text

    def cancel_first(self, otherwise: OnTurn) -> OnTurn:
        async def on_cancel(turn: Turn) -> None:
            if self._may(turn) and await self.desk.drop(turn.person):
                await turn.say("notice_dropped")
            else:
                await otherwise(turn)

        return on_cancel

    async def _show_progress(self, turn: Turn, work: Callable[[], Awaitable[NoticeProgressView | None]]) -> None:
        if self._may(turn):
            await turn.show(await work() or "notice_gone")
        else:
            await fallbacks.on_unknown_tap(turn)

    def _may(self, turn: Turn) -> bool:
        return self.stats.may_ask(turn.person.telegram_id)

    async def _do(self, turn: Turn, work: Callable[[], Awaitable[None]]) -> None:
        """Then the figures as they are after it. Buttons of who is no admin any more do nothing."""
        if not self._may(turn):
            await fallbacks.on_unknown_tap(turn)
            return
        await work()
        await turn.show(await self.stats.view())

    async def _nothing(self) -> None:
        """Only to look."""
