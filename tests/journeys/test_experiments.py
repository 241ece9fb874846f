"""A self-experiment from its plan to its answer, on a clock that the tests turn, with restarts in between."""

import asyncio
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from PIL import Image

from bot.clock import now
from bot.skin.experiments.plan import Arm, FaceSide
from bot.storage.experiments.records import AgreedPlan
from tests.ailab import answer, says
from tests.journeys.stage import Stage, asked, data_of, is_newer_than, is_report
from tests.pictures import lit, selfie
from tests.telegram import Actor, ChatMessage, Refuse

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
SIDE: Final = 640
DAY: Final = timedelta(days=1)


class DayClock:
    """Goes at its usual pace, from any time on."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - now()

    def __call__(self) -> datetime:
        return now() + self._ahead

    def pass_by(self, time: timedelta) -> None:
        self._ahead += time


@pytest.fixture(autouse=True)
def clock(stage: Stage) -> DayClock:
    stage.clock = DayClock(NOON)
    return stage.clock


async def turned(person: Actor, message: ChatMessage, data: str) -> ChatMessage:
    """What a message becomes by a tap on one of its buttons."""
    edits, message_id = message.edit_count, message.message_id
    await person.press(message, data)
    return await person.wait_for(lambda shown: shown.message_id == message_id and shown.edit_count > edits)


async def last_look(person: Actor, *, half_face: bool = False) -> ChatMessage:
    """The whole plan before it begins: of the kinds that are offered the first."""
    home = await asked(person, "/experiment")
    await person.press(home, "experiment:new")
    await person.wait_for(lambda message: "ext message" in message.words)
    what = await asked(person, "green tea cream")
    design = await turned(person, what, data_of(what)[0])
    length = await turned(person, design, "experiment:design:half_face" if half_face else "experiment:design:on_off")
    weeks = data_of(length)[0]
    if not half_face:
        return await turned(person, length, weeks)
    await person.press(length, weeks)
    question = await person.wait_for(lambda message: "experiment:side:left" in data_of(message))
    await person.press(question, "experiment:side:left")
    return await person.wait_for(lambda message: any(data.startswith("experiment:begin") for data in data_of(message)))


async def begun(person: Actor, *, half_face: bool = False) -> ChatMessage:
    look = await last_look(person, half_face=half_face)
    return await turned(person, look, next(data for data in data_of(look) if data.startswith("experiment:begin")))


def pinned_of(stage: Stage, person: Actor) -> list[int]:
    return stage.telegram.world.chats[person.user_id].pinned


async def test_plan_is_agreed_to_once_and_pinned(stage: Stage) -> None:
    """The last look becomes the plan, in the chat's head; the same button later changes nothing of it."""
    async with stage.running():
        ana = await stage.consenting()
        look = await last_look(ana)
        begin = next(data for data in data_of(look) if data.startswith("experiment:begin"))
        plan = await turned(ana, look, begin)
        assert "Week 1 of" in plan.words
        assert "green tea cream" in plan.words
        await ana.wait_for(lambda _: pinned_of(stage, ana) == [plan.message_id])


