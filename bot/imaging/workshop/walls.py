"""What a worker process gives up before it reads what strangers send: files, sockets, memory, time, rights.

Each where the system has it. `RLIMIT_NOFILE` of zero does the most: no file can be opened, written or mapped and no
socket made any more; the pipes that are open stay.
"""

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TASK_CPU_SECONDS: Final = 3.0
_MEMORY_BYTES: Final = 300_000_000  # over the idle process; a task takes up to 200
_MEMORY_FOR_HEIF_BYTES: Final = 350_000_000  # a HEIC of 48 megapixels, if it is not in tiles, takes 265
_KILLED_FIRST: Final = 500  # where memory runs out, a worker goes and not the bot
_NO_NEW_PRIVS: Final = 38  # of prctl


def step_back() -> None:
    """Let the kernel end this process before the bot when memory runs out."""
    for stop in (signal.SIGINT, signal.SIGTERM):  # a signal to all is the bot's business: it lets its workers finish
        signal.signal(stop, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(f"{_KILLED_FIRST}\n")


def close() -> None:
    """After everything is loaded; there is no way back."""
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415 - not on every system

        if sys.platform == "linux":
            import ctypes  # noqa: PLC0415 - the bot's own process imports this module, and does not need it

            idle = _data_bytes()
            resource.setrlimit(resource.RLIMIT_DATA, (idle + _MEMORY_BYTES, idle + _MEMORY_FOR_HEIF_BYTES))
            ctypes.CDLL(None).prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
        for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
            resource.setrlimit(limit, (0, 0))


@contextlib.contextmanager
def more_memory() -> Iterator[None]:
    """All that there is for the one format that needs it."""
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 - not on every system

    usual, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (usual, most))


@contextlib.contextmanager
def bounded_time() -> Iterator[None]:
    """The kernel ends the process when a task has used its CPU, whatever a decoder is doing."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, TASK_CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _data_bytes() -> int:
    """What RLIMIT_DATA counts, now."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData"))
