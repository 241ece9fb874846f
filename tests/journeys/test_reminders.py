"""A weekly reminder, from the first tap to the fifth week, on a clock that the tests turn."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot.clock import now
from tests.journeys.stage import Stage, data_of, is_newer_than, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage, DropAfter, Refuse

MADRID: Final = ZoneInfo("Europe/Madrid")
NOTE: Final = ["remind:scan", "remind:tomorrow", "remind:skip", "remind:stop"]
TO_SATURDAY: Final = ("remind:day", "remind:day:5", "remind:hour:5:9")


class TurnedClock:
    """Goes at its usual pace, from any time on."""

    def __init__(self, start: str) -> None:
        self._ahead = timedelta()
        self.turn(start)

    def __call__(self) -> datetime:
        return now() + self._ahead

    def turn(self, wall: str) -> None:
        """To that wall time in Madrid."""
        self._ahead = datetime.fromisoformat(wall).replace(tzinfo=MADRID).astimezone(UTC) - now()


@pytest.fixture
def clock(stage: Stage) -> TurnedClock:
    """It is a Wednesday."""
    stage.clock = TurnedClock("2026-11-25T12:00")
    return stage.clock


def is_note(message: ChatMessage) -> bool:
    return data_of(message)[-len(NOTE) :] == NOTE


async def turn(stage: Stage, clock: TurnedClock, wall: str) -> None:
    clock.turn(wall)
    stage.app.reminders.sending.wake()


async def walk(person: Actor, message: ChatMessage, *taps: str) -> ChatMessage:
    """Tap one button after the other; each turns the same message into the next screen."""
    for data in taps:
        edits = message.edit_count
        message_id = message.message_id
        await person.press(message, data)
        message = await person.wait_for(
            lambda shown, known=message_id, before=edits: shown.message_id == known and shown.edit_count > before  # type: ignore[misc]
        )
    return message


async def opened(person: Actor, command: str = "/reminders") -> ChatMessage:
    sent = await person.send_text(command)
    return await person.wait_for(lambda message: message.message_id > sent)


async def reminded(stage: Stage, *, user_id: int = 1, language_code: str = "en") -> Actor:
    """Somebody whose reminder is on: Saturdays at nine in Madrid."""
    person = stage.telegram.person(user_id, language_code=language_code)
    await walk(person, await opened(person), *TO_SATURDAY)
    await person.send_text("Barcelona")
    cities = await person.wait_for(lambda message: "zone:set:Europe/Madrid" in data_of(message))
    await walk(person, cities, "zone:set:Europe/Madrid")
    return person


async def state(person: Actor) -> str:
    return (await opened(person)).words


async def test_permission_taken_back_stops_it(stage: Stage, clock: TurnedClock) -> None:
    """Who does not want to be looked at any more is not asked for a selfie either."""
    async with stage.running():
        await stage.consenting(1)
        ada = await reminded(stage)
        await walk(ada, await opened(ada, "/mydata"), "withdraw:ask", "withdraw:keep")
        await turn(stage, clock, "2026-11-28T09:06")
        await stage.settled()
        assert "Every Saturday" not in await state(ada)
        assert not any(is_note(message) for message in ada.bot_messages)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Every Saturday at 9:00", "Saturday, November 28 at 9:00", "Time zone: Madrid")),
        ("es", ("Cada sábado, 9:00", "sábado, 28 de noviembre, 9:00", "Zona horaria: Madrid")),
    ],
)
async def test_set_by_buttons_and_a_city(
    stage: Stage, clock: TurnedClock, language: str, words: tuple[str, ...]
) -> None:
    """Day, hour, city: confirmed with the next date and the zone, in the person's language; then it comes."""
    async with stage.running():
        ada = await reminded(stage, language_code=language)
        said = ada.last.words.replace("\u202f", " ")
        assert all(part in said for part in words), said
        assert not any(is_note(message) for message in ada.bot_messages)
        await turn(stage, clock, "2026-11-28T09:06")
        note = await ada.wait_for(is_note)

    assert ("AAD" in note.words) or ("NHS" in note.words) or ("Mayo" in note.words)
    assert ("something to compare" in note.words) or ("algo con lo que comparar" in note.words)


