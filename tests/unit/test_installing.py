"""Installing: a Python that is too old is said first; what the lock and the container have in them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.markers import Marker

ROOT = Path(__file__).parents[2]
_OLD = """#!/bin/sh
case "$1" in
  -V) echo "Python 3.10.12";;
  -c) exit 1;;
  *) echo "it went on with an old Python" >&2; exit 9;;
esac
"""
_NEW = """#!/bin/sh
case "$1$2" in
  -c*) exit 0;;
  -mvenv) echo "an environment is made: $*"; exit 3;;
  *) exit 9;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o700)
    return path


def make(clone: Path, python: Path) -> subprocess.CompletedProcess[str]:
    command = ["make", "install", f"PYTHON={python}"]
    return subprocess.run(command, cwd=clone, text=True, capture_output=True, check=False, timeout=60)  # noqa: S603


def test_a_python_that_is_too_old_is_said_before_anything_is_fetched(clone: Path) -> None:
    """With its version, and the way to name another."""
    ended = make(clone, program(clone / "python3.10", _OLD))
    assert ended.returncode == 2
    assert "Python 3.11 or newer is needed" in ended.stderr
    assert "Python 3.10.12" in ended.stderr
    assert "PYTHON=" in ended.stderr
    assert not (clone / ".venv").exists()


def test_an_environment_of_an_old_python_is_made_anew(clone: Path) -> None:
    """Else naming a newer Python would change nothing."""
    program(clone / ".venv" / "bin" / "python", _OLD)
    ended = make(clone, program(clone / "python3.13", _NEW))
    assert "is of Python 3.10.12, which is too old" in ended.stdout
    assert "an environment is made: -m venv --clear .venv" in ended.stdout


def test_what_has_no_wheel_for_a_machine_is_not_asked_for_there() -> None:
    """The one lock has the extras, too: on musl apart, whoever pays the vendor installs it wherever Python runs."""
    lock = (ROOT / "requirements.lock").read_text()
    (only_where,) = re.findall(r"^ai-edge-litert==[^;]+; (.+) \\$", lock, re.MULTILINE)
    elsewhere = {"platform_machine": "x86_64", "sys_platform": "darwin"}  # a Mac of before 2020
    assert Marker(only_where).evaluate({"platform_machine": "aarch64", "sys_platform": "linux"})
    assert not Marker(only_where).evaluate(elsewhere)


def test_the_container_is_an_installed_bot() -> None:
    """So `skinbot` is a command in it, and it knows its version."""
    steps = (ROOT / "Dockerfile").read_text().splitlines()
    installed = [step for step in steps if step.startswith("RUN pip install") and step.endswith(" .")]
    assert [step.split()[1] for step in steps if step.startswith(("ENTRYPOINT", "CMD"))] == ['["skinbot"]', '["run"]']
    assert len(installed) == 1
