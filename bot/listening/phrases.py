"""Phrases found in words, all of them at once and in one pass, so that no text takes long, whatever it repeats.

Every place in every phrase is one bit of a number; each word of the text moves the bits on (the "shift-and" search of
Baeza-Yates and Gonnet, with words that may be missing as Navarro and Raffinot add them).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

END: Final = "$"  # stands behind the last word
GUESSED: Final = "~"  # stands before a word that somebody may have meant
DOUBTFUL: Final = "?"  # the same where there are too few words to guess by
_GUESSED_FROM: Final = 7  # letters: a shorter word that is only guessed is no phrase by itself, if that matters
BREAK: Final = ","  # where something was taken out: no phrase goes over it


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of a text: all that it may be meant for, what is only guessed as such. `begins`: a sentence does."""

    readings: tuple[str, ...]
    begins: bool = False

    @property
    def may_end(self) -> bool:
        """Whether what stands before it may be the end of what is said: before a new sentence and before emoji."""
        return self.begins or not self.readings[0][0].isalnum()


_THE_END: Final = Word(readings=(END,))


@dataclass(frozen=True, kw_only=True)
class _Place:
    """One place of a phrase. No `words`: any word at all. `barred`: any word but these."""

    words: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    may_miss: bool = False

    def fits(self, word: Word) -> bool:
        if self.words:
            return not self.words.isdisjoint(reading.lstrip(GUESSED + DOUBTFUL) for reading in word.readings)
        if self.barred:
            return self.barred.isdisjoint(word.readings)
        return word.readings[0] not in (END, BREAK)


