"""What python-telegram-bot wants to say arrives at a server as it was meant, whatever a person wrote."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Bot

from bot.telegram.wire import AiohttpRequest

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)  # no lone surrogates: no UTF-8 holds them


class Server:
    """Keeps the form that it was sent last."""

    def __init__(self) -> None:
        self.url = ""
        self.form: dict[str, object] = {}

    async def on_call(self, request: web.Request) -> web.Response:
        self.form = dict(await request.post())
        return web.json_response({"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "x"}}})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    serving, app = Server(), web.Application()
    app.router.add_post("/{path:.*}", serving.on_call)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    serving.url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    yield serving
    await runner.cleanup()


async def test_texts_arrive_as_they_were_written(server: Server) -> None:
    bot = Bot("1:a", base_url=server.url, request=AiohttpRequest())
    request = bot.request
    await request.initialize()

    async def arrives(text: str) -> None:
        await bot.send_message(7, text)
        assert server.form == {"chat_id": "7", "text": text}

    for text in ("a+b c&d=e;f#g?h/%41%", "\r\n\t\x00", "é 漢字 🧴 ﷽", "'\"<b>&amp;</b>"):
        await arrives(text)
    for text in _examples():
        await arrives(text)
    await bot.send_message(7, "half \ud83d a character")
    assert server.form["text"] == "half  a character"
    await bot.send_document(7, b"a file", caption="half \ud83d a character")
    assert server.form["caption"] == "half  a character"
    await request.shutdown()


def _examples() -> list[str]:
    found: list[str] = []

    @settings(max_examples=200, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_TEXTS)
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found
