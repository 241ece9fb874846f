"""What an operator owes people by law, done at the terminal beside a running bot, as processes of their own."""

import asyncio
import io
import json
import os
import signal
import sqlite3
import sys
import zipfile
from contextlib import closing
from datetime import timedelta

import pytest

from tests.commands import ROOT, Ended, skinbot
from tests.journeys.stage import SELFIE, Stage, data_of, is_newer_than, is_report
from tests.keys import KEY
from tests.postgres import NO_SERVER, fresh_database
from tests.telegram import Actor

NOTICE = "Somebody may have read what is stored here. We are sorry & <will> write again."


def settings(stage: Stage) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": stage.telegram.token,
        "TELEGRAM_API_URL": stage.telegram.url,
        "DATABASE_URL": stage.config.database_url,
        "DATA_KEY": KEY,
    }


async def duty(stage: Stage, *arguments: str) -> Ended:
    return await skinbot(*arguments, cwd=stage.folder, **settings(stage))


def times_told(person: Actor) -> int:
    return sum(NOTICE in message.words for message in person.messages)


async def test_a_copy_is_written_by_telegram_id(stage: Stage) -> None:
    """What /export hands over, with the pictures that Telegram has, or without; nobody is told, no file is replaced."""
    async with stage.running():
        ada = await stage.consenting(1)
        last = ada.last.message_id
        whole = await duty(stage, "export", "1", "--out", "ada.zip")
        small = await duty(stage, "export", "1", "--out", "small.zip", "--no-pictures")
        again = await duty(stage, "export", "1", "--out", "ada.zip")
    assert (whole.code, small.code, again.code) == (0, 0, 2), whole.err + small.err
    assert ada.last.message_id == last
    data = (stage.folder / "ada.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert any(name.startswith("pictures/0001-photo") for name in archive.namelist())
        assert json.loads(archive.read("data.json"))["person"]["telegram_id"] == 1
    with zipfile.ZipFile(stage.folder / "small.zip") as archive:
        assert not any("photo" in name for name in archive.namelist())
        assert len(json.loads(archive.read("data.json"))["reports"]) == 1
    assert (stage.folder / "ada.zip").stat().st_mode & 0o077 == 0


async def test_a_person_is_erased_by_telegram_id(stage: Stage) -> None:
    """As by /delete, with the chat's last two days; who was erased is a new person to the bot, which ran all along."""
    async with stage.running():
        ada = await stage.consenting(1)
        await stage.consenting(2)
        unasked = await duty(stage, "erase", "1")
        assert (unasked.code, len(ada.messages) > 0) == (2, True)
        erased = await duty(stage, "erase", "1", "--yes")
        unknown = await duty(stage, "erase", "1", "--yes")
        assert ada.messages == []
        await ada.send_text("/history")
        await ada.wait_for(lambda message: "report" in message.words)
    assert erased.code == 0, erased.err
    assert "Erased: photos and reports 1" in erased.out
    assert (unknown.code, unknown.err) == (2, "Nobody with that Telegram id is known here.\n")
    with closing(sqlite3.connect(stage.database)) as rows:
        assert rows.execute("SELECT count(*) FROM tombstone").fetchone() == (1,)
        assert rows.execute("SELECT count(*) FROM report").fetchone() == (1,)


async def test_everybody_is_told_once_in_their_language(stage: Stage) -> None:
    """Word for word; a second run tells who came since, and who blocked the bot is counted, and told when back."""
    (stage.folder / "en.txt").write_text(NOTICE, encoding="utf-8")
    (stage.folder / "es.txt").write_text("Lo sentimos.", encoding="utf-8")
    run = ("tell", "everybody", "en.txt", "--in", "es", "es.txt", "--per-second", "10", "--yes")
    async with stage.running():
        ada, eva, bob = [await met(stage, number, code) for number, code in ((1, "en"), (2, "es"), (3, "en"))]
        bob.block()
        await stage.settled()
        first = await duty(stage, *run)
        bob.unblock()
        await stage.settled()
        cid = await met(stage, 4, "en")
        second = await duty(stage, *run)
        one = await duty(stage, "tell", "1", "en.txt")
    assert first.code == 0, first.err + first.out
    assert "Told: 2. Can't be reached: 1." in first.out
    assert "Told: 4. Can't be reached: 0." in second.out
    assert [times_told(person) for person in (ada, bob, cid)] == [2, 1, 1]  # `one` was another notice: one language
    assert [message.words for message in eva.messages].count("Lo sentimos.") == 1
    assert one.out == "Told.\n"


async def met(stage: Stage, user_id: int, language_code: str) -> Actor:
    person = stage.telegram.person(user_id, language_code=language_code)
    await person.send_text("/help")
    await person.wait_for(lambda message: "/export" in message.text)
    await stage.settled()
    return person


async def test_telling_everybody_is_slow(stage: Stage) -> None:
    """Five at once, and then one a second."""
    (stage.folder / "en.txt").write_text(NOTICE, encoding="utf-8")
    async with stage.running():
        people = [await met(stage, number, "en") for number in range(1, 8)]
        told = await duty(stage, "tell", "everybody", "en.txt", "--yes")
        moments = [message.date for person in people for message in person.messages if NOTICE in message.words]
    assert (told.code, len(moments)) == (0, 7), told.err
    assert max(moments) - min(moments) > timedelta(seconds=1.9)


async def test_telling_everybody_survives_kills(stage: Stage) -> None:
    """Killed again and again: nobody is told twice, and nobody is left out but who is counted as doubtful."""
    (stage.folder / "en.txt").write_text(NOTICE, encoding="utf-8")
    async with stage.running():
        people = [await met(stage, number, "en") for number in range(1, 25)]
        for so_many in (3, 9, 16):
            await killed_after(stage, people, so_many)
        assert 0 < sum(map(times_told, people)) < len(people)
        last = await duty(stage, "tell", "everybody", "en.txt", "--per-second", "10", "--yes")
        told = [times_told(person) for person in people]
        assert max(told) == 1
        doubtful = told.count(0)
        with closing(sqlite3.connect(stage.database)) as rows:
            in_doubt = rows.execute("SELECT count(*) FROM told WHERE outcome IS NULL").fetchone()[0]
        assert doubtful <= in_doubt <= 3
        assert ("May or may not have been told" in last.out) == (in_doubt > 0)
        await duty(stage, "tell", "everybody", "en.txt", "--per-second", "10", "--yes", "--doubtful")
    assert min(times_told(person) for person in people) == 1


async def test_telling_everybody_that_is_stopped_leaves_no_doubt(stage: Stage) -> None:
    """SIGTERM and Ctrl+C end it after who is being told; the next run tells the others."""
    (stage.folder / "en.txt").write_text(NOTICE, encoding="utf-8")
    async with stage.running():
        people = [await met(stage, number, "en") for number in range(1, 17)]
        assert await killed_after(stage, people, 2, by=signal.SIGTERM) == 130
        assert await killed_after(stage, people, 8, by=signal.SIGINT) == 130
        assert sum(map(times_told, people)) < len(people)
        last = await duty(stage, "tell", "everybody", "en.txt", "--per-second", "10", "--yes")
    assert (last.code, [times_told(person) for person in people]) == (0, [1] * len(people)), last.out


async def test_duties_are_done_on_postgresql(stage: Stage) -> None:
    """The same commands, beside a bot with that database."""
    (stage.folder / "en.txt").write_text(NOTICE, encoding="utf-8")
    with fresh_database("duties") as url:
        if url is None:
            pytest.skip(NO_SERVER)
        stage.settings["DATABASE_URL"] = url
        async with stage.running():
            ada, bob = await met(stage, 1, "en"), await met(stage, 2, "en")
            told = await duty(stage, "tell", "everybody", "en.txt", "--per-second", "10", "--yes")
            copied = await duty(stage, "export", "1", "--out", "ada.zip")
            erased = await duty(stage, "erase", "1", "--yes")
            refused = await duty(stage, "refuse", "2")
            await bob.send_text("/help")
            await bob.wait_for(lambda message: "no longer offer it to you" in message.words)
            assert [ada.messages, times_told(bob)] == [[], 1]
    assert {told.code, copied.code, erased.code, refused.code} == {0}, told.err + copied.err + erased.err + refused.err


async def killed_after(
    stage: Stage, people: list[Actor], so_many: int, *, by: signal.Signals = signal.SIGKILL
) -> int | None:
    """The exit code."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings(stage)}
    # So slowly that it has not told them all before it is stopped, on a busy machine as well.
    arguments = ("tell", "everybody", "en.txt", "--per-second", "1", "--yes")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=stage.folder, env=environ, stdout=-1, stderr=-1
    )
    async with asyncio.timeout(60):
        while sum(map(times_told, people)) < so_many:  # noqa: ASYNC110 - another process sends
            await asyncio.sleep(0.02)
    process.send_signal(by)
    await process.communicate()
    return process.returncode


async def test_who_is_refused_is_told_so_and_keeps_their_rights(stage: Stage) -> None:
    """No photo or word is taken any more; what they have is theirs to take along and erase; then nothing is kept."""
    async with stage.running():
        ada = await stage.consenting(1)
        refused = await duty(stage, "refuse", "1")
        await ada.send_photo(SELFIE)
        sorry = await ada.wait_for(lambda message: "no longer offer it to you" in message.words)
        await ada.send_text("/export")
        await ada.wait_for(lambda message: message.document is not None)
        await ada.send_text("I don't want to live any more")
        await ada.wait_for(lambda message: message.message_id > sorry.message_id and "findahelpline" in message.words)
        await ada.send_text("/delete")
        question = await ada.wait_for(lambda message: "delete:yes" in data_of(message))
        await ada.press(question, "delete:yes")
        await stage.settled()
        for text in ("/start", "/delete", "/export"):
            before = ada.last
            await ada.send_text(text)
            await ada.wait_for(is_newer_than(before))
            assert "no longer offer it to you" in ada.last.words
        await ada.send_photo(SELFIE)
        await stage.settled()
        with closing(sqlite3.connect(stage.database)) as rows:
            assert rows.execute("SELECT count(*) FROM person").fetchone() == (0,)
            assert rows.execute("SELECT count(*) FROM report").fetchone() == (0,)
        assert len(stage.ailab.calls) == 1
        allowed = await duty(stage, "allow", "1")
        again = await duty(stage, "allow", "1")
        ada = await stage.consenting(1)
        assert is_report(ada.last)
    assert (refused.code, allowed.code, again.code) == (0, 0, 2), refused.err
    assert "dropped: 0" in refused.out


async def test_photos_of_who_is_refused_are_dropped(stage: Stage) -> None:
    """Those that wait for a permission are gone at once, and no later yes brings them back."""
    async with stage.running():
        eva = stage.telegram.person(2, language_code="es")
        await eva.send_photo(SELFIE)
        question = await eva.wait_for(lambda message: any(data.startswith("consent:yes") for data in data_of(message)))
        await stage.settled()
        refused = await duty(stage, "refuse", "2")
        await eva.press(question, "consent:yes")
        await eva.wait_for(lambda message: "ya no te lo ofrecen" in message.words)
        await stage.settled()
    assert "dropped: 1" in refused.out
    assert stage.ailab.calls == []


async def test_unknown_people_and_wrong_words_are_one_line(stage: Stage) -> None:
    """Exit code 2 and one line each; where there is no database none is made."""
    nothing = await duty(stage, "erase", "5", "--yes")
    assert (nothing.code, nothing.err) == (5, "There is no database yet. Look at DATABASE_URL.\n")
    assert not stage.database.exists()
    (stage.folder / "empty.txt").write_text(" \n", encoding="utf-8")
    async with stage.running():
        for arguments in (
            ("export", "5", "--out", "x.zip"),
            ("erase", "5", "--yes"),
            ("tell", "5", "empty.txt"),
            ("tell", "everybody", "nowhere.txt", "--yes"),
            ("allow", "5"),
        ):
            ended = await duty(stage, *arguments)
            assert (ended.code, ended.err.count("\n"), ended.out) == (2, 1, ""), arguments
