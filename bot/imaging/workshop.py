"""Where pixels are worked: a few threads, so that the event loop stays free and pixels in flight are bounded."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final, ParamSpec, Self, TypeVar

from PIL import Image

_P = ParamSpec("_P")
_T = TypeVar("_T")

# With selfies on every core the event loop was 5 ms late in the middle instead of 25, and 127 instead of 210 at the
# 99th percentile. More of it, and a thread that holds the interpreter may wait seconds for a busy machine's core.
_NICENESS: Final = 5


class Workshop:
    """Runs pixel work off the event loop; Pillow and LiteRT release the GIL, so a thread per core is what helps.

    When nothing is left to do, the memory that Pillow keeps is given back: no photo's pixels outlive the work on it.
    """

    def __init__(self) -> None:
        self._under_way = 0
        self._threads = ThreadPoolExecutor(
            max(os.cpu_count() or 1, 1), thread_name_prefix="imaging", initializer=_step_back
        )

    async def run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*args, **kwargs))
        finally:
            self._under_way -= 1
            if not self._under_way:
                Image.core.clear_cache()  # type: ignore[attr-defined]  # Pillow's documented way, untyped

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)


def _step_back() -> None:
    """Let the kernel prefer the event loop, and other people's, to this thread."""
    if sys.platform == "linux":  # where a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
