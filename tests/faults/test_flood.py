"""Many selfies at once into two processes: all answered, each once, and the bot stays awake and small.

`make flood` sends 10,000 from 2,000 people; `make test` a few, to see that the means of measuring work.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.storage import open_store
from tests.faults.bots import ROOT
from tests.faults.brisk import FIRST_PERSON
from tests.keys import KEY
from tests.unit.storage.making import AGREED

SELFIES = int(os.environ.get("FLOOD_SELFIES", "0"))
FULL = SELFIES > 0
PEOPLE = max(1, (SELFIES or 40) // 5)
LOOP_MOST_MS = 50.0
PEAK_MB = 350.0


async def test_many_selfies_at_once_into_two_processes(
    tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every selfie becomes one report and one paid call; the concurrency holds over both; memory is bounded."""
    selfies = SELFIES or 40
    await _all_consent(postgres_url)
    port = _free_port()
    async with _process(tmp_path, "tests.faults.brisk", str(port), str(PEOPLE), str(selfies)):
        bots = [_bot(tmp_path, postgres_url, port, number) for number in range(2)]
        async with bots[0], bots[1]:
            tally = await _until_answered(port, selfies, within=240 + selfies / 5)
    figures = [json.loads((tmp_path / f"figures{number}.json").read_text()) for number in range(2)]
    with capsys.disabled():
        print(f"\n{selfies} selfies: {json.dumps(tally)}\n" + "\n".join(json.dumps(one) for one in figures))  # noqa: T201
    assert tally["reports"] == tally["analyses"] == selfies
    assert tally["most_in_flight"] <= 8
    assert all(one["peak_mb"] <= PEAK_MB for one in figures)
    assert not FULL or all(one["busy_most_ms"] <= LOOP_MOST_MS for one in figures)


async def _all_consent(url: str) -> None:
    async with open_store(url, KEY) as store:
        now = datetime.now(UTC)
        for number in range(PEOPLE):
            person = await store.people.meet(FIRST_PERSON + number, "en", now=now)
            await store.people.record_consent(person.id, AGREED, now=now)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _bot(folder: Path, url: str, port: int, number: int) -> AbstractAsyncContextManager[None]:
    root = f"http://127.0.0.1:{port}"
    return _process(
        folder,
        "tests.faults.watched",
        str(folder / f"figures{number}.json"),
        TELEGRAM_TOKEN="1:flood",
        TELEGRAM_API_URL=root,
        AILAB_API_KEY="key",
        AILAB_API_URL=root,
        AILAB_CONCURRENCY="8",
        DATABASE_URL=url,
        DATA_KEY=KEY,
        DAILY_REPORTS_PER_USER="0",
        SENDS_PER_SECOND="500",  # Telegram's own pace would let the loop rest
        LOG_LEVEL="WARNING",
    )


@asynccontextmanager
async def _process(folder: Path, module: str, *arguments: str, **environment: str) -> AsyncIterator[None]:
    with (folder / f"{module}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


async def _until_answered(port: int, selfies: int, *, within: float) -> dict[str, float]:
    tally: dict[str, float] = {}
    async with asyncio.timeout(within), httpx.AsyncClient() as client:
        while tally.get("reports", 0) < selfies:
            await asyncio.sleep(0.5)
            try:
                tally = (await client.get(f"http://127.0.0.1:{port}/tally")).json()
            except httpx.TransportError:
                continue  # it starts
    return tally
