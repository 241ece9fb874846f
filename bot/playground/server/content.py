"""What a bot may put into a message: texts, captions, photos, documents, keyboards. Checked as Telegram checks them."""

import asyncio
from collections.abc import Mapping
from typing import Final

from bot.playground.server import markup
from bot.playground.server.files import PHOTO_LIMIT_BYTES, UPLOAD_LIMIT_BYTES, Kind, StoredFile
from bot.playground.server.markup import Text
from bot.playground.server.photos import BOT_SIDE_PX, NotAPhoto, photo_sizes
from bot.playground.server.wire import Call, Raw, Refused, UploadedFile, bad_request, records
from bot.playground.server.world import World

_TEXT_LIMIT: Final = 4096
_CAPTION_LIMIT: Final = 1024
_BUTTON_DATA_LIMIT_BYTES: Final = 64
_BUTTON_ACTIONS: Final = ("callback_data", "url", "copy_text", "web_app", "switch_inline_query", "login_url", "pay")


def text_body(call: Call) -> Raw:
    """The body of a text message. Raises Refused."""
    text = formatted(call.params, "text", "entities")
    if not text.plain:
        raise bad_request("text must be non-empty" if call.text("text") else "message text is empty")
    if text.length > _TEXT_LIMIT:
        raise bad_request("message is too long")
    return _with_entities({"text": text.plain}, "entities", markup.detected(text))


def caption_body(params: Raw) -> Raw:
    """The caption part of a media message's body. Raises Refused."""
    text = formatted(params, "caption", "caption_entities")
    if text.length > _CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    body: Raw = {"caption": text.plain} if text.plain else {}
    body = _with_entities(body, "caption_entities", markup.detected(text))
    if params.get("show_caption_above_media"):
        body["show_caption_above_media"] = True
    return body


def formatted(params: Mapping[str, object], name: str, entities_name: str) -> Text:
    """A text parameter, parsed in its parse mode."""
    source = str(params.get(name) or "")
    mode = str(params.get("parse_mode") or "").lower()
    entities = params.get(entities_name)
    if mode == "html":
        return markup.from_html(source)
    if mode:
        raise bad_request("unsupported parse_mode")  # Markdown is real at Telegram, but not on this loopback
    return markup.plain(source, records(entities) if isinstance(entities, list) else ())


def _with_entities(body: Raw, name: str, text: Text) -> Raw:
    return body | {name: list(text.entities)} if text.entities else body


async def photo(world: World, call: Call, value: object, *, part: str = "") -> tuple[tuple[StoredFile, ...], bool]:
    """A photo parameter and whether it was uploaded just now: a file id, attach://, or a part. Raises Refused."""
    upload = _upload(call, value, part)
    if upload is None:
        return world.files.photo(str(value)), False
    if len(upload.data) > PHOTO_LIMIT_BYTES:
        size = len(upload.data)
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT_BYTES} bytes"
        )
    if not upload.data:
        raise bad_request("file must be non-empty")
    try:
        sizes = await asyncio.to_thread(photo_sizes, upload.data, max_side_px=BOT_SIDE_PX)
    except NotAPhoto as error:
        raise bad_request(str(error)) from None
    return world.files.keep_photo(sizes), True


def document(world: World, call: Call, value: object, *, part: str = "") -> StoredFile:
    """A document parameter. Raises Refused."""
    upload = _upload(call, value, part)
    if upload is None:
        return world.files.document(str(value))
    if len(upload.data) > UPLOAD_LIMIT_BYTES:
        raise Refused(413, "Request Entity Too Large")
    if not upload.data:
        raise bad_request("file must be non-empty")
    return world.files.keep(upload.data, kind=Kind.DOCUMENT, name=upload.name, mime=upload.mime)


def _upload(call: Call, value: object, part: str) -> UploadedFile | None:
    """The uploaded file a parameter speaks of; None for a file id."""
    if value is None or value == "":
        if part not in call.files:
            raise bad_request(f"there is no {part or 'media'} in the request")
        return call.files[part]
    name = str(value)
    if name.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if not name.startswith("attach://"):
        return None
    if name.removeprefix("attach://") not in call.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return call.files[name.removeprefix("attach://")]


def photo_body(photo: tuple[StoredFile, ...], params: Raw) -> Raw:
    body: Raw = {"photo": [size.raw() for size in photo], **caption_body(params)}
    if params.get("has_spoiler"):
        body["has_media_spoiler"] = True
    return body


def document_body(file: StoredFile, params: Raw) -> Raw:
    return {"document": file.raw(), **caption_body(params)}


def inline_keyboard(call: Call) -> Raw | None:
    """The inline keyboard of a call, checked; None where there is none. Raises Refused."""
    given = call.record("reply_markup")
    if not given:
        return None
    rows = given.get("inline_keyboard")
    if not isinstance(rows, list):
        raise bad_request("inline keyboard expected")
    checked = [[_button(button) for button in records(row)] for row in rows if isinstance(row, list) and row]
    return {"inline_keyboard": checked} if checked else None


def any_keyboard(call: Call) -> tuple[Raw | None, Raw | None]:
    """(inline keyboard, other reply markup) of a call; at most one of them is there."""
    given = call.record("reply_markup")
    if not given or "inline_keyboard" in given:
        return inline_keyboard(call), None
    if not {"keyboard", "remove_keyboard", "force_reply"} & set(given):
        raise bad_request("object expected as reply markup")
    return None, given


def _button(button: Raw) -> Raw:
    if not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    actions = [name for name in _BUTTON_ACTIONS if name in button]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode("utf-8", "surrogatepass")) <= _BUTTON_DATA_LIMIT_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: URL host is empty")
    return button
