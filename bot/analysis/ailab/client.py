"""The calls to the vendor: the documented request, patience where it helps, and an end to it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
import httpx
import stamina

from bot.analysis import (
    AccountBlocked,
    AnalysisUnavailable,
    Answer,
    CreditsExhausted,
    OnAttempt,
    PhotoRefused,
    VendorAway,
)
from bot.analysis.ailab.credits import Credits, parse_credits
from bot.analysis.ailab.envelope import Reply, read_reply, red_map_of, without_maps
from bot.analysis.ailab.errors import Fate, fate_of
from bot.analysis.ailab.patience import CallFailed, Patience, WorthTrying
from bot.analysis.ailab.wire import AnswerTooLong, CountedUpload, Order, content_of, order_of
from bot.analysis.answer_format import parse_analysis
from bot.observability.logs import note
from bot.skin.photo import RefusalReason

__all__ = ["AILab", "Credits", "Patience"]

_log = logging.getLogger(__name__)

_ANALYSIS_PATH: Final = "/api/portrait/analysis/skin-analysis-advanced"
_CREDITS_PATH: Final = "/api/common/query-credits"
_MAX_FACTS_BYTES: Final = 1_000_000  # everything but the maps; a real answer has 10 kB
_SHORT_BYTES: Final = 100_000  # read in less time than a thread is reached
_KEY_HEADER: Final = "ailabapi-api-key"

Claim = Callable[[Reply], bool]


class AILab:
    """Measures photos by the vendor's API (an `Analyzer`). The caller limits how many calls run at once.

    `client` is not closed here. `url` is the root of the API. No answer names a version: it is the operation's name.
    """

    version: Final = "skin-analysis-advanced"

    def __init__(self, *, client: httpx.AsyncClient, api_key: str, url: str, patience: Patience | None = None) -> None:
        self._client = client
        self._key = api_key.strip()
        self._url = url.rstrip("/")
        self._patience = patience or Patience()
        self._caller = stamina.AsyncRetryingCaller(
            attempts=None,  # `WorthTrying` and the deadline end it
            timeout=None,
            wait_initial=self._patience.first_wait,
            wait_max=self._patience.longest_wait,
            wait_jitter=self._patience.jitter,
        )

    async def analyze(self, jpeg: bytes, *, check_quality: bool, on_attempt: OnAttempt | None = None) -> Answer:
        """Measure one clean JPEG (upright, RGB, sides 201..4095 px, up to 5,000,000 bytes).

        Raises PhotoRefused, AnalysisUnavailable, CreditsExhausted, AccountBlocked, and what `on_attempt` raises.
        """
        order = order_of(jpeg, check_quality=check_quality)

        was_free = False

        async def measure_once() -> Reply:
            nonlocal was_free
            if on_attempt is not None:
                await on_attempt(was_free)
            was_free = False
            try:
                return self._judge(await self._call(_ANALYSIS_PATH, order), _has_result)
            except CallFailed as error:
                was_free = not error.may_be_charged
                raise

        reply = await self._persist(measure_once)
        return Answer(raw=without_maps(reply.body), red_map=red_map_of(reply.body), analysis=parse_analysis(reply.body))

    async def credits(self) -> Credits:
        """Ask for the balances; costs nothing. Raises AnalysisUnavailable, AccountBlocked."""

        async def ask_once() -> Reply:
            return self._judge(await self._call(_CREDITS_PATH), _has_balances)

        return parse_credits((await self._persist(ask_once)).body)

    async def _persist(self, once: Callable[[], Awaitable[Reply]]) -> Reply:
        """Call until there is a complete answer, a failure that another try can't mend, or no time left."""
        if not (self._key.isascii() and self._key.isprintable() and self._key):
            raise AccountBlocked("API_KEY_NOT_SENDABLE")  # an HTTP library's error about it would print the key
        deadline = asyncio.timeout(self._patience.total)
        try:
            async with deadline:
                return await self._caller(WorthTrying(self._patience), once)
        except CallFailed as error:
            raise (AnalysisUnavailable if error.may_be_charged else VendorAway)(str(error)) from None
        except TimeoutError:
            if not deadline.expired():
                raise  # the caller's own, from on_attempt
            raise AnalysisUnavailable("no answer in time") from None

    def _judge(self, reply: Reply, is_complete: Claim) -> Reply:
        """The reply when it is a complete answer; else raises what its error means."""
        note(ailab=self._redacted(reply.ids))
        if reply.succeeded and is_complete(reply):
            _log.info("ailab answered: %s", self._redacted(reply.ids))
            return reply
        code = self._redacted(reply.code) or ("UNREADABLE_ANSWER" if reply.status == 200 else f"HTTP_{reply.status}")
        _log.info("ailab refused: HTTP %d %s %s", reply.status, code, self._redacted(reply.ids))
        fate = fate_of(code=reply.code, status=reply.status, text=reply.text)
        if isinstance(fate, RefusalReason):
            raise PhotoRefused(fate)
        if fate is Fate.CREDITS:
            raise CreditsExhausted(code)
        if fate is Fate.OPERATOR:
            raise AccountBlocked(code)
        raise CallFailed(code, may_be_charged=_may_be_charged(reply), retry_after_s=reply.retry_after_s)

    async def _call(self, path: str, order: Order | None = None) -> Reply:
        """One HTTP exchange. Raises CallFailed when it did not come to a whole answer."""
        upload = CountedUpload(order) if order else None
        try:
            async with asyncio.timeout(self._patience.call):
                return await self._exchange(self._request(path, order, upload))
        except AnswerTooLong:
            failure = "an answer that is too long"
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise AccountBlocked("API_URL_WRONG") from None
        except (httpx.HTTPError, aiohttp.ClientError, OSError) as error:  # httpx-aiohttp lets aiohttp's errors through
            failure = type(error).__name__  # their texts and reprs may hold the request's headers
        may_be_charged = upload is not None and upload.handed_over
        _log.info("ailab did not answer: %s%s", failure, " after the photo was sent" if may_be_charged else "")
        raise CallFailed(failure, may_be_charged=may_be_charged)

    def _request(self, path: str, order: Order | None, upload: CountedUpload | None) -> httpx.Request:
        patience = self._patience
        headers = {_KEY_HEADER: self._key, "accept": "application/json"}
        if order is not None:
            headers |= {"content-type": order.content_type, "content-length": str(order.length)}
        return self._client.build_request(
            "POST" if order else "GET",
            self._url + path,
            headers=headers,
            content=upload,
            timeout=httpx.Timeout(patience.read, connect=patience.connect),
        )

    async def _exchange(self, request: httpx.Request) -> Reply:
        """No redirect is followed: it would carry the key to another host."""
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            content = await content_of(response)
        finally:
            await response.aclose()
        retry_after = response.headers.get("retry-after")
        told = (response.status_code, content, retry_after)
        reply = read_reply(*told) if len(content) < _SHORT_BYTES else await asyncio.to_thread(read_reply, *told)
        if len(content) - reply.map_length > _MAX_FACTS_BYTES:
            raise AnswerTooLong
        return reply

    def _redacted(self, text: str) -> str:
        return text.replace(self._key, "***")


def _has_result(reply: Reply) -> bool:
    result = reply.body.get("result")
    return isinstance(result, dict) and bool(result)


def _has_balances(reply: Reply) -> bool:
    return isinstance(reply.body.get("data"), list)


def _may_be_charged(reply: Reply) -> bool:
    """Failed requests are not charged; what came with 200 and can't be read was a success to the vendor."""
    return reply.status == 200 and (reply.succeeded or not reply.body)
