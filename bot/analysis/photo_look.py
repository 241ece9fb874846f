"""A file becomes a photo that is the right way up and looked at, before anything is paid for it."""

from dataclasses import replace

from bot.imaging.intake.photo import DrawablePhoto, take_in
from bot.imaging.pictures.upright import close_up_of


def looked_at(data: bytes, *, can_see: bool) -> DrawablePhoto:
    """Pure CPU. Raises PhotoRejected. `can_see`: whether the extra `local` is installed.

    Without a face in sight the doubts about the whole picture stay; with one, how the face itself is lit counts.
    """
    photo = take_in(data)
    if not can_see:
        return photo
    from bot.analysis.local.gates import seen_in  # noqa: PLC0415 - numpy and LiteRT

    seen = seen_in(photo.canvas.image, scale=photo.canvas.scale)
    if seen.turn:
        photo = take_in(data, turn=seen.turn)
    if seen.face is None:
        return replace(photo, issues=photo.issues | seen.issues)
    conditions = replace(photo.conditions, side_light=seen.side_light)
    face = replace(seen.face, close_up=close_up_of(photo, seen.surroundings, seen.apart))
    return replace(photo, issues=seen.issues, conditions=conditions, face=face)


def load_readers() -> None:
    """Every reader of a format, with one thread each: there is a worker for every core."""
    import pillow_heif  # noqa: PLC0415
    from PIL import (  # noqa: F401, PLC0415
        AvifImagePlugin,
        BmpImagePlugin,
        GifImagePlugin,
        Image,
        JpegImagePlugin,
        MpoImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    pillow_heif.register_heif_opener()
    pillow_heif.options.DECODE_THREADS = 1
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.preinit()


def load_eyes() -> None:
    """numpy, the three networks and what measures with them."""
    import numpy.ma  # noqa: F401, PLC0415 - which numpy itself loads when it is first needed

    from bot.analysis.local import gates, measure, shape  # noqa: F401, PLC0415
    from bot.analysis.local.faces import load_networks  # noqa: PLC0415

    load_networks()
