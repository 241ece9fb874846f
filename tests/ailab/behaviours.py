"""What a call can be answered with."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from aiohttp import web

from tests.ailab.answers import Json, answer

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Envelope(StrEnum):
    """How errors look: the oldest; then a detail was added; since 2026-04 only the detail is documented."""

    FLAT = "flat"
    BOTH = "both"
    DETAIL = "detail"


def says(body: Mapping[str, object], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Answer with this JSON."""

    async def behave(_: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status, headers=headers)

    return behave


def sends(content: bytes, *, status: int = 200, content_type: str = "application/json") -> Behaviour:
    """Answer with these bytes."""

    async def behave(_: web.Request) -> web.StreamResponse:
        return web.Response(body=content, status=status, content_type=content_type)

    return behave


def error(
    code: str,
    *,
    status: int = 422,
    message: str = "",
    envelope: Envelope = Envelope.DETAIL,
    retry_after: str | None = None,
) -> Behaviour:
    """Refuse with a code of the vendor's, in one of the three envelopes."""
    headers = {"Retry-After": retry_after} if retry_after else None
    return says(error_body(code, status=status, message=message, envelope=envelope), status=status, headers=headers)


def error_body(code: str, *, status: int, message: str = "", envelope: Envelope = Envelope.DETAIL) -> Json:
    body: Json = {"request_id": "req-1", "log_id": "log-1", "error_code_str": code}
    if envelope is not Envelope.DETAIL:
        body |= {"error_code": status, "error_msg": message}
    if envelope is not Envelope.FLAT:
        detail: Json = {"code": code, "code_message": code.replace("_", " ").capitalize(), "message": message}
        body["error_detail"] = detail if envelope is Envelope.DETAIL else {**detail, "status_code": status}
    return body


def html(*, status: int = 502) -> Behaviour:
    """A gateway's page."""
    page = b"<html><head><title>Bad Gateway</title></head><body><center><h1>nginx</h1></center></body></html>"
    return sends(page, status=status, content_type="text/html")


def garbage() -> Behaviour:
    """200 with bytes that are no JSON."""
    return sends(bytes(range(256)) * 8)


def empty(*, status: int = 200) -> Behaviour:
    return sends(b"", status=status)


def truncated() -> Behaviour:
    """200 with JSON that ends in the middle, as a whole body."""
    return sends(json.dumps(answer()).encode()[:300])


def redirect(to: str) -> Behaviour:
    async def behave(_: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": to})

    return behave


def huge(megabytes: int = 80) -> Behaviour:
    """200 with a long answer in chunks."""

    async def behave(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"result": {"note": "')
        for _ in range(megabytes):
            await response.write(b"x" * 1_000_000)
        await response.write(b'"}}')
        return response

    return behave


def drop() -> Behaviour:
    """Read the request, then cut the connection."""

    async def behave(request: web.Request) -> web.StreamResponse:
        _cut(request)
        return web.Response()

    return behave


def drop_midway() -> Behaviour:
    """Cut the connection in the middle of the answer."""

    async def behave(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "100000"})
        await response.prepare(request)
        await response.write(b'{"result": {')
        _cut(request)
        return response

    return behave


def not_http() -> Behaviour:
    """Bytes that are no HTTP answer at all."""

    async def behave(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"\x15\x03\x01 nothing of HTTP \r\n\r\n")
        await asyncio.sleep(0.01)
        _cut(request)
        return web.Response()

    return behave


def hang(seconds: float = 3600) -> Behaviour:
    """Say nothing for so long."""

    async def behave(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return web.Response(status=504)

    return behave


def slow(*, pause: float = 0.05, pieces: int = 10_000) -> Behaviour:
    """A byte now and then: no read timeout sees it."""

    async def behave(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(pieces):
            await response.write(b" ")
            await asyncio.sleep(pause)
        return response

    return behave


def late(behaviour: Behaviour, *, seconds: float) -> Behaviour:
    """The same, after a while."""

    async def behave(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await behaviour(request)

    return behave


def _cut(request: web.Request) -> None:
    if isinstance(request.transport, asyncio.Transport):  # else the client was quicker
        request.transport.abort()
