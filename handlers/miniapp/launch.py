"""Telegram's launch data: who opened the page, in Telegram's own hand. Nothing else says who somebody is."""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl

FRESH: Final = timedelta(hours=1)

_AHEAD: Final = timedelta(minutes=5)  # so far may another clock be before ours
_LONGEST: Final = 4096
_SEAL: Final = re.compile(r"[0-9a-f]{64}")
_SECONDS: Final = re.compile(r"[0-9]{1,10}")
_MOST_ID: Final = 2**52  # Telegram's ids have no more bits


class LaunchRefused(Exception):
    """It is not Telegram's, not whole, not for this bot, or too old."""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """`seal`: tells one launch from another."""

    telegram_id: int = field(repr=False)
    language_code: str | None
    at: datetime
    seal: str = field(repr=False)


def launched(data: str, token: str, *, now: datetime) -> Launch:
    """Who opened the page, and when. Raises LaunchRefused."""
    if not data or len(data) > _LONGEST:
        raise LaunchRefused
    fields = _fields(data)
    seal = fields.pop("hash", "")
    signed = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    expected = hmac.digest(key, signed.encode("utf-8", "surrogatepass"), "sha256").hex()
    if not hmac.compare_digest(seal.encode("utf-8", "surrogatepass"), expected.encode()) or not _SEAL.fullmatch(seal):
        raise LaunchRefused
    at = _moment(fields.get("auth_date", ""))
    if not -_AHEAD <= now - at <= FRESH:
        raise LaunchRefused
    telegram_id, language_code = _person(fields.get("user", ""))
    return Launch(telegram_id=telegram_id, language_code=language_code, at=at, seal=seal)


def _fields(data: str) -> dict[str, str]:
    """A name that stands twice could mean either: it is refused."""
    try:
        pairs = parse_qsl(data, keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise LaunchRefused from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise LaunchRefused
    return fields


def _moment(told: str) -> datetime:
    if not _SECONDS.fullmatch(told):
        raise LaunchRefused
    return datetime.fromtimestamp(int(told), UTC)


def _person(told: str) -> tuple[int, str | None]:
    try:
        user = json.loads(told)
    except (ValueError, RecursionError):
        raise LaunchRefused from None
    if not isinstance(user, Mapping) or user.get("is_bot"):
        raise LaunchRefused
    number, language = user.get("id"), user.get("language_code")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < _MOST_ID:
        raise LaunchRefused
    return number, language if isinstance(language, str) and len(language) <= 35 else None
