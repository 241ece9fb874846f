"""Pictures of reports for the Mini App: fetched from Telegram and drawn, in memory for minutes, never on a disk."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from bot.imaging.intake.rejection import PhotoRejected
from bot.people.voice import Voice
from bot.rendering.renderer import plain
from bot.reports.comparison import Comparisons
from bot.reports.pictures import DrawingStyle, ReportPictures
from bot.reports.reader import ReportReader
from bot.skin.card import TOLD
from bot.storage.records import PersonRecord, ReportRecord
from bot.telegram.errors import FileUnavailable
from bot.telegram.messenger import Messenger

_MOST_BYTES: Final = 32_000_000
_MINUTES: Final = 5
_AT_ONCE: Final = 4

Made = tuple[bytes, ...]
_Key = tuple[int, str]
"""Whose, and what it shows."""


@dataclass(kw_only=True)
class PictureMemory:
    """What was made lately, by whose it is; each is made once however often it is asked for meanwhile."""

    most_bytes: int = _MOST_BYTES
    seconds: float = _MINUTES * 60.0
    _kept: OrderedDict[_Key, Made] = field(default_factory=OrderedDict)
    _ends: dict[_Key, asyncio.TimerHandle] = field(default_factory=dict)
    _making: dict[_Key, asyncio.Lock] = field(default_factory=dict)
    _bytes: int = 0

    async def have(self, key: _Key, make: Callable[[], Awaitable[Made | None]]) -> Made | None:
        """None where there is none to be made; that is not remembered. Raises what `make` raises."""
        lock = self._making.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                made = self._kept.get(key)
                if made is None:
                    made = await make()
                    if made is not None:
                        self._keep(key, made)
                return made
        finally:
            if not lock.locked():
                self._making.pop(key, None)

    def forget(self, person_id: int) -> None:
        for key in [key for key in self._kept if key[0] == person_id]:
            self._drop(key)

    def clear(self) -> None:
        for key in list(self._kept):
            self._drop(key)

    @property
    def held_bytes(self) -> int:
        return self._bytes

    def _keep(self, key: _Key, made: Made) -> None:
        size = sum(map(len, made))
        if size > self.most_bytes:
            return
        while self._bytes + size > self.most_bytes:
            self._drop(next(iter(self._kept)))
        self._kept[key] = made
        self._bytes += size
        self._ends[key] = asyncio.get_running_loop().call_later(self.seconds, self._drop, key)

    def _drop(self, key: _Key) -> None:
        made = self._kept.pop(key, None)
        if made is not None:
            self._bytes -= sum(map(len, made))
            self._ends.pop(key).cancel()


class Gallery:
    """Every method gives None where Telegram has the photo no more, or the person does not permit a look at it.

    Raises TooManyPhotos, DeliveryError.
    """

    def __init__(
        self,
        *,
        pictures: ReportPictures,
        comparisons: Comparisons,
        reader: ReportReader,
        messenger: Messenger,
        voice: Voice,
        permits: Callable[[int], Awaitable[bool]],
    ) -> None:
        self._pictures = pictures
        self._comparisons = comparisons
        self._reader = reader
        self._messenger = messenger
        self._voice = voice
        self._permits = permits
        self._memory = PictureMemory()
        self._few = asyncio.Semaphore(_AT_ONCE)

    async def card(self, person: PersonRecord, report: ReportRecord, card: str = TOLD) -> bytes | None:
        """The face with what is told of it, or with another of the report's cards."""
        look = DrawingStyle.of(person, report)
        stored = report.annotated_file_id if card == TOLD and report.look == look.name else None
        if stored is None and not _has_photo(report):
            return None

        async def make() -> Made | None:
            if stored is not None:
                try:
                    return (await self._messenger.fetch(stored),)
                except FileUnavailable:
                    pass  # drawn again
            answer = self._reader.told(person, report)
            photo = await self._pictures.photo_again(report)
            return (await self._pictures.drawn(report, answer, look, photo, card),)

        return _first(await self._had(person, f"card {report.id} {look.name} {card}", make))

    async def redness(self, person: PersonRecord, report: ReportRecord) -> bytes | None:
        """None without a map of redness, too."""
        low, high = (plain(line) for line in self._voice.words(person, "redness_scale").text.split("\n"))

        async def make() -> Made | None:
            drawn = await self._pictures.redness(report, self._reader.analysis(report), (low, high))
            return None if drawn is None else (drawn,)

        return _first(await self._had(person, f"redness {report.id} {low} {high}", make))

    async def photo(self, person: PersonRecord, report: ReportRecord) -> bytes | None:
        """As it was sent, upright and clean, with nothing drawn on it."""
        if not _has_photo(report):
            return None

        async def make() -> Made | None:
            return ((await self._pictures.photo_again(report)).jpeg,)

        return _first(await self._had(person, f"photo {report.id}", make))

    async def aligned(self, person: PersonRecord, before: ReportRecord, after: ReportRecord) -> Made | None:
        """Two photos of one size, eye on eye."""
        if not (_has_photo(before) and _has_photo(after)):
            return None
        numbers = before.number, after.number
        return await self._had(
            person, f"aligned {before.id} {after.id}", lambda: self._comparisons.aligned(person, *numbers)
        )

    def forget(self, person: PersonRecord) -> None:
        """What was shown of them is kept no longer, not even for the minutes that it would be."""
        self._memory.forget(person.id)

    def close(self) -> None:
        self._memory.clear()

    async def _had(self, person: PersonRecord, what: str, make: Callable[[], Awaitable[Made | None]]) -> Made | None:
        if not await self._permits(person.id):
            return None
        async with self._few:
            try:
                return await self._memory.have((person.id, what), make)
            except (FileUnavailable, PhotoRejected):
                return None


def _has_photo(report: ReportRecord) -> bool:
    """Or else its person had their pictures deleted: not even what is in memory is shown then."""
    return bool(report.photos[report.chosen or 0].file_id)


def _first(made: Made | None) -> bytes | None:
    return None if made is None else made[0]
