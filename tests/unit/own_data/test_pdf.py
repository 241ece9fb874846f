"""The doctor's sheet is one page, whatever stands on it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.own_data.pdf import Sheet, TableSeries, draw_sheet

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOSTILE = (
    "x" * 500,
    "слово " * 80,
    "皮肤 😀 \u0645\u0631\u062d\u0628\u0627",
    "\n" * 40,
    "**bold** <b>&amp;</b> (parens) \\",
)


def sheet(rows: int, notes: tuple[str, ...]) -> Sheet:
    return Sheet(
        title="Title",
        intro="Intro " * 30,
        chart_title="Chart",
        series=tuple(
            TableSeries(name=f"kind {place}", values=(None, *(float(place),) * (rows - 1))) for place in range(6)
        ),
        dates=tuple(NOON + timedelta(days=day) for day in range(rows)),
        columns=("Date", *("Whiteheads under the skin",) * 6, "Red", "Photo"),
        rows=tuple(("4 May 2026", *("12 *",) * 6, "2.4 %", "unusual light, a bit blurred, " * 3) for _ in range(rows)),
        legend="Legend",
        notes_title="Notes",
        notes=tuple(("4 May 2026", note) for note in notes),
        more_notes="more",
        footer="Footer " * 20,
        made_at=NOON,
    )


@pytest.mark.parametrize(("rows", "notes"), [(1, ()), (2, HOSTILE[:1]), (14, HOSTILE * 3)])
def test_it_is_one_page(rows: int, notes: tuple[str, ...]) -> None:
    """With one date or fourteen, with no note or many, in any script."""
    drawn = draw_sheet(sheet(rows, notes))
    assert drawn.startswith(b"%PDF-")
    assert drawn.count(b"/Type /Page\n") == 1


def test_the_same_words_make_the_same_file() -> None:
    """Nothing of this machine or this moment is in it."""
    assert draw_sheet(sheet(3, HOSTILE)) == draw_sheet(sheet(3, HOSTILE))
