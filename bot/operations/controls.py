"""Use case: what an admin does in the chat: photos are paused and go on, invitations are made and taken back."""

from collections.abc import Callable

from bot.clock import Clock
from bot.storage.people.invitations import InvitationRows
from bot.storage.reports.reports import ReportRows
from bot.storage.switches import Switch, SwitchRows
from bot.views.operator import InvitationLine, InvitationsView


class AdminControls:
    """`wake` says that reports may have become due; `username`: the bot's. Every method raises DatabaseUnavailable."""

    def __init__(
        self,
        *,
        switches: SwitchRows,
        invitations: InvitationRows,
        rows: ReportRows,
        wake: Callable[[], None],
        username: str,
        now: Clock,
    ) -> None:
        self._switches = switches
        self._invitations = invitations
        self._rows = rows
        self._wake = wake
        self._username = username
        self._now = now

    async def pause(self) -> None:
        """Photos that come from now on wait; what is being measured is finished."""
        await self._switches.turn_on(Switch.PAUSED, now=self._now())

    async def resume(self) -> None:
        """What waited is due now."""
        await self._switches.turn_off(Switch.PAUSED)
        if await self._rows.hasten(reason=Switch.PAUSED, now=self._now()):
            self._wake()

    async def invite(self, reports: int) -> InvitationsView:
        code = await self._invitations.make(reports, now=self._now())
        return await self._shown(link=f"https://t.me/{self._username}?start=i_{code}", reports=reports)

    async def invitations(self) -> InvitationsView:
        return await self._shown()

    async def revoke(self, number: int) -> InvitationsView:
        await self._invitations.revoke(number, now=self._now())
        return await self._shown()

    async def _shown(self, *, link: str | None = None, reports: int = 0) -> InvitationsView:
        lines = tuple(
            InvitationLine(
                number=each.id,
                reports=each.reports,
                used=each.used,
                people=each.people,
                made_at=each.made_at,
                revoked=each.revoked,
            )
            for each in await self._invitations.newest()
        )
        return InvitationsView(invitations=lines, link=link, reports=reports)
