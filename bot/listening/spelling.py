"""Texts as words, and words as they may be meant: by their sound, with one slip mended, with digits for letters."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from bot.listening.phrases import GUESSED

_LONGEST: Final = 4096  # characters: a text of Telegram's
_LONGEST_WORD: Final = 30  # letters; what is longer is no word
_FUZZY_FROM: Final = 5  # letters: shorter words are too near to each other

_UNSEEN: Final = re.compile("['’‘`´ʼ\u00ad\u200b-\u200f\u2060\ufeff]")  # apostrophes, and signs of no width
_TOKENS: Final = re.compile(
    r"[^\W_]+(?:[@$!*#+]+[^\W_]+)*|[.!?;\n]+|[\U0001F000-\U0001FAFF☀-➿](?<![\U0001F3FB-\U0001F3FF])"
)
_PAUSES: Final = frozenset(".!?;\n")
_SENTENCE: Final = frozenset(".!?;")
_REPEATED: Final = re.compile(r"(.)\1{2,}")
_FIGURES: Final = str.maketrans("013457@$!+", "oieastasit")
_HIDDEN: Final = re.compile("[*#]+")
_DOUBLED: Final = re.compile(r"(.)\1")
_ENGLISH: Final = tuple(pair.split(":") for pair in "ph:f ck:k ce:se ci:si cy:si c:k q:k x:ks z:s ght:t".split())  # noqa: SIM905
_SPANISH: Final = tuple(
    pair.split(":")
    for pair in (
        "ch:x que:ke qui:ki qu:k gue:0e gui:0i ge:je gi:ji 0:g ce:se ci:si z:s c:k q:k v:b w:b h: ll:y".split()  # noqa: SIM905
    )
)
_SPELLED: Final = frozenset(
    {"kms", "kys", "die", "dead", "kill", "suicide", "suicidal", "sos", "help", "morir", "muerte"}
)
_MANY: Final = 9  # more than that is "#many"


def spoken(text: str) -> Iterator[tuple[str, bool]]:
    """Each word, folded, and whether a sentence begins with it: no case, no accents, no letter three times in a row.

    Emoji are words, letters with a space between them are one, a full stop ends a sentence but three of them don't.
    """
    split = unicodedata.normalize("NFKD", _UNSEEN.sub("", text[:_LONGEST]).casefold())
    plain = "".join(letter for letter in split if not unicodedata.combining(letter))
    letters = unicodedata.normalize("NFC", plain)
    begins, spelled = True, ""
    for part in _TOKENS.findall(letters):
        if part[0] in _PAUSES:
            begins = begins or part in _SENTENCE or part[0] in "!?" or "\n\n" in part
            continue
        if len(part) == 1 and part.isalpha() and part.isascii():
            spelled += part
            continue
        yield from _spelled(spelled, begins=begins)
        begins, spelled = begins and not spelled, ""
        yield _REPEATED.sub(r"\1", part), begins
        begins = False
    yield from _spelled(spelled, begins=begins)


def _spelled(letters: str, *, begins: bool) -> Iterator[tuple[str, bool]]:
    """Single letters in a row: "k m s" is one word, "r u a" are three."""
    if letters in _SPELLED:
        yield letters, begins
    else:
        yield from ((letter, begins and place == 0) for place, letter in enumerate(letters))


def readings(token: str) -> Iterator[str]:
    """A word as it stands and, with signs or digits in it, as they stand for letters; a number as itself."""
    if len(token) > _LONGEST_WORD:
        yield token[:_LONGEST_WORD]
        return
    yield token
    if token.isdigit():
        if len(token) > 1 or int(token) > _MANY:
            yield "#many"
    elif not token.isalpha() and len(token) > 1:
        yield _HIDDEN.sub("", token).translate(_FIGURES)
        yield from (token[at:] for at in (1,) if token[0] in "24" and token[1:].isalpha())


class Speller:
    """What a word may be meant for, of the words that it knows: by its sound, and with one slip in that.

    A slip is a letter left out, put in, taken for another, or two that changed places, the first letter apart. Short
    words have to sound right; real words are what they are.
    """

    def __init__(self, words: Iterable[str], real_words: frozenset[str], sound: Callable[[str], str]) -> None:
        self._words = frozenset(word for word in words if word.isascii() and word.isalpha() and len(word) > 2)
        self._real = real_words
        self._sound = sound
        self._by_sound = _grouped((heard, word) for word in self._words for heard in {word, sound(word)})
        long = [heard for heard in self._by_sound if len(heard) >= _FUZZY_FROM]
        self._alike = _grouped((key, heard) for heard in long for key in _likenesses(heard))

    def is_sure(self, word: str) -> bool:
        """Whether a word can only be meant for itself."""
        return word in self._words or word in self._real or len(word) < 3 or not word.isascii()

    def meant(self, word: str) -> frozenset[str]:
        """Never empty: a word is at least itself. What only may be meant is marked as guessed."""
        if self.is_sure(word):
            return frozenset({word})
        heard = self._sound(word)
        alike = self._by_sound.get(heard, ())
        if alike and len(heard) >= _FUZZY_FROM:
            return frozenset({word, *alike})
        return frozenset({word, *(GUESSED + known for known in alike or self._near(heard) or self._near(word))})

    def _near(self, heard: str) -> set[str]:
        """With one slip in it; in a short word two letters may have changed places."""
        if len(heard) < _FUZZY_FROM - 1:
            return set()
        if len(heard) < _FUZZY_FROM:
            found = {each for turned in _turned(heard) for each in self._by_sound.get(turned, ())}
            if found:
                return found
        alike = {known for key in _likenesses(heard) for known in self._alike.get(key, ())}
        return {each for known in alike if _is_slip(heard, known) for each in self._by_sound[known]}


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    groups: dict[str, set[str]] = {}
    for key, member in pairs:
        groups.setdefault(key, set()).add(member)
    return {key: tuple(sorted(members)) for key, members in groups.items()}


def _likenesses(word: str) -> set[str]:
    """What two words share that are one slip apart: the word itself, and it without one of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))}


def _turned(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1))


def _is_slip(typed: str, meant: str) -> bool:
    if typed[:1] != meant[:1]:
        return False
    if len(typed) == len(meant):
        different = [place for place in range(len(meant)) if typed[place] != meant[place]]
        if len(different) == 2:
            one, other = different
            return other == one + 1 and typed[one] == meant[other] and typed[other] == meant[one]
        return len(different) == 1
    longer, shorter = sorted((typed, meant), key=len, reverse=True)
    if len(longer) != len(shorter) + 1:
        return False
    at = next((place for place in range(len(shorter)) if longer[place] != shorter[place]), len(shorter))
    return longer[at + 1 :] == shorter[at:]


def sound_of(language: str) -> Callable[[str], str]:
    """How a word sounds to who writes as they speak; in a language without rules of its own, as it is written."""
    return {"en": _english, "es": _spanish}.get(language, str)


def _english(word: str) -> str:
    for written, said in _ENGLISH:
        word = word.replace(written, said)
    if word.endswith(("y", "ie")):
        word = word.removesuffix("ie").removesuffix("y") + "i"
    elif len(word) > _FUZZY_FROM:
        word = word.removesuffix("e")
    return _DOUBLED.sub(r"\1", word)


def _spanish(word: str) -> str:
    for written, said in _SPANISH:
        word = word.replace(written, said)
    return _DOUBLED.sub(r"\1", word)
