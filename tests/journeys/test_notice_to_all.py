"""An admin tells everybody something from the chat: written, looked at, sent once each, stopped."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

from bot.storage.switches import Switch
from tests.journeys.stage import Stage, asked, data_of, is_newer_than, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage, DropAfter, DropBefore, Refuse

BOSS = 900
OTHER_BOSS = 901
WORDS = "On Sunday I am <away> & nobody answers.\n\nEl domingo no hay nadie."
SENT = "On Sunday I am <away> & nobody answers."
ADMINS = {"ADMIN_IDS": f"{BOSS}, {OTHER_BOSS}"}


async def here(stage: Stage, *people: int, language_code: str = "en") -> list[Actor]:
    """People who have written to the bot."""
    actors = [stage.telegram.person(number, language_code=language_code) for number in people]
    for actor in actors:
        await asked(actor, "/help")
    await stage.settled()
    return actors


async def drafted(stage: Stage, boss: Actor, words: str = WORDS) -> ChatMessage:
    """The question whether to send it."""
    screen = await asked(boss, "/admin")
    await boss.press(screen, "admin:notice")
    await stage.settled()
    await boss.send_text(words)
    return await boss.wait_for(lambda message: any(data.startswith("admin:notice:send") for data in data_of(message)))


async def sent(stage: Stage, boss: Actor, words: str = WORDS) -> ChatMessage:
    question = await drafted(stage, boss, words)
    await boss.press(question, send_in(question))
    return question


def send_in(question: ChatMessage) -> str:
    return next(data for data in data_of(question) if data.startswith("admin:notice:send"))


def times_told(person: Actor, words: str = SENT) -> int:
    return sum(words in message.words for message in person.bot_messages)


def is_gone(message: ChatMessage) -> bool:
    return "nothing was sent" in message.words


def refused_after(screen: ChatMessage) -> Callable[[ChatMessage], bool]:
    return lambda message: message.message_id > screen.message_id and "no longer works" in message.words


def is_over(message: ChatMessage) -> bool:
    return "has gone out" in message.words


async def test_everybody_is_told_what_the_admin_saw(stage: Stage) -> None:
    """Word for word, framed in each one's language; who blocked the bot is counted, who comes later gets none."""
    stage.settings |= ADMINS
    async with stage.running() as app:
        (boss,) = await here(stage, BOSS)
        ada, bob, cid = await here(stage, 1, 2, 3)
        (eva,) = await here(stage, 4, language_code="es")
        cid.block()
        await stage.settled()
        question = await drafted(stage, boss)
        preview = boss.message(question.message_id - 1)
        assert "4 people" in question.words
        assert "less than a minute" in question.words
        assert times_told(ada) == 0
        bob.deactivate()
        await boss.press(question, send_in(question))
        over = await boss.wait_for(is_over)
        (late,) = await here(stage, 5)
        told = app.health.vitals.metrics.registry.get_sample_value("skinbot_notices_total", {"outcome": "told"})
    assert [times_told(person) for person in (ada, eva, bob, cid, late)] == [1, 1, 0, 0, 0]
    assert times_told(boss) == 2  # the preview, and as everybody
    assert ada.last.text == preview.text
    assert "who runs it" in ada.last.words
    assert "no medical advice" in ada.last.words
    assert "no es un consejo médico" in eva.last.words
    assert "Told: 3" in over.words
    assert "Blocked the bot, or left Telegram: 1" in over.words
    assert told == 3


async def test_a_double_tap_sends_once(stage: Stage) -> None:
    stage.settings |= ADMINS
    async with stage.running():
        (boss,) = await here(stage, BOSS)
        people = await here(stage, *range(1, 6))
        question = await drafted(stage, boss)
        await asyncio.gather(*(boss.press(question, send_in(question)) for _ in range(4)))
        await boss.wait_for(is_over)
        await stage.settled()
    assert [times_told(person) for person in people] == [1] * 5
    assert sum(map(is_over, boss.bot_messages)) == 1


