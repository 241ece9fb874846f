"""What surrounds a report: a sign at once, one-tap reminders, pictures as one wants them, one's own clock."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.views.reports import HistoryRow, HistoryView
from tests.journeys.stage import SELFIE, Stage, asked, data_of, is_newer_than, is_report, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage, Refuse


async def after(person: Actor, message: ChatMessage, data: str) -> ChatMessage:
    """The screen that a tap turns a message into."""
    await person.press(message, data)
    return await person.wait_for(
        lambda shown: shown.message_id == message.message_id and shown.edit_count > message.edit_count
    )


async def test_a_selfie_that_is_stored_gets_a_sign(stage: Stage) -> None:
    """Before anything can be said about it, and on that very message."""
    async with stage.running():
        ada = stage.telegram.person(1)
        sent = await ada.send_photo(SELFIE)
        await stage.settled()
        await ada.wait_for(lambda _: bool(stage.telegram.calls("setMessageReaction")))
        (reaction,) = stage.telegram.calls("setMessageReaction")

    assert str(reaction.params["message_id"]) == str(sent)
    assert "👀" in str(reaction.params["reaction"])


async def test_a_server_without_reactions_loses_no_selfie(stage: Stage) -> None:
    """The sign is not worth failing for."""
    async with stage.running():
        stage.telegram.fail_next("setMessageReaction", Refuse(status=400, description="Bad Request: REACTION_INVALID"))
        ada = await stage.consenting(1)
        assert [message for message in ada.bot_messages if is_report(message)]


async def test_a_reminder_in_one_tap(stage: Stage) -> None:
    """For who told their time zone, Sunday at ten is one tap away."""
    async with stage.running():
        ada = await stage.consenting(1)
        await after(ada, await asked(ada, "/settings"), "zone")
        await ada.send_text("Barcelona")
        cities = await ada.wait_for(lambda message: "zone:set:Europe/Madrid" in data_of(message))
        await after(ada, cities, "zone:set:Europe/Madrid")
        told = await after(ada, await asked(ada, "/reminders"), "remind:time:6:600")
        settings = await asked(ada, "/settings")

    assert "Every Sunday at 10:00" in told.words.replace("\u202f", " ")
    assert "Weekly reminder: Sunday, 10:00" in settings.words.replace("\u202f", " ")


async def test_places_of_one_name_are_told_apart(stage: Stage) -> None:
    """By their region, and only where it is needed."""
    async with stage.running():
        ada = await stage.consenting(1)
        await after(ada, await asked(ada, "/settings"), "zone")
        found = [label for row in (await asked(ada, "Springfield")).buttons for label, _ in row]
        lone = [label for row in (await asked(ada, "Reykjavik")).buttons for label, _ in row]

    assert {"Missouri", "Massachusetts", "Illinois"} <= {part for label in found for part in label.split(" · ")}
    assert len(lone[0].split(" · ")) == 3


async def test_a_key_sends_where_one_is(stage: Stage) -> None:
    """It stands where the letters are; when the place came it goes again, and the zone is set."""
    async with stage.running():
        ada = await stage.consenting(1)
        zone = await after(ada, await asked(ada, "/settings"), "zone")
        await ada.press(zone, "zone:place")
        question = await ada.wait_for(is_newer_than(zone))
        await ada.send_location(latitude=-12.05, longitude=-77.04)
        await ada.wait_for(lambda message: "Lima" in message.words)
        sent = [str(call.params.get("reply_markup", "")) for call in stage.telegram.calls("sendMessage")]

    assert "Send my location" in question.words
    assert any("'request_location': True" in markup for markup in sent)
    assert any("'remove_keyboard': True" in markup for markup in sent)


@pytest.mark.parametrize(("wanted", "shown"), [("settings:veil", "spoiler"), ("settings:guard", "protected")])
async def test_pictures_are_shown_as_one_wants_them(stage: Stage, wanted: str, shown: str) -> None:
    """Hidden until they are tapped, or safe from saving: both off at first, and set for the report that comes."""
    async with stage.running():
        ada = await stage.consenting(1)
        before = stage.telegram.calls("editMessageMedia")
        pictures = await after(ada, await asked(ada, "/settings"), "pictures")
        await after(ada, pictures, wanted)
        await ada.send_photo(selfie(seed=5))
        await ada.wait_for(is_report_number(2))
        media = str(stage.telegram.calls("editMessageMedia")[-1].params["media"])
        statuses = [call for call in stage.telegram.calls("sendMessage") if "protect_content" in call.params]

    assert not any("has_spoiler" in str(call.params) for call in before)
    assert ("'has_spoiler': True" in media) == (shown == "spoiler")
    assert bool(statuses) == (shown == "protected")


async def test_no_switch_that_can_do_nothing(stage: Stage) -> None:
    """What this device never sees can't be switched: no age, and only the marks that it draws."""
    stage.settings["ANALYZER"] = "local"
    async with stage.running():
        settings = await asked(stage.telegram.person(1), "/settings")
        ada = stage.telegram.person(1)
        pictures = await after(ada, settings, "pictures")
        marks = await after(ada, pictures, "settings:marks")

    assert "settings:age" not in data_of(settings)
    assert "remind" in data_of(settings)
    assert [data for data in data_of(marks) if data.startswith("settings:mark:")] == [
        "settings:mark:red_spots",
        "settings:mark:dark_spots",
    ]


