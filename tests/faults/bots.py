"""The bot as its operator runs it: processes of their own, started, killed and stopped."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(kw_only=True)
class Bot:
    """One `skinbot run`. Its log is `log`; use `start` again after `kill` or `stop`.

    `launcher`: a command that becomes the one which stands behind it, and `python` is run by whoever that makes it.
    `root`: where our packages lie; None where they are installed.
    """

    settings: Mapping[str, str]
    log: Path
    launcher: tuple[str, ...] = ()
    python: str = sys.executable
    root: Path | None = ROOT
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(*self.launcher, self.python, "-m", "bot", "run"),
                cwd=self.log.parent,  # no .env of ours
                env={
                    "PATH": os.environ["PATH"],
                    **({"PYTHONPATH": str(self.root)} if self.root else {}),
                    **self.settings,
                },
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self, *, within: float = 60.0) -> int:
        """SIGTERM; its exit code."""
        assert self._process is not None
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), within)

    async def ended(self, *, within: float = 60.0) -> int:
        """The exit code of one that ends by itself."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), within)

    def rss_mb(self) -> float:
        """Memory that is resident now, and at the most so far."""
        return self._status("VmRSS")

    def peak_mb(self) -> float:
        return self._status("VmHWM")

    def _status(self, name: str) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
