"""What an operator, a supervisor and Prometheus see of the whole bot, over real HTTP."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.analysis import pixel_tasks
from bot.app import App
from bot.imaging.workshop import Workshop
from tests.ailab import answer, error, late, says
from tests.journeys.stage import (
    SELFIE,
    Stage,
    data_of,
    is_consent_question,
    is_newer_than,
    is_report,
    is_report_number,
)
from tests.keys import KEY
from tests.pictures import selfie
from tests.telegram import Garbage, Refuse
from tests.unit.storage.making import AGREED

ROOT = Path(__file__).parents[2]
_REFUSALS = "skinbot_telegram_refusals_total"


@pytest.fixture
def seen(stage: Stage) -> Stage:
    """A bot that polls and is seen from outside."""
    stage.settings["PORT"] = "0"
    return stage


async def until(claim: Callable[[], bool], *, within_s: float = 20) -> None:
    """Look again and again, for what rings no bell."""
    async with asyncio.timeout(within_s):
        while not claim():  # noqa: ASYNC110 - as it says
            await asyncio.sleep(0.01)


async def ask(app: App, path: str) -> httpx.Response:
    await until(lambda: app.health.vitals.port is not None)
    async with httpx.AsyncClient() as client:
        return await client.get(f"http://127.0.0.1:{app.health.vitals.port}{path}", timeout=20)


def figure(metrics: str, name: str) -> float:
    """The value of one line, by its name with labels."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    assert found, f"{name} is not among the figures"
    return float(found[1])


async def test_health_readiness_and_figures_are_served_while_polling(seen: Stage) -> None:
    """After one selfie the figures tell it: updates, the report, each step, the call, the credits, the queues."""
    async with seen.running() as app:
        await seen.consenting()
        assert (await ask(app, "/healthz")).text == "ok"
        ready = await ask(app, "/readyz")
        assert (ready.status_code, ready.text) == (200, "ready")
        scrape = await ask(app, "/metrics")

    assert scrape.headers["Content-Type"].startswith("text/plain; version=")
    told = scrape.text
    assert figure(told, 'skinbot_updates_total{kind="photo"}') == 1
    assert figure(told, 'skinbot_updates_total{kind="callback_query"}') == 1
    assert figure(told, 'skinbot_reports_total{outcome="delivered"}') == 1
    for step in ("fetch", "intake", "analyse", "draw", "deliver"):
        assert figure(told, f'skinbot_step_seconds_count{{step="{step}"}}') == 1
    assert figure(told, 'skinbot_paid_calls_total{outcome="answered"}') == 1
    assert figure(told, "skinbot_analyses_left") == 102
    assert figure(told, 'skinbot_queue_depth{queue="reports"}') == 0
    assert figure(told, "skinbot_loop_lag_seconds_count") > 0
    assert not re.search(r"(?<![\d.])7001(?![\d.])", told)  # no person's id; it may stand within a time


async def test_readiness_names_a_telegram_that_is_silent(seen: Stage) -> None:
    """Two minutes without an answer to a poll: another process may do better."""
    async with seen.running() as app:
        await ask(app, "/healthz")
        await until(lambda: app.health.vitals.polls)
        app.health.vitals.heard_at = app.now() - timedelta(minutes=3)
        ready = await ask(app, "/readyz")
        assert (ready.status_code, ready.text) == (503, "telegram")


@pytest.mark.skipif(sys.platform != "linux", reason="stops processes as Linux does")
async def test_readiness_names_photos_that_are_not_read(seen: Stage) -> None:
    """What reads photos is stopped in its tracks, and nothing moves for half a minute; then it goes on."""
    with Workshop(pixel_tasks, workers=1) as workshop:
        seen.workshop = workshop
        async with seen.running() as app:
            ada = await seen.consenting()
            assert (await ask(app, "/readyz")).text == "ready"
            (worker,) = workshop.pids()
            os.kill(worker, signal.SIGSTOP)
            await ada.send_photo(selfie((500, 600)))
            await until(lambda: workshop._under_way > 0)
            assert (await ask(app, "/readyz")).text == "ready"  # not yet: it may only be slow
            workshop._moved -= 31
            still = await ask(app, "/readyz")
            assert (still.status_code, still.text) == (503, "photos")
            assert (await ask(app, "/healthz")).status_code == 200
            os.kill(worker, signal.SIGCONT)
            await ada.wait_for(is_report_number(2))
            well = await ask(app, "/readyz")
            assert (well.status_code, well.text) == (200, "ready")


