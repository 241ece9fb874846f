"""What an operator, and a supervisor, is told while the bot starts."""

import asyncio
import json
import signal
import socket

import httpx
import pytest

from tests.journeys.stage import RESPONSIBLE, Stage
from tests.journeys.test_operating import started


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def lines(process: asyncio.subprocess.Process, until: str) -> list[str]:
    """What it logged up to the line that holds this."""
    assert process.stderr is not None
    told: list[str] = []
    async with asyncio.timeout(60):
        async for line in process.stderr:
            told.append(json.loads(line)["message"])
            if until in told[-1]:
                return told
    raise AssertionError(f"it ended without saying {until!r}: {told}")


async def ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    await process.communicate()


async def test_it_says_hello_once_and_names_the_key_that_it_made(stage: Stage) -> None:
    """Name, way of hearing, who measures, where data is, version and caps in one line; the key's file in another.

    And loudly, which of the settings are missing that say who is responsible.
    """
    process = await started(stage, DATA_KEY="")
    try:
        told = await lines(process, "is up")
    finally:
        await ended(process)
    (made,) = [line for line in told if "an encryption key was made" in line]
    assert str(stage.database.with_suffix(".key")) in made
    (untold,) = [line for line in told if "the law wants people told" in line]
    assert all(name in untold for name in RESPONSIBLE)
    hello = told[-1]
    assert hello.startswith("@")
    for part in ("polling", "photos go to AILab, at most 200 paid analyses a day, 5 of one person", "data in SQLite"):
        assert part in hello


@pytest.mark.parametrize("webhook", [True, False], ids=["webhook", "polling"])
async def test_health_answers_while_telegram_is_not_reached(stage: Stage, webhook: bool) -> None:  # noqa: FBT001
    """Alive, not ready, and the log says what is tried and when again; an update is not taken yet."""
    port = free_port()
    settings = {"WEBHOOK_URL": "http://bot.example.org/hook"} if webhook else {}
    process = await started(
        stage, TELEGRAM_API_URL=f"http://127.0.0.1:{free_port()}", PORT=str(port), LOG_LEVEL="INFO", **settings
    )
    try:
        told = await lines(process, "Telegram is not reached at 127.0.0.1")
        assert "next try in" in told[-1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get("/healthz")).text == "ok"
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.text) == (503, "not connected yet")
            metrics = (await client.get("/metrics")).text
            assert "skinbot_expects_telegram 1.0" in metrics
    finally:
        await ended(process)


async def test_no_password_stands_in_the_greeting() -> None:
    """A database's URL holds one."""
    from bot.config import read_config  # noqa: PLC0415 - the line alone
    from bot.operations.greeting import greeting  # noqa: PLC0415 - the line alone

    config = read_config({"DATABASE_URL": "postgresql://me:pass-word@db:5432/skin", "DAILY_REPORTS_TOTAL": "0",
                          "AILAB_API_KEY": "k", "WEBHOOK_URL": "https://bot.example.org/hook"})  # fmt: skip
    told = greeting(config, name="@bot")
    assert "pass-word" not in told
    assert "PostgreSQL, db/skin" in told
    assert "a webhook on bot.example.org" in told
    assert "WITH NO LIMIT" in told


async def test_a_finished_report_leaves_a_line_without_a_name(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """An operator sees that the bot lives."""
    caplog.set_level("INFO", logger="bot")
    async with stage.running():
        await stage.consenting(7001)
    said = [record.getMessage() for record in caplog.records if "a selfie was worked" in record.getMessage()]
    assert said == ["a selfie was worked: delivered"]
