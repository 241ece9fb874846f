"""How much of one person is looked at in an hour and a day: asked before anything is fetched, paid or measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.skin.analysis import Provider
from bot.skin.photo import PhotoError
from bot.storage.ledger import Budget, LedgerRows
from bot.storage.people.efforts import A_DAY, Effort, EffortKind, EffortRows
from bot.storage.people.invitations import InvitationRows
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.switches import Switch, SwitchRows
from bot.views.reports import TooMany

_AN_HOUR: Final = timedelta(hours=1)


class TooManyPhotos(PhotoError):
    """Enough of this person for now; `reason` is for their eyes."""

    def __init__(self, reason: TooMany) -> None:
        super().__init__(reason.value)
        self.reason = reason


class TakingPaused(Exception):
    """An admin has paused the taking of photos: those that come wait."""


@dataclass(frozen=True, kw_only=True)
class _Limit:
    kind: EffortKind
    within: timedelta
    most: int
    reason: TooMany


# Ten full albums, twenty reports of photos that never leave: nobody needs more, and a small machine bears it.
_LIMITS: Final = (
    _Limit(kind=EffortKind.LOOK, within=_AN_HOUR, most=40, reason=TooMany.HOUR),
    _Limit(kind=EffortKind.LOOK, within=A_DAY, most=100, reason=TooMany.DAY),
    _Limit(kind=EffortKind.REFUSED, within=A_DAY, most=10, reason=TooMany.UNREADABLE),
    _Limit(kind=EffortKind.HERE, within=_AN_HOUR, most=10, reason=TooMany.HOUR),
    _Limit(kind=EffortKind.HERE, within=A_DAY, most=20, reason=TooMany.DAY),
)
# Somebody who looks through all of their reports, or tries every look of a picture, never comes near it.
_OF_EARLIER: Final = (
    _Limit(kind=EffortKind.AGAIN, within=_AN_HOUR, most=100, reason=TooMany.AGAIN),
    _Limit(kind=EffortKind.AGAIN, within=A_DAY, most=300, reason=TooMany.AGAIN),
)


class Allowance:
    """`invitations`: None where all are let in. An operator who sets no limit by person (0) has no others either."""

    def __init__(
        self,
        *,
        efforts: EffortRows,
        ledger: LedgerRows,
        invitations: InvitationRows | None,
        switches: SwitchRows,
        budget: Budget,
        now: Clock,
    ) -> None:
        self._efforts = efforts
        self._invitations = invitations
        self._switches = switches
        self._ledger = ledger
        self._budget = budget
        self._now = now

    async def look(self, report: ReportRecord, reader: Provider) -> None:
        """Before a report's photos are fetched. Raises TakingPaused, BudgetSpent, TooManyPhotos, PersonGone."""
        if await self._switches.is_on(Switch.PAUSED):
            raise TakingPaused
        now = self._now()
        if reader is Provider.AILAB:
            await self._ledger.stay_within(report.id, report.person_id, now=now, budget=self._budget)
        if not self._budget.per_person:
            return
        _stay_within(_LIMITS, await self._efforts.of_day(report.person_id, now=now), now)
        if not report.attempts:  # else it is we who look again: the service was away, or something failed
            await self._efforts.note(report.person_id, EffortKind.LOOK, photos=len(report.photos), now=now)

    async def look_again(self, report: ReportRecord) -> None:
        """Before the photo of an earlier report is fetched for a picture. Raises TooManyPhotos, PersonGone."""
        if not self._budget.per_person:
            return
        now = self._now()
        _stay_within(_OF_EARLIER, await self._efforts.of_day(report.person_id, now=now), now)
        await self._efforts.note(report.person_id, EffortKind.AGAIN, now=now)

    async def take(self, person: PersonRecord, report: ReportRecord) -> None:
        """Before a photo is measured: one of the reports that an invitation is good for. Raises InvitationSpent."""
        if self._invitations is not None:
            await self._invitations.use(person.telegram_id, report.id)

    async def give_back(self, report: ReportRecord) -> None:
        """It was not measured."""
        if self._invitations is not None:
            await self._invitations.give_back(report.id)

    async def refused(self, report: ReportRecord) -> None:
        """The analyzer could do nothing with this photo. Raises PersonGone."""
        await self._efforts.note(report.person_id, EffortKind.REFUSED, now=self._now())

    async def measured(self, report: ReportRecord, reader: Provider) -> None:
        """The photo was measured; a paid call stands in the ledger. Raises PersonGone."""
        if reader is Provider.LOCAL:
            await self._efforts.note(report.person_id, EffortKind.HERE, now=self._now())


def _stay_within(limits: Sequence[_Limit], efforts: Sequence[Effort], now: datetime) -> None:
    for limit in limits:
        since = now - limit.within
        if sum(one.photos for one in efforts if one.kind is limit.kind and one.at >= since) >= limit.most:
            raise TooManyPhotos(limit.reason)
