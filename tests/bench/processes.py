"""Processes to measure: started, waited for, their CPU and memory read from the kernel, and ended."""

import os
import select
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).parents[2]
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Process:
    def __init__(self, started: "subprocess.Popen[bytes]") -> None:
        self._started = started

    def wait(self) -> None:
        self._started.wait(120)

    def has_spoken(self) -> bool:
        """Whether something stands on its standard output."""
        spoken = self._started.stdout
        return spoken is not None and bool(select.select([spoken], [], [], 0)[0])

    @property
    def cpu_seconds(self) -> float:
        """User and system time of all its threads."""
        fields = Path(f"/proc/{self._started.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def rss_mb(self) -> float:
        status = Path(f"/proc/{self._started.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextmanager
def running(command: Sequence[str], *, settings: Mapping[str, str] | None = None) -> Iterator[Process]:
    """The command in the project's folder with these settings and no others; ended with SIGTERM, then SIGKILL."""
    environ = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **(settings or {})}
    started = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - ours and its peers
    try:
        yield Process(started)
    finally:
        started.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            started.wait(20)
        started.kill()
        started.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(url: str, *, seconds: float = 60.0) -> None:
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
