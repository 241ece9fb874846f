"""A chart shows what it was given, where it belongs, in letters that its font has."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from PIL import Image, ImageChops

from bot.imaging.pictures.chart import Chart, ChartBar, ChartPoint, ChartWords, nice_top
from bot.imaging.pictures.charts import draw_chart
from bot.imaging.pictures.lettering import Weight, cut_to_fit, writable, written
from bot.rendering.renderer import Renderer, plain
from bot.views.progress import ChartView
from tests.progressing import PROGRESS

START: Final = datetime(2026, 6, 1, tzinfo=UTC)
WORDS: Final = ChartWords(
    title="Granitos",
    verdict="Sin cambios",
    photo="Foto",
    spread="Variación",
    hollow="Otra luz",
    lately="Nuevas",
    note="Ñ",
    tried="Probado",
    used="Producto",
)
POINT, GREEN, ORANGE, GREY = (72, 88, 118), (10, 128, 92), (200, 92, 40), (176, 156, 132)
VIOLET, BAND, BLUE = (122, 92, 168), (224, 229, 238), (38, 98, 170)
WHOLE: Final = (0, 0, 1080, 1000)
PLOT: Final = (110, 200, 1040, 758)


def chart(
    *points: ChartPoint, band: tuple[float, float] | None = None, lately: float | None = None, better: bool = False
) -> Chart:
    return Chart(
        words=WORDS,
        points=points,
        ticks=((0, "0"), (5, "5"), (10, "10")),
        dates=((points[0].when, "1 jun"), (points[-1].when, "29 jun")),
        top=10,
        band=band,
        lately=None if lately is None else (points[-1].when, lately),
        better=better,
    )


def point(week: int, value: float, *, hollow: bool = False, noted: bool = False, tried: bool = False) -> ChartPoint:
    when = START + timedelta(weeks=week)
    return ChartPoint(when=when, value=value, hollow=hollow, noted=noted, tried=tried)


def drawn(told: Chart) -> Image.Image:
    return Image.open(io.BytesIO(draw_chart(told))).convert("RGB")


def where(
    picture: Image.Image, colour: tuple[int, int, int], area: tuple[int, int, int, int]
) -> tuple[float, ...] | None:
    """The bounding box of a colour, give or take what the JPEG did to it."""
    apart = ImageChops.difference(picture.crop(area), Image.new("RGB", (area[2] - area[0], area[3] - area[1]), colour))
    near = [band.point([255] * 13 + [0] * 243) for band in apart.split()]
    found = ImageChops.multiply(ImageChops.multiply(near[0], near[1]), near[2]).getbbox()
    return found and (found[0] + area[0], found[1] + area[1], found[2] + area[0], found[3] + area[1])


def test_points_stand_at_their_time_and_value() -> None:
    """The first at the left, the last at the right, five in the middle between none and ten."""
    picture = drawn(chart(point(0, 5), point(4, 5)))
    found = where(picture, POINT, PLOT)
    assert found is not None
    left, top, right, bottom = found
    assert (top + bottom) / 2 == pytest.approx((210 + 760) / 2, abs=3)
    assert (left, right) == pytest.approx((156 - 13, 990 + 13), abs=4)


def test_hollow_points_notes_and_the_newest_level_have_their_own_look() -> None:
    """Nothing of the kind is on a chart without them."""
    bare = drawn(chart(point(0, 2), point(1, 3), point(2, 2)))
    assert [where(bare, colour, PLOT) for colour in (ORANGE, GREY, VIOLET)] == [None] * 3
    full = drawn(chart(point(0, 2, noted=True), point(1, 9, hollow=True), point(2, 8), band=(1, 4), lately=8))
    assert all(where(full, colour, PLOT) for colour in (ORANGE, GREY, VIOLET))


def test_a_step_that_was_tried_is_a_pin_on_the_axis() -> None:
    """Below its photo, above its note, and in the legend."""
    bare = drawn(chart(point(0, 9), point(2, 9, noted=True)))
    assert where(bare, BLUE, WHOLE) is None
    pinned = drawn(chart(point(0, 9), point(2, 9, noted=True, tried=True)))
    found = where(pinned, BLUE, PLOT)
    assert found is not None
    assert (found[0] + found[2]) / 2 == pytest.approx(990, abs=3)
    assert where(pinned, BLUE, (0, 800, 1080, 1000)) is not None


def test_colour_says_whether_the_newest_are_better() -> None:
    """Green where they are and orange where not, whichever way the line goes; never both."""
    points = point(0, 9), point(1, 8), point(2, 2)
    for better, there, absent in ((True, GREEN, ORANGE), (False, ORANGE, GREEN)):
        picture = drawn(chart(*points, lately=2, better=better))
        assert where(picture, there, PLOT)
        assert where(picture, absent, (0, 0, 1080, 1000)) is None


def test_a_band_covers_its_range() -> None:
    """From two to six of ten."""
    band = (240, 300, 1000, 758)  # where nothing else is drawn
    found = where(drawn(chart(point(0, 9), point(4, 9), band=(2, 6))), BAND, band)
    assert found is not None
    assert (found[1], found[3]) == pytest.approx((760 - 55 * 6, 760 - 55 * 2), abs=3)
    assert where(drawn(chart(point(0, 9), point(4, 9))), BAND, band) is None


@pytest.mark.parametrize("count", [1, 2, 60])
def test_any_number_of_points_is_drawn(count: int) -> None:
    """One alone, photos of the same moment, a year's worth; values above the axis stay on the sheet."""
    times = [point(0 if count == 2 else week, 40.0 if week % 2 else 0.0) for week in range(count)]
    assert drawn(chart(*times)).size == (1080, 1000)


