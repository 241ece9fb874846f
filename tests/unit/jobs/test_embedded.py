"""Jobs of the one process that has the whole database."""

import asyncio
from datetime import UTC, datetime

from bot.jobs.embedded import EmbeddedJobs
from bot.storage.records import PersonRecord
from bot.storage.store import Store
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

    jobs = EmbeddedJobs(agenda=store.due_reports, produce=produce, now=lambda: datetime.now(UTC))
    await jobs._start_due(now)
    await jobs.stop(ana.id)
    async with asyncio.timeout(5):
        await jobs.drain()
    assert worked == []

    await jobs._start_due(now)
    await jobs.drain()

    assert len(worked) == 1
