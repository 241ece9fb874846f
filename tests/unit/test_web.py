"""The webhook over real HTTP: only Telegram, only updates, and 200 only for what is stored."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.config import read_config
from bot.health import Health, Vitals
from bot.metrics import Metrics
from bot.storage import open_store
from bot.storage.database import DatabaseUnavailable
from bot.web import serving

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
