"""Whatever file a person sends becomes a clean photo, or a specific reason."""

import io
import random
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageCms, ImageEnhance, ImageFilter, ImageStat, JpegImagePlugin

from bot.imaging.intake.clean_photo import MAX_FILE_BYTES
from bot.imaging.intake.photo import PhotoRejected, canvas_of, take_in
from bot.skin.photo import PhotoIssue, RejectReason
from tests.pictures import drawn_face, selfie


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def tables(jpeg: bytes) -> Mapping[int, Sequence[int]]:
    image = Image.open(io.BytesIO(jpeg))
    assert isinstance(image, JpegImagePlugin.JpegImageFile)
    return image.quantization


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of luma, 0..255."""
    return ImageStat.Stat(ImageChops.difference(one.convert("L"), other.convert("L"))).mean[0]


def reason(data: bytes) -> RejectReason:
    with pytest.raises(PhotoRejected) as rejected:
        take_in(data)
    return rejected.value.reason


def heif(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=80)
    return buffer.getvalue()


FORMATS: dict[str, Callable[[Image.Image], bytes]] = {
    "JPEG": encoded,
    "PNG": lambda image: encoded(image, "PNG"),
    "WEBP": lambda image: encoded(image, "WEBP", quality=90),
    "TIFF": lambda image: encoded(image, "TIFF"),
    "BMP": lambda image: encoded(image, "BMP"),
    "GIF": lambda image: encoded(image, "GIF"),
    "AVIF": lambda image: encoded(image, "AVIF", quality=80),
    "HEIF": heif,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_becomes_a_plain_jpeg(name: str) -> None:
    """Judged by its bytes: the picture is the same, whatever it came as."""
    face = drawn_face()
    photo = take_in(FORMATS[name](face))
    sent = Image.open(io.BytesIO(photo.jpeg))
    assert (sent.format, sent.mode, sent.size) == ("JPEG", "RGB", face.size)
    assert photo.source_format == name
    assert difference(sent, face) < 6
    assert photo.issues == frozenset()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int) -> None:
    """All eight ways in which a phone may have held it."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    face = drawn_face().crop((0, 0, 800, 600))
    lying = face.transpose(back[orientation]) if orientation in back else face
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = take_in(encoded(lying, exif=exif, quality=92))
    assert (photo.width, photo.height) == (800, 600)
    assert difference(opened(photo.jpeg), face) < 3


def test_no_metadata_is_left() -> None:
    """Place, camera, comment and profile stay with the sender."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(drawn_face(), exif=exif, comment=b"at home", icc_profile=profile, xmp=b"<x/>")
    sent = Image.open(io.BytesIO(take_in(data).jpeg))
    assert set(sent.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not sent.getexif()


def test_a_jpeg_that_keeps_its_size_keeps_its_tables() -> None:
    """Written again as it was written, it loses next to nothing and does not grow."""
    source = encoded(drawn_face(), quality=82, subsampling=2)
    photo = take_in(source)
    assert tables(photo.jpeg) == tables(source)
    assert len(photo.jpeg) <= len(source) * 1.06
    assert difference(opened(photo.jpeg), opened(source)) < 0.6


def test_tables_are_transposed_with_the_picture() -> None:
    """A quantisation table has a direction, and turns by 90° with what it quantised."""
    table = [[16 + row + 4 * column for column in range(8)] for row in range(8)]
    flat = [value for row in table for value in row]
    exif = Image.Exif()
    exif[0x0112] = 6
    source = encoded(drawn_face(), qtables=[flat, flat], subsampling=2, exif=exif)
    written = tables(take_in(source).jpeg)[0]
    assert [written[row * 8 : row * 8 + 8] for row in range(8)] == [list(column) for column in zip(*table, strict=True)]


def test_a_large_jpeg_is_brought_within_the_bounds() -> None:
    """48 megapixels become a fraction of that, decoded at the fraction."""
    photo = take_in(encoded(drawn_face().resize((8064, 6048)), quality=80))
    assert (photo.width, photo.height) == (4032, 3024)
    assert 1280 <= max(photo.canvas.image.size) <= 1280 * 1.1
    assert photo.canvas.scale == pytest.approx(photo.canvas.image.width / 4032)


def test_five_million_bytes_are_never_passed() -> None:
    """Noise is the worst case for a JPEG: quality goes first, then size."""
    noise = Image.frombytes("RGB", (3600, 3600), random.Random(1).randbytes(3600 * 3600 * 3))
    photo = take_in(encoded(noise, "JPEG", quality=70))
    assert 2_000_000 < len(photo.jpeg) <= 5_000_000
    assert photo.canvas.scale == pytest.approx(photo.canvas.image.width / photo.width)


def test_transparent_parts_are_white_not_what_hides_below() -> None:
    """A cut-out picture shows no hidden colours."""
    image = drawn_face().convert("RGBA")
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, 800, 80))
    image.putalpha(alpha)
    sent = opened(take_in(encoded(image, "PNG")).jpeg)
    assert min(ImageStat.Stat(sent.crop((0, 0, 800, 60))).mean) > 253


def test_a_fully_transparent_picture_is_empty() -> None:
    """Skin hidden under full transparency is not looked at."""
    image = drawn_face().convert("RGBA")
    image.putalpha(0)
    assert reason(encoded(image, "PNG")) is RejectReason.EMPTY_PICTURE


def test_sixteen_bits_of_grey_do_not_turn_white() -> None:
    """Scaled, not cut off."""
    grey = drawn_face().convert("L")
    deep = Image.frombytes("I;16", grey.size, b"".join(struct.pack("<H", value * 257) for value in grey.tobytes()))
    assert difference(opened(take_in(encoded(deep, "PNG")).jpeg), grey) < 3


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb(kind: str) -> None:
    """Print colours, with or without Adobe's inversion, come out as the same picture."""
    face = drawn_face()
    assert difference(opened(take_in(encoded(face.convert("CMYK"), kind)).jpeg), face) < 12


