"""One Bot API call as it arrives, and the way it is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Raw: TypeAlias = dict[str, object]

_INTEGERS: Final = frozenset(
    {"chat_id", "message_id", "offset", "limit", "timeout", "max_connections", "cache_time", "message_thread_id"}
    | {"user_id", "direct_messages_topic_id"}
)
_FLAGS: Final = frozenset(
    {"disable_notification", "protect_content", "allow_paid_broadcast", "has_spoiler", "show_caption_above_media"}
    | {"show_alert", "drop_pending_updates", "is_big", "disable_content_type_detection"}
)
_STRUCTURES: Final = frozenset(
    {"reply_markup", "reply_parameters", "link_preview_options", "entities", "caption_entities", "media", "commands"}
    | {"scope", "allowed_updates", "menu_button", "reaction", "message_ids", "suggested_post_parameters"}
)


class Refused(Exception):
    """The Bot API answers with `ok: false`: an HTTP status, a description, perhaps seconds to wait."""

    def __init__(self, status: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after

    def body(self) -> Raw:
        body: Raw = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(what: str) -> Refused:
    return Refused(400, f"Bad Request: {what}")


def forbidden(what: str) -> Refused:
    return Refused(403, f"Forbidden: {what}")


@dataclass(frozen=True, kw_only=True)
class UploadedFile:
    """A file part of a request."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A method with its parameters: numbers, truth values and JSON decoded, everything else text."""

    method: str
    params: Mapping[str, object]
    files: Mapping[str, UploadedFile]

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int, *, low: int, high: int) -> int:
        """A number, clamped between `low` and `high` as the real server does."""
        value = self.params.get(name)
        return max(low, min(high, value)) if isinstance(value, int) else default

    def flag(self, name: str) -> bool:
        return bool(self.params.get(name))

    def has(self, name: str) -> bool:
        return name in self.params

    def record(self, name: str) -> Raw | None:
        """A JSON object parameter; None where it is absent."""
        value = self.params.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value

    def array(self, name: str) -> list[object]:
        value = self.params.get(name)
        if value is None or value == "":
            return []
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {name.replace('_', ' ')}")
        return value


def records(values: list[object]) -> list[Raw]:
    """The objects of a JSON array; refuses one that holds something else."""
    found = [value for value in values if isinstance(value, dict)]
    if len(found) != len(values):
        raise bad_request("expected an Object")
    return found


def decode(name: str, value: object) -> object:
    """A parameter as its type in the Bot API; one from a form is text on the wire."""
    if not isinstance(value, str):
        return value
    if name in _INTEGERS:
        return int(value) if value.lstrip("-").isdecimal() else value
    if name in _FLAGS:
        return value.lower() in {"true", "yes", "1"}
    return _parsed(name, value) if name in _STRUCTURES else value


def _parsed(name: str, value: str) -> object:
    try:
        parsed: object = json.loads(value) if value else None
    except ValueError:
        raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
    return parsed
