"""Names as they are compared: no case, no accents, no punctuation."""

import unicodedata


def folded(name: str) -> str:
    """São Paulo, SAO PAULO and sao-paulo are the same; what holds neither letter nor digit is empty."""
    split = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in split if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())