async def test_half_face_asks_which_cheek_is_which(stage: Stage) -> None:
    """On their newest photo with one cheek outlined, which goes when it is answered; the lot chooses the cheek."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana, half_face=True)
        assert "Week 1 of" in plan.words
        assert "without it" in plan.words
        assert not any("experiment:side:left" in data_of(message) for message in ana.bot_messages)


async def test_photo_comes_before_a_plan(stage: Stage) -> None:
    """Without a first report nothing can be planned, and no button says so."""
    async with stage.running():
        ana = stage.telegram.person(7001)
        home = await asked(ana, "/experiment")
        assert "selfie" in home.words
        assert "experiment:new" not in data_of(home)


async def test_cancel_ends_the_planning(stage: Stage) -> None:
    """The next text is no answer any more."""
    async with stage.running():
        ana = await stage.consenting()
        await ana.press(await asked(ana, "/experiment"), "experiment:new")
        await ana.wait_for(lambda message: "next message" in message.words)
        assert "no experiment for now" in (await asked(ana, "/cancel")).words
        assert "didn't understand" in (await asked(ana, "green tea cream")).words


async def test_what_is_tried_is_no_question_of_theirs(stage: Stage) -> None:
    """While it is asked for, a word that a report may use names it; who needs help is heard all the same."""
    async with stage.running():
        ana = await stage.consenting()
        await ana.press(await asked(ana, "/experiment"), "experiment:new")
        await ana.wait_for(lambda message: "next message" in message.words)
        assert "findahelpline" in (await asked(ana, "I want to kill myself")).words
        assert "sunscreen" in (await asked(ana, "sunscreen")).words


async def test_a_last_look_that_is_not_the_last_begins_nothing(stage: Stage) -> None:
    """Whoever chose something else meanwhile agrees to nothing that they did not see."""
    async with stage.running():
        ana = await stage.consenting()
        old = await last_look(ana)
        begin = next(data for data in data_of(old) if data.startswith("experiment:begin"))
        await stage.app.store.experiments.draw_up(1, lambda draft: replace(draft, what="another cream"))
        await ana.press(old, begin)
        anew = await ana.wait_for(is_newer_than(old))
        assert "another cream" in anew.words
        assert begin not in data_of(anew)
        assert pinned_of(stage, ana) == []


async def test_pause_go_on_and_drop(stage: Stage) -> None:
    """Each says first what it does; the message in the chat's head says how things stand, until it is taken down."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)
        await ana.press(plan, "experiment")
        menu = await ana.wait_for(is_newer_than(plan))
        asked_first = await turned(ana, menu, "experiment:ask:pause")
        assert "stand still" in asked_first.words
        paused = await turned(ana, asked_first, "experiment:do:pause")
        assert "Paused" in paused.words
        await ana.wait_for(lambda message: message.message_id == plan.message_id and "Paused" in message.words)
        going = await turned(ana, paused, "experiment:do:go_on")
        await ana.wait_for(lambda message: message.message_id == plan.message_id and "Week 1" in message.words)
        sure = await turned(ana, going, "experiment:ask:drop")
        await turned(ana, sure, "experiment:do:drop")
        gone = await ana.wait_for(lambda message: message.message_id == plan.message_id and "over" in message.words)
        assert "green tea" not in gone.words
        await ana.wait_for(lambda _: pinned_of(stage, ana) == [])
        while await stage.app.store.experiments.every(1):  # noqa: ASYNC110 - a row rings no bell
            await asyncio.sleep(0.05)


async def test_it_survives_a_restart_and_a_week(stage: Stage, clock: DayClock) -> None:
    """What is pinned changes with the week, whoever runs then; a second process says the same."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana, half_face=True)
    clock.pass_by(6 * DAY + timedelta(hours=13))
    async with stage.running():
        await ana.wait_for(lambda message: message.message_id == plan.message_id and "Week 2 of" in message.words)


async def test_a_pin_that_is_refused_is_no_trouble(stage: Stage) -> None:
    """The plan stands all the same."""
    async with stage.running():
        ana = await stage.consenting()
        stage.telegram.fail_next(
            "pinChatMessage", Refuse(status=400, description="not enough rights to manage pinned messages")
        )
        plan = await begun(ana)
        await stage.settled()
        assert "Week 1" in ana.message(plan.message_id).words


async def test_erasure_takes_the_plan_down(stage: Stage, clock: DayClock) -> None:
    """Also one whose message is too old for Telegram to delete: it says nothing of the plan any more."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)
        clock.pass_by(3 * DAY)
        await ana.press(await asked(ana, "/delete"), "delete:yes")
        await ana.wait_for(lambda message: message.message_id == plan.message_id and "nothing of it" in message.words)
        await ana.wait_for(lambda _: pinned_of(stage, ana) == [])


