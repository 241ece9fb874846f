"""What newer servers show and older ones refuse: colored buttons, dates that follow the reader's own clock.

From the first refusal on they are left out, for everybody: a server does not learn them while we run.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from telegram.error import BadRequest

from bot.rendering.renderer import Button, Rendered

_TIMES: Final = re.compile(r"</?tg-time[^<>]*>")
_REFUSALS: Final = ("tg-time", "button style", "style", "can't parse inline keyboard", "can't parse reply keyboard")


class Extras:
    def __init__(self) -> None:
        self._refused = False

    def html(self, rendered: Rendered) -> str:
        return _TIMES.sub("", rendered.text) if self._refused else rendered.text

    def keyboard(self, rows: Sequence[Sequence[Button]]) -> dict[str, str]:
        """Buttons as Telegram reads them. The library's own are made into this by a tenth of an answer's work."""
        if not rows:
            return {}
        return {"reply_markup": _json({"inline_keyboard": [[self._button(button) for button in row] for row in rows]})}

    def below(self, rendered: Rendered) -> dict[str, str]:
        """What stands below a new message: its buttons, or a key in the place of the letters."""
        if rendered.place_button is None:
            return self.keyboard(rendered.rows)
        if not rendered.place_button:
            return {"reply_markup": _json({"remove_keyboard": True})}
        key = {"text": rendered.place_button, "request_location": True}
        return {"reply_markup": _json({"keyboard": [[key]], "resize_keyboard": True, "one_time_keyboard": True})}

    def learn(self, error: BadRequest) -> bool:
        """Whether the refusal was about these, and another try without them is worth it."""
        was_about_them = not self._refused and any(words in str(error).lower() for words in _REFUSALS)
        self._refused = self._refused or was_about_them
        return was_about_them

    def _button(self, button: Button) -> Mapping[str, object]:
        if button.page is not None:
            return {"text": button.label, "web_app": {"url": button.page}}
        plain = {"text": button.label, "callback_data": button.data}
        return plain if button.style is None or self._refused else {**plain, "style": button.style}


def _json(markup: object) -> str:
    return json.dumps(markup, ensure_ascii=False)
