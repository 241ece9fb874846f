"""What people write, as it is kept: readable, short, and turning no text around it."""

import re
import unicodedata
from typing import Final

LONGEST_NOTE: Final = 500  # UTF-16 units, as Telegram counts: the longest details and a note still are one message
_LINES: Final = 8

# What turns the reading direction, joins or hides the text around it, or is no character at all.
_UNWANTED: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_UNSEEN: Final = frozenset({"Cf", "Zs", "Zl", "Zp", "Cc", "Mn"})
_INVISIBLE: Final = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_BLANK_LINES: Final = re.compile(r"\n\s*\n+")


def whole(text: str) -> str:
    """As it was written, but for lone surrogates and what stands around it; nothing where nothing is to be seen."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore").strip()
    return "" if all(unicodedata.category(sign) in _UNSEEN for sign in joined) else joined


def tidied(text: str) -> tuple[str, bool]:
    """A note as it is kept, and whether it was cut: no control characters, direction marks or lone surrogates."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    visible = _INVISIBLE.sub("", joined.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    kept = "".join(sign for sign in visible if sign == "\n" or unicodedata.category(sign) not in _UNWANTED)
    lines = _BLANK_LINES.sub("\n", _SPACES.sub(" ", kept)).strip().split("\n")
    whole = "\n".join(line.strip() for line in lines[:_LINES])
    short = whole.encode("utf-16-le")[: 2 * LONGEST_NOTE].decode("utf-16-le", "ignore").rstrip()
    if all(unicodedata.category(sign) in _UNSEEN for sign in short):
        return "", False
    return short, short != whole or len(lines) > _LINES