async def test_nothing_goes_out_that_was_not_agreed_to(stage: Stage) -> None:
    """A draft that was replaced or dropped, one of somebody else, too long a text, none at all, /cancel."""
    stage.settings |= ADMINS
    async with stage.running():
        (boss, other, ada) = await here(stage, BOSS, OTHER_BOSS, 1)
        first = await drafted(stage, boss, "the first words")
        await boss.press(first, "admin:notice:anew")
        await stage.settled()
        await boss.send_text("the second words")
        await stage.settled()
        boss.forge(first.message_id, send_in(first))  # as a phone that did not hear of it
        await boss.wait_for(lambda message: message.message_id == first.message_id and is_gone(message))
        dropped = await drafted(stage, boss, "the third words")
        await boss.press(dropped, "admin:notice:drop")
        boss.forge(dropped.message_id, send_in(dropped))
        await boss.wait_for(lambda message: message.message_id == dropped.message_id and is_gone(message))
        foreign = await drafted(stage, other, "the other's words")
        theirs = boss.last
        boss.forge(theirs.message_id, send_in(foreign))
        await boss.wait_for(lambda message: message.message_id == theirs.message_id and is_gone(message))
        for data in (send_in(foreign), "admin:notice", "admin:notice:anew", "admin:notice:drop", "admin:notice:stop:1"):
            screen = await asked(ada, "/cancel")
            ada.forge(screen.message_id, data)
            await ada.wait_for(refused_after(screen))
        await asked(ada, "no notice of mine")
        screen = await asked(boss, "/admin")
        await boss.press(screen, "admin:notice")
        await stage.settled()
        assert "nothing to read" in (await asked(boss, "\u200b")).words
        long = await asked(boss, "x" * 4090)
        assert "too long" in long.words
        assert "notice" not in (await asked(boss, "and the rest of it")).words
        await boss.press(long, "admin:notice:anew")
        await stage.settled()
        assert "no notice goes out" in (await asked(boss, "/cancel")).words
        assert "notice" not in (await asked(boss, "just a text")).words
        await stage.settled()
        assert await stage.app.store.broadcasts.begun() is None
    for words in ("first words", "third words", "other's words", "of mine"):
        assert times_told(ada, words) == 0
    assert times_told(other, "the third words") == 0


