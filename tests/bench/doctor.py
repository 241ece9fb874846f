"""What a page for a doctor costs: CPU of the whole bot and its workers, from the tap to the file in the chat."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.analysis.choice import READERS
from bot.playground.server.files import Kind
from bot.reports.reader import ReportReader
from bot.reports.series import summary_of
from bot.skin.analysis import Provider
from bot.skin.feelings import Feeling
from bot.skin.instrument import Instrument
from bot.storage import open_store
from bot.storage.records import IncomingPhoto, PersonRecord, ReportState
from bot.storage.store import Store
from bot.views.sheet import SUGGESTED, SheetParts
from tests.ailab import LoopbackAILab, answer
from tests.bench.table import Line
from tests.journeys.stage import Stage, asked
from tests.keys import KEY
from tests.pdf_page import read_page
from tests.pictures import selfie
from tests.telegram import Actor, StagedTelegram
from tests.unit.storage.making import AGREED, FACTS

_PERSON: Final = 42
_PHOTOS: Final = 104
_PRODUCTS: Final = 20
_ROUNDS: Final = 5
_SINCE: Final = datetime(2024, 12, 1, 9, tzinfo=UTC)
_SEEN: Final = replace(FACTS, width=960, height=1280, doubts=())
_NOTE: Final = "The new cleanser stings a little around the nose, more so after the cold ride to work. " * 4


def lines() -> Iterator[Line]:
    spent = asyncio.run(_spent())
    for what, seconds in spent.items():
        middle = sorted(seconds)[len(seconds) // 2]
        yield Line(
            what=f"a doctor's page from two years, {what}: CPU of the bot and its workers",
            against="–",
            measured=f"{middle:.2f} s",
            spread=f"{min(seconds):.2f}–{max(seconds):.2f}",
            target="≤ 1 s" if len(seconds) > 1 else "–",
            met=middle <= 1 if len(seconds) > 1 else None,
        )


async def _spent() -> dict[str, list[float]]:
    async with _somebody() as person:
        screen = await asked(person, "/mydata")
        found: dict[str, list[float]] = {}
        for what, parts in (
            ("the first after a start (libraries, fonts and templates are loaded, workers begin)", SUGGESTED),
            ("without photos", SUGGESTED),
            ("with two photos", SUGGESTED | SheetParts.PHOTOS),
        ):
            for _ in range(1 if what.startswith("the first") else _ROUNDS):
                before = _cpu_seconds()
                newest = person.bot_messages[-1].message_id
                await person.forge(screen.message_id, f"sheet:make:{parts:d}").answer
                made = await person.wait_for(
                    lambda now, newest=newest: now.message_id > newest and now.document is not None  # type: ignore[misc]
                )
                took = _cpu_seconds() - before
                assert made.document is not None
                assert read_page(made.document.data).pictures == (2 if SheetParts.PHOTOS in parts else 0)
                found.setdefault(what, []).append(took)
        return found


def _cpu_seconds() -> float:
    """Of this process, in which our Telegram runs as well, and of its workers."""
    ticks = 0
    for worker in _below(os.getpid()):
        fields = Path(f"/proc/{worker}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _below(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text(encoding="ascii").split()):
            yield child
            yield from _below(child)


@asynccontextmanager
async def _somebody() -> AsyncIterator[Actor]:
    with tempfile.TemporaryDirectory() as folder:
        async with StagedTelegram() as telegram, LoopbackAILab() as ailab:
            stage = Stage(telegram=telegram, ailab=ailab, folder=Path(folder))
            async with open_store(stage.config.database_url, KEY) as store:
                files = [
                    telegram.world.files.keep(selfie((960, 1280), seed=number), kind=Kind.DOCUMENT).file_id
                    for number in (0, 1)
                ]
                await _two_years(store, (files[0], files[1]))
            stage.clock = lambda: _SINCE + timedelta(days=7 * _PHOTOS)
            async with stage.running():
                yield telegram.person(_PERSON)


async def _two_years(store: Store, files: tuple[str, str]) -> None:
    await store.people.meet(_PERSON, "en", now=_SINCE)
    person = await store.people.meet(_PERSON, "en", now=_SINCE)
    await store.people.record_consent(person.id, AGREED, now=_SINCE)
    reader = ReportReader(readers=READERS)
    for number in range(_PHOTOS):
        now = _SINCE + timedelta(days=7 * number)
        await _delivered(store, reader, person, _photo(files[number == _PHOTOS - 1], number), now)
        await store.feelings.tell(person.id, dict.fromkeys(Feeling, number % 9), now=now)
    for number in range(_PRODUCTS):
        began = (_SINCE + timedelta(days=30 * number)).date()
        await store.products.add(person.id, f"Product {number} of a long name", started_on=began)


def _photo(file_id: str, number: int) -> IncomingPhoto:
    return IncomingPhoto(file_id=file_id, unique_id=f"u{number}", message_id=number, as_file=True, size=200_000)


async def _delivered(
    store: Store, reader: ReportReader, person: PersonRecord, photo: IncomingPhoto, now: datetime
) -> None:
    number = photo.message_id
    report, _ = await store.reports.request(
        person_id=person.id,
        photo=photo,
        origin=f"{_PERSON}:{number}",
        album=None,
        state=ReportState.REQUESTED,
        not_before=now,
        joined_not_before=now,
        now=now,
    )
    spots = [(150.0 + 7 * place, 300.0, 9.0, 9.0, 0.8) for place in range(3 + number * 5 % 7)]
    await store.reports.save_answer(
        report.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=json.dumps(answer(size=(_SEEN.width, _SEEN.height), marks={"acne": spots})),
        red_map=None,
        facts=_SEEN,
        content=number.to_bytes(32, "big"),
        chosen=0,
        now=now,
    )
    analysed = await store.reports.by_id(report.id)
    assert analysed is not None
    told = reader.told(person, analysed)
    await store.reports.deliver(
        report.id, annotated_file_id="d", message_id=number, summary=summary_of(analysed, told), now=now
    )
    await store.feedback.set_note(person.id, number + 1, _NOTE)
