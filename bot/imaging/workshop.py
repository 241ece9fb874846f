"""Where pixels are worked: a few threads, so that the event loop stays free and pixels in flight are bounded."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Workshop:
    """Runs pixel work off the event loop; Pillow and dlib release the GIL, so a thread per core is what helps."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max(os.cpu_count() or 1, 1), thread_name_prefix="imaging")

    async def run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*args, **kwargs))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
