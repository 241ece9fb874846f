"""What one person waits for their own reports: among a million reports of others, and alone."""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import httpx

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
from tests.bench.others import OTHERS, add_others
from tests.bench.table import Line, scaled
from tests.journeys.stage import Stage
from tests.journeys.window import launch, with_page
from tests.keys import KEY
from tests.postgres import NO_SERVER, fresh_database
from tests.telegram import Actor, StagedTelegram
from tests.unit.storage.making import AGREED, FACTS, requested

_COMMANDS: Final = ("/history", "/progress", "/compare")
_OWN: Final = 200
_ROUNDS: Final = 21
_OPENINGS: Final = 9  # of My skin; a person who opens it oftener in a minute is refused
_LOOKS: Final = 200
_PERSON: Final = 42
_SINCE: Final = datetime(2022, 1, 3, 12, tzinfo=UTC)
_AT_MOST: Final = 1.3

Seconds = list[tuple[float, float]]
"""Of the same thing: (alone, among others), in turn."""


@dataclass(frozen=True, kw_only=True)
class _InFront:
    """Somebody in front of the whole bot."""

    stage: Stage
    person: Actor
    client: httpx.AsyncClient

    async def answered(self, text: str) -> None:
        last = self.person.bot_messages[-1].message_id if self.person.bot_messages else 0
        await self.person.send_text(text)
        await self.person.wait_for(lambda message: message.message_id > last, timeout=300)

    async def my_skin(self) -> None:
        opened = await self.client.post("api/open", json={"launch": launch(self.stage, self.person)})
        assert opened.status_code == 200, opened.status_code


def on_sqlite() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _lines("SQLite", f"sqlite:///{folder}/alone.db", f"sqlite:///{folder}/among.db")


def on_postgresql() -> Iterator[Line]:
    with fresh_database("bench_alone") as alone, fresh_database("bench_among") as among:
        if alone is None or among is None:
            raise LookupError(NO_SERVER)
        yield from _lines("PostgreSQL", alone, among)


def _lines(name: str, alone: str, among: str) -> Iterator[Line]:
    migrate(among)
    add_others(among, OTHERS)
    for what, seconds in asyncio.run(_seconds(alone, among)).items():
        few, many = zip(*seconds, strict=True)
        yield Line.ratio(
            f"{what} among {OTHERS:,} reports of others, {name} ({statistics.median(many) * 1000:.2f} ms)",
            f"alone ({statistics.median(few) * 1000:.2f} ms)",
            [mine / theirs for theirs, mine in seconds],
            at_most=_AT_MOST,
            why="fewer of the pages that are read are in the database's own memory",
        )


async def _seconds(alone: str, among: str) -> Mapping[str, Seconds]:
    seconds: dict[str, Seconds] = {}
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(open_store(url, KEY)) for url in (alone, among)]
        looks = [partial(_latest_ten, store, await _somebody(store)) for store in stores]
        seconds["latest ten"] = await _in_turn(*looks, rounds=scaled(_LOOKS))
    async with _somebody_at(alone) as one, _somebody_at(among) as other:
        for command in _COMMANDS:
            both = (partial(each.answered, command) for each in (one, other))
            seconds[command] = await _in_turn(*both, rounds=scaled(_ROUNDS))
        seconds["My skin"] = await _in_turn(one.my_skin, other.my_skin, rounds=scaled(_OPENINGS))
    return seconds


async def _in_turn(
    alone: Callable[[], Awaitable[None]], among: Callable[[], Awaitable[None]], *, rounds: int
) -> Seconds:
    await _took(alone), await _took(among)
    return [(await _took(alone), await _took(among)) for _ in range(rounds)]


async def _took(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _latest_ten(store: Store, person_id: int) -> None:
    assert len(await store.reports.history(person_id, offset=0, limit=10)) == 10


@asynccontextmanager
async def _somebody_at(url: str) -> AsyncIterator[_InFront]:
    with tempfile.TemporaryDirectory() as folder:
        async with StagedTelegram() as telegram, LoopbackAILab() as ailab:
            stage = Stage(telegram=telegram, ailab=ailab, folder=Path(folder), settings={"DATABASE_URL": url})
            page = with_page(stage)
            async with stage.running(), httpx.AsyncClient(base_url=f"{page}/", timeout=30) as client:
                yield _InFront(stage=stage, person=telegram.person(_PERSON), client=client)


async def _somebody(store: Store) -> int:
    """Somebody who agreed, with a report a week whose counts go up and down; the row's id."""
    person = await store.people.meet(_PERSON, "en", now=_SINCE)
    await store.people.record_consent(person.id, AGREED, now=_SINCE)
    person = await store.people.meet(_PERSON, "en", now=_SINCE)
    reader = ReportReader(readers=READERS)
    for number in range(_OWN):
        await _delivered(store, reader, person, number)
    return person.id


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
