"""What a file is, by its first bytes: never by its name, and before a decoder sees it."""

import re
from typing import Final

from bot.imaging.intake.rejection import PhotoRejected
from bot.skin.photo import RejectReason

_MAGIC: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)
_BMP_HEADER_BYTES: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})

# Pictures, films and documents that people do send, and that no analyzer can read.
_KNOWN_OTHERS: Final = (
    b"%PDF", b"8BPS", b"icns", b"\x00\x00\x01\x00", b"\x00\x00\x02\x00", b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51",
    b"DDS ", b"qoif", b"gimp xcf", b"<svg", b"<?xml", b"PK\x03\x04", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x00\x00\x6c\x00",
    b"BLP1", b"BLP2", b"FTEX", b"\xff\x0a", b"\x00\x00\x00\x0cJXL ", b"v/1\x01", b"#?RADIANCE", b"SIMPLE  =",
    b"\x59\xa6\x6a\x95", b"IIU\x00", b"FUJIFILM", b"\x1aE\xdf\xa3", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"DICM", b"%!PS",
    b"II\xbc\x01", b"BPG\xfb", b"FLIF", b"AT&TFORM", b"II*\x00\x10\x00\x00\x00CR",
    b"IIRO", b"IIRS", b"MMOR", b"FOVb", b"\x00MRM", b"II\x1a\x00\x00\x00HEAP",
)  # fmt: skip
_NETPBM_OR_PCX: Final = re.compile(rb"P[1-7fF][\s#]|\x0a[\x00-\x05]\x01[\x01\x02\x04\x08]")


def format_of(data: bytes) -> str:
    """Pillow's name of a format that we read; PhotoRejected for all else."""
    if data.startswith(_KNOWN_OTHERS) or _NETPBM_OR_PCX.match(data):
        raise PhotoRejected(RejectReason.UNSUPPORTED_FORMAT)
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF":
        return _riff_format(data)
    if data[4:8] == b"ftyp":
        return _iso_format(data)
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_BYTES:
        return "BMP"
    raise PhotoRejected(RejectReason.NOT_A_PICTURE)


def _riff_format(data: bytes) -> str:
    """WebP shares its container with films and sounds."""
    if data[8:12] == b"WEBP":
        return "WEBP"
    raise PhotoRejected(RejectReason.UNSUPPORTED_FORMAT)


def _iso_format(data: bytes) -> str:
    """HEIF, AVIF and films share one container; the brands tell."""
    size = int.from_bytes(data[:4], "big")
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(size, 256, len(data)), 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        return "HEIF"
    raise PhotoRejected(RejectReason.UNSUPPORTED_FORMAT)
