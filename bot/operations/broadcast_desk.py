"""Use case: an admin writes a notice to everybody, sees it as people will, sends it, looks how far it is, stops it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.config import Config
from bot.operations.broadcast_sending import BroadcastFigures, notice_view, pace_of
from bot.people.written import whole
from bot.rendering.renderer import TEXT_LIMIT, Renderer, units, visible_length
from bot.storage.broadcasts import BroadcastRows, BroadcastState
from bot.storage.records import PersonRecord
from bot.views import View
from bot.views.operator import NoticeDraftView, NoticeProgressView, NoticeQuestionView

_ASKED_FOR: Final = timedelta(hours=1)


class BroadcastDesk:
    """`wake` says that one is to be sent. Every method raises DatabaseUnavailable."""

    def __init__(
        self,
        *,
        rows: BroadcastRows,
        figures: BroadcastFigures,
        renderer: Renderer,
        config: Config,
        wake: Callable[[], None],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._figures = figures
        self._renderer = renderer
        self._config = config
        self._wake = wake
        self._now = now

    async def opened(self, admin: PersonRecord) -> NoticeProgressView | NoticeQuestionView:
        """How far the one is that is going out; or asks for the words of a new one. Raises PersonGone."""
        going = await self._rows.sending()
        return await self._figures.of(going[0]) if going else await self.anew(admin)

    async def anew(self, admin: PersonRecord) -> NoticeQuestionView:
        """Their next text is a notice. Raises PersonGone."""
        await self._rows.ask(admin.id, now=self._now())
        return NoticeQuestionView(room=self._room())

    async def awaits(self, admin: PersonRecord) -> bool:
        now = self._now()
        return await self._rows.is_asked(admin.id, since=now - _ASKED_FOR, now=now)

    async def written(self, admin: PersonRecord, text: str) -> Sequence[View]:
        """What they are shown now: the notice and a question; or why it is none. Raises PersonGone."""
        words, room = whole(text), self._room()
        if not words:
            return (NoticeQuestionView(room=room, empty=True),)
        if units(words) > room:  # the rest of a long text comes as another message, which is no notice of its own
            await self._rows.drop(admin.id)
            return (NoticeQuestionView(room=room, over=units(words) - room),)
        now = self._now()
        draft = await self._rows.write(admin.id, words, since=now - _ASKED_FOR, now=now)
        if draft is None:
            return ()
        people = await self._rows.reach()
        question = NoticeDraftView(
            number=draft.id,
            people=people,
            seconds=round(people / pace_of(self._config)),
            follows=bool(await self._rows.sending()),
        )
        return (notice_view(words, self._config), question)

    async def drop(self, admin: PersonRecord) -> bool:
        """What they were asked for, or wrote and did not send."""
        return await self._rows.drop(admin.id)

    async def send(self, admin: PersonRecord, number: int, *, message_id: int | None) -> NoticeProgressView | None:
        """Once, however often it is tapped; None for one that is theirs no more. `message_id`: tells of it from now."""
        if await self._rows.begin(admin.id, number, message_id=message_id, now=self._now()):
            self._wake()
        return await self.look(number)

    async def look(self, number: int) -> NoticeProgressView | None:
        """None for one that nobody sent."""
        record = await self._rows.begun(number)
        return None if record is None else await self._figures.of(record)

    async def stop(self, number: int) -> NoticeProgressView | None:
        """Nobody is told any more, but for one who is being told just now."""
        await self._rows.end(number, BroadcastState.STOPPED, now=self._now())
        return await self.look(number)

    def _room(self) -> int:
        """What a message has room for beside the lines around the words, in any language."""
        frames = (self._renderer.render(notice_view("", self._config), locale) for locale in self._renderer.locales)
        return TEXT_LIMIT - max(visible_length(frame.text) for frame in frames)
