"""An AILab of ours on loopback: it checks requests as the vendor does, and misbehaves on demand."""

import asyncio
import io
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from aiohttp import BodyPartReader, web
from PIL import Image, UnidentifiedImageError

from tests.ailab.answers import KINDS, Json, answer
from tests.ailab.behaviours import Behaviour, error, says

ANALYSIS_PATH: Final = "/api/portrait/analysis/skin-analysis-advanced"
CREDITS_PATH: Final = "/api/common/query-credits"
KEY: Final = "key-of-the-tests-0123456789"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request as it arrived; `complaint` is the error code it was refused with before any scripted answer."""

    path: str
    headers: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    filename: str | None = None
    content_type: str | None = None
    image: bytes = b""
    size: tuple[int, int] = (0, 0)
    complaint: str | None = None


class LoopbackAILab:
    """`answers` are used up one a call, then `default` answers; without a default, a plausible answer for the photo.

    `calls` are the requests for an analysis, `balance_calls` those for the credits. `closed_early` counts answers
    that the client did not read to the end. `called` is set by the first call, `idle` while none is being answered.
    """

    def __init__(self, *, key: str = KEY) -> None:
        self.key = key
        self.answers: deque[Behaviour] = deque()
        self.default: Behaviour | None = None
        self.calls: list[Call] = []
        self.balance_calls: list[Call] = []
        self.balances: dict[str, object] = {"portrait_skin_analysis_advanced": 5000, "common": 120}
        self.in_flight = 0
        self.most_in_flight = 0
        self.closed_early = 0
        self.called = asyncio.Event()
        self.idle = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64_000_000)
        app.router.add_post(ANALYSIS_PATH, self._on_analysis)
        app.router.add_get(CREDITS_PATH, self._on_credits)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The root, for AILAB_API_URL."""
        assert self._runner is not None
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def will(self, *behaviours: Behaviour) -> None:
        """Answer the next calls so, one after the other."""
        self.answers.extend(behaviours)

    async def _on_analysis(self, request: web.Request) -> web.StreamResponse:
        call = await self._read(request)
        self.calls.append(call)
        self.called.set()
        self.idle.clear()
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._behaviour(call)(request)
        except ConnectionError:
            self.closed_early += 1
            return web.Response()
        finally:
            self.in_flight -= 1
            if not self.in_flight:
                self.idle.set()

    def _behaviour(self, call: Call) -> Behaviour:
        if call.complaint:
            return error(call.complaint, status=_COMPLAINT_STATUS.get(call.complaint, 422))
        if self.answers:
            return self.answers.popleft()
        return self.default or says(_as_asked(answer(size=call.size), call.fields))

    async def _on_credits(self, request: web.Request) -> web.StreamResponse:
        self.balance_calls.append(Call(path=request.path, headers=dict(request.headers)))
        if request.headers.get("ailabapi-api-key") != self.key:
            return await error("ERROR_APPLICATIONS_NOT_EXISTS", status=401)(request)
        pools = [
            {"unique_sign": sign, "name": sign, "balance": balance, "total": balance, "balance_warning": 0}
            for sign, balance in self.balances.items()
        ]
        return await says({"error_code": 0, "error_msg": "", "data": pools})(request)

    async def _read(self, request: web.Request) -> Call:
        fields: dict[str, str] = {}
        image, filename, content_type = b"", None, None
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)
                if part.name == "image":
                    image, filename = bytes(await part.read()), part.filename
                    content_type = part.headers.get("Content-Type")
                else:
                    fields[part.name or ""] = await part.text()
        size, grey = _look_at(image)
        return Call(
            path=request.path,
            headers=dict(request.headers),
            fields=fields,
            filename=filename,
            content_type=content_type,
            image=image,
            size=size,
            complaint="ERROR_APPLICATIONS_NOT_EXISTS"
            if request.headers.get("ailabapi-api-key") != self.key
            else _complaint(image=image, filename=filename, size=size, grey=grey, fields=fields),
        )


_COMPLAINT_STATUS: Final = {
    "ERROR_APPLICATIONS_NOT_EXISTS": 401,
    "MISSING_PARAMETERS": 400,
    "ERROR_INVALID_PARAMETER": 400,
    "AI_SERVICE_ERROR": 502,
    "FILE_SIZE_EXCEEDS_LIMIT": 413,
    "ERROR_HIGH_RESOLUTION": 413,
    "UNSUPPORTED_FILE_TYPES": 415,
    "ERROR_UNSUPPORTED_GRAYSCALE_IMAGE": 415,
}


def _look_at(image: bytes) -> tuple[tuple[int, int], bool]:
    try:
        with Image.open(io.BytesIO(image), formats=["JPEG"]) as picture:
            return picture.size, picture.mode == "L"
    except (UnidentifiedImageError, OSError):
        return (0, 0), False


def _complaint(
    *, image: bytes, filename: str | None, size: tuple[int, int], grey: bool, fields: Mapping[str, str]
) -> str | None:
    """The code that the vendor would refuse the request with."""
    checks = (
        ("MISSING_PARAMETERS", not image),
        ("AI_SERVICE_ERROR", not (filename or "").endswith((".jpg", ".jpeg"))),  # as measured at the vendor
        ("ERROR_INVALID_PARAMETER", fields.get("face_quality_control", "0") not in {"0", "1"}),
        ("ERROR_INVALID_PARAMETER", fields.get("return_rect_confidence", "0") not in {"0", "1"}),
        ("FILE_SIZE_EXCEEDS_LIMIT", len(image) > 5_000_000),
        ("UNSUPPORTED_FILE_TYPES", not image.startswith(b"\xff\xd8\xff")),
        ("FILE_DECODING_FAILURE", size == (0, 0)),
        ("ERROR_HIGH_RESOLUTION", max(size) > 4095),
        ("ERROR_LOW_RESOLUTION", min(size) < 201),
        ("ERROR_UNSUPPORTED_GRAYSCALE_IMAGE", grey),
    )
    return next((code for code, failed in checks if failed), None)


def _as_asked(body: Json, fields: Mapping[str, str]) -> Json:
    """Without what was not asked for; a wrong `return_maps` is ignored in silence."""
    result = dict(_part(body, "result"))
    if fields.get("return_maps") != "red_area":
        result = {key: value for key, value in result.items() if key not in {"face_maps", "sensitivity"}}
    if fields.get("return_rect_confidence") != "1":
        for kind in KINDS:
            result[kind] = {"rectangle": _part(result, kind)["rectangle"]}
    return {**body, "result": result}


def _part(body: Json, name: str) -> Json:
    part = body[name]
    assert isinstance(part, dict)
    return part
