"""How many workers a machine has room for: by the cores and the memory that this process may use, not the host's."""

import os
from pathlib import Path
from typing import Final

MOST: Final = 4
_CGROUPS: Final = Path("/sys/fs/cgroup")
_NO_LIMIT_BYTES: Final = 1 << 50  # older groups have a number of that size for none
_OF_THE_BOT_BYTES: Final = 250_000_000
_OF_A_WORKER_BYTES: Final = 330_000_000


def usual_workers(groups: Path = _CGROUPS) -> int:
    """One for a core, as many as memory allows, four at most. `groups`: where control groups are mounted."""
    memory = memory_limit(groups)
    room = MOST if memory is None else (memory - _OF_THE_BOT_BYTES) // _OF_A_WORKER_BYTES
    return max(1, min(MOST, int(_cores(groups)), room))


def _cores(groups: Path) -> float:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min([cores, *_quotas(groups)])


def _quotas(groups: Path) -> list[float]:
    """CPU seconds a second, of each control group that limits them."""
    found = []
    for folder in _folders(groups, "cpu"):
        words = _words(folder / "cpu.max") or [
            *_words(folder / "cpu.cfs_quota_us"),
            *_words(folder / "cpu.cfs_period_us"),
        ]
        if len(words) == 2 and all(word.isdecimal() for word in words):
            found.append(int(words[0]) / int(words[1]))
    return found


def memory_limit(groups: Path = _CGROUPS) -> int | None:
    """Bytes that this process and its workers may use; None where nobody limits them."""
    limits = []
    for folder in _folders(groups, "memory"):
        words = _words(folder / "memory.max") or _words(folder / "memory.limit_in_bytes")
        limits += [int(word) for word in words if word.isdecimal() and int(word) < _NO_LIMIT_BYTES]
    return min(limits, default=None)


def _folders(groups: Path, controller: str) -> list[Path]:
    """This process's own control group and those above it, of both versions; in a container the root is its own."""
    folders = [groups, groups / controller]
    for line in _lines(Path("/proc/self/cgroup")):
        number, controllers, path = line.split(":", 2)
        if number == "0" or controller in controllers.split(","):
            own = (groups if number == "0" else groups / controller) / path.lstrip("/")
            folders += [own, *(folder for folder in own.parents if groups in folder.parents)]
    return folders


def _words(file: Path) -> list[str]:
    return " ".join(_lines(file)).split()


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
