"""The last line: what no journey foresaw is logged without personal data, and the person gets a kind answer."""

import logging
from dataclasses import dataclass

from telegram import Update

from bot.storage.records import PersonGone
from bot.telegram.errors import DeliveryError
from handlers.turn import Context, Hearing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ErrorHandlers:
    hearing: Hearing

    async def on_error(self, update: object, context: Context) -> None:
        error = context.error
        if isinstance(error, DeliveryError):
            _log.warning("an answer could not be delivered (permanent: %s)", error.permanent)
            return
        if isinstance(error, PersonGone):
            return  # erased while it went on: nobody is told anything
        _log.error("a journey failed", exc_info=error)
        if not isinstance(update, Update) or update.effective_user is None:
            return
        try:
            await self.hearing.answer(update, "something_wrong")
        except Exception:  # noqa: BLE001 - the very last line: nothing may come out of it
            _log.exception("the apology failed too")
