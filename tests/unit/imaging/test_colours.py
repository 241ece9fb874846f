"""In whatever colours a file's pixels stand, and wherever it says so: the photo shows what the picture is."""

import io
import struct
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from bot.imaging.intake.photo import take_in
from tests.pictures import drawn_face
from tests.unit.imaging.colour_files import (
    BT2020,
    DISPLAY_P3,
    SRGB,
    Pixels,
    avif_saying,
    encoded,
    heic_saying,
    hlg_coded,
    icc,
    light_in,
    picture,
    png_saying,
    pq_coded,
    srgb_coded,
)


def face() -> Image.Image:
    """With a strong red, which an error of colours moves most."""
    image = drawn_face().reduce(2)
    image.paste((190, 60, 70), (20, 20, 100, 100))
    return image


def off(data: bytes) -> float:
    """How far a file's photo is from the face, in the worst colour: mean of 0..255."""
    photo = Image.open(io.BytesIO(take_in(data).jpeg)).convert("RGB")
    return max(ImageStat.Stat(ImageChops.difference(photo, face())).mean)


def in_p3() -> Image.Image:
    return picture(srgb_coded(light_in(face(), DISPLAY_P3)))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("JPEG", "Display P3"),
        ("JPEG", "DCI-P3 D65 Gamut with sRGB Transfer"),
        ("JPEG", "sRGB"),
        ("JPEG", ""),
        ("PNG", "Display P3 Gamut with sRGB Transfer"),
        ("WEBP", "Display P3 Gamut with sRGB Transfer"),
        ("TIFF", "sRGB"),
        ("AVIF", "sRGB"),
    ],
)
def test_a_profile_is_what_it_does_not_what_it_is_called(kind: str, name: str) -> None:
    """Samsung's and Android's P3 profiles have "sRGB" in their names: for the curve, not for the colours."""
    options = {"lossless": True} if kind == "WEBP" else {} if kind in {"PNG", "TIFF"} else {"quality": 95}
    plain = off(encoded(face(), kind, **options))
    assert off(encoded(in_p3(), kind, icc_profile=icc(DISPLAY_P3, name), **options)) < plain + 0.8
    assert off(encoded(in_p3(), kind, **options)) > plain + 1.5  # what it costs to ignore it


@pytest.mark.parametrize("name", ["sRGB IEC61966-2.1", "my screen"])
def test_a_profile_that_is_srgb_changes_no_pixel(name: str) -> None:
    """Whatever it is called; there is nothing to convert."""
    source = encoded(face(), "JPEG", quality=90)
    assert take_in(encoded(face(), "JPEG", quality=90, icc_profile=icc(SRGB, name))).jpeg == take_in(source).jpeg
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert take_in(encoded(face(), "JPEG", quality=90, icc_profile=made)).jpeg == take_in(source).jpeg


def test_a_grey_picture_with_a_profile_of_colours_is_one_of_its_greys() -> None:
    """Its curve counts for a grey, too."""
    grey = face().convert("L")
    darker = grey.point([round(255 * (value / 255) ** 2.2) for value in range(256)])
    photo = take_in(encoded(darker, "PNG", icc_profile=icc(SRGB, "linear", gamma=1.0)))
    assert ImageStat.Stat(ImageChops.difference(Image.open(io.BytesIO(photo.jpeg)).convert("L"), grey)).mean[0] < 3


def test_profile_parts_out_of_order_are_put_in_order() -> None:
    """A long profile comes in numbered segments."""
    profile = icc(DISPLAY_P3, "long" * 30)
    half = len(profile) // 2
    segments = [
        b"\xff\xe2" + struct.pack(">H", len(part) + 16) + b"ICC_PROFILE\x00" + bytes([number, 2]) + part
        for number, part in ((2, profile[half:]), (1, profile[:half]))
    ]
    data = encoded(in_p3(), "JPEG", quality=95)
    assert off(data[:2] + b"".join(segments) + data[2:]) < off(encoded(face(), "JPEG", quality=95)) + 0.8


def chromaticities() -> bytes:
    return struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


def linear_in_p3() -> Image.Image:
    return picture(light_in(face(), DISPLAY_P3))


