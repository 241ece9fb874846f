"""Jobs of the one process that has the whole database."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.jobs.embedded import EmbeddedJobs
from bot.storage.records import PersonRecord, ReportFate, Settlement
from bot.storage.store import Store
from bot.telegram.pacing import Pace, ToldToWait
from tests.unit.storage.making import requested


async def test_a_selfie_that_is_stopped_before_its_first_step_keeps_nobody_waiting(
    store: Store, ana: PersonRecord
) -> None:
    """Its task never runs a line, not even the last ones; the person's next selfie is worked all the same."""
    now = datetime.now(UTC)
    await requested(store, ana, message_id=1, now=now, not_before=now)
    worked: list[int] = []

    async def produce(report_id: int) -> None:
        worked.append(report_id)

    jobs = EmbeddedJobs(due=store.due_reports, produce=produce, now=lambda: datetime.now(UTC))
    await jobs._start_due(now)
    await jobs.stop(ana.id)
    async with asyncio.timeout(5):
        await jobs.drain()
    assert worked == []

    await jobs._start_due(now)
    await jobs.drain()

    assert len(worked) == 1


async def test_reports_for_silent_chats_leave_their_places_to_others(store: Store) -> None:
    """250 chats in a flood wait, more than there are places: rows keep their reports, and an honest chat's comes."""
    now, pace, seconds = datetime.now(UTC), Pace(), 20.0
    began = asyncio.get_running_loop().time()
    for number in range(1, 251):
        person = await store.people.meet(number, "en", now=now)
        await requested(store, person, now=now, not_before=now)
        pace.refused(number, seconds, began=began)
    honest = await store.people.meet(1_000, "en", now=now)
    report = await requested(store, honest, now=now, not_before=now + timedelta(milliseconds=1))
    worked, put_back = asyncio.Event(), set()

    async def produce(report_id: int) -> None:
        waiting = await store.reports.by_id(report_id)
        person = await store.people.by_id(waiting.person_id) if waiting else None
        assert person is not None
        try:
            await pace.turn(person.telegram_id)
        except ToldToWait as silence:
            until = datetime.now(UTC) + timedelta(seconds=silence.seconds)
            put_off = Settlement(fate=ReportFate.WAITING, reason="undelivered", until=until)
            await store.reports.settle(report_id, put_off, now=datetime.now(UTC))
            put_back.add(report_id)
        else:
            await store.reports.settle(
                report_id, Settlement(fate=ReportFate.FAILED, reason="worked"), now=datetime.now(UTC)
            )
            assert report_id == report.id
            worked.set()

    jobs = EmbeddedJobs(due=store.due_reports, produce=produce, now=lambda: datetime.now(UTC))
    running = asyncio.create_task(jobs.run())
    async with asyncio.timeout(seconds - 5):
        await worked.wait()
        await jobs.drain()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(put_back) == 250
    assert await store.due_reports.due(now=datetime.now(UTC)) == []
