"""An estimate under 18: nothing is told before the person has said that they are of age, which is asked once."""

import sqlite3
from contextlib import closing

from tests.ailab import answer, says
from tests.journeys.stage import SELFIE, Stage, data_of, is_consent_question, is_report, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage

QUESTION = ["adult:yes", "adult:no"]


def of_fourteen() -> dict[str, object]:
    told = answer()
    result = told["result"]
    assert isinstance(result, dict)
    return told | {"result": result | {"skin_age": {"value": 14}}}


def is_question(message: ChatMessage) -> bool:
    return data_of(message) == QUESTION


async def asked_for_age(stage: Stage) -> tuple[Actor, ChatMessage]:
    """Somebody who agreed, and whose skin is taken for that of a child."""
    stage.ailab.will(says(of_fourteen()))
    person = stage.telegram.person(1)
    await person.send_photo(SELFIE)
    await person.press(await person.wait_for(is_consent_question), "consent:yes")
    question = await person.wait_for(is_question)
    await stage.settled()
    return person, question


async def test_an_adult_is_asked_once(stage: Stage) -> None:
    """The question becomes the report, nothing is paid again, and the next photo is told at once."""
    async with stage.running():
        ada, question = await asked_for_age(stage)
        told_before = [message for message in ada.bot_messages if is_report(message)]
        await ada.send_text("/report 1")
        await ada.wait_for(lambda message: "no report with this number" in message.words)
    async with stage.running():
        await ada.press(question, "adult:yes")
        report = await ada.wait_for(is_report_number(1))
        stage.ailab.will(says(of_fourteen()))
        await ada.send_photo(selfie(seed=3))
        await ada.wait_for(is_report_number(2))

    assert told_before == []
    assert report.message_id == question.message_id
    assert len(stage.ailab.calls) == 2
    assert sum(is_question(message) for message in ada.bot_messages) == 0


async def test_of_a_child_nothing_is_kept(stage: Stage) -> None:
    """What was measured is erased, the permission is none, and a kind word says who can help."""
    async with stage.running():
        ada, question = await asked_for_age(stage)
        await ada.press(question, "adult:no")
        said = await ada.wait_for(lambda message: "adults only" in message.words)
        await ada.send_photo(selfie(seed=3))
        await ada.wait_for(is_consent_question)
        await stage.settled()
    with closing(sqlite3.connect(stage.database)) as database:
        (kept,) = database.execute("SELECT count(*) FROM report WHERE answer IS NOT NULL").fetchone()

    assert "pharmacist" in said.words
    assert kept == 0
    assert len(stage.ailab.calls) == 1


async def test_no_other_button_answers_the_question(stage: Stage) -> None:
    """“Use this photo anyway” of a message of before neither tells the report nor pays for it again."""
    async with stage.running():
        ada, question = await asked_for_age(stage)
        for data in ("anyway:1", "again:1", "report:1", "card:1:told", "answer:1:heat"):
            await ada.forge(question.message_id, data).answer
            await stage.settled()
        still = ada.message(question.message_id)

    assert is_question(still)
    assert not any(is_report(message) for message in ada.bot_messages)
    assert len(stage.ailab.calls) == 1
