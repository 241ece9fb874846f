"""The look before a credit is spent: it finds what is surely wrong, and lets the rest through."""

import io
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter

from bot.analysis.local.colour import lab_of, lightness_of
from bot.analysis.local.eyes import Eyes
from bot.analysis.local.faces import counted_faces, find_faces
from bot.analysis.local.frame import Frame
from bot.analysis.photo_look import looked_at
from bot.imaging.intake.photo import DrawablePhoto
from bot.skin.photo import PhotoIssue
from tests.pictures import drawn_face, selfie

GROUND = (196, 202, 208)


def seen(image: Image.Image) -> DrawablePhoto:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return looked_at(buffer.getvalue(), can_see=True)


def lit(image: Image.Image, share: float) -> Image.Image:
    return image.point(lambda value: value * share)


def far_away(image: Image.Image) -> Image.Image:
    picture = Image.new("RGB", (1000, 1000), GROUND)
    picture.paste(image.resize((320, 320)), (340, 340))
    return picture


def beside_another(image: Image.Image) -> Image.Image:
    picture = Image.new("RGB", (1600, 800), GROUND)
    picture.paste(image, (0, 0))
    picture.paste(drawn_face(seed=9), (800, 0))
    return picture


@pytest.mark.parametrize("size", [(360, 480), (1500, 2000)])
@pytest.mark.parametrize("skin", [(208, 164, 140), (90, 60, 45)])
def test_usual_selfie_goes_through(size: tuple[int, int], skin: tuple[int, int, int]) -> None:
    """No doubt about a frontal face on light or dark skin, small or large."""
    face = drawn_face(skin=skin).crop((80, 110, 720, 750)).resize((min(size), min(size)))
    picture = Image.new("RGB", size, GROUND)
    picture.paste(face, ((size[0] - face.width) // 2, (size[1] - face.height) // 2))
    assert seen(picture).issues == frozenset()


@pytest.mark.parametrize(
    ("spoiled", "issue"),
    [
        (lambda face: lit(face, 0.1), PhotoIssue.TOO_DARK),
        (lambda face: face.point(lambda value: 255 if value > 120 else value * 2), PhotoIssue.TOO_BRIGHT),
        (lambda face: face.filter(ImageFilter.GaussianBlur(16)), PhotoIssue.BLURRED),
        (far_away, PhotoIssue.FACE_SMALL),
        (beside_another, PhotoIssue.SEVERAL_FACES),
        (lambda face: face.crop((0, 560, 800, 800)), PhotoIssue.NO_FACE),
    ],
    ids=["dark", "bright", "blurred", "far", "two", "none"],
)
def test_spoiled_selfie_is_asked_about(spoiled: Callable[[Image.Image], Image.Image], issue: PhotoIssue) -> None:
    """Each with its own reason, told before anything is paid."""
    assert issue in seen(spoiled(drawn_face())).issues


@pytest.mark.parametrize(("near", "other"), [(800, 0), (800, 480), (620, 380), (380, 300), (300, 0)])
def test_every_face_that_counts_is_seen(near: int, other: int) -> None:
    """However near the nearest face is, one beside it that counts is seen."""
    picture = Image.new("RGB", (1280, 960), GROUND)
    picture.paste(drawn_face().resize((near, near)), (0, 0))
    if other:
        picture.paste(drawn_face(seed=9).resize((other, other)), (1280 - other, 960 - other))

    assert len(counted_faces(find_faces(picture))) == (2 if other else 1)


def test_part_of_a_face_is_read_as_in_the_whole() -> None:
    """The first look reads fewer pixels than the analyzer, and the same."""
    photo = drawn_face()
    frame = Frame(eyes=Eyes(left=(310, 373), right=(490, 380)))
    left, top, right, bottom = part = (74, 190, 377, 390)
    within = np.s_[top + 2 : bottom - 2, left + 2 : right - 2]  # the smoothing has no neighbours at a part's very edge

    pixels, whole = frame.straight(photo, part), frame.straight(photo)
    assert (pixels[2:-2, 2:-2] == whole[within]).all()
    assert (lightness_of(pixels) == lab_of(pixels).lightness).all()


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
def test_sideways_selfie_is_turned(turn: Image.Transpose) -> None:
    """What is sent, drawn on and shown is upright; its sides are those of the upright photo."""
    upright = Image.open(io.BytesIO(selfie((600, 800))))
    photo = seen(upright.transpose(turn))

    assert (photo.width, photo.height) == (600, 800)
    assert photo.canvas.image.size == (600, 800)
    assert photo.issues == frozenset()
    sent = Image.open(io.BytesIO(photo.jpeg)).convert("L").resize((60, 80))
    same = upright.convert("L").resize((60, 80))
    apart = [abs(one - other) for one, other in zip(sent.tobytes(), same.tobytes(), strict=True)]
    assert sum(apart) / len(apart) < 4


@pytest.mark.parametrize("degrees", [-40, -15, 25, 44])
@pytest.mark.parametrize("light", [1.0, 0.5])
def test_tilted_selfie_goes_through_as_it_is(degrees: int, light: float) -> None:
    """Nobody holds a phone straight: it is neither turned nor doubted, in a lit room or a dim one."""
    held = drawn_face().rotate(degrees, Image.Resampling.BICUBIC, fillcolor=GROUND)
    photo = seen(lit(held, light))
    assert photo.issues == frozenset()
    assert (photo.width, photo.height) == held.size


def test_face_on_a_bright_ground_is_judged_by_the_face() -> None:
    """A blown-out window behind a well-lit face is no doubt."""
    picture = Image.new("RGB", (1400, 1400), (255, 255, 255))
    picture.paste(drawn_face().crop((150, 60, 650, 760)), (450, 350))
    assert PhotoIssue.TOO_BRIGHT not in seen(picture).issues


def test_without_the_extra_every_photo_goes_through() -> None:
    """Nothing is doubted that can't be seen."""
    assert looked_at(selfie(), can_see=False).issues == frozenset()


def test_bot_loads_no_reader_of_pictures() -> None:
    """What decodes and measures lives in the workers, away from the keys; nor does the bot pay for its memory."""
    loaded = "{name.partition('.')[0] for name in sys.modules}"
    program = f"import sys, bot.app, bot.commands.analyze; print({{'numpy', 'ai_edge_litert', 'PIL'}} & {loaded})"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == "set()"


def test_how_much_more_light_one_cheek_has_is_kept() -> None:
    """With its side: the picture's left is above zero. Where no face is seen, nothing is known of it."""
    face = drawn_face()
    across = 1 + 0.3 * np.linspace(1, -1, face.width)[None, :, None]
    aside = Image.fromarray(np.clip(np.asarray(face) * across, 0, 255).astype(np.uint8))
    lights = [
        seen(each).conditions.side_light or 0.0
        for each in (face, aside, aside.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    ]
    assert lights[0] == pytest.approx(0, abs=0.03)
    assert lights[1] > 0.12
    assert lights[2] == pytest.approx(-lights[1], abs=0.03)
    assert seen(Image.new("RGB", (600, 600), GROUND).rotate(3, fillcolor=(90, 80, 70))).conditions.side_light is None
