"""Which of a person's products and habits stand as bars under a chart. Pure; nothing is concluded from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.imaging.pictures.chart import ChartBar
from bot.storage.experiments.records import UNDER_WAY, ExperimentRecord
from bot.storage.experiments.rows import OVER
from bot.storage.records import ProductRecord

MOST: Final = 4


@dataclass(frozen=True, kw_only=True)
class TriedOut:
    """By an experiment, from its first day to its last; it stands among what was used, by the name it was given."""

    name: str
    started_on: date
    stopped_on: date | None


def tried_out(experiments: Sequence[ExperimentRecord], *, clock: tzinfo) -> list[TriedOut]:
    """Those that are under way or have an answer."""
    return [
        TriedOut(
            name=one.agreed.what,
            started_on=one.agreed.began_on,
            stopped_on=None if one.ended_at is None else one.ended_at.astimezone(clock).date(),
        )
        for one in experiments
        if one.agreed is not None and one.state in (*UNDER_WAY, *OVER)
    ]


def bars_of(products: Sequence[ProductRecord | TriedOut], *, since: datetime, clock: tzinfo) -> tuple[ChartBar, ...]:
    """Those that were in use since then, the newest four of them, by when they began. Days are the person's own."""
    bars = [_bar(product, clock) for product in products]
    shown = [bar for bar in bars if bar.end is None or bar.end >= since]
    newest = sorted(shown, key=lambda bar: (bar.end is None, bar.end or since, bar.start or since))[-MOST:]
    return tuple(bar for bar in shown if bar in newest)


def _bar(product: ProductRecord | TriedOut, clock: tzinfo) -> ChartBar:
    start = None if product.started_on is None else _midnight(product.started_on, clock)
    end = None if product.stopped_on is None else _midnight(product.stopped_on + timedelta(days=1), clock)
    return ChartBar(name=product.name, start=start, end=end)


def _midnight(day: date, clock: tzinfo) -> datetime:
    return datetime.combine(day, time(), clock)
