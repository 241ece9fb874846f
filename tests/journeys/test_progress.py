"""Over weeks: a chart with an honest verdict, two reports side by side, and a second look at the same skin."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from typing import Final

from PIL import Image

from tests.ailab import answer, says
from tests.journeys.stage import Calendar, Stage, asked, data_of, is_newer_than, is_report_number
from tests.pictures import selfie
from tests.telegram import Actor, ChatMessage

SIDE: Final = 640
WEEK: Final = timedelta(days=7)


def pimples(count: int) -> dict[str, object]:
    """An answer with that many, for a photo of 640×640 px."""
    spots = [(150.0 + 7 * place, 300.0, 9.0, 9.0, 0.8) for place in range(count)]
    return answer(size=(SIDE, SIDE), marks={"acne": spots})


async def weekly(stage: Stage, calendar: Calendar, counts: Sequence[int], *, user_id: int = 1) -> Actor:
    """Somebody with a report a week, all in the same light, that many pimples in each."""
    stage.ailab.will(*(says(pimples(count)) for count in counts))
    ada = await stage.consenting(user_id)
    for place in range(1, len(counts)):
        calendar.tear_off(WEEK)
        await ada.send_photo(selfie((SIDE, SIDE), seed=place))
        await ada.wait_for(is_report_number(place + 1))
    await stage.settled()
    return ada


async def opened(person: Actor, message: ChatMessage, data: str) -> ChatMessage:
    """What a button opens: a new message, or this one changed."""
    await person.press(message, data)
    return await person.wait_for(
        lambda now: (
            now.message_id > message.message_id
            or (now.message_id == message.message_id and now.edit_count > message.edit_count)
        )
    )


def size_of(message: ChatMessage) -> tuple[int, int]:
    assert message.photo is not None
    return Image.open(io.BytesIO(message.photo)).size


async def test_progress_before_three_reports_says_what_is_needed(stage: Stage, calendar: Calendar) -> None:
    """How many more, and how to take them; no chart of two points."""
    async with stage.running():
        ada = await weekly(stage, calendar, [3, 4])
        said = await asked(ada, "/progress")

    assert said.photo is None
    assert "1 more comparable report" in said.text
    assert {"guide", "history:0"} <= set(data_of(said))


async def test_progress_is_one_message_that_the_buttons_turn(stage: Stage, calendar: Calendar) -> None:
    """A picture with an honest sentence; another measure replaces both, in the same message."""
    async with stage.running():
        ada = await weekly(stage, calendar, [3, 5, 4, 3])
        chart = await asked(ada, "/progress")
        assert chart.photo is not None
        assert "No clear change" in chart.caption
        assert data_of(chart)[0] == "progress:acne:all"
        other = await opened(ada, chart, "progress:pores:all")
        assert other.message_id == chart.message_id
        assert "Visible pores" in other.caption
        assert other.photo != chart.photo
        compared = await opened(ada, other, "compare")

    assert compared.message_id > chart.message_id
    assert "Report 1 and report 4" in compared.caption
    assert {"compare:1:4", "compare:3:4"} <= set(data_of(compared))


async def test_progress_tells_a_glaring_change(stage: Stage, calendar: Calendar) -> None:
    """Twenty pimples after a month of two are no noise, and the report says it at once."""
    async with stage.running():
        ada = await weekly(stage, calendar, [2, 2, 3, 2, 20, 21, 19, 22])
        fifth = await ada.wait_for(is_report_number(5))
        last = ada.last
        chart = await asked(ada, "/progress")

    assert "Since report 4" in fifth.caption
    assert "pimples (more)" in fifth.caption
    assert "Since March: pimples 2 → 22" in last.caption
    assert "More than before" in chart.caption
    assert "before that 2" in chart.caption


async def test_getting_better_is_told_celebrated_once_and_met_at_start(stage: Stage, calendar: Calendar) -> None:
    """By the reports themselves; before the trend is sure it only looks so, and /start for somebody known says it."""
    async with stage.running():
        ada = await weekly(stage, calendar, [14, 13, 14, 13, 3, 2, 3, 2, 2])
        told = [(await ada.wait_for(is_report_number(number))).caption for number in range(1, 10)]
        early = await asked(ada, "/start")
        calendar.tear_off(WEEK)
        home = await asked(ada, "/start")

    assert not any("Since" in caption or "looks like" in caption for caption in told[:3])
    assert "Pimples: looks like fewer, not sure yet" in told[5]
    assert [number for number, caption in enumerate(told, 1) if "🎉" in caption] == [7]
    assert "🎉 Since Mar 2: pimples 14 → 3. Good to see!" in told[6]
    assert "📈 Since March: pimples 14 → 2" in told[8]
    assert "Since March: pimples 14 → 2" in home.text
    assert "is best taken around May 4" in early.text
    assert "Time for a new photo" in home.text
    assert {"report:9", "progress", "compare"} <= set(data_of(home))


async def test_quiet_mode_has_words_and_no_figures(stage: Stage, calendar: Calendar) -> None:
    """Neither under the chart nor in the comparison."""
    async with stage.running():
        ada = await weekly(stage, calendar, [2, 3, 9, 20])
        await opened(ada, await asked(ada, "/settings"), "settings:quiet")
        chart = await asked(ada, "/progress")
        compared = await asked(ada, "/compare 1 4")

    assert not any(figure.isdigit() for figure in chart.caption)
    assert "Pimples: more" in compared.caption
    assert "→ 20" not in compared.caption


async def test_compare_says_how_the_photos_differ_before_what_the_skin_did(stage: Stage, calendar: Calendar) -> None:
    """A turned head is told first, and the picture has both faces."""
    async with stage.running():
        ada = await weekly(stage, calendar, [1, 1])
        turned = pimples(25) | {"warning": ["improper_headpose"]}
        stage.ailab.will(says(turned))
        calendar.tear_off(WEEK)
        await ada.send_photo(selfie((SIDE, SIDE), seed=9))
        report = await ada.wait_for(is_report_number(3))
        await stage.settled()  # what is said after a report is no answer to a command
        compared = await asked(ada, "/compare 2 3")
        alike = await asked(ada, "/compare")

    assert "the photos differ too much (pose)" in report.caption
    words = compared.caption
    assert words.index("The photos differ (pose)") < words.index(
        "Pimples: now seen" if "now seen" in words else "Pimples: more"
    )
    assert size_of(compared)[0] > size_of(compared)[1]
    assert "Report 1 and report 2" in alike.caption  # nothing compares with a turned head


async def test_any_two_reports_are_chosen_by_buttons(stage: Stage, calendar: Calendar) -> None:
    """The same message becomes the choice, the other pair, and back."""
    async with stage.running():
        ada = await weekly(stage, calendar, [3, 4, 3])
        compared = await asked(ada, "/compare")
        assert "Report 1 and report 3" in compared.caption
        compared = await opened(ada, compared, "compare:2:3")
        choice = await opened(ada, compared, "pick:before:2:3:0")
        assert "beside report 3" in choice.caption
        assert [data for data in data_of(choice) if data.startswith("compare:")] == [
            "compare:2:3",
            "compare:1:3",
            "compare:2:3",
        ]
        other = await opened(ada, choice, "compare:1:3")
        assert "Report 1 and report 3" in other.caption
        assert other.message_id == compared.message_id
        await ada.forge(other.message_id, "pick:after:1:3:99").answer
        last = await ada.wait_for(lambda message: "beside report 1" in message.caption)
        back = await opened(ada, last, "compare:1:3")
        alone = await asked(ada, "/compare 2")

    assert back.message_id == compared.message_id
    assert back.photo is not None
    assert [data for data in data_of(alone) if data.startswith("compare:")][:2] == ["compare:3:2", "compare:1:2"]


async def test_compare_without_the_photos_keeps_its_words(stage: Stage, calendar: Calendar) -> None:
    """Telegram forgot one of them."""
    async with stage.running():
        ada = await weekly(stage, calendar, [3, 4])
        sent = next(message for message in ada.messages if not message.from_bot and message.photo_file_id)
        stage.telegram.world.files.lose(str(sent.photo_file_id))
        compared = await asked(ada, "/compare")

    assert compared.photo is None
    assert "Report 1 and report 2" in compared.text
    assert "can't show the two photos" in compared.text


async def test_measuring_again_links_the_next_selfie(stage: Stage, calendar: Calendar) -> None:
    """One tap under the chart; the next photo is its repeat, paid and counted, and the one after that is not."""
    async with stage.running():
        ada = await weekly(stage, calendar, [3])
        ready = await opened(ada, await asked(ada, "/progress"), "repeat:1")
        assert "10 minutes" in ready.text
        stage.ailab.will(says(pimples(4)), says(pimples(3)))
        calendar.tear_off(timedelta(minutes=2))
        await ada.send_photo(selfie((SIDE, SIDE), seed=1))
        second = await ada.wait_for(is_report_number(2))
        await ada.send_photo(selfie((SIDE, SIDE), seed=2))
        third = await ada.wait_for(is_report_number(3))

    assert "Second photo for report 1" in second.caption
    assert "Second photo" not in third.caption
    assert len(stage.ailab.calls) == 3


async def test_measuring_again_later_is_declined_kindly(stage: Stage, calendar: Calendar) -> None:
    """After ten minutes skin may have changed too: neither the tap nor a late selfie makes a repeat."""
    async with stage.running():
        ada = await weekly(stage, calendar, [3])
        report = await asked(ada, "/progress")
        await opened(ada, report, "repeat:1")
        calendar.tear_off(timedelta(minutes=11))
        stage.ailab.will(says(pimples(4)))
        await ada.send_photo(selfie((SIDE, SIDE), seed=1))
        second = await ada.wait_for(is_report_number(2))
        await ada.press(report, "repeat:1")
        await ada.wait_for(lambda message: "within ten minutes" in message.text and is_newer_than(second)(message))

    assert "Second photo" not in second.caption


async def test_a_new_version_of_the_analyzer_begins_the_chart_anew(stage: Stage, calendar: Calendar) -> None:
    """Told once. What it measures is neither compared with what stood there nor a repeat of it, and all is exported."""
    async with stage.running():
        ada = await weekly(stage, calendar, [3, 3, 3])
        await opened(ada, await asked(ada, "/progress"), "repeat:3")
    with closing(sqlite3.connect(stage.database)) as database, database:
        database.execute("UPDATE report SET analyzer_version = 'an-earlier-one'")
    async with stage.running():
        stage.ailab.will(says(pimples(9)), says(pimples(3)))
        calendar.tear_off(timedelta(minutes=2))
        await ada.send_photo(selfie((SIDE, SIDE), seed=3))
        fourth = await ada.wait_for(is_report_number(4))
        await stage.settled()
        few = await asked(ada, "/progress")
        apart = await asked(ada, "/compare 3 4")
        newest = await asked(ada, "/compare")
        calendar.tear_off(WEEK)
        await ada.send_photo(selfie((SIDE, SIDE), seed=4))
        fifth = await ada.wait_for(is_report_number(5))
        await ada.send_text("/export")
        sent = await ada.wait_for(lambda message: message.document is not None)
        assert sent.document is not None
        with zipfile.ZipFile(io.BytesIO(sent.document.data)) as archive:
            data = json.loads(archive.read("data.json"))

    assert "I measure better now, so your chart starts over" in fourth.caption
    assert "Second photo" not in fourth.caption
    assert "I need 2 more comparable reports" in few.text
    assert "I measure better now" in few.text
    assert "measured in different ways" in apart.text
    assert "two reports that were measured in the same way" in newest.text
    assert "I measure better now" not in fifth.caption
    assert "report 4" in fifth.caption
    kept = [report["analyzer_version"] for report in data["reports"]]
    assert kept == ["an-earlier-one"] * 3 + ["skin-analysis-advanced"] * 2


async def test_another_persons_progress_cannot_be_reached(stage: Stage, calendar: Calendar) -> None:
    """Whatever eva taps or types, she sees what somebody without reports sees: numbers are each person's own."""
    forged = ("progress", "progress:acne:all", "progress:mole:zz", "compare", "compare:1:2", "pick:before:1:2:0")
    typed = ("/progress", "/compare", "/compare 1 2", "/compare 1", "/compare ² x", "/compare -1 1")
    async with stage.running():
        await weekly(stage, calendar, [7, 7, 7])
        eva = stage.telegram.person(2)
        await eva.send_text("/start")
        await eva.wait_for(lambda message: not message.photo)
        for text in typed:
            await asked(eva, text)
        for data in (*forged, "repeat:1", "repeat:3"):
            under = eva.last
            await eva.forge(under.message_id, data).answer
            await stage.settled()
        said = eva.bot_messages

    assert len(said) > len(typed)
    for message in said:
        assert message.photo is None
        assert not {"7", "pimples"} & set(message.words.lower().replace(".", " ").split())
        assert {data for data in data_of(message) if data.startswith(("report:", "compare:"))} <= {"compare:1:2"}
