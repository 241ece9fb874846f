"""`make install` where the Python is too old: said first, and an environment of an old one is not in the way."""

import shutil
import subprocess
from pathlib import Path

import pytest

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
