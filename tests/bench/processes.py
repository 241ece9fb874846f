"""Processes to measure: started, waited for, their CPU and memory read from the kernel, and ended."""

import os
import select
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.bench.table import SMALL

ROOT: Final = Path(__file__).parents[2]
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Process:
    def __init__(self, started: "subprocess.Popen[bytes]") -> None:
        self._started = started

    def wait(self) -> None:
        self._started.wait(120)

    def end(self) -> None:
        """SIGTERM, and SIGKILL for who does not listen."""
        if self._started.poll() is not None:
            return
        self._started.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._started.wait(20)
        self._started.kill()
        self._started.wait()

    def has_spoken(self) -> bool:
        """Whether something stands on its standard output."""
        spoken = self._started.stdout
        return spoken is not None and bool(select.select([spoken], [], [], 0)[0])

    def tell(self, line: str) -> None:
        """A line on its standard input."""
        assert self._started.stdin is not None
        self._started.stdin.write(line.encode() + b"\n")
        self._started.stdin.flush()

    def hear(self) -> str:
        """The next line of its standard output. Raises EOFError."""
        assert self._started.stdout is not None
        line = self._started.stdout.readline()
        if not line:
            raise EOFError(self._started.args)
        return line.decode().strip()

    @property
    def cpu_seconds(self) -> float:
        """User and system time of all its threads."""
        return sum(_cpu(self._started.pid)[:2]) / _TICKS

    @property
    def cpu_seconds_of_all(self) -> float:
        """With the processes that it started, those that have ended among them."""
        return sum(sum(_cpu(pid)) for pid in _family(self._started.pid)) / _TICKS

    @property
    def rss_mb(self) -> float:
        return _memory_kb(self._started.pid, "status", "VmRSS") / 1024

    @property
    def pss_mb_of_all(self) -> float:
        """With the processes that it started; what several share counts once."""
        return sum(_memory_kb(pid, "smaps_rollup", "Pss") for pid in _family(self._started.pid)) / 1024


@contextmanager
def running(command: Sequence[str], *, settings: Mapping[str, str] | None = None) -> Iterator[Process]:
    """The command in the project's folder with these settings and no others; ended with SIGTERM, then SIGKILL."""
    environ = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **(settings or {})}
    errors = None if SMALL else subprocess.DEVNULL
    started = subprocess.Popen(  # noqa: S603 - ours and its peers
        command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
    )
    process = Process(started)
    try:
        yield process
    finally:
        process.end()


@contextmanager
def watched(measure: Callable[[], float], *, every_s: float) -> Iterator[list[float]]:
    """What was measured from now until the block ends, again and again; at least once."""
    ended, found = threading.Event(), [measure()]

    def watch() -> None:
        while not ended.wait(every_s):
            found.append(measure())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        ended.set()
        watcher.join()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(url: str, *, seconds: float = 300.0) -> None:
    """Until something listens there; it is asked nothing, because a webhook may take no joke."""
    place = urlsplit(url)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((place.hostname or "", place.port or 80), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError(url)


def ask(url: str, *, seconds: float = 600.0) -> bytes:
    with urllib.request.urlopen(url, timeout=seconds) as answer:  # noqa: S310 - loopback
        return bytes(answer.read())


def _family(pid: int) -> list[int]:
    found, asked = [], [pid]
    while asked:
        found.append(one := asked.pop())
        with suppress(OSError):
            for children in Path(f"/proc/{one}/task").glob("*/children"):
                asked += map(int, children.read_text().split())
    return found


def _cpu(pid: int) -> tuple[int, int, int, int]:
    """Ticks: user, system, and those of the children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended: its parent tells
        return 0, 0, 0, 0
    user, system, users, systems = map(int, fields[11:15])
    return user, system, users, systems


def _memory_kb(pid: int, file: str, name: str) -> int:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
    return 0
