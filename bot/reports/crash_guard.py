"""A file that somebody sent is read; one that ends the process that reads it is damaged, for this person alone."""

import logging

from bot.analysis import pixel_tasks
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import TaskLost, Workshop
from bot.skin.photo import RejectReason

_log = logging.getLogger(__name__)


async def read(workshop: Workshop, data: bytes) -> pixel_tasks.TakenIn:
    """Raises PhotoRejected."""
    try:
        return await workshop.run(pixel_tasks.take_in, data)
    except TaskLost as lost:
        _log.warning("a photo could not be read: %s", lost.death)
        raise PhotoRejected(RejectReason.DAMAGED) from None
