"""What a template gets to see: one frozen record for each message, and nothing else."""

from typing import Protocol


class View(Protocol):
    """A view that is for one message alone names its template; one that several share is said with a name."""

    @property
    def template(self) -> str: ...


def named(what: str | View, view: object | None = None) -> tuple[str, object | None]:
    """A template's name and its view: of a message by name, or of a view that names its own."""
    return (what, view) if isinstance(what, str) else (what.template, what)
