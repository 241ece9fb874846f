"""Logs that may be shown to anybody: no token, no key, no name, no text, no file id."""

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from bot.config import Config, LogFormat

_TOKEN: Final = re.compile(r"\d{5,}:[A-Za-z0-9_-]{10,}")
_MASK: Final = "***"


def configure_logging(config: Config) -> None:
    """Send every record to stderr, redacted, in the chosen format; libraries that log URLs are kept quiet."""
    handler = logging.StreamHandler()
    secrets = (config.telegram_token, config.ailab_api_key, config.data_key, config.webhook_secret)
    handler.setFormatter(_formatter(config.log_format, [secret for secret in secrets if secret]))
    logging.basicConfig(level=config.log_level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "aiosqlite", "alembic", "PIL", "aiohttp.access", "procrastinate"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("stamina").setLevel(logging.ERROR)  # it calls every retry a warning


def _formatter(log_format: LogFormat, secrets: Iterable[str]) -> logging.Formatter:
    if log_format is LogFormat.JSON:
        return JsonFormatter(secrets)
    return RedactingFormatter(secrets, "%(asctime)s %(levelname)-7s %(name)s: %(message)s")


class RedactingFormatter(logging.Formatter):
    """Masks secrets in the finished line: message, arguments and traceback alike."""

    def __init__(self, secrets: Iterable[str], fmt: str | None = None) -> None:
        super().__init__(fmt)
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return self.redacted(super().format(record))

    def redacted(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, _MASK)
        return _TOKEN.sub(_MASK, line)


class JsonFormatter(RedactingFormatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return self.redacted(json.dumps(entry, ensure_ascii=False))
