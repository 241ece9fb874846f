"""One turn for one update."""

from pathlib import Path
from typing import Final

import pytest

from bot.views import taps
from handlers.turn import Turn, complete, on

HANDLERS: Final = Path(__file__).parents[3] / "handlers"


async def nothing(turn: Turn) -> None:
    """A handler of a button that carries no value."""


def test_every_kind_of_button_has_a_route() -> None:
    """The bot does not start with a button that nobody answers: it names the one that was forgotten."""
    with pytest.raises(LookupError) as missing:
        complete([on(taps.privacy, nothing)])
    assert "guide" in str(missing.value)
    assert "privacy" not in str(missing.value)


def test_a_person_is_met_in_one_place() -> None:
    """No handler looks its person up anew: each gets the turn that was made for the update."""
    meeting = {path.name for path in HANDLERS.glob("*.py") if ".meet(" in path.read_text(encoding="utf-8")}
    assert meeting == {"turn.py"}