async def test_withdrawal_ends_it(stage: Stage) -> None:
    """Without the permission no photo is looked at, so there is nothing to go on with."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)
        data = await asked(ana, "/mydata")
        sure = await turned(ana, data, "withdraw:ask")
        await turned(ana, sure, "withdraw:keep")
        await ana.wait_for(lambda message: message.message_id == plan.message_id and "nothing of it" in message.words)
        assert "experiment:new" not in data_of(await asked(ana, "/experiment"))
        assert await stage.app.store.experiments.every(1) == []


async def test_it_moves_to_another_account(stage: Stage) -> None:
    """There the plan is pinned anew; in the old chat nothing of it is left."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)
        await ana.press(await asked(ana, "/mydata"), "move")
        code = await ana.wait_for(lambda message: "/start m_" in message.words or "m_1_" in message.words)
        word = next(each for each in code.words.split() if "m_1_" in each)
        bea = stage.telegram.person(7002)
        await bea.send_text(f"/start m_{word.partition('m_')[2]}")
        again = await bea.wait_for(lambda message: "Week 1 of" in message.words)
        await bea.wait_for(lambda _: pinned_of(stage, bea) == [again.message_id])
        assert "nothing of it" in ana.message(plan.message_id).words
        assert pinned_of(stage, ana) == []


async def exported(person: Actor) -> zipfile.ZipFile:
    await person.send_text("/export")
    told = await person.wait_for(lambda message: message.document is not None)
    assert told.document is not None
    return zipfile.ZipFile(io.BytesIO(told.document.data))


def says_week(week: int) -> Callable[[ChatMessage], bool]:
    return lambda message: f"Week {week} of" in message.words


def faced(left: int, right: int) -> dict[str, object]:
    """An answer with that many pimples on the picture's left and right cheek."""
    spots = [(150.0 + 8 * place, 330.0, 7.0, 7.0, 0.9) for place in range(left)]
    spots += [(420.0 + 8 * place, 330.0, 7.0, 7.0, 0.9) for place in range(right)]
    return answer(size=(SIDE, SIDE), marks={"acne": spots})


def by_lamp(jpeg: bytes, gains: tuple[float, float, float]) -> bytes:
    buffer = io.BytesIO()
    lit(Image.open(io.BytesIO(jpeg)), gains).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


class Face:
    """Somebody with pimples on both cheeks, more or less of them by how things stand; every photo is another one."""

    def __init__(self, stage: Stage, person: Actor) -> None:
        self._stage = stage
        self._person = person
        self._seed = 0

    async def photo(self, left: int, right: int, *, gains: tuple[float, float, float] | None = None) -> ChatMessage:
        """The report. `gains`: of another lamp."""
        self._seed += 1
        self._stage.ailab.will(says(faced(left, right)))
        taken = selfie((SIDE, SIDE), seed=self._seed)
        sent = await self._person.send_photo(taken if gains is None else by_lamp(taken, gains))
        made = await self._person.wait_for(lambda message: message.message_id > sent and is_report(message))
        await self._stage.settled()
        return made

    async def checked(self, left: int, right: int, *, gains: tuple[float, float, float] | None = None) -> ChatMessage:
        """What is said of it for the experiment."""
        made = await self.photo(left, right, gains=gains)
        return await self._person.wait_for(
            lambda message: message.reply_to == made.message_id and message.words.startswith("🧪")
        )


async def plan_of(stage: Stage) -> AgreedPlan:
    current = await stage.app.store.experiments.current(1)
    assert current is not None
    assert current.agreed is not None
    return current.agreed


