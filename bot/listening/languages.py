"""The word lists, one file for each language in `words/`. A new language is a new file.

A file has sections: the topics, "figures of speech" (taken out before anything is heard), "written" (`meant: typed,
typed`: short forms and usual wrong spellings), "mended" (words in which one typing error is mended) and "real words"
(which only look like such an error). Topics and figures hold one pattern a line, a regular expression over folded
words: no case, no accents, no apostrophes; `~2` stands for up to two words between. The patterns of thanks and
greetings must be the whole text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "words"
_SECTION: Final = re.compile(r"\[(.+)\]")
_BETWEEN: Final = re.compile(r"~(\d)")
_WORD: Final = re.compile(r"(?<!\\)[a-z]{3,}")


@dataclass(frozen=True, kw_only=True)
class Language:
    """`sections` are patterns by name; `written` what is meant by what is typed."""

    sections: Mapping[str, tuple[str, ...]]
    written: Mapping[str, str]
    mended: frozenset[str]
    real_words: frozenset[str]


def languages() -> tuple[Language, ...]:
    return tuple(_read(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.txt")))


def _read(text: str) -> Language:
    lines: dict[str, list[str]] = {}
    for name, line in _lines(text):
        lines.setdefault(name, []).append(line)
    written, mended, real = (lines.pop(name) for name in ("written", "mended", "real words"))
    sections = {name: tuple(_BETWEEN.sub(r"(?: \\w+){0,\1}", line) for line in found) for name, found in lines.items()}
    named = {word for found in lines.values() for line in found for word in _WORD.findall(line)}
    return Language(
        sections=sections,
        written={typed: meant for line in written for typed, meant in _pairs(line)},
        mended=frozenset(" ".join(mended).split()),
        real_words=frozenset(named.union(" ".join(real).split())),
    )


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """(section, line) of all that is not empty or a comment."""
    section = ""
    for line in text.splitlines():
        head = _SECTION.fullmatch(line)
        if head is not None:
            section = head[1]
        elif line and not line.startswith("#"):
            yield section, line


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    meant, _, typed = line.partition(": ")
    for each in typed.split(", "):
        yield each, meant
