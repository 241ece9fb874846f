"""What settings are read from besides the environment: `.env`, and the files that NAME_FILE names."""

import codecs
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dotenv.main import DotEnv
from dotenv.parser import parse_stream

from bot.config.errors import SetupError

IN_FILES: Final = ("TELEGRAM_TOKEN", "AILAB_API_KEY", "DATA_KEY", "WEBHOOK_SECRET", "DATABASE_URL")

Problems = dict[str, list[str]]


class DotenvUnreadable(SetupError):
    """`.env` can't be read; the message says why."""


def dotenv(path: Path = Path(".env")) -> dict[str, str | None]:
    """What stands in `.env`, if there is one. Raises DotenvUnreadable."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError:
        raise DotenvUnreadable("this user can't read it.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        kind = "UTF-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "another encoding"
        raise DotenvUnreadable(f"it is written in {kind}: save it as UTF-8.") from None
    wrong = [binding.original.line for binding in parse_stream(io.StringIO(text)) if binding.error]
    if wrong:
        raise DotenvUnreadable(f"line {wrong[0]} is not of the form NAME=value.")
    return dict(DotEnv(None, io.StringIO(text), encoding="utf-8").dict())


def with_secrets_read(given: Mapping[str, str | None]) -> tuple[dict[str, str | None], Problems]:
    """The settings with every NAME_FILE read, as container platforms hand secrets over; and what is wrong with them."""
    values, problems = dict(given), Problems()
    for name in IN_FILES:
        file = given.get(f"{name}_FILE")
        if not file:
            continue
        if given.get(name):
            problems[name] = [f"and {name}_FILE are both set: keep one."]
            continue
        try:
            values[name] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            problems[f"{name}_FILE"] = [f"{file} can't be read as text by this user."]
        else:
            if not values[name]:
                problems[f"{name}_FILE"] = [f"{file} is empty."]
    return values, problems
