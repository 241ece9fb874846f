"""What a person waits for /history, /progress and /compare: with many reports of many people, and with few of one."""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.analysis.choice import READERS
from bot.reports.reader import ReportReader
from bot.reports.series import summary_of
from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage import open_store
from bot.storage.records import PersonRecord
from bot.storage.store import Store
from bot.storage.upkeep.migrating import migrate
from tests.ailab import LoopbackAILab, answer
from tests.bench.rows import OTHERS, add_others
from tests.bench.table import Line
from tests.journeys.stage import Stage
from tests.keys import KEY
from tests.postgres import NO_SERVER, fresh_database
from tests.telegram import Actor, StagedTelegram
from tests.unit.storage.making import AGREED, FACTS, requested

_COMMANDS: Final = ("/history", "/progress", "/compare")
_MANY: Final = 200
_FEW: Final = 12
_ROUNDS: Final = 15
_PERSON: Final = 42
_SINCE: Final = datetime(2022, 1, 3, 12, tzinfo=UTC)
_KEY: Final = KEY  # the stage's


def lines() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        small, large = f"sqlite:///{folder}/small.db", f"sqlite:///{folder}/large.db"
        yield from _lines("SQLite", small, large)
    with fresh_database("bench_small") as small_url, fresh_database("bench_large") as large_url:
        if small_url is None or large_url is None:
            raise LookupError(NO_SERVER)
        yield from _lines("PostgreSQL", small_url, large_url)


def _lines(name: str, small: str, large: str) -> Iterator[Line]:
    spent = asyncio.run(_seconds(small, large))
    for command in _COMMANDS:
        few, many = zip(*spent[command], strict=True)
        yield Line.ratio(
            f"{command} of one with {_MANY} reports among {OTHERS:,} of others, {name}"
            f" ({statistics.median(many) * 1000:.0f} ms)",
            f"the same of one with {_FEW}, alone ({statistics.median(few) * 1000:.0f} ms)",
            [mine / theirs for theirs, mine in spent[command]],
            at_most=2.0,
        )


async def _seconds(small: str, large: str) -> Mapping[str, list[tuple[float, float]]]:
    """Of each command (alone, among others), turn by turn, so that a busy machine meets both."""
    await asyncio.to_thread(migrate, large)
    await asyncio.to_thread(add_others, large, OTHERS)
    async with _somebody_at(small, own=_FEW) as alone, _somebody_at(large, own=_MANY) as among_others:
        return {
            command: [(await _answered(alone, command), await _answered(among_others, command)) for _ in range(_ROUNDS)]
            for command in _COMMANDS
        }


@asynccontextmanager
async def _somebody_at(url: str, *, own: int) -> AsyncIterator[Actor]:
    """Somebody with so many reports, in front of the whole bot on that database."""
    async with open_store(url, _KEY) as store:
        await _somebody(store, own)
    with tempfile.TemporaryDirectory() as folder:
        async with StagedTelegram() as telegram, LoopbackAILab() as ailab:
            stage = Stage(telegram=telegram, ailab=ailab, folder=Path(folder), settings={"DATABASE_URL": url})
            async with stage.running():
                person = telegram.person(_PERSON)
                for command in ("/help", *_COMMANDS):
                    await _answered(person, command)
                yield person


async def _answered(person: Actor, text: str) -> float:
    """Seconds from the command to its answer on the screen."""
    last = person.bot_messages[-1].message_id if person.bot_messages else 0
    began = time.perf_counter()
    await person.send_text(text)
    await person.wait_for(lambda message: message.message_id > last)
    return time.perf_counter() - began


async def _somebody(store: Store, own: int) -> None:
    """Somebody who agreed, with a report a week whose counts go up and down."""
    person = await store.people.meet(_PERSON, "en", now=_SINCE)
    await store.people.record_consent(person.id, AGREED, now=_SINCE)
    person = await store.people.meet(_PERSON, "en", now=_SINCE)
    reader = ReportReader(readers=READERS)
    for number in range(own):
        await _delivered(store, reader, person, number)


async def _delivered(store: Store, reader: ReportReader, person: PersonRecord, number: int) -> None:
    now = _SINCE + timedelta(days=7 * number)
    report = await requested(store, person, message_id=number, not_before=now, now=now)
    spots = [(150.0 + 7 * place, 300.0, 9.0, 9.0, 0.8) for place in range(3 + number * 5 % 7)]
    await store.reports.save_answer(
        report.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=json.dumps(answer(size=(FACTS.width, FACTS.height), marks={"acne": spots})),
        red_map=None,
        facts=FACTS,
        content=number.to_bytes(32, "big"),
        chosen=0,
        now=now,
    )
    analysed = await store.reports.by_id(report.id)
    assert analysed is not None
    await store.reports.deliver(
        report.id,
        annotated_file_id="d",
        message_id=number,
        summary=summary_of(analysed, reader.told(person, analysed)),
        now=now,
    )
