"""Which products and habits stand under a chart."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.imaging.pictures.chart import ChartBar
from bot.reports.bars import bars_of, tried_out
from bot.storage.experiments.records import ExperimentCourse, ExperimentDraft, ExperimentRecord, ExperimentState
from bot.storage.records import ProductRecord
from tests.unit.storage.making import agreed

JUNE = datetime(2026, 6, 1, 7, tzinfo=UTC)


def used(name: str, start: date | None, end: date | None = None) -> ProductRecord:
    return ProductRecord(id=1, name=name, started_on=start, stopped_on=end)


def test_days_are_the_persons_own_and_whole() -> None:
    """From the first one's midnight to the end of the last, by their clock."""
    (bar,) = bars_of([used("zinc", date(2026, 6, 3), date(2026, 6, 5))], since=JUNE, clock=ZoneInfo("Asia/Tokyo"))
    assert bar == ChartBar(
        name="zinc", start=datetime(2026, 6, 2, 15, tzinfo=UTC), end=datetime(2026, 6, 5, 15, tzinfo=UTC)
    )


def test_what_ended_before_the_chart_begins_is_left_out_and_the_newest_four_are_kept() -> None:
    """What is still used before what ended, in the order that they began."""
    products = [
        used("ongoing", None),
        used("long ago", None, date(2026, 5, 30)),
        used("first", date(2026, 6, 1), date(2026, 6, 9)),
        used("second", date(2026, 6, 2), date(2026, 6, 20)),
        used("third", date(2026, 6, 3)),
        used("fourth", date(2026, 6, 4)),
    ]
    assert [bar.name for bar in bars_of(products, since=JUNE, clock=UTC)] == ["ongoing", "second", "third", "fourth"]
    assert bars_of([], since=JUNE, clock=UTC) == ()


def test_what_was_tried_out_stands_from_the_first_day_to_the_last() -> None:
    """By the name that it was given, on its person's own days; what is only planned or was dropped is not there."""
    ended = datetime(2026, 6, 5, 20, tzinfo=UTC)
    states = (ExperimentState.RUNNING, ExperimentState.ENDED, ExperimentState.DROPPED, ExperimentState.DRAFT)
    told = tried_out([_experiment(state, ended) for state in states], clock=ZoneInfo("Asia/Tokyo"))
    assert [(each.name, each.stopped_on) for each in told] == [
        ("a cream for sore cheeks", None),
        ("a cream for sore cheeks", date(2026, 6, 6)),
    ]


def _experiment(state: ExperimentState, ended: datetime) -> ExperimentRecord:
    return ExperimentRecord(
        id=1,
        person_id=1,
        state=state,
        began_at=JUNE,
        ended_at=None if state is ExperimentState.RUNNING else ended,
        message_id=None,
        is_pinned=False,
        to_send=False,
        draft=ExperimentDraft(),
        agreed=None if state is ExperimentState.DRAFT else agreed(ExperimentDraft()),
        course=ExperimentCourse(),
        answer=None,
    )
