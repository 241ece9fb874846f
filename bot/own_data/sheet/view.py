"""From what was gathered to what the words of the page get to see."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.own_data.sheet.facts import SheetFacts
from bot.own_data.sheet.pair import FacePair
from bot.reports.charts import felt_trends
from bot.skin.feelings import Feeling
from bot.skin.story import since_start
from bot.skin.trend import Direction, Trend
from bot.storage.experiments.records import ExperimentRecord
from bot.storage.records import FeelingRecord
from bot.views.sheet import NoPair, SheetExperiment, SheetFeeling, SheetParts, SheetProduct, SheetView, Went

_BY_MONTH: Final = timedelta(days=150)  # a longer axis tells months, not days
_MOST_DATES: Final = 6
_STEPS: Final = (1, 2, 3, 4, 6, 12)  # months


def sheet_view(facts: SheetFacts, chosen: SheetParts, pair: FacePair | NoPair | None, now: datetime) -> SheetView:
    first, last = facts.rows[0].when, facts.rows[-1].when
    notes = facts.notes if SheetParts.NOTES in chosen else ()
    felt = facts.feelings if SheetParts.FEELINGS in chosen else ()
    products = facts.products if SheetParts.PRODUCTS in chosen else ()
    experiments = tuple(_finished(facts.experiments)) if SheetParts.EXPERIMENTS in chosen else ()
    in_use = any(each.stopped_on is None for each in products)
    start = min([first, *(each.at for each in felt[:1])])
    end = max([last, *(each.at for each in felt[-1:]), *([now] if in_use else [])])
    return SheetView(
        made_at=now,
        provider=facts.rows[-1].instrument.provider,
        first=first,
        last=last,
        photos=len(facts.rows),
        apart=facts.apart,
        left_out=facts.left_out,
        capped=facts.capped,
        disputed=facts.disputed,
        measures=facts.measures(),
        pair=(pair.earlier.when, pair.later.when) if isinstance(pair, FacePair) else None,
        no_pair=pair if isinstance(pair, NoPair) else None,
        axis=_by_month(start, end) if end - start > _BY_MONTH else _evenly(start, end),
        by_month=end - start > _BY_MONTH,
        start=start,
        end=end,
        felt=tuple((each.at, each.told) for each in felt),
        redness_is_hard=facts.redness_is_hard,
        feelings=tuple(_felt(felt)),
        products=tuple(SheetProduct(name=each.name, since=each.started_on, until=each.stopped_on) for each in products),
        experiments=experiments,
        notes=notes,
        most_cut=max(len(notes), len(products), len(experiments)),
    )


def _finished(experiments: Sequence[ExperimentRecord]) -> Iterator[SheetExperiment]:
    for each in experiments:
        if each.agreed is not None and each.answer is not None and each.ended_at is not None:
            yield SheetExperiment(
                what=each.agreed.what,
                began_on=each.agreed.began_on,
                ended_at=each.ended_at,
                plan=each.agreed.plan,
                answer=each.answer,
            )


def _felt(feelings: Sequence[FeelingRecord]) -> Iterator[SheetFeeling]:
    """What was told at least once."""
    trends = felt_trends(feelings)
    for feeling in Feeling:
        levels = [each.told[feeling] for each in feelings if feeling in each.told]
        if levels:
            went = _went(trends[feeling], among=len(trends))
            yield SheetFeeling(feeling=feeling, went=went, newest=levels[-1], highest=max(levels))


def _went(told: Trend, *, among: int) -> Went:
    if told.direction is not Direction.STEADY:
        return Went(told.direction)
    story = since_start(told.measure, told.points, among=among)
    if story is None or not story.sure:
        return Went.STEADY
    return Went.FEWER_SINCE_START if story.less else Went.MORE_SINCE_START


def _by_month(first: datetime, end: datetime) -> tuple[datetime, ...]:
    """Beginnings of months, six at most."""
    month = first.year * 12 + first.month
    begun = [
        first.replace(year=count // 12, month=count % 12 + 1, day=1, hour=12, minute=0, second=0, microsecond=0)
        for count in range(month, end.year * 12 + end.month)
    ]
    fitting = (tuple(begun[::step]) for step in _STEPS if len(begun[::step]) <= _MOST_DATES)
    return next(fitting, tuple(begun[:: len(begun) // _MOST_DATES + 1]))


def _evenly(first: datetime, end: datetime) -> tuple[datetime, ...]:
    """Up to five days, the first and the last among them."""
    days = max(0, (end - first) // timedelta(days=1))
    steps = min(4, days)
    return tuple(first + (end - first) * step / max(1, steps) for step in range(steps + 1))
