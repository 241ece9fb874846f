"""A photo and the face in it, laid out to be drawn on: by this machine's own networks where it has them."""

from functools import cached_property
from typing import TYPE_CHECKING

from bot.analysis.local import is_installed
from bot.imaging.intake.clean_photo import SeenFace
from bot.imaging.pictures.face import FaceShape, Tint, shape_in, shape_of_all
from bot.imaging.pictures.redness import coarse_tint
from bot.imaging.pictures.upright import opened, opened_close_up
from bot.skin.analysis import Box

if TYPE_CHECKING:
    from bot.analysis.local.faces import Face
    from bot.imaging.canvas import Canvas


class FaceLook:
    def __init__(self, jpeg: bytes, box: Box | None, seen: SeenFace | None = None) -> None:
        """`box`: where the analyzer saw the face, in pixels of the photo; `seen`: where the first look did."""
        self._box = box
        self.canvas, self._found = _looked(jpeg, box, seen) if is_installed() else (opened(jpeg, box), None)

    @cached_property
    def shape(self) -> FaceShape:
        """A rough one without the networks; without any face, all of the photo."""
        if self._found is not None:
            from bot.analysis.local.shape import card_shape  # noqa: PLC0415 - as above

            return card_shape(self._found)
        rough = None if self._box is None else shape_in(self._box, self.canvas.scale)
        return rough or shape_of_all(*self.canvas.image.size)

    @property
    def aligned(self) -> FaceShape:
        """The shape with its eyes placed with more care, to be laid beside another's."""
        if self._found is None:
            return self.shape
        from bot.analysis.local.shape import aligned_shape  # noqa: PLC0415 - as above

        return aligned_shape(self.canvas.image, self._found)

    def tint(self, share: float | None, red_map: bytes | None) -> Tint | None:
        """What counts as red, as much as was told; by the map alone where nothing better can be had."""
        if self._found is not None and share is not None:
            from bot.analysis.local.shape import tint_of  # noqa: PLC0415 - as above

            return tint_of(self.canvas.image, self._found, share)
        return None if red_map is None else coarse_tint(red_map, self.canvas.image, self.shape, share)


def _looked(jpeg: bytes, box: Box | None, seen: SeenFace | None) -> "tuple[Canvas, Face | None]":
    from bot.analysis.local.shape import face_near, face_seen, is_at  # noqa: PLC0415 - numpy and LiteRT

    if seen is not None and is_at(box, seen):
        canvas = opened(jpeg, box) if seen.close_up is None else opened_close_up(seen.close_up)
        found = face_seen(canvas, seen)
        if found is not None:
            return canvas, found
    canvas = opened(jpeg, box)
    return canvas, face_near(canvas.image, box, canvas.scale)
