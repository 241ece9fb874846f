"""The button beside the letters: each chat has it in its language, for as long as there is a page."""

from bot.playground.server.wire import Raw
from tests.journeys.stage import Stage, asked
from tests.journeys.test_long_absence import ALMOST, OVER, later
from tests.journeys.test_moving import code_of
from tests.journeys.window import window, with_page
from tests.telegram import Actor, Refuse

COMMANDS: Raw = {"type": "commands"}


def beside(stage: Stage, person: Actor) -> Raw:
    """What stands beside the letters of their chat."""
    return stage.telegram.world.chats[person.user_id].menu_button or stage.telegram.world.profile.menu_button


def page(url: str, label: str = "My skin") -> Raw:
    return {"type": "web_app", "text": label, "web_app": {"url": f"{url}/"}}


def times_set(stage: Stage) -> int:
    return len(stage.telegram.calls("setChatMenuButton"))


async def test_it_speaks_each_persons_language(stage: Stage) -> None:
    """From their first word on; who never wrote has the commands."""
    url = with_page(stage)
    async with stage.running():
        ada = await stage.consenting(1)
        eva = stage.telegram.person(2, language_code="es")
        await asked(eva, "/start")
        await stage.settled()
        often = times_set(stage)
        await asked(ada, "/help")
        await stage.settled()

    assert (beside(stage, ada), beside(stage, eva)) == (page(url), page(url, "Mi piel"))
    assert beside(stage, stage.telegram.person(3)) == COMMANDS
    assert (often, times_set(stage)) == (2, 2)


async def test_it_follows_the_language_that_is_chosen(stage: Stage) -> None:
    """In the chat, on the page, or in Telegram itself."""
    url = with_page(stage)
    async with stage.running():
        ada = await stage.consenting(1)
        await ada.press(await asked(ada, "/settings"), "settings:lang:es")
        await stage.settled()
        in_chat = beside(stage, ada)
        async with window(stage, ada) as opened:
            await opened.tap("settings:lang:en")
        on_page = beside(stage, ada)
        eva = stage.telegram.person(2, language_code="es")
        await asked(eva, "/start")
        await stage.settled()
        eva.language_code = "de"
        await asked(eva, "/help")
        await stage.settled()

    assert (in_chat, on_page) == (page(url, "Mi piel"), page(url))
    assert beside(stage, eva) == page(url)


async def test_start_sets_it_whatever_was_remembered(stage: Stage) -> None:
    """Somebody whose Telegram lost it has it again."""
    url = with_page(stage)
    async with stage.running():
        ada = await stage.consenting(1)
        stage.telegram.world.chats[1].menu_button = None
        await asked(ada, "/start")
        await stage.settled()
        assert beside(stage, ada) == page(url)


async def test_what_telegram_refuses_is_tried_with_the_next_word(stage: Stage) -> None:
    """And the answer comes all the same."""
    url = with_page(stage)
    async with stage.running():
        ada = stage.telegram.person(1)
        stage.telegram.fail_next("setChatMenuButton", Refuse(status=400, description="Bad Request: no"))
        await asked(ada, "/start")
        await stage.settled()
        refused = beside(stage, ada)
        await asked(ada, "/help")
        await stage.settled()

    assert (refused, beside(stage, ada)) == (COMMANDS, page(url))


async def test_it_goes_with_the_page(stage: Stage) -> None:
    """At a start without WEBAPP_URL who had it has commands again, without having to speak; nobody else is asked."""
    with_page(stage)
    async with stage.running():
        ada, bob = await stage.consenting(1), await stage.consenting(2)
    bob.block()
    del stage.settings["WEBAPP_URL"]
    async with stage.running() as app:
        await stage.consenting(3)
        await app.people.menu_button.renew()
        once = {call.params["chat_id"] for call in stage.telegram.calls("setChatMenuButton")[2:]}
        often = times_set(stage)
        await app.people.menu_button.renew()
        again = times_set(stage) - often
        left = beside(stage, bob)
        bob.unblock()
        await asked(bob, "/help")
        await stage.settled()

    assert beside(stage, ada) == COMMANDS
    assert (left["type"], beside(stage, bob)) == ("web_app", COMMANDS)
    assert (once, again) == ({1, 2}, 0)


async def test_who_is_erased_for_absence_keeps_none(stage: Stage) -> None:
    """It would open a page that knows nobody."""
    with_page(stage)
    async with stage.running():
        ada = await stage.consenting(1)
        await stage.settled()
    before = beside(stage, ada)
    for by in (ALMOST, OVER):
        async with later(stage, by) as app:
            await app.own_data.retention.sweep()

    assert (before["type"], beside(stage, ada)) == ("web_app", COMMANDS)


async def test_it_moves_with_the_page(stage: Stage) -> None:
    """To another address, without anybody having to speak."""
    with_page(stage)
    async with stage.running():
        eva = stage.telegram.person(2, language_code="es")
        await asked(eva, "/start")
        await stage.settled()
    url = with_page(stage)
    async with stage.running() as app:
        await app.people.menu_button.renew()
        once = times_set(stage)
        await app.people.menu_button.renew()

    assert beside(stage, eva) == page(url, "Mi piel")
    assert times_set(stage) == once


async def test_it_leaves_the_chat_with_its_person(stage: Stage) -> None:
    """Who erases everything, and who moves to another account, has commands there; the new chat has the button."""
    url = with_page(stage)
    async with stage.running():
        ada = await stage.consenting(1)
        code = await code_of(ada)
        here = stage.telegram.person(11)
        await asked(here, code)
        await stage.settled()
        moved = beside(stage, ada), beside(stage, here)
        await here.press(await asked(here, "/delete"), "delete:yes")
        await here.wait_for(lambda message: "are deleted" in message.words)
        await stage.settled()

    assert moved == (COMMANDS, page(url))
    assert beside(stage, here) == COMMANDS