async def test_when_told_to_stop_a_paid_call_is_finished_and_nothing_new_is_begun(seen: Stage) -> None:
    """Not ready from the first moment; the report under way arrives; the next waits for the next start."""
    seen.finish_within_s = 15.0
    seen.settings |= {"AILAB_CONCURRENCY": "1"}
    async with seen.running() as app:
        ada, eva = await seen.consenting(1), await seen.consenting(2)
        seen.ailab.called.clear()
        seen.ailab.will(late(says(answer(size=(500, 600))), seconds=1.5))
        await ada.send_photo(selfie((500, 600)))
        await asyncio.wait_for(seen.ailab.called.wait(), 20)
        await eva.send_photo(selfie((500, 600)))
        await eva.wait_for(lambda message: "…" in message.text)
        assert (await ask(app, "/readyz")).text == "ready"
        stopping = asyncio.create_task(_ready_until_stopped(app))
    answers = await stopping

    assert (503, "stopping") in answers
    assert any(map(is_report_number(2), ada.bot_messages))
    assert not is_report_number(2)(eva.last)
    assert len(seen.ailab.calls) == 3
    async with seen.running():
        await eva.wait_for(is_report_number(2), timeout=20)
    assert len(seen.ailab.calls) == 4


async def _ready_until_stopped(app: App) -> list[tuple[int, str]]:
    answers: list[tuple[int, str]] = []
    while True:
        try:
            ready = await ask(app, "/readyz")
        except httpx.HTTPError:
            return answers
        answers.append((ready.status_code, ready.text))
        await asyncio.sleep(0.05)


async def started(stage: Stage, **settings: str) -> asyncio.subprocess.Process:
    """`skinbot run` as a process of its own."""
    config = stage.config
    environ = {
        "TELEGRAM_TOKEN": config.telegram_token or "",
        "TELEGRAM_API_URL": config.telegram_api_url,
        "AILAB_API_KEY": stage.ailab.key,
        "AILAB_API_URL": config.ailab_api_url,
        "DATABASE_URL": config.database_url,
        "DATA_KEY": KEY,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "LOG_FORMAT": "json",
        **settings,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environ, cwd=stage.folder, stderr=asyncio.subprocess.PIPE
    )


@pytest.mark.parametrize(
    ("host", "why"),
    [("127.0.0.1", "another program listens there"), ("nowhere.invalid", "nobody knows that host")],
    ids=["taken", "unknown"],
)
async def test_an_address_that_cannot_be_used_is_named(stage: Stage, host: str, why: str) -> None:
    """One line and the exit code of a wrong set-up, not a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = await started(stage, HOST=host, PORT=str(port))
        _, log = await asyncio.wait_for(process.communicate(), 60)

    assert process.returncode == 5
    said = json.loads(log.decode().splitlines()[-1])["message"]
    assert said == f"HOST {host}, PORT {port}: {why}."
    assert b"Traceback" not in log


async def test_sigterm_ends_a_real_process_in_time_with_code_0(stage: Stage) -> None:
    """What a supervisor does: the process comes up, works a selfie, and is gone within 20 s of the signal."""
    process = await started(stage)
    try:
        ada = stage.telegram.person(1)
        await ada.send_photo(SELFIE)
        await ada.press(await ada.wait_for(is_consent_question, timeout=60), "consent:yes", timeout=30)
        await ada.wait_for(is_report, timeout=60)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(process.communicate(), 25)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    assert process.returncode == 0, log.decode()
    assert time.monotonic() - began < 20
    assert b"Traceback" not in log


async def test_stats_are_for_admins(stage: Stage) -> None:
    """Anybody else hears what they hear to a command that does not exist."""
    stage.settings["ADMIN_IDS"] = "900"
    async with stage.running():
        boss, ada = stage.telegram.person(900), await stage.consenting(1)
        await boss.send_text("/stats")
        told = await boss.wait_for(lambda message: "24 hours" in message.text)
        before = ada.last
        await ada.send_text("/stats")
        refused = await ada.wait_for(is_newer_than(before))
        await ada.send_text("/nothing")
        unknown = await ada.wait_for(is_newer_than(refused))

    assert "1 selfie from 1 person" in told.text
    assert "Reports sent: 1" in told.text
    assert "Answered: 1" in told.text
    assert "102 analyses are paid for" in told.text
    assert refused.text == unknown.text


async def test_admins_are_warned_before_the_credits_run_out(stage: Stage) -> None:
    """Once, with the figure, by the vendor's own balance and without a paid call."""
    stage.settings["ADMIN_IDS"] = "900"
    stage.ailab.balances = {"portrait_skin_analysis_advanced": 500, "common": 120}
    boss = stage.telegram.person(900)
    await boss.send_text("/start")
    async with stage.running() as app:
        warned = await boss.wait_for(lambda message: "Credits run low" in message.text)
        await app.operations.watch.look()

    assert "12" in warned.text
    assert len([message for message in boss.bot_messages if "Credits" in message.text]) == 1
    assert stage.ailab.calls == []


