"""The webhook over real HTTP: only Telegram, only updates, and 200 only for what is stored."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.config import read_config
from bot.observability.metrics import Metrics
from bot.operations.health import Health, Vitals
from bot.operations.http import serving
from bot.storage import open_store
from bot.storage.engine.database import DatabaseUnavailable

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "a-secret"}
UPDATE = {"update_id": 7, "message": {"text": "hello"}}


@dataclass(kw_only=True)
class Door:
    """What came through, and what stands in the way."""

    client: httpx.AsyncClient
    vitals: Vitals
    taken: list[Mapping[str, object]] = field(default_factory=list)
    broken: bool = False

    async def take(self, updates: Sequence[Mapping[str, object]]) -> None:
        if self.broken:
            raise DatabaseUnavailable("OperationalError")
        self.taken += updates

    async def post(self, content: bytes, **headers: str) -> int:
        return (await self.client.post("/hook", content=content, headers={**SECRET, **headers})).status_code


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    config = read_config({"WEBHOOK_URL": "https://bot.example.org/hook", "WEBHOOK_SECRET": "a-secret", "PORT": "0"})
    vitals = Vitals(metrics=Metrics(), now=lambda: NOON)
    async with open_store(f"sqlite:///{tmp_path}/skinbot.db", None) as store, httpx.AsyncClient() as client:
        opened = Door(client=client, vitals=vitals)
        async with serving(config, opened.take, Health(vitals=vitals, figures=store.figures)) as port:
            client.base_url = httpx.URL(f"http://127.0.0.1:{port}")
            yield opened


async def test_an_update_with_the_secret_is_taken(door: Door) -> None:
    """The one way in."""
    response = await door.client.post("/hook", json=UPDATE, headers=SECRET)
    assert (response.status_code, door.taken) == (200, [UPDATE])


@pytest.mark.parametrize("told", [None, "", "a-secre", "a-secrets", "\u00e4-secret"])
async def test_without_the_secret_nothing_is_taken(door: Door, told: str | None) -> None:
    """None, a wrong one, one with letters that no secret has."""
    headers = [] if told is None else [(name.encode(), told.encode("latin-1")) for name in SECRET]
    response = await door.client.post("/hook", json=UPDATE, headers=headers)
    assert (response.status_code, door.taken) == (403, [])


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[1]", b"7", b"\xff\xfe", b'{"message": {}}', b'{"update_id": "7"}', b'{"update_id": true}'),
        b'{"update_id": 7, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
async def test_what_is_no_update_is_refused(door: Door, content: bytes) -> None:
    """Telegram itself never sends it."""
    assert await door.post(content) == 400
    assert door.taken == []


async def test_a_huge_body_is_refused(door: Door) -> None:
    """Telegram drops updates over 64 KiB; a megabyte is no update."""
    assert await door.post(b" " * 1_100_000) == 413
    assert door.taken == []


async def test_what_could_not_be_stored_is_sent_again(door: Door) -> None:
    """503 while the database is away and while the process stops: Telegram comes back, to us or to another one."""
    door.broken = True
    response = await door.client.post("/hook", json=UPDATE, headers=SECRET)
    assert response.status_code == 503
    door.broken, door.vitals.stopping = False, True
    response = await door.client.post("/hook", json=UPDATE, headers=SECRET)
    assert (response.status_code, door.taken) == (503, [])
    assert (await door.client.get("/readyz")).text == "stopping"
    assert (await door.client.get("/healthz")).status_code == 200


class Held:
    """Connections that are opened and then say too little."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.open: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def hold(self, count: int, say: bytes) -> None:
        for _ in range(count):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(say)
            self.open.append((reader, writer))
        await asyncio.sleep(0.1)

    async def still_there(self) -> int:
        """How many of them the other side has not ended."""
        ended = 0
        for reader, _ in self.open:
            try:
                async with asyncio.timeout(0.01):
                    while await reader.read(4096):
                        pass
                    ended += 1
            except TimeoutError:
                continue
            except ConnectionError:
                ended += 1
        return len(self.open) - ended

    async def close(self) -> None:
        for _, writer in self.open:
            writer.close()


NOTHING = b""
HALF_A_HEADER = b"POST /hook HTTP/1.1\r\nHost: x\r\n"
HALF_A_BODY = HALF_A_HEADER + b"Content-Length: 50\r\n\r\n{"
HALF_WITH_THE_SECRET = HALF_A_HEADER + b"X-Telegram-Bot-Api-Secret-Token: a-secret\r\nContent-Length: 50\r\n\r\n{"


@pytest.mark.parametrize("said", [NOTHING, HALF_A_HEADER, HALF_A_BODY])
async def test_many_who_hold_the_line_keep_nobody_out(door: Door, said: bytes) -> None:
    """Of 400 that owe a request the oldest go; health, figures and updates are answered, and no line is logged."""
    held = Held(door.client.base_url.port or 0)
    with caught_lines() as lines:
        for _ in range(4):
            await held.hold(100, said)
            assert (await door.client.get("/healthz", timeout=5)).text == "ok"
            assert await door.post(b'{"update_id": 7}') == 200
        assert await held.still_there() <= 100
    assert lines == []
    await held.close()


@pytest.mark.parametrize("said", [NOTHING, HALF_A_HEADER, HALF_A_BODY])
async def test_who_never_ends_a_request_is_cut(door: Door, said: bytes) -> None:
    """After the seconds that a request may take to come, also where a letter comes now and then."""
    held = Held(door.client.base_url.port or 0)
    await held.hold(3, said)
    async with asyncio.timeout(20):
        while await held.still_there():
            for _, writer in held.open:
                writer.write(b"x")
            await asyncio.sleep(0.2)
    assert await door.post(b'{"update_id": 7}') == 200
    await held.close()


async def test_who_knows_the_secret_may_not_trickle_either(door: Door) -> None:
    """408 after ten seconds: what holds the line so long is not Telegram."""
    held = Held(door.client.base_url.port or 0)
    await held.hold(1, HALF_WITH_THE_SECRET)
    async with asyncio.timeout(15):
        answer = await held.open[0][0].readline()
    assert b" 408 " in answer
    await held.close()


async def test_no_version_of_what_we_are_made_of_is_told(door: Door) -> None:
    """Nor does garbage leave a line in the log."""
    held = Held(door.client.base_url.port or 0)
    with caught_lines() as lines:
        await held.hold(1, b"GET /healthz HTTP/1.1\r\nbad header\r\n\r\n")
        async with asyncio.timeout(15):
            garbage = await held.open[0][0].read()
    assert b" 400 " in garbage
    assert b"aiohttp" not in garbage
    assert b"Python" not in garbage
    assert lines == []
    for path in ("/healthz", "/metrics", "/nothing"):
        assert (await door.client.get(path)).headers["Server"] == "skinbot"
    await held.close()


@contextmanager
def caught_lines() -> Iterator[list[str]]:
    """Whatever anybody logs meanwhile, at a warning or above."""
    lines: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(handler)
