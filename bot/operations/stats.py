"""Use case: what an admin asks with /admin or /stats. Counts over everybody, nobody's own."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.config import Access, Config
from bot.config.version import build_version
from bot.operations.health import Vitals
from bot.skin.photo import PhotoIssue, RefusalReason, RejectReason
from bot.storage.figures import FigureRows
from bot.storage.switches import Switch, SwitchRows
from bot.views.operator import RefusalKind, StatsView, VendorState

_A_DAY: Final = timedelta(days=1)
_AN_HOUR: Final = timedelta(hours=1)
_FILE: Final = frozenset(
    {
        *RejectReason,
        RefusalReason.UNREADABLE_FILE,
        RefusalReason.FILE_TOO_LARGE,
        RefusalReason.RESOLUTION_TOO_HIGH,
        RefusalReason.RESOLUTION_TOO_LOW,
    }
)
_KINDS: Final[Mapping[str, RefusalKind]] = {
    **dict.fromkeys(PhotoIssue, RefusalKind.QUALITY),
    **dict.fromkeys(_FILE, RefusalKind.FILE),
    **dict.fromkeys(("no_face", "several_faces", "cartoon", "not_a_real_photo"), RefusalKind.FACE),
    **dict.fromkeys(("face_too_small", "face_small", "face_cut_off", "not_frontal", "turned_away"), RefusalKind.PLACE),
    **dict.fromkeys(("bad_light", "poor_quality", "no_color"), RefusalKind.QUALITY),
    **{reason: RefusalKind.COVERED for reason in (*RefusalReason, *PhotoIssue) if "covered" in reason},
}


class Stats:
    def __init__(
        self,
        *,
        figures: FigureRows,
        switches: SwitchRows,
        vitals: Vitals,
        analyses_left: Callable[[], int | None],
        vendor: Callable[[], tuple[VendorState, datetime]] | None,
        config: Config,
        now: Clock,
    ) -> None:
        self._figures = figures
        self._switches = switches
        self._vitals = vitals
        self._analyses_left = analyses_left
        self._vendor = vendor
        self._admins = frozenset(config.admin_ids)
        self._invites = config.access is Access.NAMED
        self._now = now

    def may_ask(self, telegram_id: int) -> bool:
        return telegram_id in self._admins

    async def view(self) -> StatsView:
        """The last 24 hours and this moment. Raises DatabaseUnavailable."""
        now = self._now()
        day = await self._figures.since(now - _A_DAY)
        backlogs = await self._figures.backlogs(now=now)
        return StatsView(
            reports=day.reports,
            refusals=refusals_by_kind(day.refusals),
            active_people=day.people,
            people=await self._figures.people(),
            calls=day.calls,
            set_aside=day.set_aside,
            analyses_left=self._analyses_left(),
            photos_waiting=await self._figures.waiting(),
            waiting={name: (backlog.depth, int(backlog.age.total_seconds())) for name, backlog in backlogs.items()},
            errors=self._vitals.metrics.errors,
            version=build_version(),
            up_minutes=int((now - self._vitals.started_at) / timedelta(minutes=1)),
            unanswered=await self._figures.unanswered_since(now - _AN_HOUR),
            paused=await self._switches.is_on(Switch.PAUSED),
            invites=self._invites,
            vendor=None if self._vendor is None else self._vendor(),
        )


def refusals_by_kind(reasons: Mapping[str, int]) -> dict[RefusalKind, int]:
    """The most frequent first. A reason that a later version stored is another one."""
    kinds = Counter[RefusalKind]()
    for reason, count in reasons.items():
        kinds[_KINDS.get(reason, RefusalKind.OTHER)] += count
    return dict(kinds.most_common())
