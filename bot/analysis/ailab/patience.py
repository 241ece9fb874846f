"""How long the vendor is waited for, and which failures are worth another call."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for the vendor, in seconds.

    connect: for a connection. read: for the next bytes (the listed mean of an answer is 6). call: for one call as a
    whole. retry_for: no further try is begun after this long. total: everything ends by then. first_wait doubles
    with each try up to longest_wait; jitter is the most that is added at random.
    """

    connect: float = 15.0
    read: float = 60.0
    call: float = 90.0
    retry_for: float = 30.0
    total: float = 200.0
    first_wait: float = 0.5
    longest_wait: float = 10.0
    jitter: float = 0.5


class CallFailed(Exception):
    """One call came to nothing, and another may."""

    def __init__(self, failure: str, *, may_be_charged: bool, retry_after_s: float | None = None) -> None:
        super().__init__(failure)
        self.may_be_charged = may_be_charged
        self.retry_after_s = retry_after_s


class WorthTrying:
    """Whether to try again after an error, and how long to wait when the vendor said it.

    A call that may have been charged is repeated once, however late that is. Any other is, until time is up.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._began = asyncio.get_running_loop().time()
        self._given_up = 0

    def __call__(self, error: Exception) -> bool | float:
        if not isinstance(error, CallFailed):
            return False
        if error.may_be_charged:
            self._given_up += 1
            return self._given_up == 1
        elapsed = asyncio.get_running_loop().time() - self._began
        if error.retry_after_s is None:
            return elapsed < self._patience.retry_for
        in_time = elapsed + error.retry_after_s < self._patience.retry_for
        return max(error.retry_after_s, self._patience.first_wait) if in_time else False
