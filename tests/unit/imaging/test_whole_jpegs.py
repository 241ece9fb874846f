"""A picture of which a part is lost is refused before anything is paid for it; one that is whole is read."""

import io
import random
import re
import struct
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw

from bot.analysis.pixel_tasks import is_heavy
from bot.imaging.intake.photo import PhotoRejected, take_in
from bot.imaging.intake.scaling import draft_size
from bot.skin.photo import RejectReason
from tests.pictures import drawn_face

END = b"\xff\xd9"
SCAN = b"\xff\xda"


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own options
    buffer = io.BytesIO()
    (drawn_face() if image is None else image).save(buffer, "JPEG", **({"quality": 90} | options))
    return buffer.getvalue()


def outcome(data: bytes) -> RejectReason | None:
    try:
        take_in(data)
    except PhotoRejected as rejected:
        return rejected.reason
    return None


KINDS: dict[str, dict[str, Any]] = {
    "4:2:0": {"subsampling": 2},
    "4:4:4": {"subsampling": 0},
    "4:2:2": {"subsampling": 1},
    "optimized": {"optimize": True},
    "restarts": {"restart_marker_rows": 1},
    "restarts, progressive": {"progressive": True, "restart_marker_rows": 1},
    "restarts at every block": {"restart_marker_blocks": 1},
    "progressive": {"progressive": True},
    "progressive, 4:4:4": {"progressive": True, "subsampling": 0},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_a_cut_picture_is_refused_with_an_end_marker_too(kind: str, share: float) -> None:
    """Half a face and grey: a decoder fills what is missing and says nothing."""
    whole = jpeg(**KINDS[kind])
    codes = whole.index(SCAN)
    cut = whole[: codes + 20 + int((len(whole) - codes - 20) * share)].removesuffix(b"\xff")
    assert outcome(whole) is None
    assert outcome(cut + END) is RejectReason.DAMAGED
    assert outcome(cut) is RejectReason.DAMAGED


def stretches(data: bytes) -> list[tuple[int, int]]:
    """Where codes stand without a marker among them."""
    ends = [each.start() for each in re.finditer(rb"\xff[^\x00]", data)]
    return [(start + 2, end) for start, end in pairwise(ends) if start > data.index(SCAN) and end - start > 60]


@pytest.mark.parametrize("kind", ["restarts", "restarts, progressive"])
@pytest.mark.parametrize("filled", [b"", b"\x00", b"1"])
def test_a_loss_between_two_restarts(kind: str, filled: bytes) -> None:
    """A decoder goes on at the next restart, so that only one stretch is spoiled: a band across the face."""
    whole = jpeg(**KINDS[kind])
    found = stretches(whole)
    assert outcome(whole) is None
    spoiled = [
        whole[: start + 8] + filled * (size := (end - start) // 2) + whole[start + 8 + size :]
        for start, end in found[:: len(found) // 20]
    ]
    told = [outcome(data) for data in spoiled]
    # By chance just as many blocks may come out, oftener in the scans of the last bit, where a block takes few codes.
    assert told.count(RejectReason.DAMAGED) >= (0.9 if kind == "restarts" else 0.8) * len(told), told


def in_single_scans(data: bytes) -> bytes:
    """A grey picture, told to be the first of three colours with a scan each: the others stand in the same codes."""
    frame, scan = data.index(b"\xff\xc0"), data.index(SCAN)
    colours = b"".join(bytes((number, 0x11, 0)) for number in (1, 2, 3))
    head = data[:frame] + b"\xff\xc0\x00\x11" + data[frame + 4 : frame + 9] + b"\x03" + colours
    codes = data[scan + 10 : -2]
    scans = [SCAN + bytes((0, 8, 1, number, 0, 0, 63, 0)) + codes for number in (1, 2, 3)]
    return head + data[frame + 13 : scan] + b"".join(scans) + END


def test_a_loss_where_each_colour_has_a_scan() -> None:
    """Whichever colour it is; and a whole picture of this kind is read."""
    whole = in_single_scans(jpeg(drawn_face().convert("L")))
    assert outcome(whole) is None
    assert len(Image.open(io.BytesIO(whole)).getbands()) == 3
    for share in (0.2, 0.5, 0.8):
        at = int(len(whole) * share)
        assert outcome(whole[:at] + whole[at + 2000 :]) is RejectReason.DAMAGED


@pytest.mark.parametrize("missing", [3, 10, 40])
def test_the_last_bytes_count(missing: int) -> None:
    """A last block that is lost is lost, however little it is."""
    whole = jpeg(subsampling=0)
    assert outcome(whole[: -2 - missing].removesuffix(b"\xff") + END) is RejectReason.DAMAGED


@pytest.mark.parametrize("kind", ["4:2:0", "optimized", "restarts"])
@pytest.mark.parametrize("filled", [b"", b"\x00", b"\x5a"])
def test_blocks_lost_in_the_middle(kind: str, filled: bytes) -> None:
    """Sectors that a card did not write, or that are gone."""
    whole = jpeg(**KINDS[kind])
    start = whole.index(SCAN) + 20 + (len(whole) - whole.index(SCAN)) // 3
    assert outcome(whole[:start] + filled * 8192 + whole[start + 8192 :]) is RejectReason.DAMAGED


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_without_its_end_marker_is_whole(kind: str) -> None:
    """Nothing of it is missing."""
    whole = jpeg(**KINDS[kind])
    assert take_in(whole[:-2]).jpeg == take_in(whole).jpeg


def flat() -> Image.Image:
    """As a screenshot: borders and grounds that are one colour to the last bit, the filler's grey among them."""
    image = Image.new("RGB", (701, 900), (128, 128, 128))
    image.paste((0, 0, 0), (0, 450, 701, 900))
    ImageDraw.Draw(image).ellipse((200, 100, 500, 400), fill=(200, 150, 130))
    return image


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ground", [(0, 0, 0), (128, 128, 128), (255, 255, 255), (1, 2, 3)])
def test_flat_grounds_are_no_damage(kind: str, ground: tuple[int, int, int]) -> None:
    """Long runs of zeros and blocks that are all alike are what a plain ground is written as."""
    image = flat()
    image.paste(ground, (0, 700, 701, 900))
    for quality in (40, 90, 100):
        assert outcome(jpeg(image, **(KINDS[kind] | {"quality": quality}))) is None


@pytest.mark.parametrize("padding", [b"\x00" * 500, b"\xff" * 500, b"\x00" * 3])
def test_padding_before_the_end_marker_is_no_damage(padding: bytes) -> None:
    """Some cameras fill up to a round length."""
    whole = jpeg()
    assert outcome(whole[:-2] + padding + END) is None


@pytest.mark.parametrize("bands", ["L", "CMYK"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_grey_and_print_colours_are_looked_at_as_well(bands: str, options: dict[str, Any]) -> None:
    """Whatever the components."""
    whole = jpeg(drawn_face().convert(bands), **options)
    assert outcome(whole) is None
    assert outcome(whole[: len(whole) // 2].removesuffix(b"\xff") + END) is RejectReason.DAMAGED


def test_a_long_scan_of_a_progressive_picture_that_lost_its_means() -> None:
    """All scans are there, but the first was cut: each block's mean is missing from there on."""
    whole = jpeg(progressive=True)
    first = whole.index(SCAN)
    end = first + 2 + whole[first + 2 :].index(b"\xff\xc4")
    middle = (first + end) // 2
    assert outcome(whole[:middle].removesuffix(b"\xff") + whole[end:]) is RejectReason.DAMAGED


def renumbered(data: bytes, numbers: dict[int, int]) -> bytes:
    """The same picture with its quantisation tables under other numbers."""
    head, scan = data[: data.index(SCAN)], data[data.index(SCAN) :]
    out = bytearray(head)
    for table in re.finditer(rb"\xff\xdb\x00\x43(.)", head, re.DOTALL):
        out[table.start(1)] = numbers[table[1][0]]
    frame = head.index(b"\xff\xc0")
    for place in (frame + 12, frame + 15, frame + 18):
        out[place] = numbers[out[place]]
    return bytes(out) + scan


@pytest.mark.parametrize("numbers", [{0: 2, 1: 3}, {0: 1, 1: 0}, {0: 3, 1: 0}])
def test_quantisation_tables_may_have_any_number(numbers: dict[int, int]) -> None:
    """And a picture that keeps its tables keeps each for its own component."""
    source = jpeg(subsampling=2, quality=60)
    assert take_in(renumbered(source, numbers)).jpeg == take_in(source).jpeg


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc1\x00\x11\x0c"),
        lambda head: head.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc3\x00\x11\x08"),
        lambda head: head.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xf7\x00\x11\x08"),
        lambda head: head.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc9\x00\x11\x08"),
    ],
)
def test_a_jpeg_of_a_kind_that_is_not_read_is_not_called_broken(change: Callable[[bytes], bytes]) -> None:
    """12 bits, lossless, JPEG-LS, arithmetic codes: to send it again would not help."""
    assert outcome(change(jpeg(subsampling=2))) is RejectReason.UNSUPPORTED_FORMAT


def test_the_second_exif_block_counts_where_the_first_says_nothing() -> None:
    """Two programs have each written theirs."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    silent = exif.tobytes()
    exif[0x0112] = 6
    blocks = b"".join(b"\xff\xe1" + struct.pack(">H", len(one) + 2) + one for one in (silent, exif.tobytes()))
    data = jpeg(drawn_face().crop((0, 0, 800, 600)))
    photo = take_in(data[:2] + blocks + data[2:])
    assert (photo.width, photo.height) == (600, 800)


def test_a_huge_picture_of_many_scans_is_read_a_size_smaller_and_alone() -> None:
    """All of it waits in memory until the last scan: 2 bytes for each of 79 megapixels here."""
    face = drawn_face().convert("L").resize((8901, 8901), Image.Resampling.NEAREST)
    many, one = jpeg(face, progressive=True), jpeg(face)
    assert is_heavy(many)
    assert not is_heavy(one)
    assert not is_heavy(jpeg(progressive=True))
    assert [take_in(data).width for data in (many, one)] == [2226, 4095]


@pytest.mark.parametrize("broken", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xc2\x00\x03\x08\xff\xda\x00\x02"])
def test_what_a_broken_header_would_take_is_no_question(broken: bytes) -> None:
    """It is asked in the bot's own process, before anything is known of the file."""
    assert not is_heavy(broken)


@pytest.mark.parametrize("side", [*range(201, 1000, 37), 4096, 8191, 8559, 11_999, 12_000, 14_491])
def test_odd_sides_are_decoded_as_small_as_even_ones(side: int) -> None:
    """The decoder divides by what it is asked for and rounds down: a wish rounded up is none."""
    image = Image.open(io.BytesIO(jpeg(Image.new("RGB", (8, 8)))))
    image._size = (side, side)
    image.draft(None, draft_size(side, side))
    assert max(image.size) < 6_000
    assert max(image.size) >= min(side, 3_000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_is_both_large_and_near_the_bounds_is_halved(kind: str) -> None:
    """To scale 26 megapixels finely, both pictures would be in memory: more than 200 MB at 36."""
    for size, longest in (((4900, 5400), 2700), ((4400, 5400), 4095)):
        buffer = io.BytesIO()
        drawn_face().resize((220, 220)).resize(size, Image.Resampling.NEAREST).save(buffer, kind)
        photo = take_in(buffer.getvalue())
        assert (max(photo.width, photo.height), photo.source_height) == (longest, 5400)


def test_random_cuts_are_damage_or_the_same_picture() -> None:
    """Never a face with a part made up."""
    dice = random.Random(22)
    small = drawn_face().resize((300, 300))
    for options in KINDS.values():
        whole = jpeg(small, **options)
        photo = Image.open(io.BytesIO(take_in(whole).jpeg))
        for _ in range(12):
            cut = whole[: dice.randrange(700, len(whole))].removesuffix(b"\xff") + END
            if outcome(cut) is None:
                read = Image.open(io.BytesIO(take_in(cut).jpeg))
                assert max(ImageChops.difference(read, photo).tobytes()) < 40
            else:
                assert outcome(cut) is RejectReason.DAMAGED
