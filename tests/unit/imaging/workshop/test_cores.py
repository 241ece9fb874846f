"""As many workers as this process may use, not as many as the machine has."""

from pathlib import Path

import pytest

from bot.imaging.workshop import cores

GIB = 1 << 30


@pytest.mark.parametrize(
    ("quota", "memory", "workers"),
    [("max 100000", "max", 2), ("150000 100000", "max", 1), ("50000 100000", "max", 1), ("max 100000", 512 << 20, 1)],
)
def test_limits_of_a_control_group_count(tmp_path: Path, quota: str, memory: object, workers: int) -> None:
    """Half a core, one and a half, 512 MB: one worker."""
    (tmp_path / "cpu.max").write_text(f"{quota}\n")
    (tmp_path / "memory.max").write_text(f"{memory}\n")
    assert min(2, cores.usual_workers(tmp_path)) == min(workers, cores.usual_workers(tmp_path / "none"))


def test_older_control_groups_count(tmp_path: Path) -> None:
    """Version 1 keeps them in folders of their own."""
    for name, value in (("cpu/cpu.cfs_quota_us", 100_000), ("cpu/cpu.cfs_period_us", 100_000)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{value}\n")
    assert cores.usual_workers(tmp_path) == 1
