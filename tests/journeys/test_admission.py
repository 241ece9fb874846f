"""A bot for named people: strangers get a kind word, and nothing of theirs is stored."""

import re
import sqlite3
from contextlib import closing

from bot.storage.switches import Switch
from tests.journeys.stage import (
    SELFIE,
    Stage,
    asked,
    data_of,
    is_consent_question,
    is_newer_than,
    is_report_number,
)
from tests.pictures import selfie

STRANGER = 500
ADMIN = 9


def rows_of(stage: Stage, table: str) -> int:
    with closing(sqlite3.connect(stage.database)) as rows:
        (count,) = rows.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a name of ours
    return int(count)


async def test_named_people_and_admins_are_let_in(stage: Stage) -> None:
    stage.settings |= {"ACCESS": "named", "ALLOWED_IDS": "7, 8", "ADMIN_IDS": "9"}
    async with stage.running():
        for user_id in (7, 8, 9):
            person = await stage.consenting(user_id)
            assert (await asked(person, "/latest")).photo is not None


async def test_strangers_get_a_kind_word_and_leave_no_trace(stage: Stage) -> None:
    """Whatever they send, in their language; no photo is looked at, and nobody is noted."""
    stage.settings |= {"ACCESS": "named", "ALLOWED_IDS": "7"}
    async with stage.running():
        eva = stage.telegram.person(STRANGER, language_code="es")
        for text in ("/start", "hola", "/settings"):
            answer = await asked(eva, text)
            assert "pequeño grupo" in answer.words
        before = eva.last
        await eva.send_photo(SELFIE)
        await eva.wait_for(is_newer_than(before))
        assert "pequeño grupo" in eva.last.words
        await stage.settled()
        assert [rows_of(stage, table) for table in ("person", "report", "said", "effort")] == [0, 0, 0, 0]
        with closing(sqlite3.connect(stage.database)) as rows:
            assert rows.execute("SELECT count(*) FROM inbox WHERE sealed IS NOT NULL").fetchone() == (0,)
    assert stage.ailab.calls == []


async def test_a_stranger_who_needs_help_is_helped(stage: Stage) -> None:
    stage.settings |= {"ACCESS": "named", "ALLOWED_IDS": "7"}
    async with stage.running():
        answer = await asked(stage.telegram.person(STRANGER), "I don't want to live any more")
    assert "findahelpline" in answer.words


async def test_whoever_was_let_in_before_keeps_their_rights(stage: Stage) -> None:
    """An open bot that becomes a named one: what is stored can be taken along and erased."""
    async with stage.running():
        await stage.consenting(STRANGER)
    stage.settings |= {"ACCESS": "named", "ALLOWED_IDS": "7"}
    async with stage.running():
        ada = stage.telegram.person(STRANGER)
        assert "small circle" in (await asked(ada, "/history")).words
        await ada.send_text("/export")
        await ada.wait_for(lambda message: message.document is not None)
        question = await asked(ada, "/delete")
        assert "delete:yes" in data_of(question)
        await ada.press(question, "delete:yes")
        await stage.settled()
        assert rows_of(stage, "person") == 0


async def invited(stage: Stage, reports: int = 5) -> str:
    """What the link says that an admin makes by /admin."""
    admin = stage.telegram.person(ADMIN)
    screen = await asked(admin, "/admin")
    await admin.press(screen, "admin:invitations")
    await stage.settled()
    await admin.press(admin.message(screen.message_id), f"admin:invite:{reports}")
    await stage.settled()
    shown = admin.message(screen.message_id).words
    (code,) = re.findall(r"\?start=(i_[\w-]+)", shown)
    return str(code)


async def test_a_link_lets_people_in_until_its_reports_are_used_up(stage: Stage) -> None:
    """Five people get a report each; an erased one stays used; who was erased is a stranger again."""
    stage.settings |= {"ACCESS": "named", "ADMIN_IDS": str(ADMIN)}
    async with stage.running():
        link = await invited(stage, 5)
        for number in range(5):
            guest = stage.telegram.person(600 + number)
            await asked(guest, f"/start {link}")
            await stage.consenting(600 + number)
        question = await asked(stage.telegram.person(600), "/delete")
        await stage.telegram.person(600).press(question, "delete:yes")
        await stage.settled()
        late = stage.telegram.person(700)
        await asked(late, f"/start {link}")
        await late.send_photo(SELFIE)
        consent = await late.wait_for(is_consent_question)
        await late.press(consent, "consent:yes")
        await late.wait_for(lambda message: "used up" in message.words)
        assert "small circle" in (await asked(stage.telegram.person(600), "/start")).words
        assert "no longer valid" in (await asked(stage.telegram.person(800), "/start i_nonsense")).words
        assert len(stage.ailab.calls) == 5


async def test_a_link_that_was_taken_back_lets_nobody_in(stage: Stage) -> None:
    """Nor those who came by it; they keep their rights."""
    stage.settings |= {"ACCESS": "named", "ADMIN_IDS": str(ADMIN)}
    async with stage.running():
        link = await invited(stage)
        guest = stage.telegram.person(600)
        await asked(guest, f"/start {link}")
        await stage.consenting(600)
        admin = stage.telegram.person(ADMIN)
        await admin.press(admin.last, "admin:revoke:1")
        await stage.settled()
        assert "taken back" in admin.last.words
        assert "small circle" in (await asked(guest, "/history")).words
        assert "no longer valid" in (await asked(stage.telegram.person(601), f"/start {link}")).words
        await guest.send_text("/export")
        await guest.wait_for(lambda message: message.document is not None)


async def test_photos_are_paused_and_go_on(stage: Stage) -> None:
    """What comes meanwhile waits, is told so, and is read when an admin lets it go on."""
    stage.settings["ADMIN_IDS"] = str(ADMIN)
    async with stage.running():
        ada = await stage.consenting(1)
        admin = stage.telegram.person(ADMIN)
        screen = await asked(admin, "/admin")
        await admin.press(screen, "admin:pause")
        await ada.send_photo(selfie(seed=5))
        await ada.wait_for(lambda message: "paused right now" in message.words)
        assert len(stage.ailab.calls) == 1
        await admin.press(admin.message(screen.message_id), "admin:resume")
        await ada.wait_for(is_report_number(2))
    assert len(stage.ailab.calls) == 2


async def test_admins_buttons_are_for_admins(stage: Stage) -> None:
    """Who is none hears what they hear to any unknown command; an old button of theirs does nothing."""
    stage.settings["ADMIN_IDS"] = str(ADMIN)
    async with stage.running():
        admin = stage.telegram.person(ADMIN)
        await asked(admin, "/admin")
        ada = stage.telegram.person(1)
        assert "don't know" in (await asked(ada, "/admin")).words
    stage.settings["ADMIN_IDS"] = "77"
    async with stage.running() as app:
        screen = admin.last
        await admin.press(screen, "admin:pause")
        await admin.wait_for(is_newer_than(screen))
        assert not await app.store.switches.is_on(Switch.PAUSED)
