"""A file's first picture, decoded no larger than needed: sRGB, upright, in the API's bounds."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageFile, JpegImagePlugin

from bot.imaging.intake.colour import Colours
from bot.imaging.intake.colour_spaces import NOTHING_TOLD, ColourTags, told_by_numbers, told_by_profile
from bot.imaging.intake.exif import orientation_of
from bot.imaging.intake.heif import Heif
from bot.imaging.intake.iso_parts import refuse_by_holes, told_by_boxes
from bot.imaging.intake.jpeg_header import takes_much_memory
from bot.imaging.intake.jpeg_parts import jpeg_parts
from bot.imaging.intake.parts import FileParts
from bot.imaging.intake.png_parts import png_parts
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.intake.scaling import draft_size, in_bounds, refuse_by_shape
from bot.imaging.intake.tiff_parts import with_largest_page_first
from bot.imaging.intake.webp_parts import refuse_webp
from bot.imaging.intake.whole_jpeg import WholeJpeg
from bot.imaging.jpeg import Encoding
from bot.skin.photo import RejectReason

# What a pixel costs while it is decoded differs: 19 bytes in WebP, 13 in AVIF, 5 in HEIF (8 with alpha), 4 in PNG.
# Only a large HEIC that is not in tiles may take more than 200 MB, and a huge JPEG of many scans (jpeg_header.py).
_MAX_PIXELS: Final = {"PNG": 36_000_000, "WEBP": 10_000_000, "AVIF": 14_000_000}
_MAX_PIXELS_HEIF: Final = 50_000_000
_MAX_PIXELS_HEIF_WITH_ALPHA: Final = 24_000_000
_MAX_PIXELS_OTHERS: Final = 30_000_000

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPPING_SIDES: Final = frozenset({5, 6, 7, 8})

Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit, one for all formats, would come before ours


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """`image` is RGB and bare; `source_*` is the file's own size; `encoding` is how a JPEG of full size was written."""

    image: Image.Image
    source_width: int
    source_height: int
    encoding: Encoding | None = None


def decode(data: bytes, name: str) -> Decoded:
    """`name`: Pillow's of the format. Raises PhotoRejected, and for broken files whatever the decoder raises."""
    if name == "HEIF":
        return _decoded_heif(data)
    parts = _parts(data, name)
    with _opened(parts, name) as opened:
        width, height = opened.size
        _refuse_by_size(opened, name)
        if name == "AVIF":
            refuse_by_holes(data)
        encoding = _source_encoding(opened)
        if name == "JPEG":
            opened.draft(None, draft_size(width, height, is_tight=takes_much_memory(data)))
        told = _told({str(key): value for key, value in opened.info.items()}, parts.told)
        orientation = _orientation(opened, name, parts)
        opened.decodermaxblock = len(parts.pixels)  # in one go: a decoder that waits for more does its row again
        opened.load()
        opened.info = {key: value for key, value in opened.info.items() if key == "transparency"}
        unscaled = opened.size in {(width, height), (height, width)}
        image = in_bounds(opened, Colours(told))
    turn = _TURNS.get(orientation)
    image = image if turn is None else image.transpose(turn)
    image.info.clear()
    if encoding is not None:
        encoding = _turned(encoding, orientation) if unscaled and max(width, height) == max(image.size) else None
    return Decoded(image=image, source_width=width, source_height=height, encoding=encoding)


def _opened(parts: FileParts, name: str) -> ImageFile.ImageFile:
    if parts.codes:
        return WholeJpeg(parts.pixels, parts.codes)
    return Image.open(io.BytesIO(parts.pixels), formats=[name])


def _decoded_heif(data: bytes) -> Decoded:
    heif = Heif(data)
    width, height = heif.size
    if width * height > (_MAX_PIXELS_HEIF if heif.mode == "RGB" else _MAX_PIXELS_HEIF_WITH_ALPHA):
        raise PhotoRejected(RejectReason.TOO_MANY_PIXELS)
    refuse_by_shape(width, height)
    refuse_by_holes(data)
    told = _told(heif.info, NOTHING_TOLD)
    image = in_bounds(heif.bands(is_hdr=told.hdr is not None), Colours(told))
    for turn in heif.turns:
        image = image.transpose(turn)
    return Decoded(image=image, source_width=width, source_height=height)


def turned(decoded: Decoded, degrees: int) -> Decoded:
    """Counter-clockwise by 90, 180 or 270 degrees more than the file says."""
    orientation = {90: 8, 180: 3, 270: 6}[degrees]
    width, height = decoded.source_width, decoded.source_height
    return Decoded(
        image=decoded.image.transpose(_TURNS[orientation]),
        source_width=width,
        source_height=height,
        encoding=_turned(decoded.encoding, orientation) if decoded.encoding else None,
    )


def _parts(data: bytes, name: str) -> FileParts:
    if name == "JPEG":
        return jpeg_parts(data)
    if name == "PNG":
        return png_parts(data)
    if name == "TIFF":
        return FileParts(pixels=with_largest_page_first(data))
    if name == "WEBP":
        refuse_webp(data, most_pixels=_MAX_PIXELS["WEBP"])
    elif name == "AVIF":
        return FileParts(pixels=data, told=told_by_boxes(data))
    return FileParts(pixels=data)


def _refuse_by_size(image: Image.Image, name: str) -> None:
    """JPEGs were judged by their header."""
    if name != "JPEG" and image.width * image.height > _MAX_PIXELS.get(name, _MAX_PIXELS_OTHERS):
        raise PhotoRejected(RejectReason.TOO_MANY_PIXELS)
    refuse_by_shape(image.width, image.height)


def _told(info: Mapping[str, object], by_parts: ColourTags) -> ColourTags:
    """A profile goes before numbers where a file has both, as in HEIC and AVIF."""
    profile, numbers = info.get("icc_profile"), info.get("nclx_profile")
    if isinstance(profile, bytes) and profile:
        return told_by_profile(profile)
    if isinstance(numbers, dict):
        return told_by_numbers(numbers["color_primaries"], numbers["transfer_characteristics"])
    return by_parts


def _orientation(image: Image.Image, name: str, parts: FileParts) -> int:
    exif = image.info.get("exif")
    if name == "TIFF" or not isinstance(exif, bytes):
        return parts.orientation
    return orientation_of(exif)


def _source_encoding(image: Image.Image) -> Encoding | None:
    """How the source JPEG was written, for writing it again with the least loss; None where that can't be done."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or image.mode != "RGB":
        return None
    subsampling = JpegImagePlugin.get_sampling(image)
    tables = [image.quantization.get(number) for _, _, _, number in image.layer]
    luma, blue, red = tables if len(tables) == 3 else (None, None, None)
    if subsampling not in (0, 1, 2) or luma is None or blue is None or blue != red or max(*luma, *blue) > 255:
        return None
    return Encoding(tables={0: luma, 1: blue}, subsampling=subsampling)


def _turned(source: Encoding, orientation: int) -> Encoding:
    """The source's tables, transposed where the picture was laid on its side; 4:2:2 can't be turned."""
    if orientation not in _SWAPPING_SIDES or source.tables is None:
        return source
    tables = {number: _transposed(table) for number, table in source.tables.items()}
    return Encoding(tables=tables, subsampling=0 if source.subsampling == 1 else source.subsampling)


def _transposed(table: Sequence[int]) -> list[int]:
    return [table[row * 8 + column] for column in range(8) for row in range(8)]
