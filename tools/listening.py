"""Writes the section "real words" of the listener's word lists: words that only look like a slip of one it knows.

Needs the package `wordfreq` (its lists are CC BY-SA 4.0), which the bot does not: python -m tools.listening
"""

import sys
from pathlib import Path
from typing import Final

from bot.listening.languages import Language, languages
from bot.listening.phrases import GUESSED, Phrases
from bot.listening.spelling import Speller, sound_of, spoken

FOLDER: Final = Path(__file__).parents[1] / "bot" / "listening" / "words"
SECTION: Final = "[real words]\n"
FREQUENT: Final = 30_000  # words of each language
MISSPELT: Final = 20  # a word that sounds like one this much more frequent is that one, misspelt
WIDTH: Final = 120


def real_words(language: Language, frequency: dict[str, float]) -> list[str]:
    """Frequent words that would be taken for another."""
    sound = sound_of(language.name)
    known = Phrases(language.phrases, language.sets).words
    speller = Speller(known, frozenset(), sound)

    def misspelt(word: str, meant: frozenset[str]) -> bool:
        others = [other.removeprefix(GUESSED) for other in meant if other != word]
        alike = [frequency.get(other, 0.0) for other in others if sound(other) == sound(word)]
        return max(alike, default=0.0) > MISSPELT * frequency[word]

    return [
        word
        for word in sorted(frequency)
        if word not in language.written and len(meant := speller.meant(word)) > 1 and not misspelt(word, meant)
    ]


def main() -> int:
    from wordfreq import get_frequency_dict, top_n_list  # noqa: PLC0415 - only this tool has it

    frequency: dict[str, float] = {}
    for code in ("en", "es"):
        frequencies = get_frequency_dict(code)
        for word in top_n_list(code, FREQUENT):
            for folded, _ in spoken(word):
                if folded.isascii() and folded.isalpha() and len(folded) > 2:
                    frequency[folded] = max(frequency.get(folded, 0.0), frequencies[word])
    for language in languages():
        path = FOLDER / f"{language.name}.txt"
        head, _, _ = path.read_text(encoding="utf-8").partition(SECTION)
        lines, line = [], ""
        for word in real_words(language, frequency):
            if len(line) + len(word) >= WIDTH:
                lines, line = [*lines, line], ""
            line = f"{line} {word}".strip()
        path.write_text(head + SECTION + "".join(f"{each}\n" for each in (*lines, line) if each), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
