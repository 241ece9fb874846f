"""From report to report: a question whose answer counts, steps that move on, what was tried, and whose photo it is."""

import json
from datetime import timedelta

import pytest

from tests.ailab import answer, classed, says
from tests.journeys.stage import Calendar, Stage, asked, data_of, is_newer_than, is_report_number
from tests.journeys.test_own_data import unpacked
from tests.journeys.test_progress import pimples
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage

WEEK = timedelta(days=7)


def red(share: float) -> dict[str, object]:
    """With that much redness, and nothing else that stands out, for a photo of 640×640 px."""
    calm = classed(0)
    redness = {"sensitivity_area": share, "sensitivity_intensity": 40}
    return answer(size=(640, 640), marks={}, blackhead=calm, eye_pouch=calm, dark_circle=calm, sensitivity=redness)


async def tapped(person: Actor, message: ChatMessage, data: str) -> ChatMessage:
    """The same message after a tap that changes it."""
    count = person.message(message.message_id).edit_count
    await person.press(person.message(message.message_id), data)
    return await person.wait_for(lambda now: now.message_id == message.message_id and now.edit_count > count)


async def next_week(stage: Stage, calendar: Calendar, person: Actor, number: int) -> ChatMessage:
    calendar.tear_off(WEEK)
    await person.send_photo(selfie((640, 640), seed=number))
    report = await person.wait_for(is_report_number(number))
    await stage.settled()
    return report


async def test_an_answer_picks_the_step_and_the_red_flag(stage: Stage) -> None:
    """Asked once under a report; changed and taken back by a tap; kept with the report and exported."""
    stage.ailab.will(says(red(0.34)))
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        heat = await tapped(ada, report, "answer:1:heat")
        again = await tapped(ada, report, "ask:1")
        hurts = await tapped(ada, report, "answer:1:hurts")
        await ada.send_text("/latest")
        shown = await ada.wait_for(lambda message: message.message_id > report.message_id and message.photo is not None)
        product = await tapped(ada, shown, "ask:1")
        product = await tapped(ada, shown, "answer:1:product")
        own = ada.message(report.message_id)
        await tapped(ada, report, "ask:1")
        back = await tapped(ada, report, "answer:1:forget")
        await tapped(ada, report, "answer:1:shaved")
        await ada.send_text("/export")
        archive = await ada.wait_for(lambda message: message.document is not None)

    assert "What fits your redness?" in report.caption
    assert {f"answer:1:{key}" for key in ("heat", "shaved", "product", "hurts", "none")} <= set(data_of(report))
    assert "You said: Heat or exercise" in heat.caption
    assert "Cool down" in heat.caption
    assert not any(data.startswith("answer:") for data in data_of(heat))
    assert "answer:1:forget" in data_of(again)
    assert "other redness that hurts, burns or itches" in hurts.caption
    assert "You said: It hurts or itches" in shown.caption
    assert all("leave it out for two weeks" in each.caption for each in (product, own))
    assert back.caption == report.caption
    data = json.loads(unpacked(archive)["data.json"])
    assert data["reports"][0]["remarks"]["answer"] == "shaved"


async def test_steps_move_on_and_what_was_tried_is_a_pin(stage: Stage, calendar: Calendar) -> None:
    """Another step each week; the next reminder asks about the one they wanted to try, once."""
    stage.ailab.will(*(says(pimples(count)) for count in (14, 13, 14, 13, 12)))
    async with stage.running():
        ada = await stage.consenting()
        reports = [ada.last]
        await ada.send_text("/settings")
        reports += [await next_week(stage, calendar, ada, number) for number in (2, 3, 4)]
        trying = await tapped(ada, reports[3], "try:4")
        not_now = await tapped(ada, reports[3], "try:4")
        await tapped(ada, reports[3], "try:4")
        await ada.send_text("/latest")
        latest = await ada.wait_for(lambda message: message.message_id > reports[3].message_id and bool(message.photo))
        before = (await asked(ada, "/progress")).photo
        await ada.forge(reports[3].message_id, "tried:4:partly").answer
        thanks = await ada.wait_for(lambda message: "Noted: in part" in message.text)
        after = (await asked(ada, "/progress")).photo

    steps = [report.caption.partition("🌱")[2].partition("🩺")[0] for report in reports]
    assert len(set(steps)) == 4
    assert "try:4" in data_of(reports[3])
    assert "✅ I'm trying it" in trying.labels
    assert "🌱 I'll try it" in not_now.labels
    assert steps[3].strip().splitlines()[-1] in latest.caption
    assert "progress" in data_of(thanks)
    assert before != after


