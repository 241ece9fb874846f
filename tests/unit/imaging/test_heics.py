"""A HEIC of many tiles, as phones write theirs, is read tile by tile: the same picture for a third of the memory."""

import io
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageChops

from bot.imaging.intake.heif import Heif, TiledHeif, WholeHeif
from bot.imaging.intake.heif_tiles import tiles_of
from bot.imaging.intake.photo import PhotoRejected, take_in
from bot.skin.photo import RejectReason
from tests.pictures import drawn_face

SIZE = (2016, 2100)


def heic(size: tuple[int, int] = SIZE, **options: Any) -> bytes:  # noqa: ANN401 - pillow_heif's own options
    """In tiles of 512 px, as iPhones and Galaxies have them."""
    face = drawn_face().resize(size)
    file = pillow_heif.from_pillow(face.convert(options.pop("mode", "RGB")))
    buffer = io.BytesIO()
    file.save(buffer, quality=70, enc_params={"preset": "ultrafast"}, **({"tile_size": 512} | options))
    return buffer.getvalue()


def whole(pixels: WholeHeif | TiledHeif) -> Image.Image:
    """In one go."""
    return pixels.crop((0, 0, pixels.width, pixels.height))


def exif(orientation: int) -> bytes:
    told = Image.Exif()
    told[0x0112] = orientation
    return told.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_tiles_make_the_very_picture(orientation: int) -> None:
    """Every pixel is what the decoder makes of the whole, however the phone was held; the last tiles are cut."""
    data = heic(exif=exif(orientation))
    heif = Heif(data)
    pixels = heif.bands(is_hdr=False)
    assert isinstance(pixels, TiledHeif)
    made = whole(pixels)
    for turn in heif.turns:
        made = made.transpose(turn)
    meant = whole(WholeHeif(pillow_heif.open_heif(data, remove_stride=False)))
    assert made.size == meant.size == heif.size
    assert ImageChops.difference(made, meant).getbbox() is None


def test_bands_need_not_end_where_tiles_do() -> None:
    """Each is what stands there, also in the second half of a tile and over three rows of them."""
    pixels = Heif(heic()).bands(is_hdr=False)
    picture = whole(pixels)
    for top, bottom in ((0, 7), (300, 600), (500, 1700), (1699, 1701), (2000, 2100), (100, 101)):
        band = pixels.crop((0, top, pixels.width, bottom))
        assert ImageChops.difference(band, picture.crop((0, top, pixels.width, bottom))).getbbox() is None


@pytest.mark.parametrize(
    "options", [{"tile_size": 0}, {"size": (1900, 2100)}, {"mode": "L"}], ids=["one tile", "small", "grey"]
)
def test_others_are_decoded_as_one(options: dict[str, Any]) -> None:
    """Pictures that are no grid, or that take little."""
    data = heic(**options)
    assert isinstance(Heif(data).bands(is_hdr=False), WholeHeif)
    assert take_in(data).source_format == "HEIF"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_lost_tile_is_damage(share: float) -> None:
    """As in any picture: nothing is made up for it."""
    data = heic()
    tiles = tiles_of(data)
    assert tiles is not None
    place = tiles.meta.places[tiles.items[int(len(tiles.items) * share)]][0]
    broken = data[: place.start] + bytes(len(place)) + data[place.stop :]
    with pytest.raises(PhotoRejected) as rejected:
        take_in(broken)
    assert rejected.value.reason is RejectReason.DAMAGED


def test_a_large_picture_is_brought_within_the_bounds() -> None:
    """By a filter that looks beyond each band: no seam is to be seen."""
    data = heic((1300, 5300))
    photo = take_in(data)
    assert (photo.width, photo.height, photo.source_height) == (1004, 4095, 5300)
    shown = Image.open(io.BytesIO(photo.jpeg)).convert("RGB")
    meant = whole(Heif(data).bands(is_hdr=False)).resize(shown.size, Image.Resampling.HAMMING)
    rows = ImageChops.difference(shown, meant).resize((1, shown.height), Image.Resampling.BOX).convert("L")
    assert max(rows.tobytes()) <= 4
