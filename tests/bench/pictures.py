"""What the pixels of a selfie cost on their way to the API and to the screen, against Pillow's own codec work."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

from PIL import Image

from bot.analysis.face_look import FaceLook
from bot.analysis.local.gates import seen_in
from bot.analysis.local.seen import Seen
from bot.imaging.canvas import Canvas
from bot.imaging.intake.decoding import decode
from bot.imaging.intake.photo import DrawablePhoto, take_in
from bot.imaging.jpeg import FINE, Encoding, write
from bot.imaging.pictures.card import draw_card
from bot.imaging.pictures.face import FaceShape
from bot.imaging.pictures.upright import close_up_of, opened, opened_close_up
from bot.skin.analysis import Box
from bot.skin.card import OnCard
from tests.bench.photos import SIZES, marks, photo
from tests.bench.table import Line, cpu_ratios, scaled

_CARD = Encoding(quality=90, subsampling=0)  # as in bot.imaging.pictures.card
_TARGETS = {"1280": 1.25, "2560": 1.25, "12 MP": 1.25, "48 MP": 1.15}
_ROUNDS = {"1280": 25, "2560": 15, "12 MP": 7, "48 MP": 4}
_WHY = "the clean JPEG, or the face cut out of it, is opened again for the card, for the paid call lies between"


def sizes() -> Iterator[Line]:
    """The networks' look at the face is left out on both sides: it is in the lines of whole selfies."""
    for name, size in SIZES.items():
        data = photo(*size)
        taken = take_in(data)
        seen = seen_in(taken.canvas.image, scale=taken.canvas.scale)
        selfie = _Selfie(data=data, seen=seen, shown=OnCard(marks=marks(12, side=taken.width)))
        yield Line.ratio(
            f"selfie at {name} → clean JPEG and face card; CPU",
            "Pillow's own decode and the same two encodes",
            cpu_ratios(selfie.worked, _codecs(data, taken, selfie.worked()), rounds=scaled(_ROUNDS[name])),
            at_most=_TARGETS[name],
            why=_WHY,
        )


def boxes() -> Iterator[Line]:
    look = FaceLook(take_in(photo(*SIZES["12 MP"])).jpeg, None)
    canvas, shape = look.canvas, look.shape
    shown = OnCard(marks=marks(200, side=round(canvas.image.width / canvas.scale)))
    draw = partial(draw_card, canvas.image, shape, shown, scale=canvas.scale)
    sent = _pixels(draw())
    yield Line.ratio(
        "face card of a 12 MP photo with 200 boxes, from ready pixels; CPU",
        "one JPEG encode of what is sent",
        cpu_ratios(draw, lambda: write(sent, _CARD), rounds=scaled(25)),
        at_most=1.4,
        why="the face is turned upright and cut out before anything is drawn on it",
    )


@dataclass(frozen=True, kw_only=True)
class _Selfie:
    data: bytes
    seen: Seen
    shown: OnCard

    def worked(self) -> bytes:
        """As `pixel_tasks.take_in` and, after the paid call, `pixel_tasks.draw_card`, but for what the networks do."""
        canvas = self._opened(take_in(self.data))
        return draw_card(canvas.image, self._shape, self.shown, scale=canvas.scale, corner=canvas.corner)

    def _opened(self, taken: DrawablePhoto) -> Canvas:
        close_up = close_up_of(taken, self.seen.surroundings, self.seen.apart)
        return opened(taken.jpeg, self._box) if close_up is None else opened_close_up(close_up)

    @cached_property
    def _shape(self) -> FaceShape:
        taken = take_in(self.data)
        close_up = close_up_of(taken, self.seen.surroundings, self.seen.apart)
        return FaceLook(taken.jpeg, self._box, self.seen.face and replace(self.seen.face, close_up=close_up)).shape

    @property
    def _box(self) -> Box | None:
        """Where the analyzer would see the face."""
        face = self.seen.face
        if face is None:
            return None
        (x, y), side = face.middle, face.side
        return Box(left=x - side / 2, top=y - side / 2, width=side, height=side)


def _codecs(data: bytes, taken: DrawablePhoto, card: bytes) -> Callable[[], None]:
    """Decoded no larger than ours is; both JPEGs as fine as ours are."""
    encoding, drawn = decode(data, "JPEG").encoding or FINE, _pixels(card)

    def codecs() -> None:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            image.draft("RGB", (taken.width, taken.height))
            image.load()
            write(image, encoding)
        write(drawn, _CARD)

    return codecs


def _pixels(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image