async def test_photos_that_wait_for_credits_go_on_after_a_refill(stage: Stage) -> None:
    """Nobody sends anything again, and the refill is seen by the balance, not by trying; a figure tells it."""
    async with stage.running() as app:
        ada = await stage.consenting()
        stage.ailab.balances = {"common": 0}
        stage.ailab.will(error("ERROR_NOT_ENOUGH_CREDITS", status=429))
        await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(lambda message: "photo" in message.text and not data_of(message))
        await until(lambda: app.operations.watch.credit.blocked)  # the refusal itself makes the watch look
        assert len(stage.ailab.calls) == 2
        assert b"skinbot_account_refused 1.0" in await app.health.exposition()
        stage.ailab.balances = {"common": 5000}
        app.operations.watch.credit.hasten()
        await app.operations.watch.look()
        await ada.wait_for(is_report_number(2))
        assert b"skinbot_account_refused 0.0" in await app.health.exposition()

    assert len(stage.ailab.calls) == 3


async def test_who_blocked_the_bot_costs_nothing_more(stage: Stage) -> None:
    """Selfies that wait behind one another are given up when the person leaves; when they write again, all is well."""
    stage.settings["AILAB_CONCURRENCY"] = "1"
    async with stage.running() as app:
        ada = await stage.consenting()
        stage.ailab.called.clear()
        stage.ailab.will(late(says(answer(size=(500, 600))), seconds=0.8))
        for seed in range(4):
            await ada.send_photo(selfie((500, 600), seed=seed))
        await asyncio.wait_for(stage.ailab.called.wait(), 20)
        ada.block()
        await stage.settled()
        assert len(stage.ailab.calls) == 2
        await ada.send_photo(selfie((500, 600), seed=9))
        await ada.wait_for(is_report_number(3))
        await stage.settled()
        assert (await app.health._figures.backlogs(now=app.now()))["reports"].depth == 0

    assert len(stage.ailab.calls) == 3


async def test_a_group_that_became_a_supergroup_is_told_and_left_under_its_new_id(stage: Stage) -> None:
    """Telegram names the new id in its refusal; it is followed."""
    ada = stage.telegram.person(1)
    old, new = stage.telegram.group(-4001, title="Friends"), stage.telegram.group(-1_001_000_000_001, title="Friends")
    refusal = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
    }
    migrated = json.dumps(refusal | {"parameters": {"migrate_to_chat_id": new.chat_id}}).encode()
    stage.telegram.fail_next("sendMessage", Garbage(body=migrated, status=400))
    async with stage.running():
        await old.send_photo(SELFIE, by=ada)
        await new.wait_for(lambda message: not message.photo)
        await stage.settled()

    assert new.left
    assert not old.bot_messages


async def test_a_429_in_one_chat_holds_up_only_that_chat(stage: Stage) -> None:
    """Ada's chat must be silent for some seconds; eva's report comes meanwhile, and ada's after it."""
    async with stage.running() as app:
        ada, eva = await stage.consenting(1), await stage.consenting(2)
        stage.telegram.fail_next("sendMessage", Refuse(status=429, description="Too Many Requests", retry_after=3))
        await ada.send_photo(selfie((500, 600)))
        figures = app.health.vitals.metrics.registry
        await until(lambda: figures.get_sample_value(_REFUSALS, {"scope": "chat"}) == 1)
        refused_at = time.monotonic()
        await eva.send_photo(selfie((500, 600)))
        await eva.wait_for(is_report_number(2))
        assert not is_report_number(2)(ada.last)
        await ada.wait_for(is_report_number(2))

    assert time.monotonic() - refused_at >= 2.5


async def test_fifty_chats_in_a_flood_wait_keep_no_place(stage: Stage) -> None:
    """Their reports go back to their rows until it ends; an honest chat's comes meanwhile, and theirs after it."""
    crowd = [stage.telegram.person(number) for number in range(1, 51)]
    honest = stage.telegram.person(99)
    async with stage.running() as app:
        for one in (*crowd, honest):
            person = await app.store.people.meet(one.user_id, "en", now=app.now())
            await app.store.people.record_consent(person.id, AGREED, now=app.now())
        silence = Refuse(status=429, description="Too Many Requests: retry after 15", retry_after=15)
        stage.telegram.fail_next("editMessageMedia", *[silence] * len(crowd))
        for one in crowd:
            await one.send_photo(SELFIE)
        await until(lambda: len(stage.telegram.calls("editMessageMedia")) >= len(crowd), within_s=120)
        refused_at = time.monotonic()
        await honest.send_photo(SELFIE)
        await honest.wait_for(is_report_number(1))
        async with asyncio.timeout(6):
            await app.jobs.drain()
        assert time.monotonic() - refused_at < 12
        for one in crowd:
            await one.wait_for(is_report_number(1))

    assert len(stage.ailab.calls) == len(crowd) + 1
