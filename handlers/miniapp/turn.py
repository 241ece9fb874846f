"""A turn whose answers stand on the page instead of in the chat: the chat's journeys serve the Mini App as they are."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.rendering.renderer import Button, Rendered
from bot.reports.charts import Screen
from bot.storage.records import PersonRecord
from bot.views import View, named, taps
from bot.views.miniapp import PageButton, PageScreen
from handlers.turn import TapRoute, Turn

_SWITCHES: Final = {"✅ ": True, "⬜ ": False}
_UNTRUE: Final = "✖️ "  # of a finding that is called none of theirs
_LED_TO: Final = (taps.report, taps.history, taps.progress, taps.compare)  # screens that the page has of its own


@dataclass(frozen=True, kw_only=True)
class PageTurn(Turn):
    """`said`: what stands on the page in the end, in the language that was the person's by then."""

    said: list[tuple[PersonRecord, Screen]] = field(default_factory=list)

    async def say(self, what: str | View, view: object | None = None) -> None:
        name, shown = named(what, view)
        self.said.append((self.person, Screen(name=name, view=shown)))

    async def say_screen(self, screen: Screen) -> None:
        self.said.append((self.person, screen))

    async def show_screen(self, screen: Screen) -> None:
        self.said.append((self.person, screen))

    def screens(self, routes: Sequence[TapRoute]) -> tuple[PageScreen, ...]:
        return tuple(
            page_screen(screen.name, self.voice.words(person, screen.name, screen.view), routes, screen.picture)
            for person, screen in self.said
        )


def page_screen(name: str, words: Rendered, routes: Sequence[TapRoute], picture: bytes | None = None) -> PageScreen:
    """A message of the chat; buttons that do nothing on the page are left out."""
    drawn = None if picture is None else base64.b64encode(picture).decode()
    return PageScreen(name=name, html=words.text, rows=page_rows(words.rows, routes), picture=drawn)


def page_rows(rows: Iterable[Iterable[Button]], routes: Sequence[TapRoute]) -> tuple[tuple[PageButton, ...], ...]:
    known = {route.tap for route in routes}.union(_LED_TO)
    kept = (
        tuple(_button(button) for button in row if any(tap.read(button.data) is not None for tap in known))
        for row in rows
    )
    return tuple(row for row in kept if row)


def _button(button: Button) -> PageButton:
    marks = {**_SWITCHES, _UNTRUE: True} if taps.dispute_finding.read(button.data) else _SWITCHES
    mark = next((mark for mark in marks if button.label.startswith(mark)), "")
    label = button.label.removeprefix(mark)
    return PageButton(label=label, data=button.data, style=button.style, on=marks.get(mark))
