"""What the page's people may send: what phones send, and nothing that takes long or opens another program."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from bot.playground.server.files import Kind, StoredFiles
from bot.playground.server.photos import NotAPhoto, photo_sizes
from tests.pictures import selfie

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 400\n%%EndComments\n0 0 moveto\nshowpage\n"


def picture(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "#c96").save(out, kind, **options)
    return out.getvalue()


def scan_bomb() -> bytes:
    """One honest scan of a progressive JPEG, over and over."""
    jpeg = picture("JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + jpeg[last:-2] * 5000 + jpeg[-2:]


def text_bomb() -> bytes:
    """A PNG whose text of 200 MB is 200 kB."""
    png = picture("PNG")
    content = b"Comment\0\0" + zlib.compress(b"x" * 200_000_000)
    chunk = struct.pack(">I", len(content)) + b"zTXt" + content
    return png[:33] + chunk + struct.pack(">I", zlib.crc32(b"zTXt" + content)) + png[33:]


def canvas_bomb() -> bytes:
    """A WebP of 60 bytes with a canvas of 268 megapixels."""
    frame = picture("WEBP")[12:]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff\x3f\0" * 2 + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def large_webp() -> bytes:
    """Sound, of 16.8 megapixels: its canvas would take 320 MB."""
    out = io.BytesIO()
    Image.new("RGB", (4100, 4100), "#c96").save(out, "WEBP", lossless=True, quality=0, method=0)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_phones_send_becomes_a_photo(kind: str) -> None:
    """Whatever it is called."""
    assert photo_sizes(picture(kind), max_side_px=1280)[-1].width == 400


@pytest.mark.parametrize(
    "data",
    [
        *(EPS, picture("GIF"), picture("TIFF"), picture("BMP"), picture("ICO"), picture("PPM")),
        *(text_bomb(), canvas_bomb(), large_webp()),
    ],
    ids=["eps", "gif", "tiff", "bmp", "ico", "ppm", "text", "canvas", "large"],
)
def test_everything_else_is_no_photo(data: bytes) -> None:
    """No other reader is asked: that of PostScript would start Ghostscript."""
    with pytest.raises(NotAPhoto):
        photo_sizes(data, max_side_px=1280)


def test_a_bomb_of_scans_takes_no_time() -> None:
    """Thousands of scans are refused before the first is read."""
    bomb = scan_bomb()
    began = time.process_time()
    with pytest.raises(NotAPhoto):
        photo_sizes(bomb, max_side_px=1280)
    assert time.process_time() - began < 1


def test_what_is_text_in_a_picture_is_no_trouble() -> None:
    """As long as it is short."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "hello", zip=True)
    assert photo_sizes(picture("PNG", pnginfo=info), max_side_px=1280)


def test_only_so_many_bytes_are_kept() -> None:
    """The oldest go, with their links, as if Telegram had lost them; the newest is always there."""
    files = StoredFiles(most_bytes=3000)
    kept = [files.keep(bytes([number]) * 1000, kind=Kind.DOCUMENT) for number in range(5)]
    path = str(files.link(kept[4].file_id)["file_path"])
    assert [files.find(file.file_id) is not None for file in kept] == [False, False, True, True, True]
    big = files.keep(b"x" * 5000, kind=Kind.DOCUMENT)
    assert files.find(big.file_id) == big
    assert files.find(kept[4].file_id) is None
    assert files.at(path) is None
    photo = files.keep_photo(photo_sizes(selfie(), max_side_px=1280))
    assert files.photo(photo[-1].file_id) == photo
