"""A file becomes a photo that is the right way up and looked at, before anything is paid for it."""

from dataclasses import replace

from bot.analysis.local import FirstLook
from bot.imaging.intake import CleanPhoto, take_in


def looked_at(data: bytes, look: FirstLook) -> CleanPhoto:
    """Pure CPU, for a thread. Raises PhotoRejected.

    Without a face in sight the doubts about the whole picture stay; with one, how the face itself is lit counts.
    """
    photo = take_in(data)
    seen = look.at(photo.canvas.image, scale=photo.canvas.scale)
    if seen.turn:
        photo = take_in(data, turn=seen.turn)
    return replace(photo, issues=seen.issues if seen.face_found else photo.issues | seen.issues)
