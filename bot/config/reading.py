"""Settings are read one by one, and what is wrong with them is gathered: an operator mends all of it in one go."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

_Default = TypeVar("_Default", str, None)
_Number = TypeVar("_Number", int, None)
_Choice = TypeVar("_Choice", bound=str)


class Settings:
    """`problems`: what is wrong, by name. An empty value counts as not set."""

    def __init__(self, given: Mapping[str, str | None]) -> None:
        self.problems: dict[str, list[str]] = {}
        self._given = {name: value for name, value in given.items() if value}

    def text(
        self, name: str, default: _Default, *, trouble: Callable[[str], str | None] | None = None
    ) -> str | _Default:
        """As it stands there, also when `trouble` finds something wrong with it, in words for the operator."""
        given = self._given.get(name)
        if given is None:
            return default
        if trouble is not None and (reason := trouble(given)) is not None:
            self.problems[name] = [reason]
        return given

    def number(self, name: str, default: _Number, *, least: int, most: int | None = None) -> int | _Number:
        given = self._given.get(name)
        if given is None:
            return default
        try:
            number = int(given)
        except ValueError:
            self.problems[name] = ["Must be a whole number."]
            return default
        if number < least or (most is not None and number > most):
            self.problems[name] = [f"Must be {least} or more." if most is None else f"Must be from {least} to {most}."]
        return number

    def choice(self, name: str, default: _Choice, among: Iterable[_Choice]) -> _Choice:
        given = self._given.get(name, default)
        options = list(among)
        if given not in options:
            self.problems[name] = [f"Must be one of: {', '.join(options)}."]
            return default
        return options[options.index(given)]