async def test_half_face_from_plan_to_answer(stage: Stage, clock: DayClock) -> None:
    """With a restart after each week: what is pinned, photos that count, the answer with its picture, once."""
    async with stage.running():
        ana = await stage.consenting()
        pinned = await begun(ana, half_face=True)
        plan = (await plan_of(stage)).plan
        face = Face(stage, ana)
    for week in range(plan.weeks):
        async with stage.running():
            await ana.wait_for(says_week(week + 1))
            for nth in range(0 if plan.settles(week) else plan.photos_a_week):
                clock.pass_by(DAY)
                treated, other = (2 if plan.order[week] is Arm.WITH else 11, 12)
                sides = (treated, other) if plan.treated is FaceSide.LEFT else (other, treated)
                said = await face.checked(*sides)
                assert f"Photo {nth + 1} of {plan.photos_a_week}" in said.words
                assert "likely" not in said.words
            clock.pass_by(NOON + (week + 1) * 7 * DAY - clock())
    async with stage.running():
        told = await ana.wait_for(lambda message: message.message_id == pinned.message_id and message.photo is not None)
        assert "It likely helps" in told.words
        await ana.wait_for(lambda _: pinned_of(stage, ana) == [])
        ready = await ana.wait_for(lambda message: "experiment:answer:1" in data_of(message))
        assert ready.reply_to == pinned.message_id
        await ana.press(ready, "experiment:answer:1")
        again = await ana.wait_for(is_newer_than(ready))
        assert (again.words, again.photo is not None) == (told.words, True)
    async with stage.running():
        packed = await exported(ana)
        (kept,) = json.loads(packed.read("data.json"))["experiments"]
        assert (kept["state"], kept["answer"]["certainty"]) == ("ended", "likely_helps")
        assert kept["agreed"]["what"] == "green tea cream"
        assert len(kept["photos"]) == sum(not plan.settles(week) for week in range(plan.weeks)) * plan.photos_a_week
        page = packed.read("index.html").decode()
        assert "green tea cream" in page
        assert "It likely helps" in page
        assert "Self-experiments: 1" in (await asked(ana, "/mydata")).words
        assert sum("experiment:answer:1" in data_of(message) for message in ana.bot_messages) == 1


async def test_on_and_off_from_plan_to_answer(stage: Stage, clock: DayClock) -> None:
    """A photo in other light is asked for again and not counted; that it can't be told is said as a good answer."""
    async with stage.running():
        ana = await stage.consenting()
        pinned = await begun(ana)
        plan = (await plan_of(stage)).plan
        face = Face(stage, ana)
    for week in range(plan.weeks):
        async with stage.running():
            for nth in range(plan.photos_a_week):
                clock.pass_by(DAY)
                if week == nth == 1:
                    other = await face.checked(4, 4, gains=(1.25, 1.0, 0.75))
                    assert "doesn't count" in other.words
                    assert "light" in other.words
                said = await face.checked(4 + (week + nth) % 3, 4)
                assert f"Photo {nth + 1} of {plan.photos_a_week}" in said.words
            assert "already in" in (await face.checked(1, 1)).words
            clock.pass_by(NOON + (week + 1) * 7 * DAY - clock())
    async with stage.running():
        told = await ana.wait_for(lambda message: message.message_id == pinned.message_id and message.photo is not None)
        assert "Can't tell" in told.words or "doesn't help" in told.words
        assert "The light was different" in told.words


async def test_photos_of_a_pause_and_of_before_do_not_count(stage: Stage, clock: DayClock) -> None:
    """Nothing is said of them, and the report is what it always is."""
    async with stage.running():
        ana = await stage.consenting()
        face = Face(stage, ana)
        plan = await begun(ana)
        await ana.press(plan, "experiment:burns")
        advice = await ana.wait_for(is_newer_than(plan))
        assert "prescribed" in advice.words
        assert "medical help today" in advice.words
        await ana.wait_for(lambda message: message.message_id == plan.message_id and "burned" in message.words)
        clock.pass_by(DAY)
        made = await face.photo(3, 3)
        assert not any(message.reply_to == made.message_id for message in ana.bot_messages)
        menu = await asked(ana, "/experiment")
        await turned(ana, menu, "experiment:do:go_on")
        await ana.wait_for(lambda message: message.message_id == plan.message_id and "Week 1" in message.words)
        assert "Photo 1 of" in (await face.checked(3, 3)).words


