"""make screens: the chat light beside dark, My skin right to left as well. The face is drawn, the clock is moved."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.commands.playground import page_in
from bot.playground.page.sample import sample_face
from bot.playground.page.web import mount, page_url
from tests.ailab import LoopbackAILab, answer, says
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.my_skin import in_its_own_window, through_its_camera, weeks_of
from tests.journeys.stage import Calendar, Stage, is_report_number
from tests.journeys.window import with_page
from tests.telegram import Actor, StagedTelegram

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures" / "screens"
PHONE: Final = ViewportSize(width=390, height=844)
SECRET: Final = "a-secret-of-the-page"
SETTLED_MS: Final = 900  # animations
PATIENCE_MS: Final = 180_000  # a photo is read on a machine that may be busy
WEEKS: Final = 9
START: Final = datetime(2026, 9, 27, 8, 30, tzinfo=UTC)
FACE: Final = (960, 1200)
SPOTS: Final = ((330, 700), (355, 770), (300, 735), (610, 720), (640, 780), (585, 690), (470, 560), (505, 540))


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        await _on_device(browser)
        await _by_the_vendor(browser)
        await _my_skin(browser)
        await browser.close()


async def _on_device(browser: Browser) -> None:
    """From the first word to a first report, read on this device."""
    async with _stage(analyzer="local") as (stage, _), stage.running():
        page = await _opened(browser, stage.telegram)
        await page.click(".start")
        await page.locator(".theirs").first.wait_for()
        await _kept(page, "start")
        ada = stage.telegram.people[0]
        await ada.send_photo(sample_face(0))
        await page.locator("[data-data^='consent:yes']").last.wait_for()
        await _kept(page, "consent")
        await page.locator("[data-data^='consent:yes']").last.click()
        await _reported(page, 1)
        await _kept(page, "report-on-device")
        answers = page.locator("[data-data^='answer:']")
        if await answers.count():
            await answers.first.click()
            await page.wait_for_timeout(SETTLED_MS)
        await _kept(page, "question-answered")
        await _tapped(page, "redness:1", "redness")
        await _said(page, "my face hurts and I want to die", "crisis-answered")
        await page.close()


async def _by_the_vendor(browser: Browser) -> None:
    """Nine weeks with the vendor's numbers, which get better."""
    async with _stage(analyzer="ailab") as (stage, weeks), stage.running():
        page = await _opened(browser, stage.telegram)
        ada = stage.telegram.person(1)
        counts = [8, 7, 8, 6, 5, 3, 2, 2, 1]
        stage.ailab.will(*(says(_pimples(count)) for count in counts))
        await ada.send_photo(sample_face(0))
        await page.locator("[data-data^='consent:yes']").last.wait_for()
        await page.locator("[data-data^='consent:yes']").last.click()
        for number in range(1, WEEKS + 1):
            await ada.wait_for(is_report_number(number), timeout=PATIENCE_MS / 1000)
            await stage.settled()
            if number == 1:
                await _shown(page, ".theirs.has-photo")
                await _kept(page, "report-vendor", at_end=False)
            if number < WEEKS:
                weeks.tear_off(timedelta(days=7))
                await ada.send_photo(sample_face(number))
        await _with_a_zone(page, ada)
        for command in ("/history", "/progress", "/compare", "/reminders", "/settings"):
            await _said(page, command, command.strip("/"))
        await page.close()


async def _my_skin(browser: Browser) -> None:
    """The same weeks in the Mini App."""
    async with _stage(analyzer="ailab") as (stage, weeks):
        with_page(stage)
        async with stage.running():
            await weeks_of(stage, weeks, _pimples)
            await in_its_own_window(browser, stage, _save)
            await through_its_camera(stage, _save)


@asynccontextmanager
async def _stage(*, analyzer: str) -> AsyncIterator[tuple[Stage, Calendar]]:
    weeks = Calendar(START)
    telegram = StagedTelegram(bot_name="Skin report", clock=weeks)
    mount(telegram, secret=SECRET, words=page_in)
    with tempfile.TemporaryDirectory() as folder:
        async with telegram, LoopbackAILab() as ailab:
            stage = Stage(telegram=telegram, ailab=ailab, folder=Path(folder), clock=weeks)
            stage.settings |= {"ANALYZER": analyzer, "DAILY_REPORTS_PER_USER": "0"}
            telegram.person(1)
            yield stage, weeks


def _pimples(count: int) -> dict[str, object]:
    spots = [(float(x), float(y), 22.0, 22.0, 0.8 if at < 5 else 0.4) for at, (x, y) in enumerate(SPOTS[:count])]
    return answer(size=FACE, marks={"acne": spots})


async def _opened(browser: Browser, telegram: StagedTelegram) -> Page:
    page = await browser.new_page(viewport=PHONE, locale="en-US", color_scheme="light")
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(page_url(telegram, SECRET))
    await page.wait_for_timeout(SETTLED_MS)
    return page


async def _with_a_zone(page: Page, ada: Actor) -> None:
    """So that times are told by a clock that is theirs."""
    await ada.send_text("/settings")
    await page.locator("[data-data='zone']").last.click()
    await page.wait_for_timeout(SETTLED_MS)
    await ada.send_text("Barcelona")
    await page.locator("[data-data='zone:set:Europe/Madrid']").last.click()
    await page.wait_for_timeout(SETTLED_MS)


async def _reported(page: Page, number: int) -> None:
    await page.locator(f"[data-data='details:{number}']").last.wait_for()
    await page.wait_for_timeout(2 * SETTLED_MS)


async def _tapped(page: Page, data: str, name: str) -> None:
    pictures = await page.locator(".theirs.has-photo").count()
    await page.locator(f"[data-data='{data}']").last.click()
    await page.locator(".theirs.has-photo").nth(pictures).wait_for()
    await _kept(page, name)


async def _said(page: Page, text: str, name: str) -> None:
    told = await page.locator(".theirs").count()
    await page.fill(".composer textarea", text)
    await page.keyboard.press("Enter")
    await page.locator(".theirs").nth(told).wait_for()
    await page.wait_for_timeout(2 * SETTLED_MS)
    await _kept(page, name)


async def _shown(page: Page, message: str) -> None:
    await page.locator(message).last.evaluate("message => message.scrollIntoView({ block: 'start' })")


async def _kept(page: Page, name: str, *, at_end: bool = True) -> None:
    """Light beside dark, as small as it can be looked at."""
    looks = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        if at_end:
            await page.locator(".scroll").last.evaluate("box => box.scrollTo(0, box.scrollHeight)")
        await page.wait_for_timeout(SETTLED_MS)
        looks.append(await page.screenshot(scale="css"))
    await page.emulate_media(color_scheme="light")
    _save(looks, name)


def _save(looks: Sequence[bytes], name: str) -> None:
    _beside(looks).save(FOLDER / f"{name}.png", optimize=True)


def _beside(looks: Sequence[bytes]) -> Image.Image:
    pictures = [Image.open(io.BytesIO(look)).convert("RGB") for look in looks]
    both = Image.new("RGB", (sum(picture.width for picture in pictures), pictures[0].height))
    for at, picture in enumerate(pictures):
        both.paste(picture, (at * picture.width, 0))
    return both.quantize(colors=256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


if __name__ == "__main__":
    asyncio.run(main())
