"""A message as the page draws it: JSON with escaped HTML, and a version that changes with the message's look."""

import hashlib
import html
import json
from typing import Final
from urllib.parse import urlsplit

from bot.playground.server.view import ChatMessage, telegram_tag, to_html
from bot.playground.server.wire import Raw

_LINKS: Final = frozenset({"http", "https", "tg", "mailto", "tel"})


def shown(message: ChatMessage, *, drawn: bool) -> Raw:
    """`drawn`: the picture is the drawn face, and says so."""
    shown: Raw = {
        "id": message.message_id,
        "bot": message.from_bot,
        "at": message.date.isoformat(),
        "html": to_html(message.words, message.entities, tag=_page_tag),
        "photo": _photo(message),
        "drawn": drawn,
        "album": message.album,
        "file": _document(message),
        "other": _other(message.raw),
        "buttons": _keyboard(message.raw),
        "edited": message.edit_count > 0,
        "reply": _quoted(message.raw.get("reply_to_message")),
        "reaction": message.reaction,
        "spoiler": message.spoiler,
    }
    look = json.dumps(shown, sort_keys=True).encode()
    return shown | {"version": hashlib.sha256(look).hexdigest()[:12]}


def _photo(message: ChatMessage) -> Raw | None:
    sizes = message.raw.get("photo")
    if not isinstance(sizes, list):
        return None
    return {"url": f"/chat/files/{message.photo_file_id}", "width": sizes[-1]["width"], "height": sizes[-1]["height"]}


def _document(message: ChatMessage) -> Raw | None:
    file = message.document
    if file is None:
        return None
    return {"url": f"/chat/files/{file.file_id}", "name": file.name, "size": len(file.data)}


def _other(raw: Raw) -> str | None:
    kinds = ("sticker", "voice", "video", "location", "contact", "animation", "audio", "dice", "poll")
    return next((kind for kind in kinds if kind in raw), None)


def _keyboard(raw: Raw) -> list[list[Raw]]:
    markup = raw.get("reply_markup")
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    return rows if isinstance(rows, list) else []


def _quoted(raw: object) -> Raw | None:
    if not isinstance(raw, dict):
        return None
    sizes = raw.get("photo")
    photo = f"/chat/files/{sizes[0]['file_id']}" if isinstance(sizes, list) else None
    words = str(raw.get("text") or raw.get("caption") or "")[:120]
    return {"id": raw["message_id"], "bot": raw["from"]["is_bot"], "text": words, "photo": photo}


def _page_tag(entity: Raw, inside: str) -> tuple[str, str]:
    """As in Telegram HTML, but commands can be pressed and links lead only where links may."""
    if entity["type"] == "bot_command":
        return f'<a class="command" href="#" data-command="{html.escape(inside)}">', "</a>"
    if entity["type"] in {"text_link", "url"}:
        url = str(entity.get("url") or inside)
        url = url if ":" in url else f"https://{url}"
        return (f'<a href="{html.escape(url)}">', "</a>") if urlsplit(url).scheme in _LINKS else ("", "")
    return telegram_tag(entity, inside)
