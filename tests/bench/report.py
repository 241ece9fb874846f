"""The table of a whole run, in docs/benchmarks.md between two marks: the rest of that page is written by hand."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.bench.processes import ROOT
from tests.bench.table import HEADER, Line, Table

PAGE: Final = ROOT / "docs" / "benchmarks.md"
_PICTURES: Final = "pictures"
_FROM: Final = "<!-- `make bench` writes from here -->"
_TO: Final = "<!-- to here -->"


def machine() -> str:
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    kind = model.partition(": ")[2] or platform.machine()
    return f"Python {platform.python_version()}, {os.cpu_count()} cores ({kind})"


def write(lines: Sequence[Line], tables: Sequence[Table], *, seconds: float, load: float) -> None:
    """`seconds`: what all of it took. `load`: of the machine before it began."""
    for table in tables:
        (PAGE.parent / _PICTURES / f"{table.name}.svg").write_text(table.picture)
    page = PAGE.read_text()
    before, _, rest = page.partition(_FROM)
    _, _, after = rest.partition(_TO)
    PAGE.write_text(f"{before}{_FROM}\n\n{_text(lines, tables, seconds, load)}\n\n{_TO}{after}")


def _text(lines: Sequence[Line], tables: Sequence[Table], seconds: float, load: float) -> str:
    told = (
        f"`make bench`, {datetime.now(UTC):%Y-%m-%d}, commit {_commit()}, {machine()}, shared with the peers and with"
        f" the Telegram and AILab of the bench; {seconds / 60:.0f} minutes in all. The load before was {load:.1f}."
        " Each line is a ratio to a floor or a peer that was measured in turn with ours, on the same cores."
    )
    parts = [told, "\n".join([HEADER, *(line.row for line in lines)])]
    missed = [line for line in lines if line.met is False]
    if missed:
        parts += ["Why lines are missed:", "\n".join(f"- *{line.what}*: {line.why}." for line in missed)]
    for table in tables:
        parts += [f"## {table.title}", table.text, f"![{table.title}]({_PICTURES}/{table.name}.svg)"]
    return "\n\n".join(parts)


def _commit() -> str:
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"
