"""One person is told a notice to all: once, when nobody else has to wait for it, and not who is not let in any more."""

import asyncio
from typing import Final

from bot.clock import Clock
from bot.observability.metrics import Metrics
from bot.operations.informing import NoticeOutcome
from bot.people.admission import Admission
from bot.people.voice import Voice
from bot.storage.people.notices import NoticeRows, ToldOutcome
from bot.storage.records import PersonRecord
from bot.telegram.errors import DeliveryError, Unreachable
from bot.telegram.messenger import Messenger
from bot.views.operator import NoticeView

_LOOK_AGAIN_SECONDS: Final = 5.0
_FINISH_SECONDS: Final = 5.0


class Telling:
    def __init__(
        self,
        *,
        rows: NoticeRows,
        messenger: Messenger,
        voice: Voice,
        admission: Admission,
        metrics: Metrics,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._messenger = messenger
        self._voice = voice
        self._admission = admission
        self._metrics = metrics
        self._now = now

    async def one(self, person: PersonRecord, key: bytes, notice: NoticeView) -> NoticeOutcome:
        """SILENT: they are to be told later. Cancelled, it ends when they are told, as a rule.

        Raises DatabaseUnavailable.
        """
        if await self._admission.turns_away(person.telegram_id) is not None:
            return NoticeOutcome.REFUSED
        try:
            await self._messenger.lull(person.telegram_id)
        except DeliveryError:
            return NoticeOutcome.SILENT
        telling = asyncio.ensure_future(self._told(person, key, notice))
        try:
            outcome = await asyncio.shield(telling)
        except asyncio.CancelledError:
            await asyncio.wait([telling], timeout=_FINISH_SECONDS)  # whom nobody can tell of then is doubtful
            raise
        if outcome in {NoticeOutcome.SILENT, NoticeOutcome.DOUBTFUL}:
            while not await self._messenger.answers():  # nothing rings when it is back  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return outcome

    async def _told(self, person: PersonRecord, key: bytes, notice: NoticeView) -> NoticeOutcome:
        if not await self._rows.begin(key, person.id, now=self._now()):
            return NoticeOutcome.EARLIER
        try:
            await self._voice.say_in_lull(person, notice)
        except DeliveryError as error:
            return await self._not_told(person, key, error)
        await self._rows.settle(key, person.id, ToldOutcome.TOLD)
        self._metrics.notice(ToldOutcome.TOLD)
        return NoticeOutcome.TOLD

    async def _not_told(self, person: PersonRecord, key: bytes, error: DeliveryError) -> NoticeOutcome:
        """Where Telegram gave no answer the row stays as it is: nobody can tell."""
        if error.permanent:
            outcome = ToldOutcome.UNREACHABLE if isinstance(error, Unreachable) else ToldOutcome.REFUSED
            await self._rows.settle(key, person.id, outcome)
            self._metrics.notice(outcome)
            return NoticeOutcome(outcome.value)
        if error.unsent:
            await self._rows.undo(key, person.id)
            return NoticeOutcome.SILENT
        self._metrics.notice(NoticeOutcome.DOUBTFUL.value)
        return NoticeOutcome.DOUBTFUL
