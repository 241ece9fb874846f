"""The Mini App's side of the HTTP server: its page, its built files, its calls. Who answers them is let in later."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from aiohttp import web

from bot.config import Config
from bot.storage.engine.database import DatabaseUnavailable

BUILT: Final = Path(__file__).parents[2] / "templates" / "miniapp" / "built"
NETWORKS: Final = Path(__file__).parents[1] / "analysis" / "local" / "models"

_BODY_BYTES: Final = 64 * 1024
_BODY_SECONDS: Final = 10.0
_PHOTO: Final = "photo"
_PHOTO_BYTES: Final = 12 * 1024 * 1024
_PHOTO_SECONDS: Final = 60.0
_PHOTOS_AT_ONCE: Final = 3
_TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".txt": "text/plain",
    ".json": "application/json",
    ".tflite": "application/octet-stream",
}
_PACKED: Final = ".gz"
_FRAMED_BY: Final = ("https://web.telegram.org", "https://webk.telegram.org", "https://webz.telegram.org")
_NEVER_CHANGES: Final = "public, max-age=31536000, immutable"  # a file's name has a hash of what is in it


@dataclass(frozen=True, kw_only=True)
class PageCall:
    """One request. `path`: below the API's root. `bearer`: by what it is known. `languages`: what it would read.

    `photo`: the body of one that brings a photo: nothing of it is taken in before it is known whose it is.
    """

    method: str
    path: str
    bearer: str = field(default="", repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    languages: str = ""
    body: bytes = field(default=b"", repr=False)
    photo: Callable[[], Awaitable[bytes]] | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class PageAnswer:
    body: bytes = field(default=b"", repr=False)
    kind: str = "application/json"
    status: int = 200


Answering: TypeAlias = Callable[[PageCall], Awaitable[PageAnswer]]
Page: TypeAlias = Callable[[PageCall], str]


class MiniAppDoor:
    """Where the page and its calls come in; closed until there is somebody who answers them."""

    def __init__(self) -> None:
        self._page: Page | None = None
        self._answering: Answering | None = None

    def open(self, page: Page, answering: Answering) -> None:
        self._page, self._answering = page, answering

    async def page(self, call: PageCall) -> PageAnswer:
        if self._page is None:
            return PageAnswer(status=503)
        text = await asyncio.to_thread(self._page, call)  # the first one in a language reads its catalog
        return PageAnswer(body=text.encode(), kind="text/html")

    async def answer(self, call: PageCall) -> PageAnswer:
        if self._answering is None:
            return PageAnswer(status=503)
        try:
            return await self._answering(call)
        except DatabaseUnavailable:
            return PageAnswer(status=503)


def root_of(config: Config) -> str:
    """The path that the page stands at, without a slash at its end."""
    return urlsplit(config.webapp_url or "").path.rstrip("/")


def mount(app: web.Application, config: Config, door: MiniAppDoor) -> None:
    """Put the page at the path of WEBAPP_URL."""
    root, headers = root_of(config), _headers(config)
    static, photos = _static(headers), asyncio.Semaphore(_PHOTOS_AT_ONCE)

    async def on_page(request: web.Request) -> web.Response:
        return _response(await door.page(await _call(request, "")), headers)

    async def on_call(request: web.Request) -> web.Response:
        path = request.match_info["path"]
        if path != _PHOTO:
            return _response(await door.answer(await _call(request, path)), headers)

        async def photo() -> bytes:
            async with photos:
                return await _read(request, _PHOTO_BYTES, _PHOTO_SECONDS)

        return _response(await door.answer(_call_with(request, path, photo=photo)), headers)

    async def on_bare(_: web.Request) -> web.Response:
        """Else its own files would be looked for beside it."""
        return web.Response(status=308, headers={"Location": f"{root}/"})

    app.router.add_get(f"{root}/", on_page)
    if root:
        app.router.add_get(root, on_bare)
    app.router.add_get(f"{root}/static/{{name}}", static)
    app.router.add_route("*", f"{root}/api/{{path:.+}}", on_call)


@dataclass(frozen=True, kw_only=True)
class Entries:
    """The built files that the page names itself; `preload`: what its script needs first."""

    style: str
    script: str
    icon: str
    preload: tuple[str, ...]


def entries() -> Entries:
    made = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    named = made["entries"]
    return Entries(
        style=str(named["style"]),
        script=str(named["main"]),
        icon=str(named["icon"]),
        preload=tuple(str(name) for name in made["preload"]),
    )


def _static(headers: Mapping[str, str]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Nothing that a request names is looked for on the disk. Packed once, when one is first asked for, and kept."""
    known, packed = _sources(), dict[str, bytes]()

    async def on_file(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in known:
            raise web.HTTPNotFound
        if name not in packed:
            packed[name] = await asyncio.to_thread(_packed, known[name])
        response = web.Response(headers={**headers, "Cache-Control": _NEVER_CHANGES, "Vary": "Accept-Encoding"})
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.headers["Content-Encoding"] = "gzip"
            response.body = packed[name]
        else:
            response.body = await asyncio.to_thread(gzip.decompress, packed[name])
        response.content_type = _TYPES[Path(name).suffix]
        if response.content_type.startswith("text/"):
            response.charset = "utf-8"
        return response

    return on_file


def _sources() -> Mapping[str, Path]:
    """Where each file is, by the name that the page knows it by; the camera's networks are the server's own."""
    built = {path.name.removesuffix(_PACKED): path for path in BUILT.iterdir()}
    made = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    networks = {name: NETWORKS / source for name, source in made["networks"].items()}
    return {name: path for name, path in {**built, **networks}.items() if Path(name).suffix in _TYPES}


def _packed(path: Path) -> bytes:
    data = path.read_bytes()
    return data if path.suffix == _PACKED else gzip.compress(data, mtime=0)


async def _call(request: web.Request, path: str) -> PageCall:
    """Raises HTTPRequestEntityTooLarge, HTTPRequestTimeout."""
    return _call_with(request, path, body=await _read(request, _BODY_BYTES, _BODY_SECONDS))


async def _read(request: web.Request, most_bytes: int, seconds: float) -> bytes:
    """Raises HTTPRequestEntityTooLarge, HTTPRequestTimeout."""
    if (request.content_length or 0) > most_bytes:
        raise web.HTTPRequestEntityTooLarge(max_size=most_bytes, actual_size=request.content_length or 0)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for part in request.content.iter_any():
                body += part
                if len(body) > most_bytes:
                    raise web.HTTPRequestEntityTooLarge(max_size=most_bytes, actual_size=len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


def _call_with(
    request: web.Request, path: str, *, body: bytes = b"", photo: Callable[[], Awaitable[bytes]] | None = None
) -> PageCall:
    return PageCall(
        method=request.method,
        path=path,
        bearer=request.headers.get("Authorization", "").removeprefix("Bearer "),
        query=dict(request.query),
        languages=request.headers.get("Accept-Language", ""),
        body=body,
        photo=photo,
    )


def _response(answer: PageAnswer, headers: Mapping[str, str]) -> web.Response:
    response = web.Response(body=answer.body, status=answer.status, headers={**headers, "Cache-Control": "no-store"})
    response.content_type = answer.kind
    if not answer.kind.startswith("image/"):
        response.charset = "utf-8"
        response.enable_compression()
    return response


def _headers(config: Config) -> Mapping[str, str]:
    """Nothing from elsewhere but Telegram's own script, and inside nobody's page but Telegram's."""
    script = urlsplit(config.telegram_script)
    theirs = f"{script.scheme}://{script.netloc}"
    framed_by = " ".join(dict.fromkeys((*_FRAMED_BY, theirs)))
    policy = {
        "default-src": "'none'",
        "script-src": f"'self' 'wasm-unsafe-eval' {config.telegram_script}",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' blob:",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": framed_by,
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        "X-Robots-Tag": "noindex",
    }
