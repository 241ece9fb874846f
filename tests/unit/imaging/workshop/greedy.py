"""Tasks that take all that they can get, as the next trick in a file may make a decoder do."""

import time
from collections.abc import Callable, Mapping
from typing import Final


def burn() -> None:
    """Never ends."""
    while True:
        pass


def sleep() -> None:
    """Nothing stirs in it."""
    time.sleep(3600)


def take(megabytes: int) -> int:
    return len(bytearray(megabytes * 1_000_000)) // 1_000_000


TASKS: Final[Mapping[str, Callable[..., object]]] = {"burn": burn, "sleep": sleep, "take": take}
ERRORS: Final[tuple[type[Exception], ...]] = ()
RECORDS: Final[Mapping[tuple[str, str], type]] = {}


def load() -> None:
    """There is nothing to load."""