async def test_it_asks_what_became_of_the_step_until_they_say(stage: Stage, clock: TurnedClock) -> None:
    """ "I'll try it" under a report: the next reminder asks, with three answers, and the one after it no more."""
    async with stage.running():
        ada = await stage.consenting(1)
        await ada.press(ada.last, "try:1")
        await reminded(stage)
        await turn(stage, clock, "2026-11-28T09:06")
        note = await ada.wait_for(is_note)
        await ada.press(note, "tried:1:yes")
        thanks = await ada.wait_for(lambda message: "Well done" in message.text)
        await turn(stage, clock, "2026-12-05T09:06")
        second = await ada.wait_for(lambda message: is_note(message) and message.message_id > thanks.message_id)

    assert "You wanted to try this. Did you?" in note.words
    assert {"tried:1:yes", "tried:1:partly", "tried:1:no"} <= set(data_of(note))
    assert "Did you?" not in second.words
    assert "tried:1:yes" not in data_of(second)


async def test_off_by_default(stage: Stage, clock: TurnedClock) -> None:
    """Who never asked hears nothing, week after week."""
    async with stage.running():
        ada = stage.telegram.person(1)
        assert "Off." in await state(ada)
        before = len(ada.bot_messages)
        await turn(stage, clock, "2026-12-30T12:00")
        assert await stage.app.reminders.sending.send_due() == 0

    assert len(ada.bot_messages) == before


async def test_zone_by_a_shared_place(stage: Stage, clock: TurnedClock) -> None:
    """The waiting reminder is on at once; of the place only the zone is kept."""
    async with stage.running():
        ada = stage.telegram.person(1)
        await walk(ada, await opened(ada), *TO_SATURDAY)
        await ada.send_location()
        done = await ada.wait_for(lambda message: "Time zone: Vienna" in message.words)

    assert "Saturday, November 28" in done.words
    assert b"48.2082" not in stage.database.read_bytes()
    assert clock().year == 2026


async def test_zone_by_what_the_clock_shows(stage: Stage, clock: TurnedClock) -> None:
    """It is 12:00 in Madrid and in Lagos: the difference is asked for, not guessed. Every screen leads back."""
    async with stage.running():
        ada = stage.telegram.person(1)
        zone = await walk(ada, await opened(ada), *TO_SATURDAY)
        clocks = await walk(ada, zone, "zone:clock")
        noon = [label for row in clocks.buttons for label, data in row if data == "zone:offset:60"]
        assert noon[0].startswith("Wed 12:0")
        groups = await walk(ada, clocks, "zone:offset:60")
        assert data_of(groups)[-1] == "zone:clock"
        assert {"zone:set:Europe/Berlin"} < set(data_of(groups))
        again = await walk(ada, groups, "zone:clock", "zone", "remind")
        assert "zone" in data_of(again)
        done = await walk(ada, again, "zone", "zone:clock", "zone:offset:60", "zone:set:Europe/Berlin")

    assert "Every Saturday" in done.words
    assert "Berlin" in done.words
    assert clock().month == 11


async def test_zone_alone_for_the_settings(stage: Stage, clock: TurnedClock) -> None:
    """The same screen without a reminder: an unknown city is said so, a known one kept, and nothing switched on."""
    async with stage.running():
        ada = stage.telegram.person(1)
        start = await opened(ada, "/start")
        await ada.forge(start.message_id, "zone").answer
        await ada.wait_for(lambda message: "name of your city" in message.words)
        await ada.send_text("Qwxzyk <b>")
        await ada.wait_for(lambda message: "don't know a city" in message.words)
        await ada.send_text("Sevilla")
        cities = await ada.wait_for(lambda message: "zone:set:Europe/Madrid" in data_of(message))
        kept = await walk(ada, cities, "zone:set:Europe/Madrid")
        assert "Time zone: Madrid" in kept.words
        assert "Off." in await state(ada)
        await ada.send_text("Sevilla")
        hint = await ada.wait_for(lambda message: "I didn't understand this" in message.words)

    assert hint.message_id > kept.message_id
    assert clock().day == 25


