"""A message as the person sees it on the screen."""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from bot.playground.server.files import StoredFile
from bot.playground.server.wire import Raw
from bot.playground.server.world import Message, World

Tagger: TypeAlias = Callable[[Raw, str], tuple[str, str]]

_TAGS: Final[Mapping[str, tuple[str, str]]] = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


@dataclass(frozen=True, kw_only=True)
class ChatMessage:
    """A snapshot: what this message looks like now, and what its words were before each edit (`history`).

    `text` is the plain text of a text message, `caption` that of a picture or file; `html` is either, with its
    formatting. `buttons` are rows of (label, callback data or URL).
    """

    message_id: int
    chat_id: int
    from_bot: bool
    date: datetime
    text: str
    caption: str
    html: str
    entities: tuple[Raw, ...]
    photo: bytes | None = field(repr=False)
    photo_file_id: str | None
    document: StoredFile | None
    buttons: tuple[tuple[tuple[str, str], ...], ...]
    edit_count: int
    history: tuple[str, ...]
    reply_to: int | None
    reaction: str | None
    album: str | None
    spoiler: bool
    raw: Raw = field(repr=False)

    @property
    def words(self) -> str:
        """The text, or the caption."""
        return self.text or self.caption

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label, _ in row]

    def data(self, label: str) -> str:
        """The callback data (or URL) behind a label, or behind a label that begins so. Raises LookupError."""
        pairs = [pair for row in self.buttons for pair in row]
        for fits in (str.__eq__, str.startswith, str.__contains__):
            for name, data in pairs:
                if fits(name, label):
                    return data
        raise LookupError(f"no button {label!r} among {[name for name, _ in pairs]}")


def seen(world: World, message: Message) -> ChatMessage:
    """The message as a person sees it now."""
    body = message.body
    media = "text" not in body
    entities = _records(body.get("caption_entities" if media else "entities"))
    photo = _last_photo(world, body)
    reply = body.get("reply_to_message")
    return ChatMessage(
        message_id=message.message_id,
        chat_id=message.chat.chat_id,
        from_bot=message.from_bot,
        date=message.date,
        text=str(body.get("text", "")),
        caption=str(body.get("caption", "")),
        html=to_html(message.words, entities),
        entities=tuple(entities),
        photo=photo.data if photo else None,
        photo_file_id=photo.file_id if photo else None,
        document=_file(world, body.get("document")),
        buttons=_buttons(message.reply_markup),
        edit_count=len(message.history),
        history=tuple(message.history),
        reply_to=_number(reply.get("message_id")) if isinstance(reply, dict) else None,
        reaction=message.reaction,
        album=str(body["media_group_id"]) if "media_group_id" in body else None,
        spoiler=bool(body.get("has_media_spoiler")),
        raw=message.raw(),
    )


def telegram_tag(entity: Raw, inside: str) -> tuple[str, str]:
    """The tags of Telegram HTML around the words of an entity."""
    match entity["type"]:
        case "text_link":
            return f'<a href="{html.escape(str(entity["url"]))}">', "</a>"
        case "url":
            return f'<a href="{html.escape(inside)}">', "</a>"
        case "pre" if entity.get("language"):
            return f'<pre><code class="language-{html.escape(str(entity["language"]))}">', "</code></pre>"
        case other:
            return _TAGS.get(str(other), ("", ""))


def to_html(text: str, entities: Sequence[Raw], *, tag: Tagger = telegram_tag) -> str:
    """A text with its entities as HTML; everything else in it is escaped."""
    wide = text.encode("utf-16-le", "surrogatepass")
    return _nested(wide, 0, len(wide) // 2, list(entities), tag)


def _nested(wide: bytes, begin: int, end: int, entities: list[Raw], tag: Tagger) -> str:
    """Entities come outer first; one that reaches over the end of the one around it is cut there."""
    out: list[str] = []
    at = begin
    while entities:
        entity = entities.pop(0)
        start = max(_number(entity["offset"]), at)
        stop = min(_number(entity["offset"]) + _number(entity["length"]), end)
        if stop <= start:
            continue
        inner = [e for e in entities if _number(e["offset"]) < stop]
        entities = entities[len(inner) :]
        opening, closing = tag(entity, _plain(wide, start, stop))
        out += [
            html.escape(_plain(wide, at, start), quote=False),
            opening,
            _nested(wide, start, stop, inner, tag),
            closing,
        ]
        at = stop
    out.append(html.escape(_plain(wide, at, end), quote=False))
    return "".join(out)


def _plain(wide: bytes, begin: int, end: int) -> str:
    return wide[2 * begin : 2 * end].decode("utf-16-le", "surrogatepass")


def _buttons(reply_markup: Raw | None) -> tuple[tuple[tuple[str, str], ...], ...]:
    rows = (reply_markup or {}).get("inline_keyboard")
    if not isinstance(rows, list):
        return ()
    return tuple(tuple(_button(button) for button in _records(row)) for row in rows)


def _button(button: Raw) -> tuple[str, str]:
    return str(button["text"]), str(button.get("callback_data", button.get("url", "")))


def _last_photo(world: World, body: Raw) -> StoredFile | None:
    sizes = _records(body.get("photo"))
    return _file(world, sizes[-1]) if sizes else None


def _file(world: World, raw: object) -> StoredFile | None:
    return world.files.find(str(raw.get("file_id"))) if isinstance(raw, dict) else None


def _records(value: object) -> list[Raw]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
