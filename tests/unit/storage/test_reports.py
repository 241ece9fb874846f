"""Reports' rows from being due to being shown again, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage.records import (
    Consent,
    DueReport,
    HistoryRecord,
    Permitted,
    PersonRecord,
    ReportFate,
    ReportStanding,
    ReportState,
    Settlement,
)
from bot.storage.store import Store
from tests.unit.storage.making import (
    ANSWER,
    CONTENT,
    FACTS,
    NOON,
    SUMMARY,
    analysed,
    delivered,
    read,
    requested,
)

LATER = NOON + timedelta(minutes=5)


async def test_due_one_of_each_person(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Of each person the oldest due report, the longest overdue first; what is put off is not among them."""
    await requested(store, ana, message_id=1, not_before=LATER)
    oldest = await requested(store, ana, message_id=2, not_before=NOON)
    await requested(store, ana, message_id=3, not_before=NOON)
    bens = await requested(store, ben, not_before=NOON - timedelta(minutes=1))
    due = await store.due_reports.due(now=NOON)
    assert due == [
        DueReport(report_id=bens.id, person_id=ben.id),
        DueReport(report_id=oldest.id, person_id=ana.id),
    ]
    assert await store.due_reports.next_due_at(after=NOON) == LATER
    assert await store.due_reports.next_due_at(after=LATER) is None


async def test_held_and_used_anyway(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """A doubtful photo waits for its person's tap; two taps at once let it through once, unchecked."""
    report = await requested(store, ana)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.HELD, reason="doubtful"), now=NOON)
    assert await store.due_reports.due(now=LATER) == []
    assert await store.reports.allow_anyway(ben.id, report.number, now=LATER) is None
    taps = await asyncio.gather(*(store.reports.allow_anyway(ana.id, report.number, now=LATER) for _ in range(5)))
    allowed = [tap for tap in taps if tap is not None]
    assert len(allowed) == 1
    assert (allowed[0].state, allowed[0].check_quality, allowed[0].reason) == (ReportState.REQUESTED, False, None)
    assert await store.due_reports.due(now=LATER) == [DueReport(report_id=report.id, person_id=ana.id)]


async def test_failed_and_asked_again(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """A failed report is tried again by its own person, once for each tap that finds it failed."""
    report = await requested(store, ana)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.FAILED, reason="unavailable"), now=NOON)
    assert await store.reports.ask_again(ben.id, report.number, now=LATER) is None
    again = await store.reports.ask_again(ana.id, report.number, now=LATER)
    assert again is not None
    assert (again.state, again.not_before, again.attempts) == (ReportState.REQUESTED, LATER, 0)
    assert await store.reports.ask_again(ana.id, report.number, now=LATER) is None


async def test_rejected_is_over(store: Store, ana: PersonRecord) -> None:
    """A file that can't be analysed is never due again, and no button brings it back."""
    report = await requested(store, ana)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.REJECTED, reason="damaged"), now=NOON)
    stood = await read(store, report)
    assert (stood.state, stood.reason, stood.not_before) == (ReportState.REJECTED, "damaged", None)
    assert await store.reports.allow_anyway(ana.id, report.number, now=LATER) is None
    assert await store.reports.ask_again(ana.id, report.number, now=LATER) is None


async def test_postponed_counts_tries_for_one_reason(store: Store, ana: PersonRecord) -> None:
    """Tries in a row for the same reason are counted; another reason begins anew."""
    report = await requested(store, ana)
    seen = []
    for reason in ("account", "account", "unforeseen", "unforeseen", "unforeseen"):
        await store.reports.settle(report.id, Settlement(fate=ReportFate.WAITING, reason=reason, until=LATER), now=NOON)
        seen.append((await read(store, report)).attempts)
    assert seen == [1, 2, 1, 2, 3]
    assert await store.due_reports.due(now=NOON) == []
    assert len(await store.due_reports.due(now=LATER)) == 1


