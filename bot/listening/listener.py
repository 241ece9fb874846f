"""One text in, what it is about out; when in doubt, help."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from bot.listening.languages import Language, languages
from bot.listening.phrases import DOUBTFUL, GUESSED, Phrases, Word
from bot.listening.spelling import Speller, readings, sound_of, spoken
from bot.listening.topics import Heard, Subject, Topic

_FIGURES: Final = "figures of speech"
_ASKS: Final = "asks"
_ABOUT: Final = "about "
_WEAK: Final = {"unsure": Topic.WORRY}  # a finding that is asked after is explained instead
_RANK: Final = {topic: rank for rank, topic in enumerate(Topic)}
_UNSPACED_FROM: Final = 0x3040  # Japanese, Chinese, Korean: words stand in one
_MOST_WORDS: Final = 900  # Telegram's longest text has some 800
_MENDED: Final = 100  # different words of a text, in no list, in which slips are looked for
_LONGEST_NAME: Final = 6  # words: San Miguel de Tucumán, Argentina
_ENOUGH: Final = 3  # words: fewer may be a name, and it is not guessed what they may be meant for
_SHORT: Final = 2  # words: a finding's name alone is a question
_STRANGE: Final = 1  # words that are no small talk: "thanks, Bea"


def heard(text: str) -> Topic | None:
    """The most urgent topic that any language hears in a text; None for everything else."""
    found = listen(text)
    return None if found is None else found.topic


def listen(text: str) -> Heard | None:
    """As `heard`, with what a question is about."""
    words = list(islice(spoken(text), _MOST_WORDS))
    if not words:
        return None
    silent = Heard(topic=Topic.SMILE) if not any(word.isalnum() for word, _ in words) else None
    hearings = [ear.hearing(words) for ear in _ears()]
    asks = "?" in text or any(_ASKS in hearing.found for hearing in hearings)
    found = [one for hearing in hearings if (one := hearing.heard(asks=asks)) is not None]
    return min(found, key=lambda one: _RANK[one.topic], default=silent)


def is_question(text: str) -> bool:
    """Whether something is asked or told in a text, of which nothing else may have been heard: no name is like that."""
    words = list(islice(spoken(text), _MOST_WORDS))
    asks = "?" in text or any(_ASKS in ear.hearing(words).found for ear in _ears())
    return (asks and len(words) > 1) or len(words) > _LONGEST_NAME


@dataclass(frozen=True, kw_only=True)
class _Hearing:
    """What one language found in a text: sections of its word lists. `small_talk`: it is that and nothing more."""

    found: frozenset[str]
    small_talk: bool
    short: bool

    def heard(self, *, asks: bool) -> Heard | None:
        topic = next((topic for topic in Topic if topic in self.found and (topic.needs_help or self.small_talk)), None)
        about = next((subject for subject in Subject if _ABOUT + subject in self.found), None)
        weak = next((weak for section, weak in _WEAK.items() if section in self.found), None)
        if about is not None and (asks or self.short) and (topic is None or not topic.needs_help):
            return Heard(topic=Topic.QUESTION, about=about, asks=True)
        found = [one for one in (topic, weak) if one is not None]
        return Heard(topic=min(found, key=lambda one: _RANK[one]), asks=asks) if found else None


class _Ear:
    """One language, ready to hear."""

    def __init__(self, language: Language) -> None:
        sections = {name: phrases for name, phrases in language.phrases.items() if name != _FIGURES}
        self._figures = Phrases({_FIGURES: language.phrases.get(_FIGURES, ())}, language.sets)
        self._phrases = Phrases(sections, language.sets, certain={Topic.CRISIS})
        self._written = language.written
        self._small_talk = language.small_talk
        known = self._figures.words | self._phrases.words
        self._unspaced = frozenset(word for word in known if ord(word[0]) >= _UNSPACED_FROM)
        self._speller = Speller(known, language.real_words, sound_of(language.name))

    def hearing(self, words: Sequence[tuple[str, bool]]) -> _Hearing:
        said = self._said(words)
        found = self._phrases.found(self._figures.without(said))
        return _Hearing(found=found, small_talk=self._is_all(said), short=len(said) <= _SHORT)

    def _is_all(self, said: Sequence[Word]) -> bool:
        """Whether a text is small talk and nothing more."""
        strange = [
            word
            for word in said
            if self._small_talk.isdisjoint(reading.lstrip(GUESSED + DOUBTFUL) for reading in word.readings)
        ]
        return len(strange) <= _STRANGE

    def _said(self, words: Sequence[tuple[str, bool]]) -> list[Word]:
        said: list[Word] = []
        known: dict[str, tuple[str, ...]] = {}
        mended = 0
        for word, begins in words:
            together = self._written.get(f"{said[-1].readings[0]} {word}") if said else None
            if together is not None:
                said[-1] = Word(readings=together, begins=said[-1].begins)
                continue
            if word not in known:
                mended += not self._speller.is_sure(word)
                known[word] = self._readings(word, mends=mended <= _MENDED)
            said.append(Word(readings=known[word], begins=begins))
        return said if len(said) >= _ENOUGH else [_doubted(word) for word in said]

    def _readings(self, word: str, *, mends: bool) -> tuple[str, ...]:
        found = [word]
        for reading in readings(word):
            meant = self._written.get(reading)
            found.extend((reading, *meant) if meant else self._speller.meant(reading) if mends else (reading,))
        if self._unspaced and ord(word[0]) >= _UNSPACED_FROM:
            found.extend(known for known in self._unspaced if known in word)
        return tuple(dict.fromkeys(found))


def _doubted(word: Word) -> Word:
    marked = (DOUBTFUL + reading[1:] if reading[0] == GUESSED else reading for reading in word.readings)
    return Word(readings=tuple(marked), begins=word.begins)


@cache
def _ears() -> tuple[_Ear, ...]:
    """Made when the first text comes in: they take some milliseconds."""
    return tuple(_Ear(language) for language in languages())
