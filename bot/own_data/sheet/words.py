"""From the template's words and the numbers of the view to the page as it is laid out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

from bot.own_data.sheet.lanes import Band, Bar, Columns, Lane, LaneLine, LanePoint, Sign, Stroke, TimeAxis
from bot.own_data.sheet.layout import PrintedPair, Section, Sheet
from bot.own_data.sheet.pair import FacePair
from bot.skin.feelings import WORST
from bot.skin.measures import scale_of
from bot.skin.trend import Trend, Visit, visits_of
from bot.views.sheet import SheetMeasure, SheetView

_CELL: Final = "¦"  # between the cells of a row, in the template as well
_LETTERS: Final = ("A", "B")

Words = Mapping[str, str]


def worded(view: SheetView, words: Words, pair: FacePair | None) -> Sheet:
    return Sheet(
        title=words["title"],
        made=words["made"],
        name=words["name"],
        facts=_rows(words["facts"]),
        pair=_printed(words, pair),
        lanes=_lanes(view, words),
        axis=_axis(view, words),
        felt=(words["felt_title"], words["felt_note"]) if view.feelings else None,
        columns=_columns(view, words),
        bars_title=words["products_title"],
        bars=_bars(view, words),
        sections=(
            Section(title=words["experiments_title"], rows=_rows(words["experiments"]), most=4),
            Section(title=words["notes_title"], rows=_rows(words["notes"])),
        ),
        more=tuple(_lines(words["more"])),
        footer=tuple(_lines(words["footer"])),
        made_at=view.made_at,
    )


def _printed(words: Words, pair: FacePair | None) -> PrintedPair | None:
    if pair is None:
        return None
    before, after = _lines(words["captions"])
    return PrintedPair(before=pair.before, after=pair.after, captions=(before, after), note=words["pair_note"])


def _axis(view: SheetView, words: Words) -> TimeAxis:
    letters = tuple(zip(view.pair or (), _LETTERS, strict=False))
    return TimeAxis(
        start=view.start,
        end=view.end,
        dates=tuple(zip(view.axis, _lines(words["axis"]), strict=True)),
        letters=letters,
    )


def _lanes(view: SheetView, words: Words) -> tuple[Lane, ...]:
    """What a sign means is told beside the first lane that has it."""
    texts = dict(zip((Stroke.DOTS, Sign.LOOSE, Sign.BAND, Sign.LATELY), _lines(words["keys"]), strict=True))
    told: set[Stroke | Sign] = set()
    lanes = []
    for measure, name, ticks in zip(view.measures, _rows(words["lanes"]), _lines(words["ticks"]), strict=True):
        lane = _lane(measure, name, [text.strip() for text in ticks.split(_CELL)])
        new = [sign for sign in _signs(lane) if sign not in told]
        lanes.append(replace(lane, keys=tuple((sign, texts[sign]) for sign in new)))
        told |= set(new)
    return tuple(lanes)


def _signs(lane: Lane) -> Iterator[Stroke | Sign]:
    yield Stroke.DOTS
    if lane.loose:
        yield Sign.LOOSE
    if lane.band:
        yield Sign.BAND
    if lane.lately:
        yield Sign.LATELY


def _lane(measure: SheetMeasure, name: tuple[str, str], ticks: Sequence[str]) -> Lane:
    told = measure.trend
    scale = scale_of(told.measure)
    visits = visits_of(told.points, scale)
    return Lane(
        title=name[0],
        note=name[1],
        top=measure.ticks[-1],
        ticks=tuple(zip(measure.ticks, ticks, strict=True)),
        lines=(LaneLine(points=tuple(LanePoint(when=one.when, value=scale.back(one.even)) for one in visits)),),
        loose=tuple(LanePoint(when=point.when, value=point.value) for point in told.points if point.differs),
        band=_band(told, visits),
        lately=None if told.since is None or told.lately is None else LanePoint(when=told.since, value=told.lately),
    )


def _columns(view: SheetView, words: Words) -> tuple[Columns, ...]:
    return tuple(
        Columns(
            name=name,
            note=note,
            most=WORST,
            points=tuple(
                LanePoint(when=when, value=told[each.feeling]) for when, told in view.felt if each.feeling in told
            ),
        )
        for each, (name, note) in zip(view.feelings, _rows(words["feelings"]), strict=True)
    )


def _bars(view: SheetView, words: Words) -> tuple[Bar, ...]:
    return tuple(
        Bar(name=each.name, dates=dates, since=_noon(each.since), until=_noon(each.until))
        for each, dates in zip(view.products, _lines(words["products"]), strict=True)
    )


def _noon(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(12), UTC)


def _band(told: Trend, visits: Sequence[Visit]) -> Band | None:
    """Of what was usual before a change, up to it; else up to the newest photo that compares."""
    if told.usual is None or told.usual_from is None:
        return None
    return Band(low=told.usual[0], high=told.usual[1], since=told.usual_from, until=told.since or visits[-1].when)


def _rows(block: str) -> tuple[tuple[str, str], ...]:
    found = [line.partition(_CELL) for line in _lines(block)]
    return tuple((head.strip(), text.strip()) for head, _, text in found)


def _lines(block: str) -> list[str]:
    return [line.strip() for line in block.split("\n") if line.strip()]
