"""How it feels: off until asked for, two taps with the reminder, kept through restarts, gone with everything else."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

import pytest

from tests.ailab import answer, says
from tests.journeys.stage import Calendar, Stage, asked, data_of, is_report_number
from tests.journeys.test_own_data import unpacked
from tests.journeys.test_reminders import TurnedClock, is_note, opened, reminded, turn, walk
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage

THREE = ["felt:none", "feel:how:burning", "feel:how:itching", "feel:how:tightness", "feel:off"]


@pytest.fixture
def clock(stage: Stage) -> TurnedClock:
    """It is a Wednesday."""
    stage.clock = TurnedClock("2026-11-25T12:00")
    return stage.clock


def asks(message: ChatMessage) -> bool:
    return "felt:none" in data_of(message)


async def asked_weekly(stage: Stage) -> Actor:
    """Somebody with a report, a reminder on Saturdays at nine in Madrid, and the question beside it."""
    await stage.consenting(1)
    ada = await reminded(stage)
    await walk(ada, await opened(ada), "remind:feel")
    return ada


async def question(stage: Stage, clock: TurnedClock, ada: Actor, wall: str) -> ChatMessage:
    await turn(stage, clock, wall)
    before = ada.last.message_id
    return await ada.wait_for(lambda message: asks(message) and message.message_id > before)


async def rows(stage: Stage) -> int:
    with closing(sqlite3.connect(stage.database)) as database:
        (count,) = database.execute("SELECT count(*) FROM feeling").fetchone()
    return int(count)


async def exported(ada: Actor) -> dict[str, list[dict[str, object]]]:
    await ada.send_text("/export")
    archive = await ada.wait_for(lambda message: message.document is not None)
    told: dict[str, list[dict[str, object]]] = json.loads(unpacked(archive)["data.json"])
    return told


async def test_it_is_asked_only_of_who_wants_it(stage: Stage, clock: TurnedClock) -> None:
    """A reminder alone asks nothing; from the tap on, the question comes right after it, and not before."""
    async with stage.running():
        await stage.consenting(1)
        ada = await reminded(stage)
        await turn(stage, clock, "2026-11-28T09:06")
        note = await ada.wait_for(is_note)
        await stage.app.reminders.sending.send_due()
        assert not any(asks(message) for message in ada.bot_messages)
        screen = await walk(ada, await opened(ada), "remind:feel")
        assert "✅ Also ask how it feels" in screen.labels
        found = await question(stage, clock, ada, "2026-12-05T09:06")
        second = [message for message in ada.bot_messages if is_note(message)][-1]

    assert second.message_id > note.message_id
    assert found.message_id == second.message_id + 1
    assert data_of(found) == THREE


async def test_two_taps_tell_it_and_a_restart_keeps_it(stage: Stage, clock: TurnedClock) -> None:
    """More than one thing can be told, and told anew; it comes along in the export."""
    async with stage.running():
        ada = await asked_weekly(stage)
        found = await question(stage, clock, ada, "2026-11-28T09:06")
        told = await walk(ada, found, "feel:how:burning", "felt:burning:3")
        assert "Burning: 3 of 10" in told.words
        assert "🩺" not in told.words
    async with stage.running():
        both = await walk(ada, told, "feel:how:itching", "felt:itching:2", "feel:again", "feel:how:burning")
        both = await walk(ada, both, "felt:burning:4")
        assert "Burning: 4 of 10" in both.words
        assert "Itching: 2 of 10" in both.words
        none = await walk(ada, await question(stage, clock, ada, "2026-12-05T09:06"), "felt:none")
        data = await exported(ada)

    assert "Burning: none" in none.words
    assert [each["told"] for each in data["feelings"]] == [
        {"burning": 4, "itching": 2},
        {"burning": 0, "itching": 0, "tightness": 0},
    ]


async def test_one_tap_ends_the_question_and_keeps_the_reminder(stage: Stage, clock: TurnedClock) -> None:
    async with stage.running():
        ada = await asked_weekly(stage)
        off = await walk(ada, await question(stage, clock, ada, "2026-11-28T09:06"), "feel:off")
        assert "won't ask" in off.words
        await turn(stage, clock, "2026-12-05T09:06")
        await ada.wait_for(lambda message: is_note(message) and message.message_id > off.message_id)
        await stage.app.reminders.sending.send_due()

    assert not any(asks(message) for message in ada.bot_messages)


async def test_eyes_are_asked_about_once_somebody_said_so(stage: Stage, clock: TurnedClock) -> None:
    """And no more when that is switched off."""
    async with stage.running():
        ada = await asked_weekly(stage)
        found = await question(stage, clock, ada, "2026-11-28T09:06")
        await walk(ada, found, "felt:none", "feel:eyes", "felt:eyes:1")
        found = await question(stage, clock, ada, "2026-12-05T09:06")
        assert "feel:how:eyes" in data_of(found)
        await walk(ada, await opened(ada), "remind:eyes")
        found = await question(stage, clock, ada, "2026-12-12T09:06")

    assert data_of(found) == THREE


@pytest.mark.parametrize(
    ("red", "taps", "said"),
    [
        (0.0, ("feel:how:tightness", "felt:tightness:6"), None),
        (0.0, ("feel:how:tightness", "felt:tightness:7"), "as strongly as this"),
        (0.4, ("feel:how:burning", "felt:burning:9"), "About other redness that hurts"),
        (0.0, ("felt:none", "feel:eyes", "felt:eyes:3"), None),
        (0.4, ("felt:none", "feel:eyes", "felt:eyes:3"), "if an eye hurts"),
        (0.0, ("felt:none", "feel:eyes", "felt:eyes:7"), "if an eye hurts"),
    ],
)
async def test_what_is_strong_names_a_doctor(stage: Stage, red: float, taps: tuple[str, ...], said: str | None) -> None:
    """From 7 on, and for eyes beside redness from the first point on."""
    stage.ailab.will(says(answer(sensitivity={"sensitivity_area": red, "sensitivity_intensity": 40})))
    async with stage.running():
        ada = await stage.consenting(1)
        screen = await asked(ada, "/progress")
        await ada.press(screen, "feel")
        found = await ada.wait_for(asks)
        told = await walk(ada, found, *taps)

    assert ("🩺" in told.words) == (said is not None)
    assert said is None or said in told.words


async def test_nothing_is_kept_without_permission(stage: Stage, clock: TurnedClock) -> None:
    """Whoever takes it back is asked nothing any more, keeps nothing of it, and an old button asks for permission."""
    async with stage.running():
        ada = await asked_weekly(stage)
        found = await question(stage, clock, ada, "2026-11-28T09:06")
        told = await walk(ada, found, "feel:how:burning", "felt:burning:3")
        assert await rows(stage) == 1
        mydata = await asked(ada, "/mydata")
        await walk(ada, mydata, "withdraw:ask", "withdraw:erase")
        assert await rows(stage) == 0
        await ada.press(told, "feel:how:itching")
        level = await ada.wait_for(lambda message: "felt:itching:5" in data_of(message))
        await ada.press(level, "felt:itching:5")
        await ada.wait_for(lambda message: any(data.startswith("consent:yes") for data in data_of(message)))
        assert await rows(stage) == 0
        person = await stage.app.store.people.known(1)

    assert person is not None
    assert not person.asks_feelings


async def test_what_was_felt_can_be_deleted_by_itself(stage: Stage, clock: TurnedClock) -> None:
    """After a second tap, and nothing else goes; somebody else's stays."""
    async with stage.running():
        ada = await asked_weekly(stage)
        await walk(ada, await question(stage, clock, ada, "2026-11-28T09:06"), "felt:none")
        ben = await stage.consenting(2)
        await ben.press(await asked(ben, "/progress"), "feel")
        await walk(ben, await ben.wait_for(asks), "felt:none")
        sure = await walk(ada, await asked(ada, "/mydata"), "feel:forget")
        assert await rows(stage) == 2
        gone = await walk(ada, sure, "feel:forget:yes", "mydata")
        assert "Reports: 1" in gone.words
        assert "feel:forget" not in data_of(gone)

    assert await rows(stage) == 1


