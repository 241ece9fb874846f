"""The word lists, one file for each language in `words/`. A new language is a new file.

A file has sections. "sets" names words that go together (`die: die dying`), "written" says what is meant by what is
typed (`meant: typed, typed`: short forms and spellings that no rule finds; two words may be meant for one), "small
talk" holds the words around thanks and greetings, "real words" those that only look like a slip (made by
`tools/listening.py`). All other sections hold one phrase a line, see `bot/listening/phrases.py`: the topics, "about …"
what questions may be about, "asks" how they are asked, "figures of speech" what is taken out before anything is heard.
All is folded: no case, no accents, no apostrophes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "words"
_SECTION: Final = re.compile(r"\[(.+)\]")


@dataclass(frozen=True, kw_only=True)
class Language:
    """`phrases` by section; `written`: what is meant by a typed word, or by two."""

    name: str
    phrases: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, frozenset[str]]
    written: Mapping[str, tuple[str, ...]]
    small_talk: frozenset[str]
    real_words: frozenset[str]


def languages() -> tuple[Language, ...]:
    return tuple(_read(path.stem, path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.txt")))


def _read(name: str, text: str) -> Language:
    lines: dict[str, list[str]] = {}
    for section, line in _lines(text):
        lines.setdefault(section, []).append(line)
    sets = _sets(lines.pop("sets", []))
    written: dict[str, tuple[str, ...]] = {}
    for line in lines.pop("written", []):
        meant, _, typed = line.partition(": ")
        for each in typed.split(", "):
            written[each] = (*written.get(each, ()), meant)
    small_talk, real = (frozenset(" ".join(lines.pop(section, [])).split()) for section in ("small talk", "real words"))
    phrases = {section: tuple(found) for section, found in lines.items()}
    return Language(name=name, phrases=phrases, sets=sets, written=written, small_talk=small_talk, real_words=real)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """(section, line) of all that is not empty or a comment."""
    section = ""
    for line in text.splitlines():
        head = _SECTION.fullmatch(line)
        if head is not None:
            section = head[1]
        elif line and not line.startswith("# "):
            yield section, line


def _sets(lines: list[str]) -> dict[str, frozenset[str]]:
    """A set may hold others that stand before it."""
    sets: dict[str, frozenset[str]] = {}
    for line in lines:
        name, _, words = line.partition(": ")
        known = (sets[word[1:]] if word[0] == "@" else frozenset({word}) for word in words.split())
        sets[name] = sets.get(name, frozenset()).union(*known)
    return sets
