"""The chat page on loopback: what the browser asks for, and the events that keep it up to date."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from importlib import resources
from itertools import count
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.playground.page.sample import sample_face
from bot.playground.page.screen import shown
from bot.playground.server.files import Kind
from bot.playground.server.launching import THEMES, launch_data, launch_url
from bot.playground.server.people import Person
from bot.playground.server.photos import NotAPhoto
from bot.playground.server.profile import commands_for
from bot.playground.server.telegram import LoopbackTelegram
from bot.playground.server.wire import Raw

Words: TypeAlias = Callable[[str | None], str]
"""The page in a language: a tag as Telegram has them, None for whichever there is."""

_Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STATIC: Final = resources.files("bot.playground.page") / "static"
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
        "media-src 'self' blob:; frame-src http://127.0.0.1:*; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_KEY: Final = "key"
_PRESS_WAIT_S: Final = 30.0
_FIRST_ID: Final = 1001
SCRIPT: Final = "/js/telegram-web-app.js"
"""Where the stand-in for Telegram's script is, which Mini Apps load from elsewhere on this machine."""


def page_url(telegram: LoopbackTelegram, secret: str) -> str:
    """The address that opens the page of a running server: whoever is told it may come in."""
    return f"{telegram.url}/?{_KEY}={secret}"


def mount(telegram: LoopbackTelegram, *, secret: str, words: Words, photos_stay_here: bool = True) -> None:
    """Put the page at `/` of the loopback server, before it starts. From then on it refuses foreign hosts.

    `secret`: what opens it (any user of this machine reaches the port), letters and digits.
    `photos_stay_here`: whether the page may say that photos don't leave this computer.
    """
    page = _ChatPage(telegram, words=words, photos_stay_here=photos_stay_here)
    app = telegram.app
    app.middlewares.append(only_from_here)
    app.middlewares.append(_only_with(secret))
    app.on_response_prepare.append(_harden)
    app.on_shutdown.append(page.close)
    app.router.add_get("/", page.chat)
    app.router.add_get("/static/{name}", _static)
    app.router.add_get(SCRIPT, _script)
    app.router.add_get("/chat/events", page.events)
    app.router.add_get("/chat/files/{file_id}", page.file)
    app.router.add_post("/chat/people", page.add_person)
    app.router.add_post("/chat/people/{person}/language", page.set_language)
    app.router.add_post("/chat/people/{person}/text", page.send_text)
    app.router.add_post("/chat/people/{person}/photo", page.send_photo)
    app.router.add_post("/chat/people/{person}/file", page.send_file)
    app.router.add_post("/chat/people/{person}/sample", page.send_sample)
    app.router.add_post("/chat/people/{person}/location", page.send_location)
    app.router.add_post("/chat/people/{person}/other", page.send_other)
    app.router.add_post("/chat/people/{person}/press", page.press)
    app.router.add_post("/chat/people/{person}/launch", page.launch)


