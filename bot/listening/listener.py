"""One text in, what it is about out; when in doubt, help."""

import re
from collections.abc import Iterable
from functools import cache

from bot.listening.languages import Language, languages
from bot.listening.spelling import Speller, folded
from bot.listening.topics import Topic


def heard(text: str) -> Topic | None:
    """The most urgent topic that any language hears in a text; None for everything else."""
    words = folded(text).split()
    found = {topic for ear in _ears() if (topic := ear.heard(words)) is not None}
    return next((topic for topic in Topic if topic in found), None)


class _Ear:
    """One language, ready to hear."""

    def __init__(self, language: Language) -> None:
        self._written = language.written
        self._phrase = _either(typed for typed in language.written if " " in typed)
        self._speller = Speller(language.mended, language.real_words)
        self._not_meant = _either(language.sections["figures of speech"])
        self._patterns = {topic: _either(language.sections[topic]) for topic in Topic}

    def heard(self, words: list[str]) -> Topic | None:
        said = " ".join(self._written.get(word) or self._speller.mended(word) for word in words)
        said = self._phrase.sub(lambda found: self._written[found[0]], said)
        meant = self._not_meant.sub(" , ", said).strip()
        return next((topic for topic in Topic if self._hears(topic, meant)), None)

    def _hears(self, topic: Topic, meant: str) -> bool:
        pattern = self._patterns[topic]
        return (pattern.search(meant) if topic.needs_help else pattern.fullmatch(meant)) is not None


@cache
def _ears() -> tuple[_Ear, ...]:
    """Made when the first text comes in: they take some milliseconds."""
    return tuple(_Ear(language) for language in languages())


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b")
