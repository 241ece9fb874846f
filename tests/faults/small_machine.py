"""A machine as small as docs/operating.md says: a control group with a limit of memory, and a user who is not root."""

import os
import shutil
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.bots import ROOT

MEMORY: Final = Path("/sys/fs/cgroup/memory")
USER: Final = 10001  # the Dockerfile's

NO_GROUPS: Final = "only root may make a control group, and only the older ones are read here"


@dataclass(kw_only=True)
class SmallMachine:
    """`folder`: where the user may write. Call `look` often: what all processes hold together is seen only then."""

    group: Path
    folder: Path
    python: str
    settings: dict[str, str]
    held_mb: float = field(default=0.0)

    def launcher(self, *, niceness: int, cores: int) -> tuple[str, ...]:
        """A shell that goes into the group, then becomes the command as the user who may do nothing."""
        script = f'echo $$ > "{self.group}/cgroup.procs" && exec "$@"'
        user = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--bounding-set=-all")
        return ("sh", "-c", script, "sh", "taskset", "-c", f"0-{cores - 1}", "nice", "-n", str(niceness), *user)

    def look(self) -> None:
        lines = (self.group / "memory.stat").read_text().splitlines()
        rss = next(int(line.split()[1]) for line in lines if line.startswith("total_rss "))
        self.held_mb = max(self.held_mb, rss / 2**20)

    def figures(self) -> str:
        """What was held at the most since they were last told; `charged` has what the kernel keeps of files."""
        charged = self.group / "memory.max_usage_in_bytes"
        told = f"held {self.held_mb:.0f} MB, charged {int(charged.read_text()) / 2**20:.0f} MB, killed {self.killed}"
        charged.write_text("0")
        self.held_mb = 0.0
        return told

    @property
    def killed(self) -> int:
        """For want of memory."""
        lines = (self.group / "memory.oom_control").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


def can_be_made() -> bool:
    means = all(shutil.which(one) for one in ("setpriv", "taskset", "nice"))
    return means and hasattr(os, "geteuid") and os.geteuid() == 0 and os.access(MEMORY / "cgroup.procs", os.W_OK)


@contextmanager
def small_machine(folder: Path, *, megabytes: int) -> Iterator[SmallMachine]:
    group = MEMORY / f"skinbot-{os.getpid()}-{megabytes}"
    group.mkdir()
    try:
        (group / "memory.limit_in_bytes").write_text(str(megabytes * 2**20))
        (group / "memory.memsw.limit_in_bytes").write_text(str(megabytes * 2**20))
        python, settings = _python_for_everybody(folder)
        home = folder / "home"
        home.mkdir()
        os.chown(home, USER, USER)
        yield SmallMachine(group=group, folder=home, python=python, settings=settings)
    finally:
        _removed(group)


def _removed(group: Path) -> None:
    """A process that was told to end needs a moment for it."""
    for _ in range(100):
        with suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)
    group.rmdir()


def _python_for_everybody(folder: Path) -> tuple[str, dict[str, str]]:
    """The interpreter of this environment, or its copy where the user can't reach it (below /root)."""
    packages = sysconfig.get_path("purelib")
    path = {"PYTHONPATH": f"{ROOT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"}
    own = Path(sys.executable).resolve()
    if all(parent.stat().st_mode & 0o001 for parent in own.parents):
        return str(own), path
    copy = folder / "python"
    (copy / "bin").mkdir(parents=True)
    shutil.copy2(own, copy / "bin")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    heavy = shutil.ignore_patterns("site-packages", "test", "__pycache__", "config-*")
    shutil.copytree(Path(sys.base_prefix) / "lib" / version, copy / "lib" / version, ignore=heavy)
    for shared in (Path(sys.base_prefix) / "lib").glob("libpython*"):
        shutil.copy2(shared, copy / "lib")
    return str(copy / "bin" / own.name), path | {"LD_LIBRARY_PATH": str(copy / "lib")}
