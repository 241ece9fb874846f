"""The export as a ZIP in memory, never larger than Telegram takes: what does not fit, or is gone, is listed."""

import io
import zipfile
from datetime import datetime
from types import TracebackType
from typing import Final, Self

MOST_BYTES: Final = 45 * 1024 * 1024  # Telegram takes 50 MB; the page and the JSON have to fit as well
_SIGNATURES: Final = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG", "png"),
    (b"RIFF", "webp"),
)


class Archive:
    """Use as a context manager; `finished` is the file. Pictures are stored as they are, texts compressed."""

    def __init__(self, *, made_at: datetime, most_bytes: int = MOST_BYTES) -> None:
        self.pictures = 0
        self.missing: dict[str, str] = {}
        self._made_at = made_at
        self._most_bytes = most_bytes
        self._file = io.BytesIO()
        self._zip = zipfile.ZipFile(self._file, "w")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._zip.close()

    @property
    def room(self) -> int:
        """Bytes that are left for pictures."""
        return max(0, self._most_bytes - self._file.tell())

    def add_picture(self, name: str, data: bytes) -> str | None:
        """Its path, with the ending that its bytes call for; None when there is no room for it."""
        path = f"pictures/{name}.{_ending(data)}"
        if len(data) > self.room:
            self.missing[path] = "no_room"
            return None
        self._zip.writestr(self._entry(path, zipfile.ZIP_STORED), data)
        self.pictures += 1
        return path

    def lack(self, name: str, reason: str) -> None:
        """A picture that could not be had: "gone", "too_big", "no_room"."""
        self.missing[f"pictures/{name}"] = reason

    def add_text(self, path: str, text: str) -> None:
        self._zip.writestr(self._entry(path, zipfile.ZIP_DEFLATED), text.encode("utf-8", "replace"))

    def finished(self) -> io.BytesIO:
        self._zip.close()
        self._file.seek(0)
        return self._file

    def _entry(self, path: str, kind: int) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(path, date_time=self._made_at.timetuple()[:6])
        entry.compress_type = kind
        entry.external_attr = 0o600 << 16
        return entry


def _ending(data: bytes) -> str:
    """By the first bytes: names that people gave are never used."""
    if data[4:8] == b"ftyp":
        return "heic"
    return next((ending for signature, ending in _SIGNATURES if data.startswith(signature)), "bin")
