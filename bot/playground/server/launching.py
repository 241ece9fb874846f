"""Launch data of Mini Apps, signed as Telegram signs them, and the address that a page is opened with."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from bot.playground.server.wire import Raw

VERSION: Final = "9.1"  # of Mini Apps, that the page is told
THEMES: Final[Mapping[str, Mapping[str, str]]] = {
    "light": {
        "bg_color": "#ffffff",
        "secondary_bg_color": "#f0f1f3",
        "section_bg_color": "#ffffff",
        "text_color": "#000000",
        "hint_color": "#707579",
        "link_color": "#3390ec",
        "button_color": "#3390ec",
        "button_text_color": "#ffffff",
        "destructive_text_color": "#df3f40",
        "section_separator_color": "#e3e5e8",
    },
    "dark": {
        "bg_color": "#212121",
        "secondary_bg_color": "#0f0f0f",
        "section_bg_color": "#212121",
        "text_color": "#ffffff",
        "hint_color": "#aaaaaa",
        "link_color": "#8774e1",
        "button_color": "#8774e1",
        "button_text_color": "#ffffff",
        "destructive_text_color": "#e53935",
        "section_separator_color": "#303030",
    },
}


def launch_data(token: str, user: Raw, *, at: datetime, **more: str) -> str:
    """What Telegram hands a page about who opened it. `more`: other fields, signed as well."""
    fields = {"auth_date": str(int(at.timestamp())), "user": json.dumps(user, separators=(",", ":")), **more}
    signed = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    return urlencode(fields | {"hash": hmac.digest(key, signed.encode(), "sha256").hex()})


def launch_url(url: str, data: str, *, theme: str) -> str:
    """As an app opens it: what the page is told stands behind the mark that no server gets to see."""
    told = {
        "tgWebAppData": data,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "weba",
        "tgWebAppThemeParams": json.dumps(THEMES[theme], separators=(",", ":")),
    }
    return f"{url}#" + "&".join(f"{name}={quote(value, safe='')}" for name, value in told.items())
