"""When the bot may speak: one limit per chat and one over all, and silence where Telegram asked for it.

A chat or everybody is one number each: the time from which it owes nothing any more (the generic cell rate
algorithm). Chats that owe nothing are forgotten.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

from bot.jobs.slots import PATIENCE_SECONDS, patience, standing_aside

_SWEEP_EVERY: Final = 4096  # turns; between two sweeps no more chats than that can be remembered for nothing
_SAME_MOMENT_SECONDS: Final = 5.0
_CHATS_THAT_MEAN_ALL: Final = 3
_FIRST_SILENCE_SECONDS: Final = 2.0  # of everybody; it doubles for as long as nobody gets through, up to the longest
_LONGEST_SILENCE_SECONDS: Final = 5.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
_EARLY_SECONDS: Final = 0.005  # a sleep may end so much early


class ToldToWait(Exception):
    """Telegram asked for a longer silence than is worth waiting for here: in `seconds` it will do."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many a second, and so many at once after a silence."""

    per_second: float
    burst: int

    @property
    def interval(self) -> float:
        return 1.0 / self.per_second

    def starts(self, owes_until: float, now: float) -> float:
        return max(now, owes_until - (self.burst - 1) * self.interval)

    def owing(self, start: float) -> float:
        """What makes the next one start then."""
        return start + (self.burst - 1) * self.interval


# Telegram's own figures: about 1 message a second in a chat, about 30 a second over all; bursts are borne.
CHAT: Final = Rate(per_second=1.0, burst=5)
OVERALL_PER_SECOND: Final = 25
OVERALL_BURST: Final = 5


class Pace:
    """Times are the event loop's, in seconds."""

    def __init__(self, *, per_second: float = OVERALL_PER_SECOND, chat: Rate = CHAT) -> None:
        self._chat = chat
        self._overall = Rate(per_second=per_second, burst=OVERALL_BURST)
        self._chats: dict[int, float] = {}
        self._all = 0.0
        self._paused_chats: dict[int, float] = {}
        self._paused_all = 0.0
        self._silence = 0.0  # how long everybody was silent the last time, 0 since somebody got through
        self._refusals: deque[tuple[float, int]] = deque(maxlen=64)
        self._turns = 0

    @property
    def remembered(self) -> int:
        """How many chats owe something."""
        return len(self._chats.keys() | self._paused_chats.keys())

    async def turn(self, chat_id: int) -> None:
        """Return when something may be sent to this chat; first come, first served. Raises ToldToWait.

        Who has to wait stands aside, and work that can be done another time does not wait at all: a chat that is told
        to be silent keeps nobody else from work.
        """
        self._sweep_sometimes()
        paused = True
        while paused:  # a pause may have begun while this turn was waited for: then another one is booked, after it
            pause = self._pause(chat_id)
            if pause > patience(_LONGEST_PAUSE_SECONDS):
                raise ToldToWait(pause)
            await self._until(self._book_chat(chat_id))
            await self._until(self._book_overall())
            paused = self._pause(chat_id) > _EARLY_SECONDS

    async def lull(self, chat_id: int) -> None:
        """As `turn`, for what may be left out: it goes when nobody else would have to wait for it, however long."""
        while (wait := self._wait(chat_id)) > 0:  # others may book meanwhile  # noqa: ASYNC110 - time passes, nothing rings
            await asyncio.sleep(max(wait, 0.02))
        self._book_chat(chat_id)
        self._book_overall()

    async def patient_lull(self, chat_id: int) -> None:
        """As `lull`, for what can be said another time. Raises ToldToWait when that chat is to be silent for longer."""
        pause = self._paused_chats.get(chat_id, 0.0) - _now()
        if pause > PATIENCE_SECONDS:
            raise ToldToWait(pause)
        await self.lull(chat_id)

    def refused(self, chat_id: int, seconds: float, *, began: float) -> bool:
        """Telegram wants silence for so long: in this chat, or everywhere, which is what the result says.

        It does not tell which. Several chats refused within a moment, and nobody who gets through, may mean everybody:
        then all are silent for a little, and longer each time that the next one who tries is refused as well. So the
        waits of strangers never silence the others for long. `began`: when what was refused was sent.
        """
        now = _now()
        self._paused_chats[chat_id] = max(self._paused_chats.get(chat_id, 0.0), now + seconds)
        self._chats[chat_id] = self._chat.owing(self._paused_chats[chat_id])
        if began < self._paused_all:
            return False  # sent before all fell silent: it says nothing new
        self._refusals.append((now, chat_id))
        lately = {chat for at, chat in self._refusals if now - at < _SAME_MOMENT_SECONDS}
        everywhere = self._silence > 0 or len(lately) >= _CHATS_THAT_MEAN_ALL
        if everywhere:
            self._silence = min(seconds, max(2 * self._silence, _FIRST_SILENCE_SECONDS), _LONGEST_SILENCE_SECONDS)
            self._paused_all = max(self._paused_all, now + self._silence)
            self._all = max(self._all, self._overall.owing(self._paused_all))
        return everywhere

    def accepted(self, *, began: float) -> None:
        """Telegram took what was sent at `began`: so whoever was refused before that was refused alone."""
        if self._refusals and began > self._refusals[0][0]:
            self._refusals.clear()
            self._silence = 0.0

    def _book_chat(self, chat_id: int) -> float:
        owes_until, now = self._chats.get(chat_id, 0.0), _now()
        start = self._chat.starts(owes_until, now)
        self._chats[chat_id] = max(owes_until, start) + self._chat.interval
        return start

    def _book_overall(self) -> float:
        start = self._overall.starts(self._all, _now())
        self._all = max(self._all, start) + self._overall.interval
        return start

    def _wait(self, chat_id: int) -> float:
        now = _now()
        booked = (
            self._chat.starts(self._chats.get(chat_id, 0.0), now),
            self._overall.starts(self._all, now),
        )
        return max(max(booked) - now, self._pause(chat_id))

    def _pause(self, chat_id: int) -> float:
        return max(self._paused_all, self._paused_chats.get(chat_id, 0.0)) - _now()

    async def _until(self, start: float) -> None:
        wait = start - _now()
        if wait > 0:
            async with standing_aside():
                await asyncio.sleep(wait)

    def _sweep_sometimes(self) -> None:
        self._turns += 1
        if self._turns % _SWEEP_EVERY == 0:
            now = _now()
            self._chats = {chat: until for chat, until in self._chats.items() if until > now}
            self._paused_chats = {chat: until for chat, until in self._paused_chats.items() if until > now}


def _now() -> float:
    return asyncio.get_running_loop().time()
