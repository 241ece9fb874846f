"""A self-experiment on the page: its plan and its buttons as in the chat, and nothing to peek at, there or here."""

import base64
import io
import json

from PIL import Image

from tests.journeys.stage import Calendar, Stage, asked
from tests.journeys.test_experiments import NOON, DayClock, begun
from tests.journeys.test_progress import weekly
from tests.journeys.window import Told, shown, window, with_page
from tests.telegram import Actor

_TRIED = "green tea cream"


def carried(told: Told) -> list[str]:
    """What the last screen's buttons carry."""
    return [button["data"] for row in told["screens"][-1]["rows"] for button in row]


async def test_its_plan_and_its_buttons_are_the_chats_own(stage: Stage) -> None:
    """Paused, gone on with and ended on the page; the message in the chat's head follows, and the answer is on both."""
    with_page(stage)
    stage.clock = DayClock(NOON)
    async with stage.running():
        ada = await stage.consenting()
        plan = await begun(ada)
        async with window(stage, ada) as page:
            assert page.opening["timeline"]["experiment"] == {"what": _TRIED, "under_way": True}
            home = await page.tap("experiment:menu")
            assert "Week 1 of" in shown(home)
            assert "experiment:burns" in carried(home)
            assert "stand still" in shown(await page.tap("experiment:ask:pause"))
            paused = await page.tap("experiment:do:pause")
            assert "Paused" in shown(paused)
            await ada.wait_for(lambda said: said.message_id == plan.message_id and "Paused" in said.words)
            assert "Week 1 of" in shown(await page.tap("experiment:do:go_on"))
            assert "It burns or itches" in shown(await page.tap("experiment:burns"))
            await page.tap("experiment:do:early")
            told = await ada.wait_for(lambda said: said.message_id == plan.message_id and said.photo is not None)
            over = await page.tap("experiment:menu")
            (answer,) = (data for data in carried(over) if data.startswith("experiment:answer"))
            last = (await page.tap(answer))["screens"][-1]
            timeline = await page.told("reports")

    assert "experiment:new" not in carried(over)
    assert "Can't tell" in last["html"]
    assert "Can't tell" in told.words
    assert Image.open(io.BytesIO(base64.b64decode(last["picture"]))).format == "JPEG"
    assert timeline["experiment"] == {"what": _TRIED, "under_way": False}


async def test_nobody_peeks_on_the_page_or_in_the_chat(stage: Stage, calendar: Calendar) -> None:
    """What it is judged by is in no chart, no comparison and no arrow until it is over; and then it is again."""
    with_page(stage)
    async with stage.running():
        ada = await weekly(stage, calendar, [2, 3, 2, 3, 2, 3, 22, 23])
        before, arrows = await _told_by_both(stage, ada), [await _arrows(stage, ada)]
        await begun(ada)
        meanwhile = await _told_by_both(stage, ada)
        arrows.append(await _arrows(stage, ada))
        async with window(stage, ada) as page:
            await page.tap("experiment:do:drop")
        after = await _told_by_both(stage, ada)
        arrows.append(await _arrows(stage, ada))

    for told in (before, after):
        assert all("imples" in each for each in told.values())
        assert "under way" not in json.dumps(told)
    for place, told_there in meanwhile.items():
        assert "I don't show how your pimples change" in told_there, place
    charts = [json.loads(each["chart"]) for each in (before, meanwhile, after)]
    assert [("acne" in [choice["key"] for choice in chart["measures"]]) for chart in charts] == [True, False, True]
    assert [chart["measure"] == "acne" for chart in charts] == [True, False, True]
    assert [[bar["name"] for bar in chart["bars"]] for chart in charts] == [[], [_TRIED], []]
    assert arrows[0] == arrows[2] != [""] * 8 == arrows[1]


async def _arrows(stage: Stage, ada: Actor) -> list[str]:
    async with window(stage, ada) as page:
        return [row["went"] for row in page.opening["timeline"]["rows"]]


async def _told_by_both(stage: Stage, ada: Actor) -> dict[str, str]:
    """What each place says about the past: words of the page's screens, and of the chat's."""
    async with window(stage, ada) as page:
        chart, pair = await page.told("chart", measure="acne"), await page.told("pair/1/8")
    return {
        "chart": json.dumps(chart),
        "pair": pair["html"],
        "/progress": (await asked(ada, "/progress")).words,
        "/compare": (await asked(ada, "/compare 1 8")).words,
    }