def wide_profile() -> bytes:
    """A minimal ICC profile of the ProPhoto primaries with a gamma of 1.8."""

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + b"".join(map(number, values))

    gamma = b"curv" + bytes(4) + struct.pack(">IH", 1, round(1.8 * 256)) + bytes(2)
    tags = {
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.7977, 0.2880, 0.0),
        b"gXYZ": xyz(0.1352, 0.7119, 0.0),
        b"bXYZ": xyz(0.0313, 0.0001, 0.8249),
        b"rTRC": gamma,
        b"gTRC": gamma,
        b"bTRC": gamma,
    }
    at, table, body = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    white = number(0.9642) + number(1.0) + number(0.8249)
    header = b"none" + struct.pack(">I", 0x02100000) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28) + white
    profile = header + bytes(124 - len(header)) + table + body
    return struct.pack(">I", len(profile) + 4) + profile


def test_a_wide_profile_is_brought_to_srgb() -> None:
    """An iPhone's Display P3 moves skin by degrees of hue when it is ignored: colours are converted."""
    photo = take_in(encoded(drawn_face(), "PNG", icc_profile=wide_profile()))
    skin, source = (image.getpixel((400, 450)) for image in (opened(photo.jpeg), drawn_face()))
    assert isinstance(skin, tuple)
    assert isinstance(source, tuple)
    assert skin[0] - skin[2] > source[0] - source[2] + 15  # the same numbers mean a stronger colour in a wide space


def test_a_broken_profile_is_ignored() -> None:
    """The picture is good, whatever its profile says."""
    data = encoded(drawn_face(), "PNG", icc_profile=b"not a profile" * 20)
    assert difference(opened(take_in(data).jpeg), drawn_face()) < 3


