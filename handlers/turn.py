"""One turn for one update: whose it is, what they tapped or typed, and how they are answered in their language."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVarTuple

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.observability.logs import note
from bot.people.consent import People
from bot.people.menu_button import MenuButton
from bot.people.voice import Voice
from bot.reports.charts import Screen
from bot.storage.records import PersonRecord
from bot.telegram.errors import NotDelivered
from bot.views import View, named, taps
from bot.views.taps import Tap

Context = ContextTypes.DEFAULT_TYPE
Handle = Callable[[Update, Context], Coroutine[Any, Any, None]]

_Values = TypeVarTuple("_Values")

_OF_FACES: Final = frozenset({"comparison", "experiment_side"})  # screens that show one


@dataclass(frozen=True, kw_only=True)
class Turn:
    """`words`: what stands after a command. `tapped`: our message under the button, while Telegram still knows it."""

    person: PersonRecord
    voice: Voice
    words: tuple[str, ...] = ()
    tapped: Message | None = None

    async def say(self, what: str | View, view: object | None = None) -> None:
        """A new message, by its name or by a view that names it. Raises DeliveryError."""
        await self.voice.say(self.person, what, view)

    async def show(self, what: str | View, view: object | None = None) -> None:
        """The tapped text becomes this; a picture is left alone, and a new message says it. Raises DeliveryError."""
        name, shown = named(what, view)
        await self.show_screen(Screen(name=name, view=shown))

    async def say_screen(self, screen: Screen) -> None:
        """As `say`, with a picture or without."""
        if screen.picture is None:
            await self.say(screen.name, screen.view)
        else:
            await self.voice.show(
                self.person, screen.picture, screen.name, screen.view, of_face=screen.name in _OF_FACES
            )

    async def show_screen(self, screen: Screen) -> None:
        """As `show`, as far as Telegram turns the one into the other."""
        if self.tapped is not None:
            try:
                if await self._turned(self.tapped, screen):
                    return
            except NotDelivered:
                pass  # too old to edit: say it anew
        await self.say_screen(screen)

    async def _turned(self, message: Message, screen: Screen) -> bool:
        """False for a picture that would have to become a text of its own."""
        place = (self.person, message.message_id)
        if screen.picture is not None:
            await self.voice.turn_picture(*place, screen.picture, screen.name, screen.view)
        elif message.text is not None:
            await self.voice.revise(*place, screen.name, screen.view)
        elif screen.name == "compare_choice":
            await self.voice.turn_caption(*place, screen.name, screen.view)
        else:
            return False
        return True


OnTurn = Callable[[Turn], Awaitable[None]]
OnMessage = Callable[[Turn, Message], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class TapRoute:
    """What is done for one kind of button. `work` gives None for the data of any other."""

    tap: Tap[*tuple[Any, ...]]
    work: Callable[[Turn, str], Awaitable[None] | None]


def on(tap: Tap[*_Values], handle: Callable[[Turn, *_Values], Awaitable[None]]) -> TapRoute:
    """Buttons of that kind, with the values that they carry."""

    def work(turn: Turn, data: str) -> Awaitable[None] | None:
        values = tap.read(data)
        return None if values is None else handle(turn, *values)

    return TapRoute(tap=tap, work=work)


def complete(routes: Sequence[TapRoute]) -> Sequence[TapRoute]:
    """The same routes. Raises LookupError when a kind of button has none: it would be dead on people's screens."""
    routed = {route.tap for route in routes}
    unrouted = [name for name, tap in taps.EVERY.items() if tap not in routed]
    if unrouted:
        raise LookupError(f"no route for buttons: {', '.join(unrouted)}")
    return routes


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Everybody is met here, once for each update. `welcome_back`: for who could not be reached for a while.

    `menu_button`: what stands beside the letters of their chat.
    """

    people: People
    voice: Voice
    welcome_back: Callable[[PersonRecord], Awaitable[None]]
    menu_button: MenuButton

    @asynccontextmanager
    async def of(self, update: Update, words: Sequence[str] = ()) -> AsyncIterator[Turn]:
        """That their message was heard is noted while they are answered."""
        user = update.effective_user
        if user is None:
            raise ValueError("an update of a private chat has a person")
        person = await self.people.meet(user.id, user.language_code)
        note(person=person.id)
        under = update.callback_query.message if update.callback_query else None
        tapped = under if isinstance(under, Message) else None
        message = update.message
        heard = asyncio.create_task(self.voice.heard(person, message.message_id)) if message is not None else None
        try:
            if person.came_back:
                await self.welcome_back(person)
            yield Turn(person=person, voice=self.voice, words=tuple(words), tapped=tapped)
            await self.menu_button.keep(person)
        finally:
            if heard is not None:
                await heard

    def at_command(self, handle: OnTurn) -> Handle:
        async def on_command(update: Update, context: Context) -> None:
            async with self.of(update, context.args or ()) as turn:
                await handle(turn)

        return on_command

    def at_message(self, handle: OnMessage) -> Handle:
        """A new message, or one that its person changed."""

        async def on_message(update: Update, _: Context) -> None:
            message = update.message or update.edited_message
            if message is None:
                raise ValueError("this route is for messages")
            async with self.of(update) as turn:
                await handle(turn, message)

        return on_message

    def at_tap(self, routes: Sequence[TapRoute], otherwise: OnTurn) -> Handle:
        """A tap is acknowledged before its work begins."""

        async def on_tap(update: Update, _: Context) -> None:
            query = query_of(update)
            await acknowledge(query)
            async with self.of(update) as turn:
                works = (route.work(turn, query.data or "") for route in routes)
                await (next((work for work in works if work is not None), None) or otherwise(turn))

        return on_tap


def query_of(update: Update) -> CallbackQuery:
    if update.callback_query is None:
        raise ValueError("this route is for taps")
    return update.callback_query


async def acknowledge(query: CallbackQuery) -> None:
    """Stop the button's spinner; one that is too old to be answered is no trouble."""
    try:
        await query.answer()
    except TelegramError:
        return  # the tap's effect matters more than its spinner
