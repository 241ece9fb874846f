"""Files that tests make of one picture, each saying in its own way in which colours its pixels stand."""

import io
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import Image

Pixels = npt.NDArray[np.float64]

# RGB to XYZ as published, white being D65.
SRGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
DISPLAY_P3 = np.array(
    [[0.4865709, 0.2656677, 0.1982173], [0.2289746, 0.6917385, 0.0792869], [0.0000000, 0.0451134, 1.0439444]]
)
BT2020 = np.array(
    [[0.6369580, 0.1446169, 0.1688810], [0.2627002, 0.6779981, 0.0593017], [0.0000000, 0.0280727, 1.0609851]]
)
_BRADFORD_D65_TO_D50 = np.array(
    [[1.0478112, 0.0228866, -0.0501270], [0.0295424, 0.9904844, -0.0170491], [-0.0092345, 0.0150436, 0.7521316]]
)


def light_in(image: Image.Image, space: Pixels) -> Pixels:
    """The picture's linear light in another space's primaries, 0..1."""
    code = np.asarray(image.convert("RGB")).astype(np.float64) / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    light: Pixels = np.clip(linear @ (np.linalg.inv(space) @ SRGB).T, 0, 1)
    return light


def srgb_coded(light: Pixels) -> Pixels:
    code: Pixels = np.where(light <= 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)
    return code


def pq_coded(light: Pixels) -> Pixels:
    """Paper's white at 203 nits."""
    powered = (light * 203 / 10_000) ** 0.1593017578125
    code: Pixels = ((0.8359375 + 18.8515625 * powered) / (1 + 18.6875 * powered)) ** 78.84375
    return code


def hlg_coded(light: Pixels) -> Pixels:
    """For a screen of 1,000 nits, in BT.2020."""
    screen = light * 203 / 1000
    luma = np.maximum(screen @ BT2020[1], 1e-9)[..., None]
    scene = screen * luma ** (1 / 1.2 - 1)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    code: Pixels = np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)
    return code


def picture(code: Pixels) -> Image.Image:
    return Image.fromarray(np.round(np.clip(code, 0, 1) * 255).astype(np.uint8), "RGB")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def icc(space: Pixels, name: str, *, gamma: float | None = None, numbers: tuple[int, int] | None = None) -> bytes:
    """A profile of a matrix and a curve (sRGB's without `gamma`), with any description and H.273's numbers."""
    columns = (_BRADFORD_D65_TO_D50 @ space).T
    curve = (
        b"para"
        + bytes(4)
        + struct.pack(">HH5i", 3, 0, *map(_fixed, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
    )
    if gamma is not None:
        curve = b"para" + bytes(4) + struct.pack(">HHi", 0, 0, _fixed(gamma))
    text = name.encode("ascii") + b"\x00"
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78),
        b"wtpt": _xyz((0.9642, 1.0, 0.8249)),
        **{tag: _xyz(column) for tag, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns.tolist(), strict=True)},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    if numbers is not None:
        tags[b"cicp"] = b"cicp" + bytes(4) + bytes([*numbers, 0, 1])
    return _profile(tags)


def _profile(tags: dict[bytes, bytes]) -> bytes:
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    white = _xyz((0.9642, 1.0, 0.8249))[8:]
    head = b"none" + struct.pack(">I", 0x04200000) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28) + white
    profile = head + bytes(124 - len(head)) + table + body
    return struct.pack(">I", len(profile) + 4) + profile


def _fixed(value: float) -> int:
    return round(value * 65_536)


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *map(_fixed, values))


def png_saying(image: Image.Image, chunks: dict[bytes, bytes]) -> bytes:
    """A PNG with these chunks behind its header."""
    data = encoded(image, "PNG")
    said = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks.items()
    )
    return data[:33] + said + data[33:]


def heic_saying(code: Pixels, primaries: int, transfer: int, *, bits: int = 8) -> bytes:
    """A HEIC with these numbers in `nclx`, and no profile."""
    buffer = io.BytesIO()
    if bits == 8:
        made = pillow_heif.from_pillow(picture(code))
    else:
        deep = np.round(np.clip(code, 0, 1) * 65_535).astype("<u2")
        made = pillow_heif.from_bytes("RGB;16", (deep.shape[1], deep.shape[0]), deep.tobytes())
    matrix = 9 if primaries == 9 else 6
    made.save(
        buffer, quality=95, chroma=444, color_primaries=primaries, transfer_characteristics=transfer,
        matrix_coefficients=matrix, full_range_flag=1, save_nclx_profile=True,
    )  # fmt: skip
    return buffer.getvalue()


def avif_saying(image: Image.Image, primaries: int, transfer: int) -> bytes:
    data = encoded(image, "AVIF", quality=95, subsampling="4:4:4")
    at = data.index(b"nclx") + 4
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]