async def test_the_longest_text_that_is_taken_arrives_in_every_language(stage: Stage) -> None:
    """The room that is named is just what fits, with every sign that is more than one."""
    stage.settings |= ADMINS
    async with stage.running():
        (boss,) = await here(stage, BOSS)
        (eva,) = await here(stage, 1, language_code="es")
        screen = await asked(boss, "/admin")
        await boss.press(screen, "admin:notice")
        await stage.settled()
        (room,) = re.findall(r"up to (\d+) characters", boss.message(screen.message_id).words)
        long = await asked(boss, "&" * (int(room) + 1))
        assert "has 1 more" in long.words
        words = "\U0001f44b" * (int(room) // 2)
        await sent(stage, boss, words)
        await boss.wait_for(is_over)
        assert times_told(eva, words) == 1


async def test_words_that_sound_like_a_need_are_a_notice_all_the_same(stage: Stage) -> None:
    """Also in reply to the question; who may be in danger is helped besides."""
    stage.settings |= ADMINS
    async with stage.running():
        (boss,) = await here(stage, BOSS)
        for words in ("help: what does redness mean?", "I don't want to live any more"):
            screen = await asked(boss, "/admin")
            await boss.press(screen, "admin:notice")
            await stage.settled()
            await boss.send_text(words, reply_to=screen.message_id)
            question = await boss.wait_for(is_newer_than(screen))
            question = await boss.wait_for(lambda message: any("notice:send" in data for data in data_of(message)))
            assert words in boss.message(question.message_id - 1).words
            await boss.press(question, "admin:notice:drop")
        assert sum("findahelpline" in message.words for message in boss.bot_messages[1:]) == 1


async def test_a_notice_is_stopped_while_it_goes_out(stage: Stage) -> None:
    """Nobody is told after that, but for who was being told; the words are not kept."""
    stage.settings |= ADMINS
    async with stage.running():
        (boss, other) = await here(stage, BOSS, OTHER_BOSS)
        people = await here(stage, *range(1, 16))
        question = await sent(stage, boss)
        await people[1].wait_for(lambda message: SENT in message.words)
        screen = await asked(other, "/admin")
        await other.press(screen, "admin:notice")  # another admin sees it, and may stop it as well
        await stage.settled()
        assert "is going out" in other.message(screen.message_id).words
        await other.press(other.message(screen.message_id), "admin:notice:stop")
        await stage.settled()
        assert "was stopped" in other.message(screen.message_id).words
        told = sum(map(times_told, people))
        await asyncio.sleep(1)
        assert told <= sum(map(times_told, people)) <= told + 1
        await boss.press(boss.message(question.message_id), "admin:notice:look")
        await stage.settled()
        assert "was stopped" in boss.message(question.message_id).words
    assert 0 < sum(map(times_told, people)) < len(people)
    assert not any(map(is_over, boss.bot_messages))
    with closing(sqlite3.connect(stage.database)) as rows:
        assert rows.execute("SELECT words FROM broadcast").fetchall() == [(None,)]


async def test_two_notices_go_out_one_after_the_other(stage: Stage) -> None:
    stage.settings |= ADMINS
    async with stage.running():
        (boss, other) = await here(stage, BOSS, OTHER_BOSS)
        people = await here(stage, *range(1, 6))
        first, second = await drafted(stage, boss, "the first"), await drafted(stage, other, "the second")
        await boss.press(first, send_in(first))
        await other.press(second, send_in(second))
        await stage.settled()
        assert "follows the one" in other.message(second.message_id).words
        await other.wait_for(is_over)
        for person in people:
            heard = [message.words for message in person.bot_messages if "the first" in message.words]
            assert len(heard) == times_told(person, "the second") == 1
            assert "the second" in person.last.words


async def test_reports_come_while_a_notice_goes_out(stage: Stage) -> None:
    """And photos that are paused go on waiting; who comes meanwhile gets none."""
    stage.settings |= ADMINS
    async with stage.running() as app:
        (boss,) = await here(stage, BOSS)
        ada = await stage.consenting(1)
        await here(stage, *range(2, 30))
        await sent(stage, boss)
        (late,) = await here(stage, 99)
        await ada.send_photo(selfie((500, 600)))
        await ada.wait_for(is_report_number(2))
        assert not any(map(is_over, boss.bot_messages))
        await app.store.switches.turn_on(Switch.PAUSED, now=app.now())
        await boss.wait_for(is_over)
        assert await app.store.switches.is_on(Switch.PAUSED)
    assert (times_told(ada), times_told(late)) == (1, 0)


async def test_who_was_erased_or_is_let_in_no_more_gets_none(stage: Stage) -> None:
    """Nor who is refused."""
    async with stage.running():
        await here(stage, 1, 2)
    stage.settings |= ADMINS | {"ACCESS": "named", "ALLOWED_IDS": "2, 3, 4"}
    async with stage.running() as app:
        (boss,) = await here(stage, BOSS)
        stranger, bob = stage.telegram.person(1), stage.telegram.person(2)
        cid, ada = await here(stage, 3, 4)
        await app.store.refusals.add(bob.user_id, now=app.now())
        question = await drafted(stage, boss)
        gone = await asked(cid, "/delete")
        await cid.press(gone, "delete:yes")
        await stage.settled()
        await boss.press(question, send_in(question))
        over = await boss.wait_for(is_over)
    assert [times_told(person) for person in (stranger, bob, cid, ada)] == [0, 0, 0, 1]
    assert "not let in: 2" in over.words


async def test_telegrams_refusals_and_silences_are_told_apart(stage: Stage) -> None:
    """A flood wait is told later, what it does not take is counted, where it fell silent nothing is sent again."""
    stage.settings |= ADMINS
    async with stage.running():
        (boss,) = await here(stage, BOSS)
        people = await here(stage, 1, 2, 3, 4, 5)
        question = await drafted(stage, boss)
        stage.telegram.fail_next(
            "sendMessage",
            Refuse(status=429, description="Too Many Requests: retry after 8", retry_after=8),
            Refuse(status=400, description="Bad Request: chat not found"),
            DropAfter(),
            DropBefore(),
        )
        await boss.press(question, send_in(question))
        over = await boss.wait_for(is_over)
    assert times_told(boss) == 2
    assert [times_told(person) for person in people] == [0, 1, 0, 1, 1]
    assert "Told: 3" in over.words
    assert "Not taken by Telegram: 1" in over.words
    assert "May or may not have arrived: 2" in over.words


async def test_a_notice_goes_on_after_a_restart(stage: Stage) -> None:
    """Stopped as a supervisor does it, nobody is in doubt; each is told once."""
    stage.settings |= ADMINS
    async with stage.running():
        (boss,) = await here(stage, BOSS)
        people = await here(stage, *range(1, 16))
        await sent(stage, boss)
        await people[2].wait_for(lambda message: SENT in message.words)
    assert sum(map(times_told, people)) < len(people)
    async with stage.running():
        over = await boss.wait_for(is_over)
    assert [times_told(person) for person in people] == [1] * len(people)
    assert "May or may not" not in over.words