async def test_answer_saved(store: Store, ana: PersonRecord) -> None:
    """Everything of a paid answer comes back as it was given, and the report is due to be delivered."""
    report = await requested(store, ana)
    await store.reports.settle(
        report.id, Settlement(fate=ReportFate.WAITING, reason="unforeseen", until=NOON), now=NOON
    )
    await store.reports.save_answer(
        report.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=ANSWER,
        red_map=b"\xff\xd8map",
        facts=FACTS,
        content=CONTENT,
        chosen=0,
        now=LATER,
    )
    stored = await read(store, report)
    assert (stored.provider, stored.answer, stored.red_map) == (Provider.AILAB, ANSWER, b"\xff\xd8map")
    assert (stored.facts, stored.chosen) == (FACTS, 0)
    assert (stored.state, stored.reason, stored.attempts) == (ReportState.ANALYZED, None, 0)
    assert await store.due_reports.due(now=LATER) == [DueReport(report_id=report.id, person_id=ana.id)]


async def test_delivered(store: Store, ana: PersonRecord) -> None:
    """On the screen: the drawn picture's id, the message and the small map are kept; nothing is due any more."""
    report = await delivered(store, ana)
    assert (report.state, report.not_before, report.status_message_id) == (ReportState.DELIVERED, None, 900)
    assert (report.annotated_file_id, report.red_map, report.summary) == ("AgACdrawn", b"a large map", SUMMARY)
    assert report.answer == ANSWER
    await store.reports.set_redness_file(report.id, "AgACred")
    await store.reports.set_annotated_file(report.id, "AgACdrawnagain")
    again = await read(store, report)
    assert again == replace(report, redness_file_id="AgACred", annotated_file_id="AgACdrawnagain")
    assert await store.due_reports.due(now=LATER) == []


async def test_begin(store: Store, ana: PersonRecord) -> None:
    """The one status message is known from then on, and the work is due when it was said to be."""
    report = await requested(store, ana)
    await store.reports.begin(report.id, status_message_id=55, not_before=LATER, now=NOON)
    begun = await read(store, report)
    assert (begun.status_message_id, begun.not_before, begun.state) == (55, LATER, ReportState.REQUESTED)


async def test_unreachable_with_an_answer(store: Store, ana: PersonRecord) -> None:
    """What was paid for stands in the history for when the person comes back."""
    report = await analysed(store, ana)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.UNREACHABLE, reason="unreachable"), now=NOON)
    latest = await store.reports.latest(ana.id)
    assert latest is not None
    assert (latest.id, latest.state, latest.reason) == (report.id, ReportState.DELIVERED, "unreachable")
    assert await store.reports.count(ana.id) == 1


async def test_unreachable_without_an_answer(store: Store, ana: PersonRecord) -> None:
    """With nothing analysed the report has failed, and the history does not show it."""
    report = await requested(store, ana)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.UNREACHABLE, reason="unreachable"), now=NOON)
    assert (await read(store, report)).state is ReportState.FAILED
    assert await store.reports.count(ana.id) == 0


async def test_cancel_what_is_not_read_yet(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Waiting selfies are given up; one that has its answer, an analysed one and other people's are not touched."""
    old = await delivered(store, ana, message_id=1)
    paid = await analysed(store, ana, message_id=2)
    held = await requested(store, ana, message_id=3)
    await store.reports.settle(held.id, Settlement(fate=ReportFate.HELD, reason="doubtful"), now=NOON)
    waiting = await requested(store, ana, message_id=4)
    bens = await requested(store, ben)
    held = await read(store, held)
    assert await store.reports.cancel(ana.id, now=LATER) == 1
    stood = await read(store, waiting)
    assert (stood.state, stood.reason) == (ReportState.FAILED, "cancelled")
    for report in (old, paid, held, bens):
        assert await read(store, report) == report
    assert await store.reports.cancel(ana.id, now=LATER) == 0


async def test_cancelled_stays_cancelled(store: Store, ana: PersonRecord) -> None:
    """Work that was going on meanwhile can't put a cancelled report off, hold, reject or fail it."""
    report = await requested(store, ana)
    await store.reports.cancel(ana.id, now=NOON)
    cancelled = await read(store, report)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.WAITING, reason="account", until=LATER), now=LATER)
    await store.reports.begin(report.id, status_message_id=55, not_before=LATER, now=LATER)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.HELD, reason="doubtful"), now=LATER)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.REJECTED, reason="damaged"), now=LATER)
    await store.reports.settle(report.id, Settlement(fate=ReportFate.FAILED, reason="unavailable"), now=LATER)
    assert await read(store, report) == cancelled