async def test_tomorrow_skip_and_scan(stage: Stage, clock: TurnedClock) -> None:
    """Tomorrow brings it once more, skip leads to next week, scan asks for a selfie; each names its date."""
    async with stage.running():
        ada = await reminded(stage)
        await turn(stage, clock, "2026-11-28T09:06")
        first = await ada.wait_for(is_note)
        put = await walk(ada, first, "remind:tomorrow")
        assert "Sunday, November 29" in put.words
        await turn(stage, clock, "2026-11-29T09:06")
        second = await ada.wait_for(is_note)
        await ada.press(second, "remind:scan")
        await ada.wait_for(lambda message: "selfie now" in message.words)
        skipped = await walk(ada, second, "remind:skip")

    assert second.message_id > first.message_id
    assert "Saturday, December 5" in skipped.words


async def test_stop_and_go_on(stage: Stage, clock: TurnedClock) -> None:
    """One tap stops it; nothing comes any more; one tap brings it back at the same time."""
    async with stage.running():
        ada = await reminded(stage)
        await turn(stage, clock, "2026-11-28T09:06")
        stopped = await walk(ada, await ada.wait_for(is_note), "remind:stop")
        await turn(stage, clock, "2026-12-05T09:06")
        assert await stage.app.reminders.sending.send_due() == 0
        again = await walk(ada, stopped, "remind:on")

    assert "Saturday, December 12" in again.words


async def test_four_ignored_weeks(stage: Stage, clock: TurnedClock) -> None:
    """Then it pauses and says so; a button goes on."""
    async with stage.running():
        ada = await reminded(stage)
        for saturday in ("11-28", "12-05", "12-12", "12-19"):
            known = ada.last
            await turn(stage, clock, f"2026-{saturday}T09:06")
            await ada.wait_for(lambda message, known=known: is_note(message) and is_newer_than(known)(message))  # type: ignore[misc]
        await turn(stage, clock, "2026-12-26T09:06")
        paused = await ada.wait_for(lambda message: "reminder is paused" in message.words)
        await turn(stage, clock, "2027-01-02T09:06")
        assert await stage.app.reminders.sending.send_due() == 0
        assert "paused" in await state(ada)
        on = await walk(ada, paused, "remind:on")

    assert "Saturday, January 9" in on.words
    assert len([message for message in ada.bot_messages if is_note(message)]) == 4


async def test_a_selfie_is_an_answer_and_the_note_recalls_it(stage: Stage, clock: TurnedClock) -> None:
    """Five weeks with a selfie after the first note: no pause; the note says what the last report said."""
    async with stage.running():
        ada = await stage.consenting(1)
        await reminded(stage)
        for week, saturday in enumerate(("11-28", "12-05", "12-12", "12-19", "12-26")):
            known = ada.last
            await turn(stage, clock, f"2026-{saturday}T09:06")
            note = await ada.wait_for(lambda message, known=known: is_note(message) and is_newer_than(known)(message))  # type: ignore[misc]
            if week == 1:
                await ada.send_photo(selfie((500, 600)))
                await ada.wait_for(is_report_number(2))

    assert "Your last report is from Dec 5, 2026" in note.words
    assert "since report 1" in note.words


@pytest.mark.parametrize(
    ("back", "said"),
    [
        ("2026-11-28T12:00", "this is late"),
        ("2026-11-28T20:59", "this is late"),
        ("2026-11-28T21:50", None),
    ],
)
async def test_bot_that_was_down(stage: Stage, clock: TurnedClock, back: str, said: str | None) -> None:
    """What fell due meanwhile comes once, marked late; after twelve hours not at all, and next week on time."""
    async with stage.running():
        ada = await reminded(stage)
    clock.turn(back)
    async with stage.running():
        if said:
            late = await ada.wait_for(is_note)
            assert said in late.words
            assert "9:00" in late.words
        await turn(stage, clock, "2026-12-05T09:06")
        await ada.wait_for(lambda message: is_note(message) and "late" not in message.words)

    assert len([message for message in ada.bot_messages if is_note(message)]) == (2 if said else 1)


