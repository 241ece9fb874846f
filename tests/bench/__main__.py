"""Run every line and print the table, as it stands in the README."""

import importlib
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.table import HEADER

ROOMS = ("pictures", "bots", "selfies", "rows", "screens", "reminders", "start")


def main() -> None:
    wanted = sys.argv[1:] or ROOMS
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "")
    print(  # noqa: T201 - a command
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" {model.partition(': ')[2] or platform.machine()}\n\n{HEADER}"
    )
    for room in wanted:
        for line in importlib.import_module(f"tests.bench.{room}").lines():
            print(line.row, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
