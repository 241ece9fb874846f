"""The Mini App's screens for docs/pictures: light, dark and right to left, on a phone, of a face that is drawn."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.playground.page.sample import sample_face
from bot.playground.server.launching import launch_data, launch_url
from tests.ailab import says
from tests.browser.cameras import camera
from tests.browser.films import film
from tests.commands import ROOT
from tests.journeys.stage import Calendar, Stage, is_consent_question, is_report_number
from tests.journeys.test_experiments import begun
from tests.telegram import Actor

SCRIPT: Final = "https://telegram.org/js/telegram-web-app.js"
STAND_IN: Final = ROOT / "bot" / "playground" / "page" / "static" / "telegram-web-app.js"
PHONE: Final = ViewportSize(width=390, height=844)
SETTLED_MS: Final = 900
PATIENCE_S: Final = 180.0  # on a machine that is busy
WEEKS: Final = 9
LOOKS: Final = (("light", "ltr"), ("dark", "ltr"), ("light", "rtl"))
SCREENS: Final = {
    "my-skin": "timeline",
    "my-skin-report": "report/9",
    "my-skin-chart": "chart/acne/all",
    "my-skin-slider": "pair/1/9",
    "my-skin-experiment": "experiment",
    "my-skin-settings": "settings",
    "my-skin-data": "told/mydata",
    "my-skin-erasure": "told/delete:ask",
    "my-skin-camera-before": "camera",
}
NEAR: Final = (110, 90, 850, 1015)  # of the drawn face's 960 by 1200: a phone that is held too near

TO_COME: Final = ".pair:not(.here), .hero .face:not(.here), .large:not(.here)"

Pimples = Callable[[int], dict[str, object]]
Keep = Callable[[Sequence[bytes], str], None]


@dataclass(frozen=True, kw_only=True)
class View:
    """What a camera shows (None: there is none), whether it may be used, and the words that then stand there."""

    name: str
    shows: Image.Image | None
    says: str
    allowed: bool = True


async def weeks_of(stage: Stage, weeks: Calendar, pimples: Pimples) -> None:
    """Nine weeks that get better, a note in one of them, something that was used from another on."""
    ada = stage.telegram.person(1)
    counts = [8, 7, 8, 6, 5, 3, 2, 2, 1]
    stage.ailab.will(*(says(pimples(count)) for count in counts))
    await ada.send_photo(sample_face(0))
    await ada.press(await ada.wait_for(is_consent_question), "consent:yes")
    for number in range(1, WEEKS + 1):
        await ada.wait_for(is_report_number(number), timeout=PATIENCE_S)
        await stage.settled()
        if number < WEEKS:
            weeks.tear_off(timedelta(days=7))
            await ada.send_photo(sample_face(number), caption="slept badly this week" if number == 3 else None)
    known = await stage.app.store.people.known(ada.user_id)
    if known is not None:
        began = (weeks() - timedelta(days=35)).date()
        await stage.app.store.products.add(known.id, "Gentle cleanser", started_on=began)


async def in_its_own_window(browser: Browser, stage: Stage, keep: Keep) -> None:
    """Every screen in each look, handed to `keep` by name."""
    ada, bea = stage.telegram.person(1), await stage.consenting(2)
    await begun(bea)
    for name, place in SCREENS.items():
        page = await browser.new_page(viewport=PHONE, locale="en-US")
        looks = []
        for look in LOOKS:
            await _opened(page, stage, bea if place == "experiment" else ada, place, look)
            looks.append(await _seen(page))
        keep(looks, name)
        await page.close()


async def through_its_camera(stage: Stage, keep: Keep) -> None:
    """What its camera says of a face that is too near, of one that is as the last time, and of no picture."""
    now = Image.open(io.BytesIO(sample_face(WEEKS - 1))).convert("RGB")
    black = Image.new("RGB", now.size)
    views = (
        View(name="my-skin-camera", shows=now.crop(NEAR).resize(now.size), says="Farther away"),
        View(name="my-skin-camera-taken", shows=now, says="Send this photo?"),
        View(name="my-skin-camera-black", shows=black, says="gives a black picture"),
        View(name="my-skin-camera-refused", shows=black, says="is not allowed here", allowed=False),
        View(name="my-skin-camera-absent", shows=None, says="can't find a camera"),
    )
    for view in views:
        seen = film(stage.folder / "seen.mjpeg", [view.shows] * 2) if view.shows else None
        async with camera(seen, allowed=view.allowed) as window:
            await window.page.set_viewport_size(PHONE)
            looks = []
            for look in LOOKS:
                await _opened(window.page, stage, stage.telegram.person(1), "camera", look)
                await window.page.click("text=Open the camera")
                await window.page.locator(f"text={view.says}").first.wait_for()
                looks.append(await _seen(window.page))
            keep(looks, view.name)


async def _opened(page: Page, stage: Stage, who: Actor, place: str, look: tuple[str, str]) -> None:
    theme, direction = look
    await page.unroute_all()
    await page.route(SCRIPT, lambda route: route.fulfill(path=STAND_IN, content_type="text/javascript"))
    await page.goto("about:blank")
    once = "-".join((place, *look))  # one launch opens a page only so often
    launch = launch_data(stage.telegram.token, who.card, at=stage.clock(), query_id=once)
    await page.goto(launch_url(f"{stage.settings['WEBAPP_URL']}/?at={place}", launch, theme=theme))
    await page.locator("#page[aria-busy=false]").wait_for()
    await page.evaluate("(direction) => { document.documentElement.dir = direction }", direction)


async def _seen(page: Page) -> bytes:
    """When pictures have come and nothing moves."""
    await expect(page.locator(TO_COME)).to_have_count(0, timeout=PATIENCE_S * 1000)
    if "delete:ask" in page.url:
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await page.wait_for_timeout(SETTLED_MS)
    return await page.screenshot(scale="css")