@web.middleware
async def only_from_here(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Requests that name another host (DNS rebinding) or come from another site's page are refused."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    if host not in _LOOPBACK or (origin is not None and origin != f"http://{request.host}"):
        raise web.HTTPForbidden
    if request.path == SCRIPT:  # the same for everybody
        return await handler(request)
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        raise web.HTTPForbidden
    return await handler(request)


def _only_with(secret: str) -> Middleware:
    """The address that was printed leaves a cookie; programs may send the secret as a bearer's. The Bot API has its
    token.
    """

    def is_known(told: str) -> bool:
        return hmac.compare_digest(told.encode("utf-8", "surrogateescape"), secret.encode())

    @web.middleware
    async def only_with_it(request: web.Request, handler: _Handler) -> web.StreamResponse:
        cookie = f"skinbot-chat-{request.url.port}"  # cookies know no ports
        if "token" in request.match_info or request.path == SCRIPT or is_known(request.cookies.get(cookie, "")):
            return await handler(request)
        if is_known(request.headers.get("Authorization", "").removeprefix("Bearer ")):
            return await handler(request)
        if request.path != "/" or not is_known(request.query.get(_KEY, "")):
            raise web.HTTPForbidden(text="Open the address that stands in the terminal: it has a key for this page.")
        opened = web.Response(status=303, headers={"Location": "/"})
        opened.set_cookie(cookie, secret, httponly=True, samesite="Strict")
        return opened

    return only_with_it


async def _harden(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


async def _static(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    known = {file.name: file for file in _STATIC.iterdir()}
    suffix = name[name.rfind(".") :]
    if name not in known or suffix not in _TYPES:
        raise web.HTTPNotFound
    return web.Response(body=known[name].read_bytes(), content_type=_TYPES[suffix], charset="utf-8")


async def _script(_: web.Request) -> web.Response:
    body = (_STATIC / "telegram-web-app.js").read_bytes()
    headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=headers)


class _ChatPage:
    def __init__(self, telegram: LoopbackTelegram, *, words: Words, photos_stay_here: bool) -> None:
        self._telegram = telegram
        self._words = words
        self._photos_stay_here = photos_stay_here
        self._world = telegram.world
        self._ids = count(_FIRST_ID)
        self._drawn: dict[int, list[int]] = {}  # numbers of the messages that hold a drawn face, by person

    async def close(self, _app: web.Application) -> None:
        """Ends every event stream."""
        self._world.changes.tell(0, "closed")

    async def chat(self, request: web.Request) -> web.Response:
        """In the language of whoever is here first, else in the browser's."""
        asked = request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0].strip()
        language = next((person.language_code for person in self._telegram.people), asked)
        return web.Response(text=self._words(language), content_type="text/html", charset="utf-8")

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: first everything, then each chat that changed, whole."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        watcher = self._world.changes.watch()
        try:
            await response.write(_event(self._everything()))
            while (changed := await _drained(watcher)) is not None:
                await response.write(_event(self._changes(changed)))
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            self._world.changes.unwatch(watcher)
        return response

    async def file(self, request: web.Request) -> web.Response:
        """A photo to show, or a document to save (never opened in the page's own name)."""
        file = self._world.files.find(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        if file.kind is Kind.PHOTO:
            return web.Response(body=file.data, content_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})
        return web.Response(
            body=file.data, content_type="application/octet-stream", headers={"Content-Disposition": "attachment"}
        )

    async def add_person(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        user_id = next(number for number in self._ids if number not in self._world.chats)
        name = str(asked.get("name") or "").strip()[:64] or str(user_id)
        self._telegram.person(user_id, first_name=name, language_code=_language(asked))
        return web.json_response({"id": user_id})

    async def set_language(self, request: web.Request) -> web.Response:
        person = self._person(request)
        person.language_code = _language(await _asked(request))
        self._world.changes.tell(person.user_id, "person")
        return web.json_response({})

    async def send_text(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        text = str(asked.get("text") or "").strip()
        if not 1 <= len(text) <= 4096:
            raise web.HTTPBadRequest
        number = await self._person(request).send_text(text, reply_to=_number(asked.get("reply_to")))
        return web.json_response({"id": number})

    async def send_photo(self, request: web.Request) -> web.Response:
        caption, album = request.query.get("caption"), request.query.get("album")
        try:
            number = await self._person(request).send_photo(await request.read(), caption=caption, album=album)
        except NotAPhoto:
            raise web.HTTPUnsupportedMediaType from None
        return web.json_response({"id": number})

    async def send_file(self, request: web.Request) -> web.Response:
        number = await self._person(request).send_file(
            await request.read(),
            name=request.query.get("name") or "file",
            mime=request.query.get("mime") or "",
            caption=request.query.get("caption"),
            album=request.query.get("album"),
        )
        return web.json_response({"id": number})

    async def send_sample(self, request: web.Request) -> web.Response:
        """The drawn face, as it looks on this person's next day."""
        person = self._person(request)
        days = self._drawn.setdefault(person.user_id, [])
        picture = await asyncio.to_thread(sample_face, len(days))
        days.append(await person.send_photo(picture))
        self._world.changes.tell(person.user_id, "drawn")
        return web.json_response({"id": days[-1]})

    async def send_location(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        latitude, longitude = _degrees(asked.get("latitude"), 90), _degrees(asked.get("longitude"), 180)
        number = await self._person(request).send_location(
            latitude=latitude, longitude=longitude, reply_to=_number(asked.get("reply_to"))
        )
        return web.json_response({"id": number})

    async def send_other(self, request: web.Request) -> web.Response:
        """What no selfie is, so that its answer can be tried as well."""
        person = self._person(request)
        ways = {
            "voice": person.send_voice,
            "sticker": person.send_sticker,
            "video": person.send_video,
            "contact": person.send_contact,
        }
        send = ways.get(str((await _asked(request)).get("kind")))
        if send is None:
            raise web.HTTPBadRequest
        return web.json_response({"id": await send()})

    async def press(self, request: web.Request) -> web.Response:
        """Waits for the bot's answer to a press; 504 when there is none."""
        asked = await _asked(request)
        query = self._person(request).forge(_number(asked.get("message")) or 0, str(asked.get("data")))
        try:
            async with asyncio.timeout(_PRESS_WAIT_S):
                answer = await asyncio.shield(query.answer)
        except TimeoutError:
            raise web.HTTPGatewayTimeout from None
        return web.json_response({name: answer[name] for name in ("text", "show_alert", "url") if name in answer})

    async def launch(self, request: web.Request) -> web.Response:
        """The address that opens a Mini App of the bot's for this person, signed as Telegram signs it."""
        asked, person = await _asked(request), self._person(request)
        url, theme = str(asked.get("url")), str(asked.get("theme"))
        if urlsplit(url).hostname not in _LOOPBACK or theme not in THEMES:
            raise web.HTTPBadRequest
        data = launch_data(self._telegram.token, person.card, at=self._world.clock())
        return web.json_response({"url": launch_url(url, data, theme=theme), "themes": THEMES})

    def _person(self, request: web.Request) -> Person:
        wanted = request.match_info["person"]
        found = next((person for person in self._telegram.people if str(person.user_id) == wanted), None)
        if found is None:
            raise web.HTTPNotFound
        return found

    def _everything(self) -> Raw:
        return self._changes({0, *(person.user_id for person in self._telegram.people)})

    def _changes(self, changed: set[int]) -> Raw:
        """Chats that changed; menus and the bot's card (0) belong to all."""
        people = self._telegram.people
        chats = [self._chat(person) for person in people if 0 in changed or person.user_id in changed]
        texts = self._world.profile.descriptions
        bot: Raw = {
            "name": texts.get(("Name", "")) or self._world.me["first_name"],
            "username": self._world.me["username"],
            "photos_stay_here": self._photos_stay_here,
        }
        return {"bot": bot, "people": [person.user_id for person in people], "chats": chats}

    def _chat(self, person: Person) -> Raw:
        language = person.language_code or ""
        chat = self._world.chats[person.user_id]
        drawn = self._drawn.get(person.user_id, ())
        texts = self._world.profile.descriptions
        about = texts.get(("Description", language[:2])) or texts.get(("Description", ""), "")
        return {
            "id": person.user_id,
            "name": person.first_name,
            "language": language,
            "about": about,
            "action": person.action,
            "page": _page_of(chat.menu_button or self._world.profile.menu_button),
            "commands": commands_for(self._world.profile, chat, language),
            "keyboard": person.reply_keyboard,
            "messages": [shown(message, drawn=message.message_id in drawn) for message in person.messages],
        }


def _page_of(menu_button: Raw) -> Raw | None:
    """The button that stands beside the letters instead of the menu of commands."""
    page = menu_button.get("web_app")
    return {"text": menu_button.get("text"), "url": page["url"]} if isinstance(page, dict) else None


async def _drained(watcher: asyncio.Queue[tuple[int, str]]) -> set[int] | None:
    """The chats that changed since the last look; None when the server closes."""
    changes = [await watcher.get()]
    while not watcher.empty():
        changes.append(watcher.get_nowait())
    return None if (0, "closed") in changes else {chat_id for chat_id, _ in changes}


def _event(data: Raw) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


async def _asked(request: web.Request) -> Raw:
    try:
        asked = await request.json()
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest
    return asked


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _degrees(value: object, most: int) -> float:
    if not isinstance(value, int | float) or not -most <= value <= most:
        raise web.HTTPBadRequest
    return float(value)


def _language(asked: Raw) -> str | None:
    code = str(asked.get("language") or "").strip()[:12]
    return code if code.replace("-", "").isalnum() else None