async def test_how_a_report_stands(store: Store, ana: PersonRecord) -> None:
    """How far it is and what its sender permits, both as they are just now; nothing once they are erased."""
    report = await requested(store, ana)
    asked = ReportStanding(state=ReportState.REQUESTED, permitted=Permitted(consent_version=None, shares_photos=None))
    assert await store.reports.standing(report.id) == asked
    await store.people.record_consent(ana.id, Consent(version=3, locale="en", text=b"", shares_photos=True), now=NOON)
    agreed = Permitted(consent_version=3, shares_photos=True)
    assert await store.reports.standing(report.id) == ReportStanding(state=ReportState.REQUESTED, permitted=agreed)
    assert await store.chosen_readers.of(report.id) == (
        ReportStanding(state=ReportState.REQUESTED, permitted=agreed),
        False,
    )
    await store.reports.cancel(ana.id, now=NOON)
    assert await store.reports.standing(report.id) == ReportStanding(state=ReportState.FAILED, permitted=agreed)
    await store.people.erase(ana.id, now=NOON)
    assert await store.reports.standing(report.id) is None


async def test_answer_of_a_cancelled_report(store: Store, ana: PersonRecord) -> None:
    """An answer that was paid for is kept, though the person gave up in the meantime."""
    report = await requested(store, ana)
    await store.reports.cancel(ana.id, now=NOON)
    await store.reports.save_answer(
        report.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=ANSWER,
        red_map=None,
        facts=FACTS,
        content=CONTENT,
        chosen=0,
        now=NOON,
    )
    assert (await read(store, report)).answer == ANSWER


async def test_answer_of_an_erased_report(store: Store, ana: PersonRecord) -> None:
    """An answer that comes in after the erasure is dropped."""
    report = await requested(store, ana)
    await store.people.erase(ana.id, now=NOON)
    await store.reports.save_answer(
        report.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=ANSWER,
        red_map=None,
        facts=FACTS,
        content=CONTENT,
        chosen=0,
        now=NOON,
    )
    assert await store.reports.by_id(report.id) is None


async def test_the_version_of_the_analyzer_stands_with_the_report(store: Store, ana: PersonRecord) -> None:
    """Another version measures the same photo anew; the one that measured it knows it again."""
    second = Instrument(provider=Provider.LOCAL, version="2")
    asked = await requested(store, ana)
    stored = await store.reports.save_answer(
        asked.id,
        instrument=second,
        answer=ANSWER,
        red_map=None,
        facts=FACTS,
        content=CONTENT,
        chosen=0,
        now=NOON,
    )
    assert stored is not None
    assert (stored.instrument, stored.analyzer_version) == (second, "2")
    assert await store.reports.same_content(ana.id, CONTENT, instrument=second) == stored
    assert await store.reports.same_content(ana.id, CONTENT, instrument=Instrument.named(Provider.LOCAL, None)) is None


