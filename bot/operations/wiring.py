"""What the operator is told: alerts, the watch that raises them, and /stats."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.analysis.choice import Measurer
from bot.config import Config
from bot.operations.alerts import Alerts
from bot.operations.credits import CreditWatch, balance_of
from bot.operations.health import Vitals
from bot.operations.stats import Stats
from bot.operations.watch import Watch
from bot.people.wiring import PeopleParts
from bot.storage import Store
from bot.storage.engine.location import folder_of


@dataclass(frozen=True, kw_only=True)
class OperationsParts:
    alerts: Alerts
    watch: Watch
    stats: Stats


def wire_operations(
    *,
    config: Config,
    store: Store,
    people: PeopleParts,
    measurer: Measurer,
    vitals: Vitals,
    wake: Callable[[], None],
) -> OperationsParts:
    """`wake` says that reports may have become due."""
    now = vitals.now
    alerts = Alerts(
        rows=store.alerts, messenger=people.messenger, renderer=people.renderer, admins=config.admin_ids, now=now
    )
    credit = CreditWatch(
        balance=balance_of(measurer.credits),
        alerts=alerts,
        ledger=store.ledger,
        rows=store.reports,
        wake=wake,
        metrics=vitals.metrics,
        now=now,
    )
    watch = Watch(
        alerts=alerts,
        figures=store.figures,
        credit=credit,
        deaf=lambda: vitals.deaf,
        folder=folder_of(config.database_url),
        now=now,
    )
    stats = Stats(
        figures=store.figures,
        vitals=vitals,
        analyses_left=lambda: credit.analyses,
        admins=config.admin_ids,
        now=now,
    )
    return OperationsParts(alerts=alerts, watch=watch, stats=stats)
