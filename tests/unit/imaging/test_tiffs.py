"""Of a TIFF's pages the largest is the picture; a camera's raw file is not called small or broken."""

import io
import struct
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.imaging.intake.photo import PhotoRejected, take_in
from bot.skin.photo import RejectReason
from tests.pictures import drawn_face


def pages(*images: Image.Image, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own options
    buffer = io.BytesIO()
    images[0].save(buffer, "TIFF", save_all=True, append_images=images[1:], **options)
    return buffer.getvalue()


def reason(data: bytes) -> RejectReason:
    with pytest.raises(PhotoRejected) as rejected:
        take_in(data)
    return rejected.value.reason


@pytest.mark.parametrize("options", [{}, {"big_tiff": True}, {"compression": "tiff_lzw"}])
def test_a_thumbnail_as_first_page_is_not_the_picture(options: dict[str, Any]) -> None:
    """Scanners and editors put one in front."""
    face = drawn_face().reduce(2)
    photo = take_in(pages(face.reduce(4), face, face.reduce(2), **options))
    assert (photo.width, photo.height, photo.source_width) == (400, 400, 400)
    sent = Image.open(io.BytesIO(photo.jpeg)).convert("RGB")
    assert max(ImageStat.Stat(ImageChops.difference(sent, face)).mean) < 4


def test_of_pages_alike_the_first_is_the_picture() -> None:
    """As in every viewer."""
    face = drawn_face().reduce(2)
    photo = take_in(pages(face, Image.new("RGB", face.size, "red")))
    assert len(photo.jpeg) == len(take_in(pages(face)).jpeg)


def raw(order: str, *, inside: bool, photometric: int = 32803, dng: bool = False) -> bytes:
    """As NEF, ARW and DNG are built: a preview of 160 by 120, and the sensor's picture inside or behind it."""
    first = [(256, 4, 160), (257, 4, 120), (262, 3, 2)]
    second = [(256, 4, 6000), (257, 4, 4000), (262, 3, photometric)]
    if inside:
        first.append((330, 4, 200))
    if dng:
        first.append((50706, 1, 1))

    def page(tags: list[tuple[int, int, int]], after: int) -> bytes:
        body = b"".join(
            struct.pack(order + "HHI", tag, kind, 1)
            + (struct.pack(order + "HH", value, 0) if kind == 3 else struct.pack(order + "I", value))
            for tag, kind, value in tags
        )
        return struct.pack(order + "H", len(tags)) + body + struct.pack(order + "I", after)

    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    front = head + page(first, 0 if inside else 200)
    return front + bytes(200 - len(front)) + page(second, 0) + bytes(60_000)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(("photometric", "dng"), [(32803, False), (34892, False), (2, True)])
def test_raw_files_of_cameras_are_a_kind_that_is_not_opened(
    order: str,
    inside: bool,  # noqa: FBT001 - a parameter
    photometric: int,
    dng: bool,  # noqa: FBT001 - a parameter
) -> None:
    """ "Too small, send the original" would lead in circles: this is the original."""
    assert reason(raw(order, inside=inside, photometric=photometric, dng=dng)) is RejectReason.UNSUPPORTED_FORMAT


@pytest.mark.parametrize(
    "start",
    [
        b"II*\x00\x10\x00\x00\x00CR\x02\x00", b"IIRO\x08\x00", b"IIRS\x08\x00", b"MMOR\x00\x08", b"IIU\x00\x18\x00",
        b"FUJIFILMCCD-RAW ", b"FOVb\x00\x00", b"\x00MRM\x00\x00", b"II\x1a\x00\x00\x00HEAPCCDR",
        b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", b"\xff\x0a\xfa\x7f", b"\x00\x00\x00\x0cJXL \r\n\x87\n",
    ],
)  # fmt: skip
def test_other_kinds_are_known_by_their_first_bytes(start: bytes) -> None:
    """CR2, ORF, RW2, RAF, X3F, MRW, CRW, CR3, JPEG XL."""
    assert reason(start + bytes(3000)) is RejectReason.UNSUPPORTED_FORMAT


def test_a_picture_that_is_only_inside_a_page_is_not_taken_for_its_preview() -> None:
    """The opener reaches pages, not what lies in one."""
    assert reason(raw("<", inside=True, photometric=2)) is RejectReason.UNSUPPORTED_FORMAT


def test_pages_in_a_ring_end() -> None:
    """A file may point back at itself."""
    face = drawn_face().reduce(2)
    data = bytearray(pages(face.reduce(4), face))
    first = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, first)[0]
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    assert reason(bytes(data)) is RejectReason.TOO_SMALL
