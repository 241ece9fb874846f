"""What python-telegram-bot's own objects cost for one /help: the update read, the answer's call made and read."""

import asyncio
import json
import time
from typing import Final

from telegram import Bot, Update
from telegram.constants import ParseMode
from telegram.request import BaseRequest, RequestData

from tests.bench.telegram import ME, SENT, help_update

_MANY: Final = 2000
_ANSWERS: Final = {
    name: json.dumps({"ok": True, "result": result}).encode()
    for name, result in {"getMe": ME, "sendMessage": SENT}.items()
}


class _AtOnce(BaseRequest):
    """Telegram's answer without a wire."""

    @property
    def read_timeout(self) -> None:
        return None

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(  # noqa: PLR0917 - the library's interface
        self,
        url: str,
        method: str,  # noqa: ARG002 - the library's interface
        request_data: RequestData | None = None,
        read_timeout: object = None,  # noqa: ARG002 - nothing is waited for
        write_timeout: object = None,  # noqa: ARG002
        connect_timeout: object = None,  # noqa: ARG002
        pool_timeout: object = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """As the library hands it over, for whatever a wire would make of it."""
        self.fields = request_data.json_parameters if request_data else {}
        return 200, _ANSWERS[url.rpartition("/")[2]]


def cpu_ms() -> float:
    return asyncio.run(_cpu_ms())


async def _cpu_ms() -> float:
    text = json.dumps(help_update(1))
    async with Bot("12345:loopback", request=_AtOnce(), get_updates_request=_AtOnce()) as bot:
        before = time.process_time()
        for _ in range(_MANY):
            chat = Update.de_json(json.loads(text), bot).effective_chat
            if chat is None:
                raise LookupError("a /help comes from a chat")
            await bot.send_message(chat.id, "ok", parse_mode=ParseMode.HTML)
        return (time.process_time() - before) / _MANY * 1000
