"""What stands around a result: success or error, over three generations of the vendor's envelope."""

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from bot.analysis.answer_format import Unreadable, read_object

_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{1,79}")
_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e]+")
_JPEG_MAGIC: Final = b"\xff\xd8\xff"
_MAX_TEXT: Final = 200


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One HTTP answer; `body` is empty where it was not a JSON object. `retry_after_s` as sent, in seconds."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict, repr=False)
    retry_after_s: float | None = None

    @property
    def succeeded(self) -> bool:
        """HTTP 200 with no error inside; whether there is a result is another matter."""
        errors = (self.body.get("error_code"), self._detail.get("code"))
        return self.status == 200 and bool(self.body) and all(_is_none(error) for error in errors)

    @property
    def code(self) -> str:
        """The error code in the vendor's words, "" when there is none that reads like one."""
        return _code(self._detail.get("code")) or _code(self.body.get("error_code_str"))

    @property
    def text(self) -> str:
        """What the answer says to humans, cut short and printable."""
        said = (self._detail.get("message"), self._detail.get("code_message"), self.body.get("error_msg"))
        return " / ".join(dict.fromkeys(_printable(text) for text in said if isinstance(text, str) and text))

    @property
    def ids(self) -> str:
        """request_id and log_id, for the vendor's support."""
        return " ".join(f"{name}={_id(self.body.get(name, ''))}" for name in ("request_id", "log_id"))

    @property
    def map_length(self) -> int:
        """Characters of the picture in it."""
        encoded = _encoded_map(self.body)
        return len(encoded) if encoded else 0

    @property
    def _detail(self) -> Mapping[str, object]:
        detail = self.body.get("error_detail")
        return detail if isinstance(detail, dict) else {}


def read_reply(status: int, content: bytes, retry_after: str | None) -> Reply:
    """Take an answer of any kind: JSON, HTML, garbage."""
    try:
        body = read_object(content)
    except Unreadable:
        body = {}
    return Reply(status=status, body=body, retry_after_s=seconds_to_wait(retry_after))


def without_maps(body: Mapping[str, object]) -> str:
    """The answer as JSON text (ASCII), without the pictures in it."""
    kept = {key: value for key, value in body.items() if key != "face_maps"}
    result = kept.get("result")
    if isinstance(result, dict):
        kept["result"] = {key: value for key, value in result.items() if key != "face_maps"}
    return json.dumps(kept, separators=(",", ":"))


def red_map_of(body: Mapping[str, object]) -> bytes | None:
    """The red-area map as JPEG bytes; None when there is none or it is broken."""
    encoded = _encoded_map(body)
    if encoded is None:
        return None
    bare = encoded.partition("base64,")[2] if encoded.startswith("data:") else encoded
    try:
        picture = base64.b64decode("".join(bare.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return picture if picture.startswith(_JPEG_MAGIC) else None


def _encoded_map(body: Mapping[str, object]) -> str | None:
    result = body.get("result")
    maps = result.get("face_maps") if isinstance(result, dict) else None
    encoded = maps.get("red_area") if isinstance(maps, dict) else None
    return encoded if isinstance(encoded, str) else None


def seconds_to_wait(retry_after: str | None) -> float | None:
    """A Retry-After header, seconds or a date, in seconds from now (0 or more); None when absent or unreadable."""
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        return _seconds_until(retry_after)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def _is_none(error: object) -> bool:
    return error is None or str(error).strip() in {"", "0"}


def _code(code: object) -> str:
    """Codes end up in alerts and logs: what does not look like one is not one."""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _id(told: object) -> str:
    """Ids end up in logs: what does not look like one is not one."""
    text = str(told) if isinstance(told, str | int) else ""
    return text if _ID.fullmatch(text) else ""


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("?", text[:_MAX_TEXT])