async def test_same_content_is_known_again(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """The very same bytes are found among the person's own answers of the same instrument, and nowhere else."""
    report = await analysed(store, ana)
    assert (
        await store.reports.same_content(ana.id, CONTENT, instrument=Instrument.named(Provider.AILAB, None)) == report
    )
    assert await store.reports.same_content(ana.id, CONTENT, instrument=Instrument.named(Provider.LOCAL, None)) is None
    assert (
        await store.reports.same_content(ana.id, CONTENT[::-1], instrument=Instrument.named(Provider.AILAB, None))
        is None
    )
    assert await store.reports.same_content(ben.id, CONTENT, instrument=Instrument.named(Provider.AILAB, None)) is None


async def test_history_pages(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Delivered reports only, newest first, in pages, with what each said in short."""
    for message in range(5):
        await delivered(store, ana, message_id=message, now=NOON + timedelta(days=message))
    await requested(store, ana, message_id=6)
    await delivered(store, ben)
    assert await store.reports.count(ana.id) == 5
    page = await store.reports.history(ana.id, offset=1, limit=2)
    assert page == [
        HistoryRecord(number=4, when=NOON + timedelta(days=3), provider=Provider.AILAB, summary=SUMMARY),
        HistoryRecord(number=3, when=NOON + timedelta(days=2), provider=Provider.AILAB, summary=SUMMARY),
    ]
    assert await store.reports.history(ana.id, offset=5, limit=2) == []


async def test_latest(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """The newest delivered report of this person; one that is still being made does not count."""
    assert await store.reports.latest(ana.id) is None
    await delivered(store, ana, message_id=1)
    second = await delivered(store, ana, message_id=2)
    await requested(store, ana, message_id=3)
    await delivered(store, ben, message_id=4)
    assert await store.reports.latest(ana.id) == second


async def test_numbers_are_counted_by_what_became_a_report(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """From one on for each person, in the order of the answers: photos that became none leave no gap."""
    given_up, held = [await requested(store, ana, message_id=message) for message in (1, 2)]
    assert len({given_up.number, held.number}) == 2
    assert max(given_up.number, held.number) < 0
    await store.reports.settle(given_up.id, Settlement(fate=ReportFate.FAILED, reason="away"), now=LATER)
    assert [(await delivered(store, ana, message_id=message)).number for message in (3, 4)] == [1, 2]
    assert (await delivered(store, ben, message_id=1)).number == 1
    assert (await analysed(store, ana, message_id=2)).number == 3
    assert (await analysed(store, ana, message_id=3)).number == 1  # an answer that is kept twice


async def test_numbers_of_answers_in_the_same_moment(store: Store, ana: PersonRecord) -> None:
    """Two processes, or two tasks, may keep a person's answers at once: each report has its own number."""
    reports = await asyncio.gather(*(analysed(store, ana, message_id=message) for message in range(12)))
    assert sorted(report.number for report in reports) == list(range(1, 13))


async def test_what_waits_for_consent_is_forgotten(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """When it is refused; what was asked for before stays, and its place is nobody else's."""
    waiting, held, bens = (
        await requested(store, ana, message_id=1, state=ReportState.AWAITING_CONSENT),
        await requested(store, ana, message_id=2),
        await requested(store, ben, state=ReportState.AWAITING_CONSENT),
    )
    assert await store.reports.forget_waiting(ana.id) == 1
    assert await store.reports.by_id(waiting.id) is None
    assert await read(store, held) == held
    assert await read(store, bens) == bens
    assert (await requested(store, ana, message_id=3)).number != held.number


async def test_of_person_with_another_persons_number(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """A number leads to one's own report or to none: another person's answers like an unknown one."""
    await delivered(store, ana, message_id=1)
    anas = await delivered(store, ana, message_id=2)
    assert await store.reports.of_person(ana.id, 2) == anas
    assert await store.reports.of_person(ben.id, 2) is None
    assert await store.reports.of_person(ben.id, 999_999_999) is None


async def test_a_bystander_is_not_changed(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Everything that is done with one report leaves the other person's row as it was."""
    bystander = await requested(store, ben)
    report = await delivered(store, ana)
    await store.reports.set_redness_file(report.id, "AgACred")
    await store.reports.cancel(ana.id, now=LATER)
    await store.reports.release_waiting(ana.id, now=LATER)
    assert await read(store, bystander) == bystander
