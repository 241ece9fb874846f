"""Pixels live in processes of their own: what strangers send is decoded where no key, no file and no socket is.

`tasks` is all that is asked of them, `pool` hands it out, `worker` is such a process, `walls` are around it.
"""

from bot.workshop.pool import TaskLost, Workshop

__all__ = ["TaskLost", "Workshop"]
