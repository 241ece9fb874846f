"""Buttons, as a template's `button` writes them and as they are read from what was rendered."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from bot.views.taps import ButtonData

_BUTTON: Final = "\x02"  # separators that no label and no data can hold
_DATA: Final = "\x03"
_STYLES: Final = ("", "danger", "success", "primary")
_PAGE: Final = "page"  # in the place of a style: it opens the Mini App
_ROOM: Final = {2: 17, 3: 10, 4: 7}  # letters of a button's width on a phone of 360 px, by how many stand beside it
_LEAST_ROOM: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, kw_only=True)
class Button:
    """`style`: "danger" (red), "success" (green), "primary" (blue), where the server knows them.

    `page`: the address of the Mini App that it opens, instead of carrying anything.
    """

    label: str
    data: str
    style: str | None = None
    page: str | None = None


def button(label: str, data: ButtonData, style: str = "") -> Markup:
    if not isinstance(data, ButtonData):
        raise TypeError("what a button carries is made by bot.views.taps")
    if style not in _STYLES:
        raise ValueError("a button is danger, success, primary, or plain")
    return Markup("{}{}{}{}{}{}").format(_BUTTON, label, _DATA, data, _DATA, style)


def page_button(root: str | None) -> Callable[[str, str], Markup]:
    """A template's `page_button(label, place)`: it opens that place of the Mini App; nothing where there is none."""

    def button_to(label: str, place: str) -> Markup:
        if root is None:
            return Markup()
        return Markup("{}{}{}{}/?at={}{}{}").format(_BUTTON, label, _DATA, root, place, _DATA, _PAGE)

    return button_to


def button_rows(block: str) -> Iterator[tuple[Button, ...]]:
    for line in block.split("\n"):
        row = tuple(
            _read(html.unescape(label), html.unescape(data.strip()), style.strip())
            for label, data, style in (part.split(_DATA) for part in line.split(_BUTTON)[1:])
        )
        if row:
            yield from _in_room(row)


def _read(label: str, data: str, style: str) -> Button:
    if style == _PAGE:
        return Button(label=label, data="", page=data)
    return Button(label=label, data=data, style=style or None)


def _in_room(row: tuple[Button, ...]) -> Iterator[tuple[Button, ...]]:
    """In shorter rows where a phone would break one of the buttons inside a word."""
    room = _ROOM.get(len(row), _LEAST_ROOM)
    longest = max(len(word) for button in row for word in _WORD.findall(button.label) or [""])
    if len(row) == 1 or longest <= room:
        yield row
        return
    middle = (len(row) + 1) // 2
    yield from _in_room(row[:middle])
    yield from _in_room(row[middle:])