async def test_suggested_after_the_second_report_and_never_again(stage: Stage, clock: TurnedClock) -> None:
    """One line, once in a life."""
    async with stage.running():
        ada = await stage.consenting(1)
        for number in (2, 3, 4):
            await ada.send_photo(selfie((500 + number, 600)))
            await ada.wait_for(is_report_number(number))
            await stage.settled()
        offers = [message for message in ada.bot_messages if "remind:no" in data_of(message)]
        assert len(offers) == 1
        declined = await walk(ada, offers[0], "remind:no")

    assert "/reminders" in declined.words
    assert clock().day == 25


@pytest.mark.parametrize("gone", ["blocked", "deactivated"])
async def test_unreachable_person(stage: Stage, clock: TurnedClock, gone: str) -> None:
    """Their reminders stop by themselves, nobody else's do. Who comes back is told that they go on, once."""
    async with stage.running():
        ada, eva = await reminded(stage), await reminded(stage, user_id=2)
        if gone == "blocked":
            ada.block()
        else:
            ada.deactivate()
        await turn(stage, clock, "2026-11-28T09:06")
        await eva.wait_for(is_note)
        await turn(stage, clock, "2026-12-05T09:06")
        await eva.wait_for(lambda message: is_note(message) and message.message_id > eva.messages[-2].message_id)
        notes = [call for call in stage.telegram.calls("sendMessage") if "remind:scan" in str(call.params)]
        assert len([call for call in notes if str(call.params["chat_id"]) == "1"]) == 1
        if gone == "blocked":
            ada.unblock()
            back = await ada.wait_for(lambda message: "it's on again" in message.words)
            assert "remind:stop" in data_of(back)
            overview = await opened(ada)
            assert "On: every Saturday" in overview.words
            assert sum("it's on again" in message.words for message in ada.bot_messages) == 1
            await turn(stage, clock, "2026-12-12T09:06")
            await ada.wait_for(lambda message: is_note(message) and message.message_id > back.message_id)


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "Forbidden: bot can't initiate conversation with a user"), (400, "Bad Request: chat not found")],
)
async def test_a_wrong_token_switches_nobody_off(stage: Stage, clock: TurnedClock, status: int, words: str) -> None:
    """For an hour the token was another bot's, which nobody had spoken to: the week after all is as before."""
    async with stage.running():
        people = [await reminded(stage, user_id=number) for number in (1, 2)]
        stage.telegram.fail_next("sendMessage", *[Refuse(status=status, description=words)] * 2)
        await turn(stage, clock, "2026-11-28T09:06")
        async with asyncio.timeout(30):
            while stage.telegram._faults["sendMessage"]:  # noqa: ASYNC110 - no event says so
                await asyncio.sleep(0.05)
        await turn(stage, clock, "2026-12-05T09:06")
        for person in people:
            await person.wait_for(is_note)


async def test_dates_of_a_clock_that_was_ahead(stage: Stage, clock: TurnedClock) -> None:
    """Chosen while the clock was a month ahead: with the right time the next Saturday is a Saturday like any other."""
    clock.turn("2026-12-25T12:00")
    async with stage.running():
        ada = await reminded(stage)
    clock.turn("2026-11-25T12:00")
    async with stage.running():
        overview = await opened(ada)
        async with asyncio.timeout(20):
            while "November 28" not in overview.words:
                overview = await opened(ada)
        await turn(stage, clock, "2026-11-28T09:06")
        await ada.wait_for(is_note)


