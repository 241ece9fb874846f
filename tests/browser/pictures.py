"""make pictures: the README's pictures, made anew. The face is drawn, the analyzer is the on-device one."""

import asyncio
import io
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.config import read_config
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.local_chat import chatting

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
PHONE: Final = ViewportSize(width=390, height=900)
DESKTOP: Final = ViewportSize(width=1280, height=800)
REPORT: Final = ".theirs.has-photo"
SETTLED_MS: Final = 700  # animations


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with chatting(read_config({})) as here, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await _opened(browser, here.url)
        await _reported(page)
        await _shown_from(page, REPORT)
        await page.screenshot(path=FOLDER / "chat.png")
        _keep(await _photo(page), FOLDER / "report.png")
        await _desktop(page)
        await page.screenshot(path=FOLDER / "side-by-side.png", scale="css")
        await browser.close()


async def _opened(browser: Browser, url: str) -> Page:
    page = await browser.new_page(viewport=PHONE, device_scale_factor=1.5, locale="en-GB", color_scheme="light")
    await page.goto(url)
    return page


async def _reported(page: Page) -> None:
    """From the empty chat to the report on the drawn face."""
    await page.click(".pane.active .sample:visible")
    await page.locator(".pane.active .keyboard button").first.click()
    await page.locator(f".pane.active {REPORT}").wait_for()


async def _desktop(page: Page) -> None:
    """A second person beside the first, at night."""
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size(DESKTOP)
    await page.click(".add")
    await page.fill("[name=name]", "Lucía")
    await page.select_option(".new-person select", "es")
    await page.click(".new-person .main")
    await _reported(page)
    await page.locator(".pane").first.locator(REPORT).get_by_role("button", name="Redness").click()
    await page.locator(".pane").first.locator(REPORT).nth(1).wait_for()
    await page.wait_for_timeout(SETTLED_MS)
    await _shown_from(page, ".pane.active .theirs.has-photo")


async def _shown_from(page: Page, message: str) -> None:
    await page.wait_for_timeout(SETTLED_MS)
    await page.locator(message).last.evaluate("message => message.scrollIntoView({ block: 'start' })")
    await page.wait_for_timeout(SETTLED_MS)


async def _photo(page: Page) -> bytes:
    address = await page.locator(f"{REPORT} .photo img").get_attribute("src")
    answer = await page.request.get(page.url.rstrip("/") + str(address))
    return await answer.body()


def _keep(photo: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(photo))
    picture.thumbnail((600, 600))
    picture.save(path, optimize=True)


if __name__ == "__main__":
    asyncio.run(main())
