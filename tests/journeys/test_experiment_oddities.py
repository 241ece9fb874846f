"""What people do with a self-experiment that nobody planned for."""

from datetime import timedelta

import pytest

from tests.journeys.stage import Stage, asked, data_of, is_newer_than, is_report_number
from tests.journeys.test_experiments import DAY, NOON, SIDE, DayClock, Face, begun, last_look, turned
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage


@pytest.fixture(autouse=True)
def clock(stage: Stage) -> DayClock:
    stage.clock = DayClock(NOON)
    return stage.clock


async def tried(person: Actor, what: str) -> ChatMessage:
    """The first question of a plan after its name was told."""
    home = await asked(person, "/experiment")
    await person.press(home, "experiment:new")
    await person.wait_for(is_newer_than(home))
    return await asked(person, what)


@pytest.mark.parametrize("what", ["isotretinoin", "my doctor prescribed tretinoin", "crema recetada"])
async def test_a_medicine_is_kept_as_it_was_told(stage: Stage, what: str) -> None:
    """Whoever names one is told, right there, not to stop it by turns."""
    async with stage.running():
        ana = await stage.consenting()
        assert "If a doctor prescribed it, please don't try it out here" in (await tried(ana, what)).words


async def test_a_note_that_names_a_medicine_is_no_way_around(stage: Stage) -> None:
    """From a note the question what to try is skipped, and the line about prescriptions is not."""
    async with stage.running():
        ana = await stage.consenting()
        report = next(message for message in ana.bot_messages if "details:1" in data_of(message))
        sent = await ana.send_text("tretinoin 0.05%", reply_to=report.message_id)
        note = await ana.wait_for(lambda message: message.message_id > sent)
        await ana.press(note, "experiment:note:1")
        assert "please don't try it out here" in (await ana.wait_for(is_newer_than(note))).words


async def test_a_cream_gets_no_word_about_medicines(stage: Stage) -> None:
    """The last look at it says how often even a plain change is missed."""
    async with stage.running():
        look = await last_look(await stage.consenting())
        assert "prescribed" not in look.words
        assert "missed in one out of five people" in look.words


async def test_a_photo_of_somebody_else_is_taken_out_of_the_count(stage: Stage, clock: DayClock) -> None:
    """At once, in the chat's head, and back in when it was theirs after all."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)

        def counts(photos: int) -> bool:
            return f"Photos this week: {photos} of" in ana.message(plan.message_id).words

        clock.pass_by(DAY)
        said = await Face(stage, ana).checked(4, 4)
        await ana.wait_for(lambda _: counts(1))
        await ana.press(ana.message(said.reply_to or 0), "dispute:2")
        question = await ana.wait_for(is_newer_than(said))
        await ana.press(question, "else:2")
        await stage.settled()
        clock.pass_by(timedelta(minutes=1))
        await stage.app.experiments.work.work_due()
        assert counts(0)
        await ana.press(question, "else:2")
        await stage.settled()
        clock.pass_by(timedelta(minutes=1))
        await stage.app.experiments.work.work_due()
        assert counts(1)


async def test_a_report_meanwhile_says_nothing_of_what_changed(stage: Stage, clock: DayClock) -> None:
    """No peeking: not with what is tried, nor without it; once nothing is under way, it says so again."""
    async with stage.running():
        ana = await stage.consenting()
        face = Face(stage, ana)
        plan = await begun(ana)
        clock.pass_by(DAY)
        await face.checked(3, 3)
        clock.pass_by(DAY)
        checked = await face.checked(20, 20)
        assert "ince report" not in ana.message(checked.reply_to or 0).words
        assert "I don't show how your pimples change" in (await asked(ana, "/progress")).words
        start = await asked(ana, "/start")
        assert "Week 1" in start.words
        assert "ince report" not in start.words
        await ana.press(plan, "experiment")
        menu = await ana.wait_for(is_newer_than(start))
        sure = await turned(ana, menu, "experiment:ask:drop")
        await turned(ana, sure, "experiment:do:drop")
        clock.pass_by(DAY)
        assert "ince report" in (await face.photo(20, 20)).words


async def test_an_old_cancel_does_not_say_that_the_plan_is_gone(stage: Stage) -> None:
    """On another device the last look may still stand there; the plan's message stays the plan's."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)
        for old in ("experiment:discard", "experiment:design:half_face", "experiment:edit:what"):
            before = ana.last
            ana.forge(plan.message_id, old)
            said = await ana.wait_for(is_newer_than(before))
            assert "Week 1 of" in said.words
            assert "Week 1 of" in ana.message(plan.message_id).words
            assert "experiment:ask:pause" not in data_of(ana.message(plan.message_id))


async def test_what_burned_is_not_said_to_be_worth_keeping(stage: Stage) -> None:
    """Whoever ends what burned gets an answer that says so, and not to stop what a doctor prescribed."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)
        await ana.press(plan, "experiment:burns")
        advice = await ana.wait_for(is_newer_than(plan))
        await ana.press(advice, "experiment")
        menu = await ana.wait_for(is_newer_than(advice))
        await turned(ana, await turned(ana, menu, "experiment:ask:early"), "experiment:do:early")
        told = await ana.wait_for(lambda message: message.message_id == plan.message_id and message.photo is not None)
        assert "It burned or itched: that alone is reason enough to leave it out." in told.words
        assert "don't stop by yourself" in told.words
        assert "reason enough to keep it" not in told.words


async def test_taking_the_permission_back_says_that_the_experiment_ends(stage: Stage) -> None:
    """Before it is done, not after."""
    async with stage.running():
        ana = await stage.consenting()
        await begun(ana)
        sure = await turned(ana, await asked(ana, "/mydata"), "withdraw:ask")
        assert "a running experiment ends without an answer" in sure.words


async def test_a_report_meanwhile_does_not_ask_for_a_photo_in_a_week(stage: Stage, clock: DayClock) -> None:
    """The plan says when: with a photo on each day there is no other word for it."""
    stage.settings |= {"ANALYZER": "local"}
    async with stage.running():
        ana = await stage.consenting()
        asked_for = "Next photo: in about a week"
        assert asked_for in ana.last.words
        await begun(ana, half_face=True)
        clock.pass_by(DAY)
        await ana.send_photo(selfie((SIDE, SIDE), seed=40))
        report = await ana.wait_for(is_report_number(2))
        assert "None of them stands out" in report.words
        assert asked_for not in report.words