@pytest.mark.parametrize(
    ("highest", "told"),
    [
        (9, (10, 5)),
        (10, (10, 5)),
        (11, (15, 5)),
        (4, (4, 1)),
        (0.04, (0.04, 0.01)),
        (150, (150, 50)),
        (0.3, (0.3, 0.1)),
    ],
)
def test_axis_ends_at_a_round_number(highest: float, told: tuple[float, float]) -> None:
    """Three to five lines, whatever the unit."""
    assert nice_top(highest) == pytest.approx(told)


def test_charts_words_can_be_written_in_every_language() -> None:
    """A new language whose letters the font lacks is found here: it needs a font."""
    renderer = Renderer()
    views = [view for name, view in PROGRESS if name == "chart" and isinstance(view, ChartView)]
    for locale in renderer.locales:
        for view in views:
            assert writable(plain(renderer.render("chart", locale, view).text)), locale
    assert not writable("皮")
    assert not writable("✎")


BAR: Final = (128, 142, 168)


def bar(start: int | None, end: int | None, name: str = "Zinc") -> ChartBar:
    """In weeks since the first point."""
    moments = (None if week is None else START + timedelta(weeks=week) for week in (start, end))
    return ChartBar(name=name, start=next(moments), end=next(moments))


def under(*bars: ChartBar) -> Image.Image:
    return drawn(replace(chart(point(0, 5), point(4, 5)), bars=bars))


def test_what_was_used_stands_under_the_chart_where_it_was() -> None:
    """From its first day to its last; what is older, or goes on, leads beyond the edge. The chart stays as it is."""
    bare, full = under(), under(bar(1, 3), bar(None, None))
    first, second = (0, 870, 1080, 900), (0, 935, 1080, 960)
    assert bare.size == (1080, 1000)
    assert full.size == (1080, 1000 + 2 * 62 + 14)
    assert ImageChops.difference(bare.crop((0, 0, 1080, 820)), full.crop((0, 0, 1080, 820))).getbbox() is None
    assert where(bare, BAR, (0, 820, 1080, 1000)) is None
    left, _, right, _ = box_of(full, BAR, first)
    assert (left, right) == pytest.approx((365, 781), abs=4)
    left, _, right, _ = box_of(full, BAR, second)
    assert left < 110
    assert right > 1030


@pytest.mark.parametrize("week", [-9, 9])
def test_a_day_outside_is_still_a_bar_that_is_seen(week: int) -> None:
    """What began after the last photo stands at the right edge."""
    left, _, right, _ = box_of(under(bar(week, week)), BAR, (0, 870, 1080, 900))
    assert right - left >= 10
    assert 105 <= left <= 1035


def test_names_are_cut_between_words_and_written_as_far_as_the_font_goes() -> None:
    """A name that fits is whole; of one in signs that the font lacks nothing is left."""
    assert cut_to_fit("zinc cream", Weight.REGULAR, 29, 900) == "zinc cream"
    assert cut_to_fit("zinc cream at night", Weight.REGULAR, 29, 200) == "zinc cream at…"
    assert cut_to_fit("W" * 40, Weight.REGULAR, 29, 300).rstrip("…") == "W" * 10
    assert written("cold 🧊 water") == "cold water"
    assert written("😀🧴") == ""
    under(bar(0, 1, "😀🧴"), bar(0, 1, "W" * 40))


def box_of(
    picture: Image.Image, colour: tuple[int, int, int], area: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    """Where in a part of the picture a colour is, in the whole one's pixels."""
    part = picture.crop(area)
    off = ImageChops.difference(part, Image.new("RGB", part.size, colour)).convert("L")
    found = off.point(lambda value: 255 if value < 24 else 0).getbbox()
    assert found is not None
    return found[0] + area[0], found[1] + area[1], found[2] + area[0], found[3] + area[1]
