"""Phrases that are found in words."""

import random

import pytest

from bot.listening.phrases import Phrases, Word

SETS = {"die": frozenset({"die", "dead"})}


def said(text: str) -> list[Word]:
    """A full stop stands before a word that begins a sentence."""
    return [Word(readings=(word.removeprefix("."),), begins=word.startswith(".")) for word in text.split()]


def has(phrase: str, text: str) -> bool:
    return bool(Phrases({"it": (phrase,)}, SETS).found(said(text)))


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("want to", "i want to", "want it to"),
        ("want|wish to", "i wish to", "i hope to"),
        ("want to @die", "want to dead", "want to dye"),
        ("want to? die", "want die", "want it die"),
        ("want ~2 die", "want a b die", "want a b c die"),
        ("want ~2 die", "want die", "want .a die"),
        ("die !of|for", "i die now", "die of joy"),
        ("die !of", "die", "die of"),
        ("^ kill", "kill me", "they kill"),
        ("die $", "i die", "die now"),
        ("^ ~1 kill me $", "just kill me", "just you kill me"),
    ],
)
def test_a_phrase_is_found_where_it_stands(phrase: str, found: str, not_found: str) -> None:
    """And nowhere else."""
    assert has(phrase, found)
    assert not has(phrase, not_found)


def test_a_sentence_may_be_broken_within_a_phrase_but_not_within_a_gap() -> None:
    """ "I want. To die" is one; what stands in two sentences is not put together."""
    assert has("want ~3 die", "want .die")
    assert not has("want ~3 die", "want .my phone die")


def test_what_is_taken_out_leaves_a_break() -> None:
    """No phrase goes over it; a word that was only looked at stays."""
    figures = Phrases({"out": ("dying to know", "die !of")}, SETS)
    left = figures.without(said("im dying to know die now"))
    assert [word.readings[0] for word in left] == ["im", ",", ",", ",", ",", "now"]
    assert not Phrases({"it": ("im ~5 now",)}, SETS).found(left)


def test_a_word_has_several_meanings() -> None:
    """Any of them makes the phrase."""
    assert Phrases({"it": ("to die",)}, SETS).found([Word(readings=("2", "to")), Word(readings=("dye", "die"))])


def test_a_phrase_ends_with_a_word() -> None:
    """Else its end could not be told."""
    with pytest.raises(ValueError, match="ends with a word"):
        Phrases({"it": ("to ~2",)}, SETS)


def test_many_phrases_find_what_each_finds_alone() -> None:
    """None of them is taken for its neighbor."""
    drawn = random.Random(3)
    parts = ("a", "b", "a|c", "~2", "b?", "!c", "@die", "^", "die")
    phrases: list[str] = []
    while len(phrases) < 60:
        phrase = [part for part in drawn.choices(parts, k=drawn.randint(1, 4)) if part != "^"]
        if phrase and phrase[-1][0] != "~" and phrase[-1][-1] != "?":
            phrases.append(" ".join(phrase))
    together = Phrases({str(number): (phrase,) for number, phrase in enumerate(phrases)}, SETS)
    for _ in range(200):
        text = said(" ".join(drawn.choices(("a", "b", "c", "die", ".b"), k=drawn.randint(1, 7))))
        alone = {str(number) for number, phrase in enumerate(phrases) if Phrases({"it": (phrase,)}, SETS).found(text)}
        assert together.found(text) == alone
