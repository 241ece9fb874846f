"""From an empty folder to the first report: `skinbot setup` with three answers, then `skinbot run`."""

import asyncio
import os
import stat
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.ailab import LoopbackAILab
from tests.commands import ROOT, Ended
from tests.faults.bots import Bot
from tests.journeys.stage import SELFIE, data_of, is_consent_question, is_report
from tests.telegram import StagedTelegram

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def telegram() -> AsyncIterator[StagedTelegram]:
    async with StagedTelegram() as staged:
        yield staged


async def setup(*arguments: str, answers: tuple[str, ...], cwd: Path, **settings: str) -> Ended:
    """`skinbot setup`, answered line by line."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "setup", *arguments), cwd=cwd, env=environ, stdin=-1, stdout=-1, stderr=-1
    )
    async with asyncio.timeout(120):
        out, err = await process.communicate("".join(f"{answer}\n" for answer in answers).encode())
    return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())


async def test_three_answers_lead_to_the_first_report(
    telegram: StagedTelegram, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On this device, with nothing set but the address of our Telegram; the file is for this user alone."""
    began = time.monotonic()
    where = {"TELEGRAM_API_URL": telegram.url}
    ended = await setup(answers=(telegram.token, "Ada Lovelace, ada@example.org", "7001, open"), cwd=tmp_path, **where)
    assert ended.code == 0, ended.out + ended.err
    assert "Photos are read on this machine" in ended.out
    assert "/setprivacypolicy" in ended.out
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert telegram.token not in ended.out + ended.err
    methods = {request.method for request in telegram.requests}
    assert {"setMyName", "setMyProfilePhoto", "setMyDescription", "setMyCommands"} <= methods
    bot = Bot(settings=where, log=tmp_path / "bot.log")
    await bot.start()
    try:
        person = telegram.person(9100)
        await person.send_photo(SELFIE)
        question = await person.wait_for(is_consent_question, timeout=60)
        assert "Ada Lovelace" in question.words
        person.tap(question, next(data for data in data_of(question) if data.startswith("consent:yes")))
        await person.wait_for(is_report, timeout=60)
    finally:
        assert await bot.stop() == 0, bot.tail()
    with capsys.disabled():
        print(f"\nfrom an empty folder to the first report, 3 answers: {time.monotonic() - began:.0f} s")  # noqa: T201


async def test_wrong_answers_are_told_and_asked_again(telegram: StagedTelegram, tmp_path: Path) -> None:
    """What is right goes into the file, beside what stood there."""
    (tmp_path / ".env").write_text("# mine\nLOG_FORMAT=json\n", encoding="utf-8")
    answers = ("hello", "1:abc", telegram.token, "Ada", "Ada, ada@example.org", "me", "7, 8")
    ended = await setup(answers=answers, cwd=tmp_path, TELEGRAM_API_URL=telegram.url)
    assert ended.code == 0, ended.out + ended.err
    for told in ("no bot's token", "does not know this token", "a comma between", "whole numbers"):
        assert told in ended.out
    lines = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["# mine", "LOG_FORMAT=json"]
    assert {"ACCESS='named'", "ALLOWED_IDS='7,8'", "ADMIN_IDS='7'", "OPERATOR_NAME='Ada'"} <= set(lines)


async def test_what_is_set_is_not_asked_for_again(telegram: StagedTelegram, tmp_path: Path) -> None:
    """A second run asks nothing."""
    answers = (telegram.token, "Ada, ada@example.org", "open")
    where = {"TELEGRAM_API_URL": telegram.url}
    assert (await setup(answers=answers, cwd=tmp_path, **where)).code == 0
    before = (tmp_path / ".env").read_bytes()
    again = await setup(answers=(), cwd=tmp_path, **where)
    assert again.code == 0, again.out + again.err
    assert again.out.count("Is set already") == 3
    assert (tmp_path / ".env").read_bytes() == before


@pytest.mark.parametrize("answers", [(), ("x", "y", "z"), ("1:a",), ("1:a", "1:b", "1:c")])
async def test_without_usable_answers_nothing_is_changed(
    telegram: StagedTelegram, tmp_path: Path, answers: tuple[str, ...]
) -> None:
    """Exit code 5, and no file."""
    ended = await setup(answers=answers, cwd=tmp_path, TELEGRAM_API_URL=telegram.url)
    assert (ended.code, ended.err) == (5, "")
    assert ended.out.endswith("Nothing was changed.\n")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - not Path's own, which looks like waiting


async def test_a_telegram_that_is_silent_is_named(tmp_path: Path) -> None:
    ended = await setup(answers=("1:abc",), cwd=tmp_path, TELEGRAM_API_URL="http://127.0.0.1:9")
    assert ended.code == 5
    assert "Telegram does not answer" in ended.out


async def test_a_folder_that_is_closed_is_named(telegram: StagedTelegram, tmp_path: Path) -> None:
    """Where `.env` can't be written nothing is begun."""
    (tmp_path / ".env").mkdir()
    answers = (telegram.token, "Ada, ada@example.org", "open")
    ended = await setup(answers=answers, cwd=tmp_path, TELEGRAM_API_URL=telegram.url)
    assert ended.code == 5
    assert "Traceback" not in ended.err


async def test_ailab_is_set_up_by_three_answers(telegram: StagedTelegram, tmp_path: Path) -> None:
    """A key that is refused is asked for again; what the law wants told is told."""
    where = {"TELEGRAM_API_URL": telegram.url, "TELEGRAM_TOKEN": telegram.token, "ADMIN_IDS": "7"}
    where |= {"OPERATOR_NAME": "Ada", "OPERATOR_CONTACT": "ada@example.org"}
    async with LoopbackAILab() as ailab:
        answers = ("wrong", ailab.key, "AILab Tools, Ltd., China", "Germany, standard contractual clauses, Art. 46")
        ended = await setup("ailab", answers=answers, cwd=tmp_path, AILAB_API_URL=ailab.url, **where)
    assert ended.code == 0, ended.out + ended.err
    assert "refuses this key" in ended.out
    kept = (tmp_path / ".env").read_text(encoding="utf-8")
    for line in (
        "AILAB_COMPANY='AILab Tools, Ltd.'",
        "AILAB_COUNTRY='China'",
        "OPERATOR_COUNTRY='Germany'",
        "AILAB_TRANSFER='standard contractual clauses, Art. 46'",
    ):
        assert line in kept
    assert ailab.key not in ended.out
