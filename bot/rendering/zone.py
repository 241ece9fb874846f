"""By whose clock moments are told while something is rendered."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, tzinfo
from typing import Final

_CLOCK: Final[ContextVar[tzinfo | None]] = ContextVar("clock", default=None)


@contextmanager
def by_clock_of(zone: tzinfo | None) -> Iterator[None]:
    """Meanwhile every moment is told as a clock there shows it.

    A time without a zone is what somebody's clock shows, and stays as it is.
    """
    before = _CLOCK.set(zone)
    try:
        yield
    finally:
        _CLOCK.reset(before)


def here(when: datetime) -> datetime:
    """As the reader's clock shows it."""
    zone = _CLOCK.get()
    return when if zone is None or when.tzinfo is None else when.astimezone(zone)