async def test_erasure_leaves_none_of_it(stage: Stage, clock: TurnedClock) -> None:
    async with stage.running():
        ada = await asked_weekly(stage)
        await walk(ada, await question(stage, clock, ada, "2026-11-28T09:06"), "felt:none")
        assert await rows(stage) == 1
        await ada.press(await asked(ada, "/delete"), "delete:yes")
        await ada.wait_for(lambda message: message.text.startswith("✅ Done"))

    assert await rows(stage) == 0


def dark() -> dict[str, object]:
    """An answer with redness whose photo shows skin on which redness hides."""
    return answer(
        size=(640, 640),
        skintone_ita={"ITA": -12.0, "skintone": 5},
        sensitivity={"sensitivity_area": 0.2, "sensitivity_intensity": 50},
    )


async def told_weekly(calendar: Calendar, ada: Actor, levels: Sequence[int]) -> None:
    for level in levels:
        calendar.tear_off(timedelta(days=7))
        await ada.press(await asked(ada, "/progress"), "feel")
        found = await ada.wait_for(asks)
        await walk(ada, found, "feel:how:burning", f"felt:burning:{level}")


async def test_what_is_felt_has_a_chart_with_the_same_honest_trend(stage: Stage, calendar: Calendar) -> None:
    """From three answers on, in numbers and without; a change is told once it is more than answers vary."""
    async with stage.running():
        ada = await stage.consenting(1)
        await told_weekly(calendar, ada, [6, 7])
        few = await asked(ada, "/progress")
        await told_weekly(calendar, ada, [6])
        first = await asked(ada, "/progress")
        assert few.photo is None
        assert "more comparable reports" in few.words
        assert first.photo is not None
        assert "Burning" in first.words
        assert "you told me 3 times" in first.words
        assert "From your own answers" in first.words
    async with stage.running():
        await told_weekly(calendar, ada, [7, 6, 6, 7, 6, 2, 1, 2, 1])
        changed = await asked(ada, "/progress")
        await walk(ada, await asked(ada, "/settings"), "settings:quiet")
        quiet = await asked(ada, "/progress")

    assert "Less than before" in changed.words
    assert "on average 2 of 10, before that 6 of 10" in changed.words
    assert "It began around" in quiet.words
    assert "of 10" not in quiet.words