class Phrases:
    """`found` gives the names of all phrases that are in a text, `without` the text without them.

    A phrase is written as words with a space between. `a|b` is either of them, `@name` any word of that set, `word?`
    may be missing, `~3` stands for up to three words of any kind, `!a|b` for the next word, which is none of these,
    `^` for the beginning of the text and `$` for the end of a sentence. `certain` names phrases that are never found in
    a single short word that is only guessed.
    """

    def __init__(
        self, named: Mapping[str, Iterable[str]], sets: Mapping[str, frozenset[str]], *, certain: Iterable[str] = ()
    ) -> None:
        self._certain = frozenset(certain)
        self._names: list[str] = []  # by the number of a phrase
        self._phrases: list[tuple[_Place, ...]] = []
        self._first: list[int] = []  # the bit of each phrase's first place
        self._starts = self._opening = self._last = self._may_miss = self._any = 0
        self._bits: dict[str, int] = {}
        self._barred: dict[str, int] = {}  # what a word is not
        self._barring = 0
        self._size = 0
        for name, phrases in named.items():
            for phrase in phrases:
                self._add(name, phrase.split(), sets)
        self._of_name = {
            name: sum(1 << self._end_of(number) for number, other in enumerate(self._names) if other == name)
            for name in named
        }
        self._number_of = {self._end_of(number): number for number in range(len(self._phrases))}

    @property
    def words(self) -> frozenset[str]:
        """Every word that stands in a phrase."""
        return frozenset(word for word in self._bits if word[0] not in (END, GUESSED, DOUBTFUL))

    def found(self, text: Sequence[Word]) -> frozenset[str]:
        ended = 0
        for _, ends in self._walk(text):
            ended |= ends
        return frozenset(name for name, ends in self._of_name.items() if ended & ends)

    def without(self, text: Sequence[Word]) -> list[Word]:
        """A break stands in the place of what was taken out."""
        out: set[int] = set()
        for at, ends in self._walk(text):
            rest = ends
            while rest:
                bit = rest & -rest
                rest ^= bit
                out.update(_span(self._phrases[self._number_of[bit.bit_length() - 1]], text, at))
        if not out:
            return list(text)
        return [Word(readings=(BREAK,), begins=True) if at in out else word for at, word in enumerate(text)]

    def _add(self, name: str, parts: Sequence[str], sets: Mapping[str, frozenset[str]]) -> None:
        anchored = parts[0] == "^"
        places = tuple(place for part in parts[anchored:] for place in _places(part, sets))
        if not places or places[-1].may_miss:
            raise ValueError(f"a phrase ends with a word: {name}: {' '.join(parts)}")
        first = self._size
        self._names.append(name)
        self._phrases.append(places)
        self._first.append(first)
        self._opening |= 1 << first
        if not anchored:
            self._starts |= 1 << first
        is_one_word = sum(1 for place in places if place.words and END not in place.words and not place.may_miss) == 1
        for number, place in enumerate(places, start=first):
            bit = 1 << number
            for word in place.words:
                self._bits[word] = self._bits.get(word, 0) | bit
                counts = not is_one_word or len(word) >= _GUESSED_FROM
                for mark in (GUESSED, DOUBTFUL):
                    if counts or (mark == GUESSED and name not in self._certain):
                        self._bits[mark + word] = self._bits.get(mark + word, 0) | bit
            for word in place.barred:
                self._barred[word] = self._barred.get(word, 0) | bit
            self._barring |= bit if place.barred else 0
            self._any |= 0 if place.words or place.barred else bit
            self._may_miss |= bit if place.may_miss else 0
        self._size += len(places)
        self._last |= 1 << (self._size - 1)

    def _end_of(self, number: int) -> int:
        return self._first[number] + len(self._phrases[number]) - 1

    def _walk(self, text: Sequence[Word]) -> Iterator[tuple[int, int]]:
        """For each word at which phrases end: its number, and their last bits."""
        state, starts = 0, self._closed(self._opening)
        inner, last, anywhere = ~self._last, self._last, self._closed(self._starts)
        masks: dict[tuple[str, ...], int] = {}
        at_end = self._bits.get(END, 0) & last
        for at, word in enumerate((*text, _THE_END)):
            mask = masks.get(word.readings)
            if mask is None:
                mask = masks[word.readings] = self._mask(word.readings)
            state &= inner
            reached = self._closed(state << 1) if state else 0
            ends = reached & at_end if word.may_end else 0
            if word.begins:
                reached = self._closed((state & ~self._any) << 1)
                mask &= ~self._any
            state = (reached | starts) & mask
            starts = anywhere
            ends |= state & last
            if ends:
                yield at, ends

    def _closed(self, reached: int) -> int:
        """With the places behind those that may be missing."""
        passed = reached & self._may_miss
        while passed:
            passed = (passed << 1) & ~reached
            reached |= passed
            passed &= self._may_miss
        return reached

    def _mask(self, readings: tuple[str, ...]) -> int:
        """The places that a word can take."""
        mask, barred = 0, 0
        for reading in readings:
            mask |= self._bits.get(reading, 0)
            barred |= self._barred.get(reading, 0)
        mask |= self._barring & ~barred
        return mask if readings[0] in (END, BREAK) else mask | self._any


def _span(places: Sequence[_Place], text: Sequence[Word], at: int) -> range:
    """The words of a phrase that ends at one, the nearest first; what is only looked at is none of them."""
    if END in places[-1].words:
        places, at = places[:-1], at - 1
    end = at if places[-1].barred else at + 1
    return range(min(_backwards(places, len(places) - 1, text, at), at), end)


def _backwards(places: Sequence[_Place], place: int, text: Sequence[Word], at: int) -> int:
    """The largest beginning, or more than there are words when the places do not fit."""
    none = len(text) + 1
    if place < 0:
        return at + 1
    here = places[place]
    skipped = _backwards(places, place - 1, text, at) if here.may_miss else none
    if skipped != none:
        return skipped
    word = text[at] if 0 <= at < len(text) else _THE_END
    return _backwards(places, place - 1, text, at - 1) if at >= 0 and here.fits(word) else none


def _places(part: str, sets: Mapping[str, frozenset[str]]) -> list[_Place]:
    if part[0] == "~":
        return [_Place(may_miss=True)] * int(part[1:])
    if part[0] == "!":
        return [_Place(barred=_set(part[1:], sets))]
    may_miss = part.endswith("?")
    return [_Place(words=_set(part.removesuffix("?"), sets), may_miss=may_miss)]


def _set(part: str, sets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(sets[one[1:]] if one[0] == "@" else {one} for one in part.split("|")))
