"""`make bench`: every line in turn, into docs/benchmarks.md. `python -m tests.bench NAME…`: only these, printed."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final, cast

from tests.bench.report import machine, write
from tests.bench.table import HEADER, SMALL, Line, Table

LINES: Final = {
    "pictures": "pictures.sizes",
    "boxes": "pictures.boxes",
    "selfies": "selfies.at_1280",
    "selfies-12mp": "selfies.at_12_mp",
    "at-once": "waiting.served_at_once",
    "growth": "growth.with_people",
    "processes": "growth.with_processes",
    "help-polling": "bots.polling",
    "help-webhook": "bots.by_webhook",
    "start": "start.lines",
    "among-sqlite": "among.on_sqlite",
    "among-postgresql": "among.on_postgresql",
    "reminders-sqlite": "reminders.on_sqlite",
    "reminders-postgresql": "reminders.on_postgresql",
}
OTHERS: Final = {"doctor": "doctor.lines"}  # another question, of another time: only run when it is named


def main() -> None:
    wanted = sys.argv[1:]
    unknown = set(wanted) - {*LINES, *OTHERS}
    if unknown:
        sys.exit(f"no line is named {', '.join(sorted(unknown))}; there are {', '.join([*LINES, *OTHERS])}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended with it
    load, began = os.getloadavg()[0], time.monotonic()
    print(f"{machine()}, load {load:.1f}\n\n{HEADER}")  # noqa: T201 - a command
    found = [told for name in wanted or LINES for told in _told(name)]
    tables = [told for told in found if isinstance(told, Table)]
    for table in tables:
        print(f"\n{table.title}\n\n{table.text}")  # noqa: T201 - as above
    if not wanted and not SMALL:
        lines = [told for told in found if isinstance(told, Line)]
        write(lines, tables, seconds=time.monotonic() - began, load=load)


def _told(name: str) -> Iterator[Line | Table]:
    module, _, function = {**LINES, **OTHERS}[name].partition(".")
    work = cast("Callable[[], Iterator[Line | Table]]", getattr(import_module(f"tests.bench.{module}"), function))
    began = time.monotonic()
    for told in work():
        if isinstance(told, Line):
            print(told.row, flush=True)  # noqa: T201 - as above
        yield told
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)  # noqa: T201 - as above


if __name__ == "__main__":
    main()
