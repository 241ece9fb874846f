"""A file that was laid out and not written to its end has zeros where half of the face should be."""

import io
from collections.abc import Callable
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from bot.imaging.intake.photo import PhotoRejected, take_in
from bot.skin.photo import RejectReason
from tests.pictures import drawn_face


def encoded(kind: str, image: Image.Image, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own options
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def heic(image: Image.Image, **options: Any) -> bytes:  # noqa: ANN401 - pillow_heif's own options
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=80, **options)
    return buffer.getvalue()


KINDS: dict[str, Callable[[Image.Image], bytes]] = {
    "WebP": lambda image: encoded("WEBP", image, quality=85),
    "AVIF": lambda image: encoded("AVIF", image, speed=9),
    "HEIC": heic,
    "HEIC of tiles": lambda image: heic(image, tile_size=256),
    "PNG": lambda image: encoded("PNG", image),
    "GIF": lambda image: encoded("GIF", image),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.85])
def test_what_was_never_written_is_damage(kind: str, share: float) -> None:
    """Decoders fill it with grey or with anything, and say nothing."""
    whole = KINDS[kind](drawn_face())
    assert take_in(whole).width == 800
    written = int(len(whole) * share)
    with pytest.raises(PhotoRejected) as rejected:
        take_in(whole[:written] + bytes(len(whole) - written))
    assert rejected.value.reason is RejectReason.DAMAGED


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("colour", [(0, 0, 0), (128, 128, 128), (255, 255, 255)])
def test_a_plain_ground_is_no_hole(kind: str, colour: tuple[int, int, int]) -> None:
    """Long stretches of one colour are next to nothing in a file."""
    image = Image.new("RGB", (2000, 2000), colour)
    image.paste(drawn_face().resize((300, 300)), (50, 50))
    assert take_in(KINDS[kind](image)).width == 2000
