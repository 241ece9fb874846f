"""What is said, sent by the Bot API's own names.

python-telegram-bot makes a whole message of each answer: three times the work of the rest of a call. Of what the bot
said itself it reads a number, and under which id a picture is kept.
"""

import warnings
from dataclasses import dataclass

from telegram import Bot
from telegram.error import TelegramError
from telegram.warnings import PTBUserWarning


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message that the bot sent or changed. `file_id`, `unique_id`: of the largest picture in it, or of its file."""

    message_id: int
    file_id: str | None = None
    unique_id: str | None = None


class Calls:
    """The library's requests, errors and retries are the same as with its own methods."""

    def __init__(self, bot: Bot) -> None:
        warnings.filterwarnings("ignore", "Please use 'Bot.", PTBUserWarning)
        self._bot = bot

    async def sent(self, method: str, **fields: object) -> Sent | None:
        """One call; None where Telegram answers with a bare yes. Fields that are None are left out.

        Raises TelegramError.
        """
        return _sent(await self._bot.do_api_request(method, api_kwargs=fields))

    async def done(self, method: str, **fields: object) -> None:
        """One call whose answer says nothing. Raises TelegramError."""
        await self._bot.do_api_request(method, api_kwargs=fields)


def _sent(answer: object) -> Sent | None:
    """Raises TelegramError for what is no message."""
    match answer:
        case {
            "message_id": int(message_id),
            "photo": [*_, {"file_id": str(file_id), "file_unique_id": str(unique_id)}],
        }:
            return Sent(message_id=message_id, file_id=file_id, unique_id=unique_id)
        case {"message_id": int(message_id), "document": {"file_id": str(file_id), "file_unique_id": str(unique_id)}}:
            return Sent(message_id=message_id, file_id=file_id, unique_id=unique_id)
        case {"message_id": int(message_id)}:
            return Sent(message_id=message_id)
        case True:
            return None
        case _:
            raise TelegramError("Invalid server response")
