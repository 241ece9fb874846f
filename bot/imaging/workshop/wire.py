"""How the bot and a worker process talk: orders are pickles, an answer is its length and a pickle of plain things."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

READY: Final = b"ready\n"
LENGTH_BYTES: Final = 8
OUT_OF_MEMORY: Final = 70  # a worker's exit code

Records = Mapping[tuple[str, str], type]


class Tasks(Protocol):
    """A module with all that workers may be asked. They import it by its name, and call `load` before anything else."""

    __name__: str
    TASKS: Mapping[str, Callable[..., object]]
    ERRORS: tuple[type[Exception], ...]  # a task's own, which are handed on
    RECORDS: Records  # what an answer may be made of, beside numbers, text and bytes

    def load(self) -> None: ...
