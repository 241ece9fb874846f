"""A file that somebody sent is read; one that ends the process that reads it is damaged, for this person alone."""

import logging

from bot.imaging.rejection import PhotoRejected
from bot.skin.photo import RejectReason
from bot.workshop import TaskLost, Workshop, tasks

_log = logging.getLogger(__name__)


async def read(workshop: Workshop, data: bytes) -> tasks.TakenIn:
    """Raises PhotoRejected."""
    try:
        return await workshop.run(tasks.take_in, data)
    except TaskLost as lost:
        _log.warning("a photo could not be read: %s", lost.death)
        raise PhotoRejected(RejectReason.DAMAGED) from None
