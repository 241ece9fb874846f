"""Texts as they are compared: folded, and typing errors mended where only one thing can be meant."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

_APOSTROPHES: Final = re.compile("['’‘`´ʼ]")
_OTHER: Final = re.compile(r"[\W_]+")
_REPEATED: Final = re.compile(r"(.)\1{2,}")
_LONGEST: Final = 4096  # characters: a text of Telegram's
_FUZZY_FROM: Final = 5  # letters: shorter words are too near to each other


def folded(text: str) -> str:
    """Words with a space between: no case, no accents, no apostrophes, no letter three times in a row."""
    split = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text[:_LONGEST]).casefold())
    letters = "".join(letter for letter in split if not unicodedata.combining(letter))
    return _REPEATED.sub(r"\1", _OTHER.sub(" ", letters)).strip()


class Speller:
    """Mends one typing error in a word: a letter left out, put in, taken for another, or two that changed places.

    A word of five letters or more may have any of these, its first letter apart; in a shorter one only two letters may
    have changed places, or a double one be single. Real words that look like a slip are left alone.
    """

    def __init__(self, words: Iterable[str], real_words: frozenset[str]) -> None:
        self._words = frozenset(words)
        self._real = real_words
        self._alike: Mapping[str, tuple[str, ...]] = _by_likeness(self._words)

    def mended(self, word: str) -> str:
        if word in self._words or word in self._real or len(word) < 3:
            return word
        candidates = {known for key in _likenesses(word) for known in self._alike.get(key, ())}
        fitting = sorted(known for known in candidates if _is_slip(word, known))
        return fitting[0] if fitting else word


def _by_likeness(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    pairs = sorted((key, word) for word in words for key in _likenesses(word))
    return {key: tuple(word for _, word in group) for key, group in groupby(pairs, key=lambda pair: pair[0])}


def _likenesses(word: str) -> set[str]:
    """What two words share that are one slip apart: the word itself, and it without any one of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _is_slip(typed: str, meant: str) -> bool:
    if len(typed) == len(meant):
        different = [place for place in range(len(meant)) if typed[place] != meant[place]]
        if len(different) == 2:
            one, other = different
            return other == one + 1 and one > 0 and typed[one] == meant[other] and typed[other] == meant[one]
        return len(meant) >= _FUZZY_FROM and len(different) == 1 and different[0] > 0
    if abs(len(typed) - len(meant)) != 1 or typed[:1] != meant[:1]:
        return False
    longer, shorter = sorted((typed, meant), key=len, reverse=True)
    left_out = [place for place in range(len(longer)) if longer[:place] + longer[place + 1 :] == shorter]
    if len(meant) >= _FUZZY_FROM:
        return bool(left_out)
    return any(longer[place] in (longer[place - 1 : place], longer[place + 1 : place + 2]) for place in left_out)
