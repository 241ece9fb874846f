import json
from pathlib import Path

import pytest

from bot.playground.server.wire import UploadedFile
from tests.telegram.schema import Schema

FILE = UploadedFile(name="a.jpg", mime="image/jpeg", data=b"x")


def field(name: str, *types: str, required: bool = False, description: str = "") -> dict[str, object]:
    return {"name": name, "types": list(types), "required": required, "description": description}


SPECIFICATION = {
    "methods": {
        "sendPhoto": {
            "fields": [
                field("chat_id", "Integer", "String", required=True),
                field("photo", "InputFile", "String", required=True),
                field("has_spoiler", "Boolean"),
                field("reply_markup", "InlineKeyboardMarkup"),
            ]
        },
        "editMessageMedia": {"fields": [field("media", "InputMedia", required=True)]},
        "deleteMessages": {"fields": [field("message_ids", "Array of Integer", required=True)]},
    },
    "types": {
        "InlineKeyboardMarkup": {"fields": [field("inline_keyboard", "Array of Array of Button", required=True)]},
        "Button": {"fields": [field("text", "String", required=True), field("callback_data", "String")]},
        "InputMedia": {"subtypes": ["InputMediaPhoto", "InputMediaVideo"]},
        "InputMediaPhoto": {
            "fields": [
                field("type", "String", required=True, description="Type, must be photo"),
                field("media", "String", required=True),
            ]
        },
        "InputMediaVideo": {
            "fields": [
                field("type", "String", required=True, description="Type, must be video"),
                field("media", "String", required=True),
                field("width", "Integer"),
            ]
        },
    },
}


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(SPECIFICATION))
    return Schema(path)


@pytest.mark.parametrize(
    ("method", "params", "files"),
    [
        ("sendPhoto", {"chat_id": "7"}, {"photo": FILE}),
        ("sendPhoto", {"chat_id": "7", "photo": "AgAC", "has_spoiler": "true"}, {}),
        ("sendPhoto", {"chat_id": "7", "photo": "attach://p"}, {"p": FILE}),
        ("sendPhoto", {"chat_id": 7, "photo": "A", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, {}),
        ("editMessageMedia", {"media": '{"type": "video", "media": "A", "width": 5}'}, {}),
        ("deleteMessages", {"message_ids": "[1, 2]"}, {}),
    ],
)
def test_legal_requests_pass(
    schema: Schema, method: str, params: dict[str, object], files: dict[str, UploadedFile]
) -> None:
    """What the specification allows is no violation."""
    assert schema.violations(method, params, files) == []


@pytest.mark.parametrize(
    ("method", "params", "files", "complaint"),
    [
        ("sendFoto", {}, {}, "sendFoto: no such method"),
        ("sendPhoto", {"photo": "A"}, {}, "sendPhoto: missing chat_id"),
        ("sendPhoto", {"chat_id": "7", "photo": "A", "foto": "x"}, {}, "sendPhoto: unknown parameter foto"),
        ("sendPhoto", {"chat_id": "7", "photo": "attach://q"}, {}, "sendPhoto: attach://q without a part"),
        ("sendPhoto", {"chat_id": "7", "photo": "A"}, {"q": FILE}, "sendPhoto: the part q is not used"),
        ("sendPhoto", {"chat_id": "7", "photo": "A", "has_spoiler": "maybe"}, {}, "is not Boolean"),
        (
            "sendPhoto",
            {"chat_id": "7", "photo": "A", "reply_markup": '{"inline_keyboard": [[{"txt": "x"}]]}'},
            {},
            "sendPhoto.reply_markup.inline_keyboard[0][0]: unknown field txt in Button",
        ),
        ("editMessageMedia", {"media": '{"type": "photo", "media": "A", "width": 5}'}, {}, "editMessageMedia.media"),
        ("deleteMessages", {"message_ids": '["a"]'}, {}, "deleteMessages.message_ids[0]: 'a' is not Integer"),
    ],
)
def test_illegal_requests_are_named(
    schema: Schema, method: str, params: dict[str, object], files: dict[str, UploadedFile], complaint: str
) -> None:
    """Unknown, missing and mistyped parameters and stray parts are each said by name."""
    assert any(complaint in violation for violation in schema.violations(method, params, files))
