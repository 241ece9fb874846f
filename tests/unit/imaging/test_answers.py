"""The picture of an experiment's answer shows what was found, in letters that its font has."""

import io
from dataclasses import replace
from typing import Final

import pytest
from PIL import Image, ImageChops

from bot.imaging.pictures.answers import draw_answer
from bot.imaging.pictures.experiment import AnswerPicture, AnswerPoint, AnswerWords
from bot.imaging.pictures.lettering import writable
from bot.rendering.renderer import Renderer, plain
from bot.skin.experiments.answer import Certainty
from bot.skin.experiments.plan import Design
from bot.views.experiments import AnswerWordsView
from tests.experimenting import HELPS

RENDERER: Final = Renderer()
GREEN, BLUE, BROWN = (10, 128, 92), (38, 98, 170), (128, 112, 96)
GRID, QUIET_INK = (232, 228, 221), (104, 100, 108)
WEEKS: Final = tuple(AnswerPoint(week=week, with_it=week >= 4, value=3.0 - (week >= 4) * 2) for week in range(8))
PAIRS: Final = tuple((WEEKS[place], WEEKS[place + 4]) for place in range(4))


def words(locale: str, design: Design = Design.HALF_FACE) -> list[str]:
    view = AnswerWordsView(
        judged=HELPS.judged, design=design, certainty=Certainty.LIKELY_HELPS, worse=False, weeks=tuple(range(1, 9))
    )
    return [plain(line) for line in RENDERER.render(view, locale).text.split("\n")]


def picture(locale: str = "en") -> AnswerPicture:
    named = AnswerWords.__dataclass_fields__
    lines = words(locale)
    return AnswerPicture(
        words=AnswerWords(**dict(zip(named, lines[: len(named)], strict=True))),
        points=WEEKS,
        pairs=(),
        weeks=tuple(lines[len(named) :]),
        difference=-2.0,
        interval=(-3.0, -1.0),
        noticed=2.0,
        kind="helps",
    )


def drawn(answer: AnswerPicture) -> Image.Image:
    return Image.open(io.BytesIO(draw_answer(answer))).convert("RGB")


def has(image: Image.Image, colour: tuple[int, int, int]) -> int:
    """How many pixels are (nearly) of that colour."""
    apart = ImageChops.difference(image, Image.new("RGB", image.size, colour)).convert("L")
    return sum(apart.histogram()[:12])


@pytest.mark.parametrize("locale", RENDERER.locales)
@pytest.mark.parametrize("design", list(Design))
def test_every_word_can_be_written(locale: str, design: Design) -> None:
    """In every language, a line for each."""
    lines = words(locale, design)
    assert len(lines) == len(AnswerWords.__dataclass_fields__) + 8
    assert all(line and writable(line) for line in lines)


def test_weeks_and_pairs_are_drawn() -> None:
    """Those with it and those without it, and what lies between."""
    for answer in (picture(), replace(picture(), pairs=PAIRS)):
        image = drawn(answer)
        assert image.size == (1080, 1110)
        assert min(has(image, colour) for colour in (GREEN, BLUE, BROWN)) > 500


def test_without_an_interval_there_is_no_scale() -> None:
    """Where nothing can be told, nothing is drawn that looks like it."""
    bare = drawn(replace(picture(), difference=None, interval=None, kind="unclear"))
    below = (0, 830, 1080, 1110)
    assert bare.crop(below).getextrema() == Image.new("RGB", (9, 9), bare.getpixel((5, 1100))).getextrema()


def test_what_nobody_would_notice_looks_like_nothing() -> None:
    """Weeks that differ by a twentieth of what one would notice lie on a line."""
    steady = tuple(replace(point, value=0.1 * (point.week % 2)) for point in WEEKS)
    image = drawn(replace(picture(), points=steady, kind="unclear", difference=0.0, interval=(-0.6, 0.6)))
    plot = image.crop((130, 250, 1040, 640))
    dots = (
        ImageChops.difference(plot, Image.new("RGB", plot.size, BLUE))
        .convert("L")
        .point(lambda apart: 255 * (apart < 12))
    )
    _, top, _, bottom = dots.getbbox() or (0, 0, 0, 400)
    assert bottom - top < 60  # of 390, and a dot is 40 high


def test_what_cannot_be_compared_is_no_chart() -> None:
    """Ended before a photo counted, or before there was a week of either kind: it says so, and draws no frame."""
    nothing = replace(picture(), difference=None, interval=None, kind="unclear", points=())
    one_kind = replace(nothing, points=WEEKS[:1], weeks=())
    chart = (0, 200, 1080, 700)
    said = drawn(nothing).crop(chart)
    assert has(said, QUIET_INK) > 1000
    assert has(said, GRID) < 1000 < has(drawn(picture()).crop(chart), GRID)  # letters have edges of that grey
    assert ImageChops.difference(said, drawn(one_kind).crop(chart)).getbbox() is None