WITHOUT_A_PROFILE: dict[str, Callable[[], bytes]] = {
    "HEIC, P3": lambda: heic_saying(srgb_coded(light_in(face(), DISPLAY_P3)), 12, 13),
    "HEIC, BT.2020": lambda: heic_saying(srgb_coded(light_in(face(), BT2020)), 9, 13),
    "HEIC, television's sRGB": lambda: heic_saying(srgb_coded(light_in(face(), SRGB)), 5, 6),
    "AVIF, P3": lambda: avif_saying(in_p3(), 12, 13),
    "AVIF, nothing said": lambda: avif_saying(face(), 2, 2),
    "PNG, cICP P3": lambda: png_saying(in_p3(), {b"cICP": bytes([12, 13, 0, 1])}),
    "PNG, cICP before a profile": lambda: png_saying(face(), {b"cICP": bytes([1, 13, 0, 1]), b"gAMA": b"\0\1\x86\xa0"}),
    "PNG, linear by gAMA": lambda: png_saying(picture(light_in(face(), SRGB)), {b"gAMA": b"\0\1\x86\xa0"}),
    "PNG, linear P3": lambda: png_saying(linear_in_p3(), {b"gAMA": b"\0\1\x86\xa0", b"cHRM": chromaticities()}),
    "PNG, P3 by cHRM": lambda: png_saying(in_p3(), {b"gAMA": b"\0\0\xb1\x8f", b"cHRM": chromaticities()}),
    "PNG, sRGB before gAMA": lambda: png_saying(face(), {b"sRGB": b"\0", b"gAMA": b"\0\1\x86\xa0"}),
    "PNG, nonsense": lambda: png_saying(face(), {b"gAMA": bytes(4), b"cHRM": bytes(32), b"cICP": b"?"}),
}


@pytest.mark.parametrize("name", WITHOUT_A_PROFILE)
def test_colours_said_elsewhere_than_in_a_profile(name: str) -> None:
    """Numbers in a HEIC, an AVIF or a PNG, a gamma, chromaticities: the photo is the same picture."""
    assert off(WITHOUT_A_PROFILE[name]()) < 3.0


@pytest.mark.parametrize(("transfer", "coded"), [(16, pq_coded), (18, hlg_coded)])
@pytest.mark.parametrize("kind", ["PNG", "AVIF", "ICC"])
def test_an_hdr_picture_is_what_the_ordinary_photo_is(
    transfer: int, coded: Callable[[Pixels], Pixels], kind: str
) -> None:
    """PQ and HLG read as they lie are grey and dark: skin keeps its colour up to the white of paper."""
    pixels = picture(coded(light_in(face(), BT2020)))
    data = {
        "PNG": lambda: png_saying(pixels, {b"cICP": bytes([9, transfer, 0, 1])}),
        "AVIF": lambda: avif_saying(pixels, 9, transfer),
        "ICC": lambda: encoded(pixels, "PNG", icc_profile=icc(BT2020, "HDR", numbers=(9, transfer))),
    }[kind]()
    assert off(data) < 4.0
    assert off(encoded(pixels, "PNG")) > 20  # what it would be, read as it lies


def test_an_hdr_heic_keeps_its_hue() -> None:
    """Ten bits cut to eight before the colours are converted moved skin by 4 degrees."""
    data = heic_saying(pq_coded(light_in(face(), BT2020)), 9, 16, bits=10)
    shown = ImageStat.Stat(Image.open(io.BytesIO(take_in(data).jpeg)).convert("RGB").crop((125, 210, 275, 280))).mean
    meant = ImageStat.Stat(face().crop((125, 210, 275, 280))).mean
    assert max(abs((shown[0] - shown[2]) - (meant[0] - meant[2])), abs(shown[1] - meant[1])) < 2


def test_what_is_lighter_than_paper_is_pressed_below_white() -> None:
    """A lamp in an HDR picture stays lighter than a sheet of paper, and the face keeps its colours."""
    light = light_in(face(), BT2020)
    light[:40, :40] = 1.0
    light[:40, 40:80] = 4.0
    photo = Image.open(io.BytesIO(take_in(png_saying(picture(pq_coded(light)), {b"cICP": bytes([9, 16, 0, 1])})).jpeg))
    paper, lamp = (ImageStat.Stat(photo.convert("L").crop(box)).mean[0] for box in ((8, 8, 32, 32), (48, 8, 72, 32)))
    assert 225 < paper < 250 < lamp
    skin = ImageChops.difference(photo.convert("RGB"), face()).crop((125, 210, 275, 280))
    assert max(ImageStat.Stat(skin).mean) < 4
