"""What can go wrong between a bot and Telegram, to be ordered one request at a time."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class Refuse:
    """Answer with an error and do nothing."""

    status: int
    description: str
    retry_after: int | None = None


@dataclass(frozen=True)
class DropBefore:
    """Cut the connection and do nothing."""


@dataclass(frozen=True)
class DropAfter:
    """Do it, then cut the connection instead of answering."""


@dataclass(frozen=True, kw_only=True)
class Delay:
    """Do it and answer as always, but wait some seconds first."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Garbage:
    """Answer with bytes that are no Bot API answer (a proxy's page, half a JSON) and do nothing."""

    body: bytes = b"<html><h1>502 Bad Gateway</h1></html>"
    status: int = 502


Fault: TypeAlias = Refuse | DropBefore | DropAfter | Delay | Garbage
