"""How the camera and its page treat who holds the phone: one stream, permission first, cues in the hand."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.browser.camera_pairs import met
from tests.browser.cameras import DARK, address, camera, staged
from tests.browser.films import NEUTRAL, Pose, film, frame, jpeg
from tests.journeys.stage import Stage, asked
from tests.pictures import drawn_face

_COUNTED: Final = """
  window.streams = 0;
  const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) => (window.streams += 1, own(wanted));
"""
_FELT: Final = """() => {
  window.felt = [];
  const hand = Telegram.WebApp.HapticFeedback;
  hand.selectionChanged = () => felt.push("tick");
  hand.notificationOccurred = (kind) => felt.push(kind);
}"""


@pytest.fixture
async def stage(tmp_path: Path, chromium: Path) -> AsyncIterator[Stage]:
    _ = chromium
    async with staged(tmp_path) as stage:
        yield stage


async def streams(page: Page) -> int:
    return int(await page.evaluate("streams"))


async def test_one_stream_a_session(stage: Stage) -> None:
    """Another screen and back: the camera is asked for once, for some phones ask their person each time."""
    ada = await stage.consenting()
    async with camera(film(stage.folder / "near.mjpeg", [frame(drawn_face(), Pose(size=1.5))] * 2)) as window:
        page = window.page
        await page.add_init_script(_COUNTED)
        await page.goto(address(stage, ada))
        for _ in range(2):
            await page.click("text=Open the camera")
            await page.locator(".stage").wait_for()
            await page.locator(".tabs a").nth(3).click()
            await expect(page.locator("h1")).to_contain_text("Settings")
            await page.evaluate("location.hash = 'camera'")
        assert await streams(page) == 1


@pytest.mark.parametrize(
    ("pose", "says", "sign"), [(Pose(size=1.3), "Farther away", "tick"), (NEUTRAL, "Send this photo?", "success")]
)
async def test_cues_are_felt(stage: Stage, pose: Pose, says: str, sign: str) -> None:
    """A tick for what is to be changed, another sign when the photo is taken."""
    face = drawn_face()
    ada = await met(stage, 1, jpeg(frame(face, NEUTRAL)))
    async with camera(film(stage.folder / "film.mjpeg", [frame(face, pose)] * 2)) as window:
        page = window.page
        await page.goto(address(stage, ada))
        await page.locator("text=Open the camera").wait_for()
        await page.evaluate(_FELT)
        await page.click("text=Open the camera")
        await page.locator(f"text={says}").wait_for()
        assert (await page.evaluate("felt"))[-1] == sign


async def test_permission_comes_before_the_camera(stage: Stage) -> None:
    """Who has not agreed is led to the question; no camera is asked for."""
    ada = stage.telegram.person(3)
    await asked(ada, "/start")
    async with camera(film(stage.folder / "film.mjpeg", [frame(drawn_face(), NEUTRAL)] * 2)) as window:
        page = window.page
        await page.add_init_script(_COUNTED)
        await page.goto(address(stage, ada))
        await expect(page.locator("text=Open the camera")).to_have_count(0)
        await page.get_by_role("button", name="Your permission").click()
        await expect(page.locator("h1")).to_contain_text("May I look at your skin?")
        assert await streams(page) == 0


async def test_a_phones_edges_and_its_theme_are_kept(stage: Stage) -> None:
    """Nothing lies under the bar at the foot or the notch; another theme is worn at once."""
    ada = await stage.consenting()
    async with camera(None) as window:
        page = window.page
        await page.goto(address(stage, ada, "settings"))
        await page.locator(".tabs").wait_for()
        tall = "document.querySelector('.tabs').getBoundingClientRect().height"
        high = "document.querySelector('h1').getBoundingClientRect().top"
        before = [await page.evaluate(each) for each in (tall, high)]
        for edge, px in (("bottom", 34), ("top", 47)):
            await page.evaluate(f"document.documentElement.style.setProperty('--tg-safe-area-inset-{edge}', '{px}px')")
        after = [await page.evaluate(each) for each in (tall, high)]
        assert [round(now - was) for now, was in zip(after, before, strict=True)] == [34, 47]
        ground = "getComputedStyle(document.body).backgroundColor"
        light = await page.evaluate(ground)
        await page.evaluate(
            "(told) => Object.assign(Telegram.WebApp, told)", {"themeParams": DARK, "colorScheme": "dark"}
        )
        await page.emulate_media(color_scheme="dark")
        async with asyncio.timeout(60):
            while await page.evaluate(ground) == light:  # noqa: ASYNC110 - a browser's page
                await asyncio.sleep(0.05)
