"""Files as Telegram keeps them: under ids that a bot can use again, and behind links that it asks for."""

import base64
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import PurePosixPath
from typing import Final

from bot.playground.server.photos import Size
from bot.playground.server.wire import Raw, bad_request

DOWNLOAD_LIMIT_BYTES: Final = 20 * 1024 * 1024
UPLOAD_LIMIT_BYTES: Final = 50 * 1024 * 1024
PHOTO_LIMIT_BYTES: Final = 10 * 1024 * 1024
_KEPT_BYTES: Final = 200 * 1024 * 1024


class Kind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"
    OTHER = "other"


_ID_PREFIX: Final = {Kind.PHOTO: "AgACAgIAAxkBAAI", Kind.DOCUMENT: "BQACAgIAAxkBAAI", Kind.OTHER: "CAACAgIAAxkBAAI"}


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """Bytes under a file id. `unique_id` depends on the bytes only."""

    file_id: str
    unique_id: str
    kind: Kind
    data: bytes = field(repr=False)
    name: str = ""
    mime: str = ""
    width: int = 0
    height: int = 0

    def raw(self) -> Raw:
        """The fields that every file has in the Bot API, and those of its kind."""
        raw: Raw = {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}
        if self.width:
            raw |= {"width": self.width, "height": self.height}
        if self.name:
            raw["file_name"] = self.name
        if self.mime:
            raw["mime_type"] = self.mime
        return raw


class StoredFiles:
    """`most_bytes` are kept; what is oldest is forgotten then, as if Telegram had lost it."""

    def __init__(self, *, most_bytes: int = _KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._files: dict[str, StoredFile] = {}
        self._photos: dict[str, tuple[StoredFile, ...]] = {}
        self._links: dict[str, str] = {}
        self._numbers = count(1)

    def keep(self, data: bytes, *, kind: Kind, name: str = "", mime: str = "") -> StoredFile:
        """Keep bytes that are no photo."""
        return self._kept(data, kind=kind, name=name, mime=mime)

    def keep_photo(self, sizes: tuple[Size, ...]) -> tuple[StoredFile, ...]:
        """Keep the sizes of one photo; the id of any of them shows the whole photo again."""
        photo = tuple(self._kept(size.data, kind=Kind.PHOTO, width=size.width, height=size.height) for size in sizes)
        self._photos |= dict.fromkeys((file.file_id for file in photo), photo)
        return photo

    def photo(self, file_id: str) -> tuple[StoredFile, ...]:
        """Raises Refused for an id of something else; Telegram does not turn a document into a photo."""
        if file_id in self._photos:
            return self._photos[file_id]
        if file_id in self._files:
            raise bad_request("can't use file of type Document as Photo")
        raise bad_request("wrong file identifier/HTTP URL specified")

    def document(self, file_id: str) -> StoredFile:
        file = self._files.get(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind is Kind.PHOTO:
            raise bad_request("can't use file of type Photo as Document")
        return file

    def find(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def link(self, file_id: str) -> Raw:
        """What getFile answers. Raises Refused for unknown ids and for files over 20 MiB."""
        file = self._files.get(file_id)
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(file.data) > DOWNLOAD_LIMIT_BYTES:
            raise bad_request("file is too big")
        path = f"{file.kind}s/file_{next(self._numbers)}{_suffix(file)}"
        self._links[path] = file_id
        return {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "file_size": len(file.data),
            "file_path": path,
        }

    def at(self, path: str) -> StoredFile | None:
        return self._files.get(self._links.get(path, ""))

    def expire_links(self) -> None:
        """Every link handed out so far answers 404 from now on, as after an hour."""
        self._links = dict.fromkeys(self._links, "")

    def lose(self, file_id: str) -> None:
        """Telegram does not know this id any more."""
        file = self._files.pop(file_id, None)
        self._bytes -= len(file.data) if file else 0
        for size in self._photos.pop(file_id, ()):
            self._photos.pop(size.file_id, None)
        self._links = {path: linked for path, linked in self._links.items() if linked != file_id}

    def _kept(
        self, data: bytes, *, kind: Kind, name: str = "", mime: str = "", width: int = 0, height: int = 0
    ) -> StoredFile:
        digest = hashlib.sha256(data).digest()
        file = StoredFile(
            file_id=_ID_PREFIX[kind] + _letters(digest[:30] + next(self._numbers).to_bytes(9)),
            unique_id="AQAD" + _letters(digest[:9]),
            kind=kind,
            data=data,
            name=name,
            mime=mime,
            width=width,
            height=height,
        )
        self._files[file.file_id] = file
        self._bytes += len(data)
        while self._bytes > self._most_bytes and len(self._files) > 1:
            self.lose(next(iter(self._files)))
        return file


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _suffix(file: StoredFile) -> str:
    return ".jpg" if file.kind is Kind.PHOTO else PurePosixPath(file.name).suffix[:10]
