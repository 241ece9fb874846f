"""Trying again, and what Telegram's errors are to us: what it refuses, what did not arrive, what has to wait."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, TypeVar

import aiohttp
import stamina
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.telegram.errors import DeliveryError, Unreachable
from bot.telegram.pacing import ToldToWait

_T = TypeVar("_T")

_AT_ONCE_SECONDS: Final = 0.001
_FIRST_WAIT_SECONDS: Final = 0.5
_BY_THE_PERSON: Final = ("blocked", "deactivated")


def left(error: TelegramError) -> bool:
    """Also a bot whose token was put here by mistake is forbidden to write to people: they left nobody."""
    return isinstance(error, Forbidden) and any(words in str(error).lower() for words in _BY_THE_PERSON)


@contextmanager
def delivering() -> Iterator[None]:
    try:
        yield
    except (Forbidden, BadRequest) as error:
        if left(error):
            raise Unreachable from error
        raise DeliveryError("Telegram refused the request", permanent=True) from error
    except (TelegramError, ToldToWait) as error:
        raise DeliveryError(
            "Telegram did not answer", permanent=False, unsent=_unsent(error), silent_for=_silence(error)
        ) from error


def _silence(error: Exception) -> timedelta | None:
    return timedelta(seconds=error.seconds) if isinstance(error, ToldToWait) else None


def _unsent(error: Exception) -> bool:
    """Telegram said so, or no connection came to be."""
    return isinstance(error, RetryAfter | ToldToWait) or isinstance(error.__cause__, aiohttp.ClientConnectorError)


def told_to_wait(error: Exception) -> float | bool:
    """The wait itself is the pace's: it holds for everything else that is said there, too."""
    return _AT_ONCE_SECONDS if isinstance(error, RetryAfter) else False


def transient(error: Exception) -> float | bool:
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest)
    return told_to_wait(error)


def seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def again_if_transient(call: Callable[[], Awaitable[_T]]) -> _T:
    """For fetches: doing them twice does no harm."""
    return await again(call, transient)


async def again(call: Callable[[], Awaitable[_T]], on: Callable[[Exception], float | bool]) -> _T:
    """The first try goes without stamina: what that makes for each call is garbage that only a collection finds."""
    try:
        return await call()
    except Exception as error:
        wait = on(error)
        if not wait:
            raise
    await asyncio.sleep(_FIRST_WAIT_SECONDS if wait is True else wait)
    async for attempt in stamina.retry_context(
        on=on, attempts=5, timeout=120.0, wait_initial=2 * _FIRST_WAIT_SECONDS, wait_max=15.0
    ):
        with attempt:
            return await call()
    raise AssertionError("the last attempt either returns or raises")
