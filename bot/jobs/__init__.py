"""Durable work behind one small interface: within one process over the rows (embedded), or over many (shared).

The rows are the truth in both: a job is a row's number and may be done twice.
"""

from typing import Protocol


class Jobs(Protocol):
    @property
    def shared(self) -> bool:
        """True when updates are jobs as well, and any of many processes may work them."""
        ...

    async def run(self) -> None:
        """Do what is due until cancelled; what is under way then is handed back."""
        ...

    def wake(self) -> None:
        """Say that a row may have become due."""
        ...

    async def stop(self, person_id: int) -> None:
        """Let what this process does for a person end now, in silence; the row says whether it is taken up again."""
        ...

    async def drain(self) -> None:
        """Wait until nothing is under way, and nothing is due that could be."""
        ...
