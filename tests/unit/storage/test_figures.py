"""The operator's counts, and verbs over everything of a person's or a reason's, on both databases."""

from datetime import timedelta

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg import sql
from sqlalchemy import make_url

from bot.observability.metrics import Metrics
from bot.operations.health import Health, Vitals
from bot.people.unreachable import UNREACHABLE, UnreachablePeople
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.figures import Backlog, FigureRows
from bot.storage.records import CallOutcome, PersonRecord, ReportFate, ReportState, Settlement
from bot.storage.store import Store
from bot.storage.upkeep.migrating import migrate
from tests.unit.storage.making import NOON, analysed, delivered, read, requested

MINUTE = timedelta(minutes=1)


async def test_a_day_in_figures(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """What was asked for since then by its state now, by how many; calls by outcome; updates that were set aside."""
    await delivered(store, ana, now=NOON - MINUTE)
    await delivered(store, ana, message_id=8, now=NOON)
    await requested(store, ana, message_id=9)
    bens = await requested(store, ben)
    await store.reports.settle(bens.id, Settlement(fate=ReportFate.FAILED, reason="photo_gone"), now=NOON)
    answered = await store.ledger.begin(bens.id, ben.id, now=NOON)
    await store.ledger.end(answered, CallOutcome.ANSWERED, now=NOON)
    await store.ledger.begin(bens.id, ben.id, now=NOON)
    await store.inbox.take([(1, 5, "{}"), (2, 5, "{}")], now=NOON)
    await store.inbox.set_aside(1, now=NOON)
    day = await store.figures.since(NOON)
    assert day.reports == {"delivered": 1, "requested": 1, "failed": 1}
    assert (day.refusals, await store.figures.waiting()) == ({}, 1)
    assert (day.people, day.calls, day.set_aside) == (2, {"answered": 1, "": 1}, 1)
    assert await store.figures.people() == 2
    assert await store.figures.set_aside_since(NOON + MINUTE) == 0


async def test_refusals_are_counted_by_reason(store: Store, ana: PersonRecord) -> None:
    """Of photos that can't be used, and of no others."""
    for message_id, (fate, reason) in enumerate(
        [
            (ReportFate.REJECTED, "no_face"),
            (ReportFate.REJECTED, "no_face"),
            (ReportFate.REJECTED, "damaged"),
            (ReportFate.FAILED, "photo_gone"),
        ]
    ):
        report = await requested(store, ana, message_id=message_id)
        await store.reports.settle(report.id, Settlement(fate=fate, reason=reason), now=NOON)
    assert (await store.figures.since(NOON)).refusals == {"no_face": 2, "damaged": 1}


async def test_backlogs_are_what_is_due(store: Store, ana: PersonRecord) -> None:
    """A report for later is no backlog; the age is that of the oldest."""
    assert await store.figures.backlogs(now=NOON) == {
        "reports": Backlog(depth=0, age=timedelta(0)),
        "updates": Backlog(depth=0, age=timedelta(0)),
    }
    await requested(store, ana, message_id=1, not_before=NOON - 5 * MINUTE)
    await requested(store, ana, message_id=2, not_before=NOON)
    await requested(store, ana, message_id=3, not_before=NOON + MINUTE)
    await store.inbox.take([(1, 5, "{}")], now=NOON - MINUTE)
    assert await store.figures.waiting() == 3
    assert await store.figures.backlogs(now=NOON) == {
        "reports": Backlog(depth=2, age=5 * MINUTE),
        "updates": Backlog(depth=1, age=MINUTE),
    }


async def test_what_waits_for_one_reason_is_hastened(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Credits are back: what waited for them is due at once, and nothing else."""
    waiting, other = await requested(store, ana), await requested(store, ben)
    for report, reason in ((waiting, "account"), (other, "unforeseen")):
        await store.reports.settle(
            report.id, Settlement(fate=ReportFate.WAITING, reason=reason, until=NOON + 10 * MINUTE), now=NOON
        )
    assert await store.reports.hasten(reason="account", now=NOON) == 1
    assert [due.report_id for due in await store.due_reports.due(now=NOON)] == [waiting.id]
    assert await store.reports.hasten(reason="account", now=NOON) == 0


async def test_absence_ends_a_persons_work(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """What is paid is kept and shown by /report, what is not is given up; the other person's goes on."""
    paid, unread = await analysed(store, ana, message_id=1), await requested(store, ana, message_id=2)
    waiting = await requested(store, ana, message_id=3, state=ReportState.AWAITING_CONSENT)
    bens = await requested(store, ben)
    absence = UnreachablePeople(people=store.people, reports=store.reports, now=lambda: NOON)
    await absence.note(ana.telegram_id)
    await absence.note(999)
    states = [((await read(store, one)).state, (await read(store, one)).reason) for one in (paid, unread, waiting)]
    assert states == [
        (ReportState.DELIVERED, UNREACHABLE),
        (ReportState.FAILED, UNREACHABLE),
        (ReportState.FAILED, UNREACHABLE),
    ]
    assert [due.report_id for due in await store.due_reports.due(now=NOON)] == [bens.id]
    assert (await store.people.meet(ana.telegram_id, "es", now=NOON)).id == ana.id


async def test_a_database_that_went_away_is_told(postgres_url: str, keyring: Keyring) -> None:
    """Not ready, and why; the scrape still answers with what this process knows."""
    name = "skinbot_ops_goes_away"
    url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    plain = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as admin:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        admin.execute(drop)
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        migrate(url)
        async with Database.open(url, keyring) as database:
            health = Health(vitals=Vitals(metrics=Metrics(), now=lambda: NOON), figures=FigureRows(database))
            assert await health.troubles() == ()
            admin.execute(drop)
            assert await health.troubles() == ("database",)
            health.vitals.stopping = True
            assert await health.troubles() == ("stopping", "database")
            families = {family.name for family in text_string_to_metric_families((await health.exposition()).decode())}
    assert {"skinbot_reports", "skinbot_step_seconds", "skinbot_loop_lag_seconds"} <= families


@pytest.mark.parametrize("silent", [119, 121])
def test_only_who_polls_is_deaf(silent: int) -> None:
    """A stand-by or a webhook may hear nothing for hours; a poller hears something every half minute."""
    clock = [NOON]
    vitals = Vitals(metrics=Metrics(), now=lambda: clock[0])
    clock[0] = NOON + timedelta(hours=3)
    assert not vitals.deaf
    vitals.polling()
    clock[0] += timedelta(seconds=silent)
    assert vitals.deaf is (silent > 120)
