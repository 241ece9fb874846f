"""An operator's own words to one person or to everybody: once each, slowly, and going on where it was stopped."""

import asyncio
import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from hashlib import sha256
from typing import Final

from bot.clock import Clock
from bot.people.voice import Voice
from bot.rendering.renderer import SOURCE_LOCALE, Rendered
from bot.storage.people.notices import NoticeRows, ToldOutcome
from bot.storage.records import PersonRecord
from bot.telegram.errors import DeliveryError, Unreachable
from bot.telegram.messenger import Messenger

_BEFORE_ALL: Final = 0
_LOOK_AGAIN_SECONDS: Final = 5.0


class NoticeOutcome(Enum):
    """`DOUBTFUL`: Telegram gave no answer; it may have arrived. `EARLIER`: another run has told them, or tries to."""

    TOLD = "told"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SILENT = "silent"
    DOUBTFUL = "doubtful"
    EARLIER = "earlier"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Words by language; English (or whatever stands there) is for everybody who has none of their own."""

    texts: Mapping[str, str]

    @property
    def key(self) -> bytes:
        return sha256(json.dumps(dict(self.texts), sort_keys=True).encode()).digest()

    def words(self, locale: str) -> Rendered:
        return Rendered(text=html.escape(self.texts.get(locale, self.texts[SOURCE_LOCALE]), quote=False))


@dataclass(frozen=True, kw_only=True)
class NoticeCounts:
    """How a run went, in people. `refused`: Telegram took it for another reason not, and would not for all."""

    told: int = 0
    unreachable: int = 0
    refused: int = 0
    doubtful: int = 0

    def with_one(self, outcome: NoticeOutcome) -> "NoticeCounts":
        match outcome:
            case NoticeOutcome.TOLD:
                return replace(self, told=self.told + 1)
            case NoticeOutcome.UNREACHABLE:
                return replace(self, unreachable=self.unreachable + 1)
            case NoticeOutcome.REFUSED:
                return replace(self, refused=self.refused + 1)
            case NoticeOutcome.DOUBTFUL:
                return replace(self, doubtful=self.doubtful + 1)
        return self


class Informing:
    def __init__(self, *, rows: NoticeRows, messenger: Messenger, voice: Voice, now: Clock) -> None:
        self._rows = rows
        self._messenger = messenger
        self._voice = voice
        self._now = now

    async def everybody(self, notice: Notice, on_progress: Callable[[NoticeCounts], None]) -> NoticeCounts:
        """Cancelled, it ends after who is being told. Raises DatabaseUnavailable."""
        so_far, after = NoticeCounts(), _BEFORE_ALL
        while True:
            last, people = await self._rows.still_to_tell(notice.key, after=after)
            if last is None:
                return so_far
            for person in people:
                so_far = so_far.with_one(await self.one_patiently(person, notice))
                on_progress(so_far)
            after = last

    async def one_patiently(self, person: PersonRecord, notice: Notice) -> NoticeOutcome:
        """While Telegram is away nobody else is begun, and who certainly heard nothing is told when it is back."""
        while True:
            telling = asyncio.ensure_future(self.one(person, notice))
            try:
                outcome = await asyncio.shield(telling)
            except asyncio.CancelledError:
                await telling
                raise
            if outcome not in {NoticeOutcome.SILENT, NoticeOutcome.DOUBTFUL}:
                return outcome
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            while not await self._messenger.answers():  # nothing rings when it is back  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            if outcome is NoticeOutcome.DOUBTFUL:
                return outcome

    async def one(self, person: PersonRecord, notice: Notice) -> NoticeOutcome:
        """Unless they were told before. Raises DatabaseUnavailable."""
        if not await self._rows.begin(notice.key, person.id, now=self._now()):
            return NoticeOutcome.EARLIER
        try:
            await self._voice.say_words(person, notice.words(self._voice.locale(person)))
        except DeliveryError as error:
            if error.unsent:
                await self._rows.undo(notice.key, person.id)
            return _outcome_of(error)
        await self._rows.settle(notice.key, person.id, ToldOutcome.TOLD)
        return NoticeOutcome.TOLD


def _outcome_of(error: DeliveryError) -> NoticeOutcome:
    if isinstance(error, Unreachable):
        return NoticeOutcome.UNREACHABLE
    if error.permanent:
        return NoticeOutcome.REFUSED
    return NoticeOutcome.SILENT if error.unsent else NoticeOutcome.DOUBTFUL
