"""Files that are made to cost a reader more than anybody should pay."""

import io
import struct

from PIL import Image

from tests.pictures import drawn_face


def hidden_scans(side: int = 2000, scans: int = 6000) -> bytes:
    """A JPEG whose thousands of scans stand behind markers that look as if they had a length, with restarts on."""
    buffer = io.BytesIO()
    drawn_face().resize((side, side)).save(buffer, "JPEG", progressive=True, quality=30)
    plain = buffer.getvalue()
    first, last = plain.index(b"\xff\xda"), plain.rindex(b"\xff\xda")
    restarts = b"\xff\xdd" + struct.pack(">HH", 4, 1)
    header = plain[last : last + 2 + int.from_bytes(plain[last + 2 : last + 4], "big")]
    hidden = b"".join(b"\xff\x02" + struct.pack(">H", 0xFFFF) + header * 6000 for _ in range(max(1, scans // 6000)))
    return plain[:first] + restarts + plain[first:-2] + hidden + header * 50 + plain[-2:]


def many_scans(side: int = 5000, scans: int = 50) -> bytes:
    """Nearly as many as are read, each whole and each the same: seconds for nothing but one colour."""
    buffer = io.BytesIO()
    Image.effect_noise((side, side), 40).save(buffer, "JPEG", progressive=True, quality=30)
    plain = buffer.getvalue()
    first = plain.index(b"\xff\xda")
    end = plain.index(b"\xff\xc4", first)
    return plain[:first] + plain[first:end] * scans + plain[end:]


def empty_webp(side: int) -> bytes:
    """Hundreds of bytes that become millions of pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "tan").save(buffer, "WEBP", lossless=True, method=0, quality=0)
    return buffer.getvalue()


def film_of_frames(frames: int = 400, side: int = 3000) -> bytes:
    """A GIF of one colour."""
    buffer = io.BytesIO()
    picture = Image.new("P", (side, side))
    picture.save(buffer, "GIF", save_all=True, append_images=[picture] * frames)
    return buffer.getvalue()
