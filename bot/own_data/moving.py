"""Use case: whoever moves to another Telegram account takes their data along, with a code for one hour and one use."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Final

from bot.clock import Clock
from bot.diary.experiments.giving_up import ExperimentsEnd
from bot.people.menu_button import take_away_button
from bot.people.voice import Voice
from bot.storage.people.moving import MoveRefusal, MovingRows
from bot.storage.records import PersonRecord
from bot.telegram.errors import DeliveryError
from bot.views.own_data import MoveCodeView

_log = logging.getLogger(__name__)

VALID_FOR: Final = timedelta(hours=1)
_SECRET_BYTES: Final = 16


class Moving:
    """`stop` ends what this process is doing for a person."""

    def __init__(
        self,
        *,
        rows: MovingRows,
        voice: Voice,
        experiments: ExperimentsEnd,
        stop: Callable[[int], Awaitable[None]],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._voice = voice
        self._experiments = experiments
        self._stop = stop
        self._now = now

    async def code(self, person: PersonRecord) -> MoveCodeView:
        """A new code; an earlier one works no more. Of its secret only a hash is kept."""
        secret = secrets.token_bytes(_SECRET_BYTES)
        await self._rows.allow(person.id, sha256(secret).digest(), until=self._now() + VALID_FOR)
        return MoveCodeView(code=f"m_{person.id}_{secret.hex()}", minutes=int(VALID_FOR.total_seconds() // 60))

    async def arrive(self, newcomer: PersonRecord, code: str) -> PersonRecord | MoveRefusal:
        """The newcomer's account has all of it from now on, which the old chat is told; returns who they are then."""
        person_id, _, secret = code.removeprefix("m_").partition("_")
        if not (person_id.isascii() and person_id.isdigit()) or len(person_id) > 15:
            return MoveRefusal.UNKNOWN
        try:
            digest = sha256(bytes.fromhex(secret)).digest()
        except ValueError:
            return MoveRefusal.UNKNOWN
        await self._stop(int(person_id))
        plans = await self._experiments.messages_of(int(person_id))
        was = await self._rows.move(int(person_id), digest, to=newcomer, now=self._now())
        if isinstance(was, MoveRefusal):
            return was
        await self._experiments.take_down(was, plans)
        await take_away_button(was, self._voice)
        self._experiments.wake()  # in the new chat the plan is told anew
        try:
            await self._voice.say_unkept(was.telegram_id, self._voice.locale(was), "moved_away")
        except DeliveryError:
            _log.info("somebody moved to another account; the old chat could not be told")
        return replace(was, telegram_id=newcomer.telegram_id, language_code=newcomer.language_code, menu_button=None)
