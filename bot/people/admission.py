"""Who is let in: everybody, or those whom the operator names or invites; never those whom the operator refuses."""

from enum import StrEnum

from bot.config import Access, Config
from bot.storage.people.invitations import InvitationRows
from bot.storage.people.refusals import RefusalRows


class TurnedAway(StrEnum):
    """Why somebody is not let in; each is the name of the message that says so."""

    REFUSED = "refused"
    NOT_NAMED = "not_named"
    INVITATION_OVER = "invitation_over"


class Admission:
    def __init__(self, *, refusals: RefusalRows, invitations: InvitationRows, config: Config) -> None:
        self._refusals = refusals
        self._invitations = invitations
        self._named = None if config.access is Access.OPEN else {*config.allowed_ids, *config.admin_ids}

    async def turns_away(self, telegram_id: int) -> TurnedAway | None:
        """None for who is let in. Nothing is noted of anybody. Raises DatabaseUnavailable."""
        if await self._refusals.hold(telegram_id):
            return TurnedAway.REFUSED
        if self._named is None or telegram_id in self._named or await self._invitations.holds(telegram_id):
            return None
        return TurnedAway.NOT_NAMED

    async def lets_in(self, telegram_id: int, code: str) -> bool:
        """Somebody with an invitation: a guest from now on. Raises DatabaseUnavailable."""
        return await self._invitations.let_in(telegram_id, code)
