"""What people send, fetched from Telegram's side: no more than it announced, and never a file of this machine."""

import logging
from typing import Final
from urllib.parse import quote

from telegram import Bot
from telegram.error import BadRequest, NetworkError

from bot.telegram.errors import FileGone, FileTooBig, TooShort
from bot.telegram.wire import AiohttpRequest, ResponseTooLong

_log = logging.getLogger(__name__)

_TOO_BIG: Final = "file is too big"
_LARGEST_FILE_BYTES: Final = 20 * 1024 * 1024  # that Telegram hands to bots
_LATER: Final = (408, 429)


class TelegramFiles:
    """`wire` is opened with the bot."""

    def __init__(self, bot: Bot, wire: AiohttpRequest) -> None:
        self._bot = bot
        self._wire = wire

    async def content_of(self, file_id: str) -> bytes:
        """Asked for once. Raises FileGone, FileTooBig, TooShort, TelegramError."""
        try:
            file = await self._bot.get_file(file_id)  # links expire: a new one each time
        except BadRequest as error:
            raise (FileTooBig if _TOO_BIG in str(error).lower() else FileGone) from None
        announced = _LARGEST_FILE_BYTES if file.file_size is None else file.file_size
        if announced > _LARGEST_FILE_BYTES:
            raise FileTooBig
        try:
            status, content = await self._wire.download(self._address(file.file_path), most_bytes=announced)
        except ResponseTooLong:
            raise (FileTooBig if file.file_size is None else FileGone) from None
        if status != 200:
            raise NetworkError(f"HTTP {status}") if status >= 500 or status in _LATER else FileGone
        if file.file_size is not None and len(content) < file.file_size:
            raise TooShort(content)
        return content

    def _address(self, file_path: str | None) -> str:
        """The library takes a path that this machine has for a file of ours, and would read it. Raises FileGone."""
        path = (file_path or "").removeprefix(f"{self._bot.base_file_url}/")
        if not path or path.startswith("/"):
            _log.error("the Bot API server names a file of its own disk (--local): only what it hands out is read")
            raise FileGone
        return f"{self._bot.base_file_url}/{quote(path)}"
