"""A Bot API server that is not Telegram, or a network that lies: what it sends is bounded and stays outside."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError, TimedOut

from bot.rendering.renderer import Rendered
from bot.telegram.errors import DeliveryError, FileGone, FileTooBig
from bot.telegram.files import TelegramFiles
from bot.telegram.messenger import Messenger, Shown
from bot.telegram.wire import AiohttpRequest

MB = 1_000_000


@dataclass(kw_only=True)
class Liar:
    """`file` is what getFile answers, `body` how many bytes follow, `sent` how many were taken."""

    url: str = ""
    file: dict[str, object] = field(default_factory=dict)
    body: int = 10
    status: int = 200
    trickles: bool = False
    answer: bytes = b""
    downloads: list[str] = field(default_factory=list)
    sent: int = 0

    async def on_call(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/getFile"):
            return web.json_response({"ok": True, "result": {"file_id": "f", "file_unique_id": "u", **self.file}})
        return web.Response(body=self.answer, content_type="application/json")

    async def on_download(self, request: web.Request) -> web.StreamResponse:
        self.downloads.append(request.path.partition("/bot1:a/")[2])
        answer = web.StreamResponse(status=self.status, headers={"Location": "/elsewhere"})
        await answer.prepare(request)
        while self.sent < self.body:
            piece = b"x" if self.trickles else b"x" * min(MB, self.body - self.sent)
            try:
                await answer.write(piece)
            except ConnectionError:
                break
            self.sent += len(piece)
            await asyncio.sleep(0.05 if self.trickles else 0)
        return answer


@pytest.fixture
async def liar() -> AsyncIterator[Liar]:
    liar, app = Liar(), web.Application()
    app.router.add_get("/file/{path:.*}", liar.on_download)
    app.router.add_get("/elsewhere", liar.on_download)
    app.router.add_post("/{path:.*}", liar.on_call)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    liar.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield liar
    await runner.cleanup()


@pytest.fixture
async def wire() -> AsyncIterator[AiohttpRequest]:
    wire = AiohttpRequest(rest_s=0.5)
    await wire.initialize()
    yield wire
    await wire.shutdown()


def bot_of(liar: Liar, wire: AiohttpRequest) -> Bot:
    return Bot("1:a", base_url=f"{liar.url}/bot", base_file_url=f"{liar.url}/file/bot", request=wire)


@pytest.fixture
def messenger(liar: Liar, wire: AiohttpRequest) -> Messenger:
    bot = bot_of(liar, wire)
    return Messenger(bot, TelegramFiles(bot, wire))


async def test_no_more_is_read_than_was_announced(liar: Liar, messenger: Messenger) -> None:
    """1.5 GB under the name of a photo of 1,000 bytes: the line is cut."""
    liar.file, liar.body = {"file_path": "photos/a.jpg", "file_size": 1000}, 1500 * MB
    with pytest.raises(FileGone):
        await messenger.fetch("f")
    assert liar.sent < 20 * MB  # what the system's own buffers took


async def test_what_was_not_announced_has_telegrams_own_bound(liar: Liar, messenger: Messenger) -> None:
    """20 MB, whether a length was told or not."""
    liar.file, liar.body = {"file_path": "photos/a.jpg"}, 1500 * MB
    with pytest.raises(FileTooBig):
        await messenger.fetch("f")
    assert liar.sent < 60 * MB
    liar.file = {"file_path": "photos/a.jpg", "file_size": 1500 * MB}
    liar.downloads.clear()
    with pytest.raises(FileTooBig):
        await messenger.fetch("f")
    assert liar.downloads == []


async def test_a_file_of_this_machine_is_never_read(
    liar: Liar, messenger: Messenger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by its whole path nor by one from where the bot was started; the server's own file is fetched."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.jpg").write_bytes(b"ours")
    liar.file = {"file_path": str(tmp_path / "data" / "secret.jpg")}
    with pytest.raises(FileGone):
        await messenger.fetch("f")
    assert liar.downloads == []
    liar.file = {"file_path": "data/secret.jpg"}
    assert await messenger.fetch("f") == b"x" * 10
    assert liar.downloads == ["data/secret.jpg"]


async def test_no_redirect_is_followed(liar: Liar, messenger: Messenger) -> None:
    liar.file, liar.status = {"file_path": "photos/a.jpg"}, 302
    with pytest.raises(FileGone):
        await messenger.fetch("f")
    assert liar.downloads == ["photos/a.jpg"]


async def test_a_download_ends_however_slowly_it_goes(liar: Liar, wire: AiohttpRequest) -> None:
    """A byte now and then keeps a socket alive, and yet all of it has a deadline."""
    liar.body, liar.trickles = 10_000, True
    with pytest.raises(TimedOut):
        async with asyncio.timeout(20):
            await wire.do_request(f"{liar.url}/file/bot1:a/x", "GET", read_timeout=0.5)


@pytest.mark.parametrize(
    "answer",
    [
        b'{"ok": true, "result": "' + b"x" * 20 * MB + b'"}',
        b'{"ok": true, "result": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[]",
    ],
    ids=["20 MB", "brackets", "no object"],
)
async def test_an_answer_that_is_none_is_telegrams_error(liar: Liar, wire: AiohttpRequest, answer: bytes) -> None:
    """What every caller knows how to wait out."""
    liar.answer = answer
    with pytest.raises(TelegramError):
        await bot_of(liar, wire).get_me()


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (
            b'{"message_id": 7, "photo": [{"file_id": "s"}, {"file_id": "f", "file_unique_id": "u"}]}',
            Shown(message_id=7, file_id="f", unique_id="u"),
        ),
        (b"true", None),
    ],
)
async def test_of_what_is_shown_the_largest_picture_is_read(
    liar: Liar, messenger: Messenger, result: bytes, shown: Shown | None
) -> None:
    """And nothing of a message that Telegram answers with a bare yes."""
    liar.answer = b'{"ok": true, "result": ' + result + b"}"
    assert await messenger.become_picture(1, 7, b"a picture", Rendered(text="a report")) == shown


@pytest.mark.parametrize("result", [b"true", b"[]", b'{"message_id": "7"}'])
async def test_a_message_that_did_not_come_back_is_no_message(liar: Liar, messenger: Messenger, result: bytes) -> None:
    liar.answer = b'{"ok": true, "result": ' + result + b"}"
    with pytest.raises(DeliveryError):
        await messenger.say(1, Rendered(text="hello"))
