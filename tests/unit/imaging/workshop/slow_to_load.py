"""Tasks whose libraries lie on a disk that is waited for asleep, as one that comes over a network may be."""

import time
from collections.abc import Callable, Mapping
from typing import Final


def one() -> int:
    return 1


SECONDS: Final = 3.0
TASKS: Final[Mapping[str, Callable[..., object]]] = {"one": one}
ERRORS: Final[tuple[type[Exception], ...]] = ()
RECORDS: Final[Mapping[tuple[str, str], type]] = {}


def load() -> None:
    """Nothing stirs for longer than it may in a task."""
    time.sleep(SECONDS)
