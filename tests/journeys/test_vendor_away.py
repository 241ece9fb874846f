"""The vendor is down, slow or out of credits: people are told until when, and may choose to be read on this machine."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.ailab import error
from tests.journeys.stage import Calendar, Stage, data_of, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage

DOWN = error("EXCEEDING_LIMITS", status=429, retry_after="3600")  # beyond our patience: given up at once
NO_CREDITS = error("ERROR_NOT_ENOUGH_CREDITS", status=429)
HERE = "here:-1"


@pytest.fixture
def allowed(stage: Stage) -> Stage:
    stage.settings["FALLBACK_ANALYZER"] = "local"
    return stage


def is_waiting(message: ChatMessage) -> bool:
    return "keeps its place" in message.words


async def waits(stage: Stage, person: Actor) -> ChatMessage:
    await person.send_photo(selfie((720, 864)))
    told = await person.wait_for(is_waiting)
    await stage.settled()
    return told


@pytest.mark.parametrize("trouble", [DOWN, NO_CREDITS], ids=["down", "no credits"])
async def test_who_waits_taps_and_is_read_on_this_machine(allowed: Stage, trouble: object) -> None:
    """A date, then a report in its own words, with nothing paid for it; the next photo goes to the vendor again."""
    async with allowed.running() as app:
        ada = await allowed.consenting()
        allowed.ailab.default = trouble  # type: ignore[assignment] # parametrized
        told = await waits(allowed, ada)
        assert "I'll try again by" in told.text
        assert HERE in data_of(told)
        calls = len(allowed.ailab.calls)
        first, second = ada.tap(told, HERE), ada.tap(told, HERE)
        await asyncio.gather(first.answer, second.answer)
        report = await ada.wait_for(is_report_number(2))
        await allowed.settled()
        assert len(allowed.ailab.calls) == calls
        assert "I looked for redness, red spots and dark spots." in report.caption
        assert "Since" not in report.caption  # the vendor's first report is another instrument's
        assert sum(is_report_number(2)(message) for message in ada.bot_messages) == 1
        person = await app.people.people.meet(7001, None)
        record = await app.store.reports.of_person(person.id, 2)
        assert record is not None
        assert record.provider == "local"

        allowed.ailab.default = None
        await ada.send_photo(selfie((740, 864)))
        await ada.wait_for(is_report_number(3))
    assert len(allowed.ailab.calls) == calls + 1


async def test_who_does_not_tap_gets_the_vendors_when_it_is_back(allowed: Stage, calendar: Calendar) -> None:
    """At the time that was told, without a word of theirs."""
    async with allowed.running() as app:
        ada = await allowed.consenting()
        allowed.ailab.default = DOWN
        told = await waits(allowed, ada)
        allowed.ailab.default = None
        calendar.tear_off(timedelta(minutes=1))
        app.jobs.wake()
        await ada.wait_for(is_report_number(2))
        person = await app.people.people.meet(7001, None)
        record = await app.store.reports.of_person(person.id, 2)
        assert record is not None
        assert record.provider == "ailab"
    assert "by 8:01\u202fAM" in told.text


async def test_a_choice_outlives_the_process(allowed: Stage) -> None:
    """Tapped, killed before anything was read, started again: read on this machine."""
    async with allowed.running() as app:
        ada = await allowed.consenting()
        allowed.ailab.default = DOWN
        await waits(allowed, ada)
        calls = len(allowed.ailab.calls)
        person = await app.people.people.meet(7001, None)
    moment = datetime.now(UTC)
    async with allowed.running() as app:
        chosen = await app.store.chosen_readers.choose_here(person.id, -1, now=moment, not_before=moment)
        assert chosen is not None
    allowed.ailab.default = None
    async with allowed.running():
        report = await ada.wait_for(is_report_number(2))
    assert "I looked for redness, red spots and dark spots." in report.caption
    assert len(allowed.ailab.calls) == calls


async def test_a_tap_while_it_is_being_put_off_counts(allowed: Stage) -> None:
    """The button stands on the screen a moment before the row says that it waits."""
    async with allowed.running() as app:
        ada = await allowed.consenting()
        allowed.ailab.default = DOWN
        await waits(allowed, ada)
        person = await app.people.people.meet(7001, None)
        moment = datetime.now(UTC)
        chosen = await app.store.chosen_readers.choose_here(
            person.id, -1, now=moment, not_before=moment + timedelta(hours=1)
        )
        assert chosen is not None
        assert await app.store.chosen_readers.go_on_here(chosen.id, now=moment)
        due = await app.store.due_reports.due_in(chosen.id, now=datetime.now(UTC))
        assert due == timedelta(0)


async def test_where_it_is_not_allowed_there_is_no_button(stage: Stage) -> None:
    """The date is told all the same."""
    async with stage.running():
        ada = await stage.consenting()
        stage.ailab.default = DOWN
        told = await waits(stage, ada)
    assert "I'll try again by" in told.text
    assert data_of(told) == []


async def test_an_old_button_does_nothing_to_a_finished_report(allowed: Stage) -> None:
    """Read by the vendor meanwhile, or never asked for: the button has expired, and nothing is read twice."""
    async with allowed.running():
        ada = await allowed.consenting()
        allowed.ailab.will(DOWN)
        told = await waits(allowed, ada)
        await ada.press(told, HERE)
        report = await ada.wait_for(is_report_number(2))
        await allowed.settled()
        await ada.tap(told, HERE).answer
        await allowed.settled()
    assert sum(is_report_number(2)(message) for message in ada.bot_messages) == 1
    assert report.message_id == told.message_id


async def test_the_operator_sees_it_in_admin_and_in_the_figures(stage: Stage) -> None:
    """/admin names the state and since when; one alert, and a good word when it is over."""
    stage.settings["ADMIN_IDS"] = "900"
    boss = stage.telegram.person(900, first_name="Boss")
    async with stage.running() as app:
        await boss.send_text("/admin")
        await boss.wait_for(lambda message: "The analysis service answers." in message.text)
        ada = await stage.consenting()
        stage.ailab.default = DOWN
        await waits(stage, ada)
        await app.operations.watch.look()
        await boss.wait_for(lambda message: "The analysis is in trouble" in message.text)
        await boss.send_text("/admin")
        await boss.wait_for(lambda message: "fails or is silent" in message.text and "Since" in message.text)
        assert b'skinbot_vendor{state="away"} 1.0' in await app.health.exposition()


async def test_all_who_wait_go_on_when_the_first_photo_is_answered_again(stage: Stage) -> None:
    """Long before the time that they were told."""
    async with stage.running() as app:
        ada, eva = await stage.consenting(1), await stage.consenting(2)
        stage.ailab.default = DOWN
        await waits(stage, ada)
        stage.ailab.default = None
        await eva.send_photo(selfie((720, 864)))
        await eva.wait_for(is_report_number(2))
        await app.operations.watch.look()
        await ada.wait_for(is_report_number(2), timeout=20)
