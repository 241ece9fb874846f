"""What a reader sees on a PDF page of ours: its words in the order they were set, its pictures, its dots."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_OBJECT: Final = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM: Final = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
_SET: Final = re.compile(rb"/(F\d+) [\d.]+ Tf|\(((?:[^\\()]|\\.)*)\) Tj", re.DOTALL)
_PAIR: Final = re.compile(rb"^<([0-9A-F]+)> <([0-9A-F]+)>$", re.MULTILINE)
_FILLED: Final = re.compile(rb"([\d.]+) g\n|[\d. -]+ m (?:[\d. -]+ c\s){4}")
_ESCAPES: Final = {b"\\r": b"\r", b"\\n": b"\n"}


@dataclass(frozen=True, kw_only=True)
class PdfPage:
    """`dots`: filled circles, `rings`: hollow ones. `heights`: of each line of the words above the page's edge."""

    pages: int
    words: str
    heights: tuple[float, ...]
    pictures: int
    dots: int
    rings: int


def read_page(pdf: bytes) -> PdfPage:
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    content = b"".join(
        _stream(body) for body in objects.values() if b"stream" in body and b" Tj" in _stream(body)
    )  # only pages set text
    fonts = {
        name: _letters(_stream(objects[_number(rb"/ToUnicode (\d+)", objects[int(place)])]))
        for body in objects.values()
        for name, place in re.findall(rb"/(F\d+) (\d+) 0 R", body)
    }
    circles = list(_circles(content))
    return PdfPage(
        pages=len(re.findall(rb"/Type /Page\b", pdf)),
        words=_words(content, fonts),
        heights=tuple(map(float, re.findall(rb" ([\d.]+) Td (?:[\d.]+ g )?\(", content))),
        pictures=len(re.findall(rb"/Subtype /Image", pdf)),
        dots=sum(grey < 0.5 for grey in circles),
        rings=sum(grey == 1 for grey in circles),
    )


def _words(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    lines, letters = [], dict[int, str]()
    for font, text in _SET.findall(content):
        if font:
            letters = fonts[font]
            continue
        raw = re.sub(rb"\\(.)", lambda found: _ESCAPES.get(found.group(), found.group(1)), text, flags=re.DOTALL)
        codes = (int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2))
        lines.append("".join(letters.get(code, "?") for code in codes))
    return "\n".join(lines)


def _circles(content: bytes) -> Iterator[float]:
    """The grey of each, 0 is black."""
    grey = 0.0
    for changed in _FILLED.finditer(content):
        if changed.group(1):
            grey = float(changed.group(1))
        else:
            yield grey


def _letters(cmap: bytes) -> dict[int, str]:
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in _PAIR.findall(cmap)}


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found.group(1)) if b"/FlateDecode" in body[: found.start()] else found.group(1)


def _number(pattern: bytes, body: bytes) -> int:
    found = re.search(pattern, body)
    assert found is not None
    return int(found.group(1))