async def test_ended_early_it_is_answered_at_once(stage: Stage) -> None:
    """By what there is, and it says so; who deleted the plan's message gets the answer in a new one."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)
        menu = await asked(ana, "/experiment")
        sure = await turned(ana, menu, "experiment:ask:early")
        assert "stronger proof" in sure.words
        del stage.telegram.world.chats[ana.user_id].messages[plan.message_id]
        await turned(ana, sure, "experiment:do:early")
        told = await ana.wait_for(lambda message: message.photo is not None and "Can't tell" in message.words)
        assert "Too few weeks" in told.words
        assert "experiment:answer:1" in data_of(await asked(ana, "/experiment"))


async def test_nothing_of_it_is_left_after_an_erasure(stage: Stage) -> None:
    """Neither the answer nor its photos."""
    async with stage.running():
        ana = await stage.consenting()
        await begun(ana)
        await Face(stage, ana).checked(3, 3)
        await ana.press(await asked(ana, "/delete"), "delete:yes")
        await stage.settled()
    with closing(sqlite3.connect(stage.database)) as database:
        left = database.execute("SELECT (SELECT count(*) FROM experiment), (SELECT count(*) FROM experiment_photo)")
        assert left.fetchone() == (0, 0)


async def test_the_weekly_reminder_names_the_week(stage: Stage, clock: DayClock) -> None:
    """What is to be done, and how many photos are there: at the time that they chose."""
    async with stage.running():
        ana = await stage.consenting()
        await begun(ana)
        overview = await asked(ana, "/reminders")
        await turned(ana, overview, "remind:time:6:600")
        await ana.send_text("Berlin")
        cities = await ana.wait_for(lambda message: "zone:set:Europe/Berlin" in data_of(message))
        await ana.press(cities, "zone:set:Europe/Berlin")
        await ana.wait_for(lambda message: "Sunday" in message.words)
        clock.pass_by(5 * DAY + timedelta(hours=22))
        stage.app.reminders.sending.wake()
        told = await ana.wait_for(lambda message: "remind:scan" in data_of(message))
        assert "Week 1 of" in told.words
        assert "green tea cream" in told.words
        assert "Photos this week: 0 of" in told.words
        welcome = await asked(ana, "/start")
        assert "Week 1 of" in welcome.words
        assert "experiment" in data_of(welcome)


async def test_whoever_blocked_the_bot_is_not_called_again_and_again(stage: Stage, clock: DayClock) -> None:
    """Once for the turn of a week, and not before the next day; who is back finds the week as it is."""
    async with stage.running():
        ana = await stage.consenting()
        plan = await begun(ana)
        while (await stage.app.store.due_experiments.next_due_at() or clock()) <= clock():  # noqa: ASYNC110 - a row rings no bell
            await asyncio.sleep(0.05)
        ana.block()
        edits = len(stage.telegram.calls("editMessageText"))
        clock.pass_by(7 * DAY)
        await stage.app.experiments.work.work_due()
        await stage.app.experiments.work.work_due()
        assert len(stage.telegram.calls("editMessageText")) <= edits + 1
        ana.unblock()
        clock.pass_by(DAY + timedelta(minutes=1))
        stage.app.experiments.work.wake()
        await ana.wait_for(lambda message: message.message_id == plan.message_id and "Week 2 of" in message.words)


async def test_the_marked_face_is_hidden_for_who_wants_it(stage: Stage) -> None:
    """As every other picture of their face; it may not be saved, either."""
    async with stage.running():
        ana = await stage.consenting()
        await stage.app.store.people.set_veils_pictures(1, True)  # noqa: FBT003 - its interface
        await stage.app.store.people.set_guards_pictures(1, True)  # noqa: FBT003 - as above
        await begun(ana, half_face=True)
        asked_with = next(
            call for call in stage.telegram.calls("sendPhoto") if "experiment:side" in str(call.params["reply_markup"])
        )
        assert asked_with.params["has_spoiler"]
        assert asked_with.params["protect_content"]
