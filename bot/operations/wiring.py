"""What the operator is told, and does in the chat: alerts, the watch that raises them, /admin."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.analysis.choice import Measurer
from bot.clock import Clock
from bot.config import Config
from bot.operations.alerts import Alerts
from bot.operations.broadcast_desk import BroadcastDesk
from bot.operations.broadcast_sending import BroadcastFigures, BroadcastSending
from bot.operations.controls import AdminControls
from bot.operations.credits import CreditWatch, balance_of
from bot.operations.health import Vitals
from bot.operations.stats import Stats
from bot.operations.telling import Telling
from bot.operations.vendor import VendorHealth
from bot.operations.watch import Watch
from bot.people.wiring import PeopleParts
from bot.storage import Store
from bot.storage.engine.location import folder_of


@dataclass(frozen=True, kw_only=True)
class OperationsParts:
    alerts: Alerts
    watch: Watch
    vendor: VendorHealth
    stats: Stats
    controls: AdminControls
    desk: BroadcastDesk
    sending: BroadcastSending


def wire_operations(
    *,
    config: Config,
    store: Store,
    people: PeopleParts,
    measurer: Measurer,
    vitals: Vitals,
    wake: Callable[[], None],
    username: str,
) -> OperationsParts:
    """`wake` says that reports may have become due; `username`: the bot's."""
    now = vitals.now
    alerts = Alerts(
        rows=store.alerts, messenger=people.messenger, renderer=people.renderer, admins=config.admin_ids, now=now
    )
    vendor = VendorHealth(now=now)
    vitals.metrics.vendor(lambda: vendor.state)
    credit = CreditWatch(
        balance=balance_of(measurer.credits),
        alerts=alerts,
        ledger=store.ledger,
        rows=store.reports,
        wake=wake,
        vendor=vendor,
        metrics=vitals.metrics,
        now=now,
    )
    watch = Watch(
        alerts=alerts,
        figures=store.figures,
        credit=credit,
        vendor=vendor,
        deaf=lambda: vitals.deaf,
        folder=folder_of(config.database_url),
        now=now,
    )
    broadcasts = BroadcastFigures(rows=store.broadcasts, told=store.notices, config=config)
    sending = _sending(config, store, people, broadcasts, vitals)
    return OperationsParts(
        alerts=alerts,
        watch=watch,
        vendor=vendor,
        stats=_stats(config, store, vitals, credit, vendor),
        controls=_controls(store, wake=wake, username=username, now=now),
        desk=_desk(config, store, people, sending, figures=broadcasts, now=now),
        sending=sending,
    )


def _stats(config: Config, store: Store, vitals: Vitals, credit: CreditWatch, vendor: VendorHealth) -> Stats:
    return Stats(
        figures=store.figures,
        switches=store.switches,
        vitals=vitals,
        analyses_left=lambda: credit.analyses,
        vendor=vendor.standing if config.pays else None,
        config=config,
        now=vitals.now,
    )


def _controls(store: Store, *, wake: Callable[[], None], username: str, now: Clock) -> AdminControls:
    return AdminControls(
        switches=store.switches,
        invitations=store.invitations,
        rows=store.reports,
        wake=wake,
        username=username,
        now=now,
    )


def _desk(
    config: Config,
    store: Store,
    people: PeopleParts,
    sending: BroadcastSending,
    *,
    figures: BroadcastFigures,
    now: Clock,
) -> BroadcastDesk:
    return BroadcastDesk(
        rows=store.broadcasts,
        figures=figures,
        renderer=people.renderer,
        config=config,
        wake=sending.wake,
        now=now,
    )


def _sending(
    config: Config, store: Store, people: PeopleParts, figures: BroadcastFigures, vitals: Vitals
) -> BroadcastSending:
    telling = Telling(
        rows=store.notices,
        messenger=people.messenger,
        voice=people.voice,
        admission=people.admission,
        metrics=vitals.metrics,
        now=vitals.now,
    )
    return BroadcastSending(
        rows=store.broadcasts,
        told=store.notices,
        people=store.people,
        figures=figures,
        telling=telling,
        voice=people.voice,
        config=config,
        now=vitals.now,
    )
