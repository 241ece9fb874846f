"""A note as it is kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.written import LONGEST_NOTE, tidied


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  new   cream \r\n\r\n\r\n slept 4 h ", "new cream\nslept 4 h"),
        ("\u202etxt.exe\u2066 \u200fok", "txt.exe ok"),
        ("zero\u0000 \u0007bell \ud83d half \U0001f9f4", "zero bell half \U0001f9f4"),
        ("family \U0001f468\u200d\U0001f469\u200d\U0001f467", "family \U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("\u200b \u202e\u202c \u200d\n", ""),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_a_note_is_tidied(written: str, kept: str) -> None:
    """Spaces and lines are drawn together; what turns or breaks a text is gone; markup is only text."""
    assert tidied(written) == (kept, False)


@given(st.text(st.characters(codec=None), max_size=1500))
def test_any_text_becomes_a_short_clean_note(written: str) -> None:
    """Never too long for Telegram, never half a sign, never more than eight lines."""
    note, _ = tidied(written)
    assert len(note.encode("utf-16-le")) <= 2 * LONGEST_NOTE
    assert note.count("\n") < 8
    assert {unicodedata.category(sign) for sign in note if sign != "\n"}.isdisjoint({"Cc", "Cs"})


def test_a_long_note_is_cut_between_signs() -> None:
    """And said to be cut."""
    note, cut = tidied("a" + "\U0001f9f4" * 400)
    assert cut
    assert note == "a" + "\U0001f9f4" * 249
    assert tidied("\n".join("123456789"))[1]
