"""What is wrong with one value by itself, in words for the operator; None where nothing is."""

import re
from typing import Final
from urllib.parse import urlsplit

TOKEN_FORM: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
UNFIT: Final = re.compile(r"[\s{}<>\"\\^`|]")
_ID_BELOW: Final = 1 << 52  # Telegram's are of that many bits
_KEY_FORM: Final = re.compile(r"[!-~]+")  # what a header can hold
_LONGEST_WORDS: Final = 200  # the question for permission has all six of them, in one message


def no_token(given: str) -> str | None:
    if TOKEN_FORM.fullmatch(given.strip()):
        return None
    return "Is no bot's token: digits, a colon, then letters and digits. Copy it from @BotFather."


def no_key(given: str) -> str | None:
    return (
        None if _KEY_FORM.fullmatch(given) else "Is no key: it has a space, or a sign that no key has. Copy it again."
    )


def no_ids(given: str) -> str | None:
    right = all(one.strip().isdecimal() and 0 < int(one) < _ID_BELOW for one in given.split(","))
    return None if right else "Must be Telegram ids: whole numbers with commas between."


def no_address(given: str) -> str | None:
    """What a URL library would say of it is nobody's business, and some say it only when the first request is made."""
    try:
        url = urlsplit(given)
        wrong = url.scheme not in {"http", "https"} or not url.hostname or url.port == 0 or UNFIT.search(given)
    except ValueError:
        wrong = True
    return "Has to be a whole address: https://<host>, with nothing left out." if wrong else None


def no_proxy_address(given: str) -> str | None:
    return no_address(given if "://" in given else f"http://{given}")


def too_long(given: str) -> str | None:
    right = len(given) <= _LONGEST_WORDS and given.isprintable()
    return None if right else f"Must be one line of at most {_LONGEST_WORDS} letters: people read it."
