"""What the sheet for a doctor counts."""

from bot.own_data.sheet import counted_kinds
from bot.skin.analysis import MarkKind


def test_the_sheet_counts_neither_moles_nor_dark_and_red_spots() -> None:
    """Whatever was measured: photos can't judge them, or count them, so they have no column and no line."""
    assert counted_kinds(set(MarkKind)) == (
        MarkKind.ACNE,
        MarkKind.CLOSED_COMEDONES,
        MarkKind.SKIN_SPOT,
    )
    assert counted_kinds({MarkKind.MOLE, MarkKind.DARK_SPOTS, MarkKind.RED_SPOTS}) == ()