async def test_a_friends_selfie_stays_out_of_ones_trends(stage: Stage, calendar: Calendar) -> None:
    """Not in the next report's line, /start, the chart; it can be undone."""
    stage.ailab.will(*(says(pimples(count)) for count in (3, 40, 3, 3)))
    async with stage.running():
        ada = await stage.consenting()
        friend = await next_week(stage, calendar, ada, 2)
        await ada.press(friend, "dispute:2")
        screen = await ada.wait_for(lambda message: "else:2" in data_of(message))
        screen = await tapped(ada, screen, "else:2")
        told = ada.message(friend.message_id)
        home = await asked(ada, "/start")
        third = await next_week(stage, calendar, ada, 3)
        history = await asked(ada, "/history")
        few = await asked(ada, "/progress")
        await ada.forge(few.message_id, "compare:1:2").answer
        beside = await ada.wait_for(lambda message: "Report 1 and report 2" in message.words)
        await ada.forge(beside.message_id, "pick:before:1:3:0").answer
        choice = await ada.wait_for(lambda message: "beside report 3" in message.words)
        await tapped(ada, screen, "else:2")
        undone = ada.message(friend.message_id)
        chart = await asked(ada, "/progress")

    assert "Since report 1" in friend.caption
    assert "Somebody else: not part of your progress." in told.caption
    assert "Since report" not in told.caption
    assert "report:1" in data_of(home)
    assert "since report 1" in third.caption
    assert any("somebody else" in label for label in history.labels)
    assert few.photo is None
    assert "of somebody else" in beside.words
    assert "different" not in beside.words.casefold()
    assert [data for data in data_of(choice) if data.startswith("compare:")] == ["compare:1:3", "compare:1:3"]
    assert undone.caption == friend.caption
    assert chart.photo is not None
    assert is_newer_than(few)(chart)


async def test_not_me_takes_the_answer_along(stage: Stage) -> None:
    """Redness that is none of theirs leaves neither the answer about it nor its step nor its picture's button."""
    stage.ailab.will(says(red(0.34)))
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        await tapped(ada, report, "answer:1:heat")
        await ada.press(ada.message(report.message_id), "dispute:1")
        screen = await ada.wait_for(lambda message: "dispute:1:sensitivity" in data_of(message))
        await tapped(ada, screen, "dispute:1:sensitivity")
        await stage.settled()
        told = ada.message(report.message_id)
        await tapped(ada, screen, "dispute:1:sensitivity")
        await stage.settled()
        undone = ada.message(report.message_id)

    assert "redness:1" in data_of(report)
    assert not {"redness:1", "ask:1"} & set(data_of(told))
    assert "You said" not in told.caption
    assert "Cool down" not in told.caption
    assert "You said: Heat or exercise" in undone.caption
    assert "Cool down" in undone.caption


@pytest.mark.parametrize(("share", "told"), [(0.0, "Hardly anything is colored"), (0.2, "The colored areas")])
async def test_words_under_the_redness_picture_say_what_is_on_it(stage: Stage, share: float, told: str) -> None:
    """A face without redness has no colored areas to speak of."""
    stage.ailab.will(says(red(share)))
    async with stage.running():
        ada = await stage.consenting()
        await ada.press(ada.last, "redness:1")
        shown = await ada.wait_for(lambda message: "Redness in report 1" in message.words)

    assert shown.photo is not None
    assert told in shown.caption
