"""Trends, comparisons and what is said of them: of nobody, made up here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.skin.compare import Beside, Change, Comparison, Difference, Snapshot
from bot.skin.feelings import Feeling
from bot.skin.measures import UNITS, Followed, Measure
from bot.skin.photo import Conditions
from bot.skin.scene import Differs, Scene
from bot.skin.story import Story
from bot.skin.trend import Direction, Point, Trend
from bot.views.progress import ChartView, CompareChoiceView, ComparisonView, MinutesView, PairView, ProgressView
from bot.views.reports import ChangeView, HistoryRow, StoryView

START: Final = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)
MEASURES: Final = (Measure.ACNE, Measure.SENSITIVITY, Measure.BLACKHEAD, Measure.PORES, Measure.LINES)

Message = tuple[str, object | None]


def scene(
    *,
    brightness: float = 60,
    warmth: float = 12,
    face_share: float | None = 0.5,
    face_px: float | None = 600,
    turned: bool = False,
    unreadable_light: bool = False,
    blurred: bool = False,
    sharpness: float = 150,
) -> Scene:
    """A photo by a window, with what is to be different about it."""
    return Scene(
        conditions=Conditions(
            brightness=brightness, contrast=14, clipped=0.01, warmth=warmth, tint=9, sharpness=sharpness
        ),
        face_share=face_share,
        face_px=face_px,
        turned=turned,
        unreadable_light=unreadable_light,
        blurred=blurred,
    )


def trend_of(measure: Followed, direction: Direction, *, visits: int = 12, scale: float = 1.0) -> Trend:
    changed = direction in {Direction.MORE, Direction.FEWER}
    return Trend(
        measure=measure,
        points=tuple(Point(number=n, when=START + timedelta(days=7 * n), value=6 * scale) for n in range(visits)),
        direction=direction,
        visits=visits,
        missing=max(0, 3 - visits),
        usual=None if direction is Direction.TOO_FEW else (2.4 * scale, 9.7 * scale),
        before=6.2 * scale if changed else None,
        lately=1.8 * scale if changed else None,
        since=START + timedelta(days=56) if changed else None,
    )


def story_view(
    measure: Measure = Measure.ACNE,
    *,
    before: float = 14,
    lately: float = 2,
    sure: bool = True,
    celebrated: bool = False,
    quiet: bool = False,
    weeks: int = 12,
) -> StoryView:
    story = Story(measure=measure, since=START, before=before, lately=lately, sure=sure, weight=4.0)
    return StoryView(
        story=story, since=START, celebrated=celebrated, long_ago=weeks > 6, other_year=weeks > 50, quiet=quiet
    )


def progress_view(told: Trend, *, quiet: bool = False, apart: int = 0, story: StoryView | None = None) -> ProgressView:
    return ProgressView(
        trend=told,
        unit=UNITS[told.measure],
        measures=MEASURES,
        span="all",
        has_spans=apart > 0,
        apart=apart,
        quiet=quiet,
        since=told.since,
        story=story,
    )


_TOLD: Final = (
    progress_view(trend_of(Measure.ACNE, Direction.STEADY, visits=5)),
    progress_view(trend_of(Measure.ACNE, Direction.STEADY, visits=5), quiet=True),
    progress_view(trend_of(Measure.ACNE, Direction.STEADY), story=story_view()),
    progress_view(trend_of(Measure.ACNE, Direction.STEADY), story=story_view(sure=False)),
    progress_view(trend_of(Measure.SENSITIVITY, Direction.STEADY, scale=0.02), apart=3),
    progress_view(trend_of(Measure.SENSITIVITY, Direction.STEADY, scale=0.02), apart=1),
    progress_view(trend_of(Measure.BLACKHEAD, Direction.FEWER, scale=0.3), apart=1),
    progress_view(trend_of(Measure.PORES, Direction.MORE, scale=0.4)),
    progress_view(trend_of(Measure.SENSITIVITY_INTENSITY, Direction.FEWER, scale=6)),
    progress_view(trend_of(Measure.ACNE, Direction.FEWER), apart=2, quiet=True),
    progress_view(trend_of(Measure.REDDEST, Direction.MORE, scale=0.8)),
    progress_view(trend_of(Measure.NOSE_REDNESS, Direction.STEADY, scale=0.4)),
    progress_view(trend_of(Measure.UNDER_EYE_COLOUR, Direction.FEWER, scale=0.5)),
    progress_view(trend_of(Measure.UNDER_EYE_LINES, Direction.STEADY, scale=0.03)),
    replace(progress_view(trend_of(Measure.SENSITIVITY, Direction.STEADY, scale=0.02)), redness_is_hard=True),
)
_FELT: Final = (
    progress_view(trend_of(Feeling.BURNING, Direction.STEADY, visits=3)),
    progress_view(trend_of(Feeling.BURNING, Direction.STEADY, visits=5), quiet=True),
    replace(progress_view(trend_of(Feeling.ITCHING, Direction.STEADY)), redness_is_hard=True),
    progress_view(trend_of(Feeling.TIGHTNESS, Direction.FEWER)),
    progress_view(trend_of(Feeling.EYES, Direction.MORE), quiet=True),
)
PROGRESS: Final[tuple[Message, ...]] = (
    *(("progress", view) for view in _TOLD),
    *(("progress_felt", view) for view in _FELT),
    *(("progress_few", progress_view(trend_of(Measure.ACNE, Direction.TOO_FEW, visits=n), apart=n)) for n in (0, 2)),
    ("progress_few", replace(progress_view(trend_of(Measure.ACNE, Direction.TOO_FEW, visits=1)), anew=True)),
    ("progress_few", replace(progress_view(trend_of(Measure.ACNE, Direction.TOO_FEW, visits=1)), withheld="pimples")),
    ("progress", replace(progress_view(trend_of(Measure.PORES, Direction.STEADY)), withheld="redness")),
    *(
        ("chart", ChartView(trend=told, unit=UNITS[told.measure], ticks=ticks, dates=(START, START + timedelta(60))))
        for told, ticks in (
            (trend_of(Measure.SENSITIVITY, Direction.FEWER), (0.0, 0.05, 0.1)),
            (trend_of(Measure.EYE_POUCH, Direction.MORE), (0.0, 1.0, 2.0, 3.0)),
            (trend_of(Measure.SKIN_SPOT, Direction.STEADY), (0.0, 500.0, 1000.0)),
        )
    ),
    ("repeat_ready", MinutesView(minutes=10)),
    ("repeat_late", None),
)


def snapshot(number: int, **measures: float) -> Snapshot:
    return Snapshot(
        number=number,
        when=START + timedelta(days=7 * number),
        measures={Measure(name): value for name, value in measures.items()},
        scene=scene(),
    )


def difference(measure: Measure, before: float, after: float, change: Change) -> Difference:
    return Difference(measure=measure, before=before, after=after, change=change)


EVERY_CHANGE: Final = (
    difference(Measure.ACNE, 12, 0, Change.GONE),
    difference(Measure.SKIN_SPOT, 0, 9, Change.NEW),
    difference(Measure.SENSITIVITY, 0.02, 0.11, Change.MORE),
    difference(Measure.BLACKHEAD, 3, 1, Change.FEWER),
    difference(Measure.PORES, 4, 1, Change.FEWER),
)
STEADY: Final = (
    difference(Measure.CLOSED_COMEDONES, 2, 3, Change.STEADY),
    difference(Measure.LINES, 0, 0, Change.STEADY),
    difference(Measure.EYE_POUCH, 1, 1, Change.STEADY),
)


def comparison(differences: tuple[Difference, ...], differs: frozenset[Differs] | None = frozenset()) -> Comparison:
    return Comparison(before=snapshot(3), after=snapshot(7), differs=differs, differences=differences)


def comparison_view(told: Comparison, *, pictured: bool = True, quiet: bool = False) -> ComparisonView:
    earlier = {Beside.FIRST: 1, Beside.A_MONTH_AGO: 3, Beside.LAST: 6}
    return ComparisonView(comparison=told, units=UNITS, pictured=pictured, quiet=quiet, beside=earlier)


COMPARISONS: Final[tuple[Message, ...]] = (
    ("comparison", comparison_view(comparison((*EVERY_CHANGE, *STEADY)))),
    ("comparison", comparison_view(comparison(STEADY, frozenset(Differs)), pictured=False)),
    ("comparison", comparison_view(comparison(EVERY_CHANGE, None), quiet=True)),
    ("comparison", comparison_view(comparison(EVERY_CHANGE[:1], frozenset({Differs.LIGHT})))),
    ("comparison", replace(comparison_view(comparison((*EVERY_CHANGE, *STEADY))), somebody_else=True)),
    ("comparison", replace(comparison_view(comparison(STEADY)), withheld="pimples")),
    (
        "compare_choice",
        CompareChoiceView(
            slot="before",
            before=3,
            after=7,
            rows=tuple(HistoryRow(number=n, when=START + timedelta(days=7 * n), watch=()) for n in (8, 7, 6)),
            page=1,
            pages=3,
        ),
    ),
    ("compare_choice", CompareChoiceView(slot="after", before=3, after=7, rows=(), page=0, pages=1)),
    ("compare_few", None),
    ("compare_apart", None),
    ("pair", PairView(sides=((3, START), (7, START + timedelta(days=28))))),
)

STORIES: Final = (
    story_view(celebrated=True),
    story_view(),
    story_view(before=2, lately=14, weeks=5),
    story_view(Measure.SENSITIVITY, before=0.27, lately=0.02, weeks=60),
    story_view(Measure.UNDER_EYE_COLOUR, before=9, lately=6, weeks=60, celebrated=True),
    story_view(Measure.BLACKHEAD, before=1, lately=3),
    story_view(Measure.PORES, before=4, lately=1),
    story_view(Measure.SENSITIVITY_INTENSITY, before=60, lately=20),
    story_view(quiet=True, celebrated=True),
    story_view(before=2, lately=14, quiet=True),
    story_view(Measure.SENSITIVITY, before=0.27, lately=0.02, quiet=True),
    story_view(Measure.SENSITIVITY, before=0.02, lately=0.27, quiet=True),
    story_view(sure=False),
    story_view(before=2, lately=14, sure=False),
    story_view(Measure.SENSITIVITY, before=0.27, lately=0.02, sure=False),
    story_view(Measure.SENSITIVITY, before=0.02, lately=0.27, sure=False),
)

SINCE: Final = (
    ChangeView(number=6, when=START),
    ChangeView(number=6, when=START, changes=EVERY_CHANGE[:2]),
    ChangeView(number=6, when=START, differs=frozenset({Differs.LIGHT, Differs.POSE})),
    ChangeView(number=6, when=START, repeat=True),
    ChangeView(number=6, when=START, anew=True),
)