def test_broken_exif_does_not_cost_the_picture() -> None:
    """The orientation is lost, the photo is not."""
    photo = take_in(encoded(drawn_face(), exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\xff" * 40))
    assert (photo.width, photo.height) == (800, 800)


def test_an_animation_is_its_first_frame() -> None:
    """One frame is analysed, the rest is not decoded."""
    other = Image.new("RGB", (800, 800), "red")
    data = encoded(drawn_face(), "WEBP", save_all=True, append_images=[other] * 5, lossless=True)
    assert difference(opened(take_in(data).jpeg), drawn_face()) < 3


def test_a_scan_bomb_is_refused_before_it_is_decoded() -> None:
    """A progressive JPEG of thousands of scans costs seconds for a few kB."""
    picture = encoded(drawn_face(), progressive=True)
    last = picture.rindex(b"\xff\xda")
    again = picture[last:-2]
    assert reason(picture[:-2] + again * 101 + picture[-2:]) is RejectReason.DAMAGED
    assert reason(picture[:-2] + b"\xff\x01" + again * 101 + picture[-2:]) is RejectReason.DAMAGED  # TEM: no length
    first = picture.index(b"\xff\xda")
    end = picture.index(b"\xff\xc4", first)  # each block's mean: brought again, it is the same
    brought = [take_in(picture[:end] + picture[first:end] * times + picture[end:]).width for times in (3, 80)]
    assert brought == [800, 800]
    assert reason(picture[:end] + picture[first:end] * 101 + picture[end:]) is RejectReason.DAMAGED


@pytest.mark.parametrize("progressive", [False, True])
def test_a_film_behind_the_picture_is_no_scan_bomb(progressive: bool) -> None:  # noqa: FBT001 - a parameter
    """Phones append megabytes of film; in them any two bytes occur more often than a picture has scans."""
    picture = encoded(drawn_face(), progressive=progressive)
    assert take_in(picture + b"\xff\xda" * 101).jpeg == take_in(picture).jpeg


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bare_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", RejectReason.NOT_A_PICTURE),
        (b"hello, this is a letter" * 20, RejectReason.NOT_A_PICTURE),
        (b"%PDF-1.7 and so on", RejectReason.UNSUPPORTED_FORMAT),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42", RejectReason.UNSUPPORTED_FORMAT),
        (selfie()[:9000], RejectReason.DAMAGED),
        (selfie(kind="PNG")[:9000], RejectReason.DAMAGED),
        (b"\xff\xd8\xff\xe0" + bytes(500), RejectReason.DAMAGED),
        (bare_png(30_000, 30_000), RejectReason.TOO_MANY_PIXELS),
        (bare_png(60_000, 300), RejectReason.TOO_LONG_AND_THIN),
        (encoded(Image.effect_noise((200, 900), 50).convert("RGB")), RejectReason.TOO_SMALL),
        (encoded(Image.new("RGB", (500, 500), "tan")), RejectReason.EMPTY_PICTURE),
        (selfie() + bytes(MAX_FILE_BYTES), RejectReason.TOO_LARGE_FILE),
    ],
)
def test_what_is_no_photo_has_its_reason(data: bytes, expected: RejectReason) -> None:
    """Specific enough for the person to know what to change."""
    assert reason(data) is expected


def test_no_bytes_whatever_raise_anything_else() -> None:
    """Flipped bits and cut ends, of every format: a photo or a reason."""
    dice = random.Random(20)
    small = drawn_face().resize((260, 260))
    for data in (make(small) for make in FORMATS.values()):
        for _ in range(25):
            broken = bytearray(data)
            for _ in range(dice.randrange(1, 12)):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            with suppress(PhotoRejected):
                take_in(bytes(broken[: dice.randrange(len(broken) // 2, len(broken) + 1)]))


@pytest.mark.parametrize(
    ("spoiled", "issue"),
    [
        (lambda face: ImageEnhance.Brightness(face).enhance(0.12), PhotoIssue.TOO_DARK),
        (lambda face: ImageEnhance.Brightness(face).enhance(6.0), PhotoIssue.TOO_BRIGHT),
        (lambda face: face.filter(ImageFilter.GaussianBlur(12)), PhotoIssue.BLURRED),
    ],
)
def test_a_doubtful_photo_says_why(spoiled: Callable[[Image.Image], Image.Image], issue: PhotoIssue) -> None:
    """Too dark, too bright, blurred: a doubt, not a refusal."""
    assert issue in take_in(encoded(spoiled(drawn_face()), quality=92)).issues


def test_dark_skin_in_good_light_is_no_dark_photo() -> None:
    """The light is judged, not the skin."""
    assert take_in(encoded(drawn_face(skin=(92, 62, 48)))).issues == frozenset()


def test_the_canvas_can_be_had_again_from_what_was_sent() -> None:
    """After a restart the drawing starts from the stored photo, at the same scale."""
    photo = take_in(encoded(drawn_face().resize((3000, 2000)), quality=90))
    again = canvas_of(photo.jpeg)
    assert again.image.size == photo.canvas.image.size
    assert again.scale == pytest.approx(photo.canvas.scale, abs=1e-3)
    assert difference(again.image, photo.canvas.image) < 4