async def test_where_redness_hides_the_report_and_the_progress_lead_with_what_is_felt(
    stage: Stage, calendar: Calendar
) -> None:
    """By that photo alone: nobody's class is kept. What was not told is offered, and a chart of it comes first."""
    stage.ailab.will(*(says(dark()) for _ in range(4)))
    async with stage.running():
        ada = await stage.consenting(1)
        offered = ada.last
        assert "What you feel says more" in offered.words
        await ada.press(offered, "feel")
        await walk(ada, await ada.wait_for(asks), "feel:how:burning", "felt:burning:4")
        reports = []
        for number in range(2, 5):
            calendar.tear_off(timedelta(days=7))
            await ada.send_photo(selfie((640, 640), seed=number))
            reports.append(await ada.wait_for(is_report_number(number)))
        await stage.settled()
        assert "How your skin felt on Mar 2: burning 4 of 10." in reports[0].words
        assert "feel" not in data_of(reports[0])
        assert "feel" in data_of(reports[2])
        hint = await asked(ada, "/progress")
        assert "Tap “How it feels”" in hint.words
        await told_weekly(calendar, ada, [4, 5])
        led = await asked(ada, "/progress")
        await ada.press(led, "progress:sensitivity")
        red = await ada.wait_for(lambda message: "● Red area" in message.labels)

    assert led.words.startswith("🖐 Burning")
    assert "Redness is hard to judge in your newest photo" in led.words
    assert "Red area" in red.words
