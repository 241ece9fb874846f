"""A process that sends reminders, on a clock that the test turns: `sweep` on stdin, `done` on stdout.

What it sends is a line in a file, written by one system call: that is the wire to Telegram here.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.calendar.cities import Cities
from bot.people.voice import Voice
from bot.reminders.sending import ReminderSending
from bot.storage import open_store
from bot.storage.records import PersonRecord
from bot.telegram.messenger import Messenger
from bot.views import View, named
from bot.views.reminders import Recalled, ReminderNoteView


class Wire(Voice):
    """Telegram has a message as soon as its line is written; words are not the point here."""

    def __init__(self, file: int, clock: Path) -> None:
        self._file = file
        self._clock = clock

    async def say(
        self,
        person: PersonRecord,
        what: str | View,
        view: object | None = None,
        *,
        reply_to: int | None = None,  # noqa: ARG002 - its interface
    ) -> int:
        name, view = named(what, view)
        late = isinstance(view, ReminderNoteView) and view.due_at is not None
        os.write(self._file, f"{person.telegram_id} {name} {self._clock.read_text()} {int(late)}\n".encode())
        return 1


class Silence(Messenger):
    def __init__(self) -> None:
        """Nothing is asked of it: no send fails here."""


async def nothing(_: PersonRecord) -> Recalled | None:
    return None


async def work(url: str, key: str, clock: Path, sent: Path) -> None:
    def now() -> datetime:
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(clock.read_text()))

    file = os.open(sent, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    async with open_store(url, key) as store:
        sending = ReminderSending(
            rows=store.reminders,
            messenger=Silence(),
            voice=Wire(file, clock),
            cities=Cities(),
            recall=nothing,
            now=now,
        )
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while await asyncio.to_thread(sys.stdin.readline):
            await sending.send_due()
            sys.stdout.write("done\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])))
