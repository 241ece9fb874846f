"""Pictures that tests make for themselves: a drawn face that a face detector takes for one, and nobody's."""

import io
import random
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

_SIDE = 800


@cache
def selfie(size: tuple[int, int] = (640, 640), *, kind: str = "JPEG", seed: int = 0) -> bytes:
    """A file with one frontal face in the middle; another `seed` is another photo of it."""
    width, height = size
    face = drawn_face(seed=seed).crop((80, 110, 720, 750))
    side = min(size)
    picture = Image.new("RGB", size, (196, 202, 208))
    picture.paste(face.resize((side, side), Image.Resampling.BICUBIC), ((width - side) // 2, (height - side) // 2))
    buffer = io.BytesIO()
    picture.save(buffer, kind, quality=92) if kind in {"JPEG", "WEBP"} else picture.save(buffer, kind)
    return buffer.getvalue()


def drawn_face(*, seed: int = 0, skin: tuple[int, int, int] = (208, 164, 140)) -> Image.Image:
    """800×800 px: hair, brows, eyes, nose and mouth, with shading and the grain of a camera."""
    image = Image.new("RGB", (_SIDE, _SIDE), (196, 202, 208))
    draw = ImageDraw.Draw(image)
    dark = tuple(value * 6 // 10 for value in skin)
    shade = tuple(value * 8 // 10 for value in skin)
    draw.ellipse((170, 60, 630, 640), fill=(58, 44, 38))
    draw.rectangle((330, 620, 470, 800), fill=shade)
    draw.ellipse((205, 130, 595, 720), fill=skin)
    draw.ellipse((215, 110, 585, 260), fill=(58, 44, 38))
    draw.ellipse((225, 190, 575, 420), fill=skin)
    for eye in (310, 490):
        draw.ellipse((eye - 58, 330, eye + 58, 410), fill=shade)
        draw.ellipse((eye - 44, 350, eye + 44, 396), fill=(240, 236, 232))
        draw.ellipse((eye - 21, 350, eye + 21, 394), fill=(70, 50, 40))
        draw.ellipse((eye - 9, 362, eye + 9, 380), fill=(12, 10, 10))
        draw.line((eye - 46, 362, eye, 346, eye + 46, 362), fill=(40, 28, 24), width=6)
        draw.line((eye - 62, 318, eye, 298, eye + 62, 314), fill=(50, 36, 30), width=16)
    draw.polygon([(385, 390), (415, 390), (445, 515), (355, 515)], fill=shade)
    draw.ellipse((352, 488, 448, 540), fill=shade)
    draw.ellipse((364, 512, 390, 530), fill=dark)
    draw.ellipse((410, 512, 436, 530), fill=dark)
    draw.ellipse((318, 580, 482, 640), fill=(176, 92, 92))
    draw.line((318, 608, 400, 602, 482, 608), fill=(110, 52, 54), width=6)
    soft = image.filter(ImageFilter.GaussianBlur(3))
    eyes = Image.new("L", soft.size)
    for eye in (310, 490):  # a photo that is in focus has sharp eyes
        ImageDraw.Draw(eyes).ellipse((eye - 56, 335, eye + 56, 405), fill=255)
    soft.paste(image.filter(ImageFilter.GaussianBlur(1.5)), mask=eyes.filter(ImageFilter.GaussianBlur(3)))
    grain = Image.frombytes("L", soft.size, random.Random(seed).randbytes(_SIDE * _SIDE)).convert("RGB")
    return Image.blend(soft, grain, 0.05)


def lit(image: Image.Image, gains: tuple[float, float, float]) -> Image.Image:
    """As another lamp would have lit it: each channel of linear light times its gain."""
    return image.point(
        [round(255 * min(1.0, gain * (value / 255) ** 2.2) ** (1 / 2.2)) for gain in gains for value in range(256)]
    )


def masked(face: Image.Image, cloth: tuple[int, int, int]) -> Image.Image:
    """A surgical mask with its folds, from under the eyes to the chin."""
    worn = face.copy()
    draw = ImageDraw.Draw(worn)
    draw.polygon(
        [(210, 425), (340, 420), (400, 395), (460, 420), (590, 425), (570, 620), (480, 730), (320, 730), (230, 620)],
        fill=cloth,
    )
    fold = tuple(round(value * 0.92) for value in cloth)
    for row in (500, 560, 620):
        draw.line((225, row, 575, row), fill=fold, width=8)
    return worn.filter(ImageFilter.GaussianBlur(1))
