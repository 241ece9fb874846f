"""Pixels live in processes of their own: what strangers send is decoded where no key, no file and no socket is.

`pool` hands out the tasks of the module that it is given (`bot.analysis.pixel_tasks`), `worker` is such a process,
`walls` are around it.
"""

from bot.imaging.workshop.pool import TaskLost, Workshop

__all__ = ["TaskLost", "Workshop"]