async def test_colored_buttons_are_left_out_where_they_are_refused(stage: Stage) -> None:
    """A server of an older version answers as if nothing was."""
    async with stage.running():
        ada = await stage.consenting(1)
        refusal = Refuse(status=400, description="Bad Request: can't parse inline keyboard button: style is not known")
        stage.telegram.fail_next("sendMessage", refusal)
        first = await asked(ada, "/delete")
        second = await asked(ada, "/delete")
        markups = [str(call.params["reply_markup"]) for call in stage.telegram.calls("sendMessage")[-3:]]

    assert data_of(first) == data_of(second) == ["delete:no", "export", "delete:yes"]
    assert ["style" in markup for markup in markups] == [True, False, False]


async def test_a_caption_that_became_a_note_says_so(stage: Stage) -> None:
    """With a button that removes it."""
    async with stage.running():
        ada = await stage.consenting(1)
        await ada.send_photo(selfie(seed=5), caption="second week of the new cream")
        told = await ada.wait_for(lambda message: "unnote:2" in data_of(message) and not message.photo)
        gone = await after(ada, told, "unnote:2")

    assert "second week of the new cream" in told.words
    assert "Note removed" in gone.words


async def test_measuring_again_ends_with_cancel(stage: Stage) -> None:
    """It is offered under the chart only; after /cancel the next selfie is a report of its own."""
    async with stage.running():
        ada = await stage.consenting(1)
        (report,) = [message for message in ada.bot_messages if is_report(message)]
        progress = await asked(ada, "/progress")
        await ada.press(progress, "repeat:1")
        await ada.wait_for(lambda message: "10 minutes" in message.words)
        ended = await asked(ada, "/cancel")
        nothing = await asked(ada, "/cancel")
        await ada.send_photo(selfie(seed=5))
        second = await ada.wait_for(is_report_number(2))

    assert "repeat:1" not in data_of(report)
    assert "report of its own again" in ended.words
    assert "nothing" in nothing.words.lower()
    assert "Second photo" not in (second.caption or "")


async def test_dates_are_those_of_ones_own_clock(stage: Stage) -> None:
    """Late in the evening in Greenwich it is tomorrow on Kiritimati."""
    late = HistoryRow(number=1, when=datetime(2026, 11, 22, 23, tzinfo=UTC), watch=())
    async with stage.running() as app:
        person = await app.people.people.meet(1, "en")
        labels = [
            app.people.voice.words(replace(person, time_zone=zone), HistoryView(rows=(late,), page=0, pages=1)).rows[0]
            for zone in (None, "Pacific/Kiritimati")
        ]

    assert ["Nov 22" in labels[0][0].label, "Nov 23" in labels[1][0].label] == [True, True]


@pytest.mark.parametrize(
    ("wish", "sign"), [("/latest", "upload_photo"), ("/export", "upload_document"), ("/progress", "upload_photo")]
)
async def test_what_takes_a_moment_shows_a_sign(stage: Stage, wish: str, sign: str) -> None:
    """While a picture or a file is made Telegram itself says so."""
    async with stage.running():
        ada = await stage.consenting(1)
        await asked(ada, wish)
        await stage.settled()
        signs = [call.params["action"] for call in stage.telegram.calls("sendChatAction")]

    assert sign in signs


async def test_cancel_ends_the_question_for_a_city(stage: Stage) -> None:
    """The next text is a text again."""
    async with stage.running():
        ada = await stage.consenting(1)
        await after(ada, await asked(ada, "/settings"), "zone")
        ended = await asked(ada, "/cancel")
        text = await asked(ada, "Lima")

    assert "no longer waiting for a city" in ended.words
    assert "zone:set:America/Lima" not in data_of(text)
