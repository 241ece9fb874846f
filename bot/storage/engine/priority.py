"""What can wait is written after what somebody waits for: whoever asks for help is not behind others' photos."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_can_wait: ContextVar[bool] = ContextVar("_can_wait", default=False)


@contextmanager
def behind_others(*, wanted: bool = True) -> Iterator[None]:
    """What is written here, and in tasks that are begun here, can wait; or not, where that is not `wanted`."""
    token = _can_wait.set(wanted)
    try:
        yield
    finally:
        _can_wait.reset(token)


def can_wait() -> bool:
    return _can_wait.get()
