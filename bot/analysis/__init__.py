"""Who measures: the vendor's API (ailab) or this machine (local), behind one small interface."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.skin.analysis import Analysis
from bot.skin.photo import PhotoError


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An analyzer's whole answer, as it is stored.

    `raw` is the answer as JSON text in the API's own shape, without the map. `red_map` is the red-area map as
    JPEG bytes of the photo's size on white ground, or None when there is none or it is broken.
    """

    raw: str
    red_map: bytes | None
    analysis: Analysis


OnAttempt = Callable[[bool], Awaitable[None]]


class Analyzer(Protocol):
    """Measures one clean JPEG. Raises the errors of this module, and nothing else."""

    @property
    def version(self) -> str:
        """Another one where the same photo gives other numbers: what two versions measured is never compared."""
        ...

    async def analyze(self, jpeg: bytes, *, check_quality: bool, on_attempt: OnAttempt | None = None) -> Answer:
        """`on_attempt` is awaited right before each call that may be charged; what it raises passes through.

        It is told whether the call before it, for this photo, is known to have cost nothing.
        """
        ...


class PhotoRefused(PhotoError):
    """The analyzer can't read this photo; `reason` names what to change (a template exists for each)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AnalysisUnavailable(Exception):
    """The analyzer can't be reached or does not answer sensibly; another time it may.

    `may_be_charged`: the last call may have been paid all the same.
    """

    def __init__(self, cause: str, *, may_be_charged: bool = True) -> None:
        super().__init__(cause)
        self.may_be_charged = may_be_charged


class VendorAway(AnalysisUnavailable):
    """The service is down, and nothing was charged: the photo may wait until it is back."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause, may_be_charged=False)


class AccountBlocked(Exception):
    """The operator has to act: credits, key, account, or a bug in our request. `code` is for the operator."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CreditsExhausted(AccountBlocked):
    """The operator's credits are used up: photos wait until a refill."""