@pytest.mark.parametrize("fault", [Refuse(status=500, description="Internal Server Error"), DropAfter()], ids=str)
async def test_telegram_that_does_not_answer(stage: Stage, clock: TurnedClock, fault: object) -> None:
    """The one in flight may be lost or may have arrived, and is not repeated; the others come when Telegram is back."""
    async with stage.running():
        people = [await reminded(stage, user_id=number) for number in (1, 2, 3)]
        stage.telegram.fail_next("sendMessage", fault)  # type: ignore[arg-type] # parametrized
        clock.turn("2026-11-28T09:06")
        await stage.app.reminders.sending.send_due()
        clock.turn("2026-11-28T09:10")  # the lease of what was claimed has ended
        await stage.app.reminders.sending.send_due()
        async with asyncio.timeout(60):  # the bot's own look, twice a minute, may have been quicker and be at it still
            while sum(got := [sum(map(is_note, person.bot_messages)) for person in people]) < 2:  # noqa: ASYNC110 - no event says so
                await asyncio.sleep(0.05)

    assert sorted(got) in ([0, 1, 1], [1, 1, 1])


async def test_erased_person_is_not_reminded(stage: Stage, clock: TurnedClock) -> None:
    """/delete takes the reminder along."""
    async with stage.running():
        ada = await reminded(stage)
        question = await opened(ada, "/delete")
        await ada.press(question, "delete:yes")
        await ada.wait_for(lambda message: "permission are deleted" in message.words)
        await turn(stage, clock, "2026-11-28T09:06")
        assert await stage.app.reminders.sending.send_due() == 0


FORGED: Final = (
    "remind:hour:5:24",
    "remind:time:5:571",
    "remind:time:5:9999",
    "remind:time:9:570",
    "remind:day:7",
    "remind:on",
    "remind:tomorrow",
    "remind:skip",
    "remind:scan",
    "remind:stop",
    "remind:" + "x" * 50,
    "zone:set:Nowhere/City",
    "zone:set:../../etc/passwd",
    "zone:offset:9999",
    "zone:offset:-0",
    "zone:set:",
)


async def test_forged_taps(stage: Stage, clock: TurnedClock) -> None:
    """Each is acknowledged and answered, sets nothing for the one who sends it, and touches nobody else's."""
    async with stage.running():
        ada = await reminded(stage)
        eva = stage.telegram.person(2)
        for forged in FORGED:
            shown = await opened(eva, "/start")
            await eva.forge(shown.message_id, forged).answer
            await stage.settled()
            assert (eva.last.message_id, eva.last.edit_count) != (shown.message_id, shown.edit_count), forged
        assert "Off." in await state(eva)
        assert "On: every Saturday" in await state(ada)

    assert clock().day == 25


async def test_night_hours_have_to_be_asked_for(stage: Stage, clock: TurnedClock) -> None:
    """The first screen offers the day only; an hour of the night is said to be one, and is kept to."""
    async with stage.running():
        ada = stage.telegram.person(1)
        hours = await walk(ada, await opened(ada), "remind:day", "remind:day:5")
        assert [data for data in data_of(hours) if data.startswith("remind:hour")] == [
            f"remind:hour:5:{hour}" for hour in range(8, 22)
        ]
        night = await walk(ada, hours, "remind:night:5")
        assert "stay quiet" in night.words
        await walk(ada, night, "remind:hour:5:23")
        await ada.send_text("Europe/Madrid")
        cities = await ada.wait_for(lambda message: "zone:set:Europe/Madrid" in data_of(message))
        await walk(ada, cities, "zone:set:Europe/Madrid")
        await turn(stage, clock, "2026-11-28T23:06")
        await ada.wait_for(is_note)


async def test_new_zone_moves_the_date(stage: Stage, clock: TurnedClock) -> None:
    """The same wall time where the person is now; on the day of a reminder there is no second one."""
    async with stage.running():
        ada = await reminded(stage)
        await turn(stage, clock, "2026-11-28T09:06")
        await ada.wait_for(is_note)
        await ada.forge(ada.last.message_id, "zone:set:America/Mexico_City").answer
        await ada.wait_for(lambda message: "Time zone: Mexico City" in message.words)
        said = await state(ada)

    assert "Saturday, December 5" in said
    assert "Mexico City" in said
