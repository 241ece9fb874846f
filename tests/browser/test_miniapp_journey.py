"""My skin from its camera to the last goodbye, at phone size: light, dark and right to left."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.browser.camera_pairs import met
from tests.browser.cameras import DARK, LIGHT, Camera, address, camera, staged
from tests.browser.chromium import px_too_wide
from tests.browser.films import NEUTRAL, Pose, film, frame, jpeg
from tests.journeys.stage import Calendar, Stage, is_report_number
from tests.pictures import drawn_face
from tests.telegram import Actor

LOOKS: Final = (("light", "ltr"), ("dark", "ltr"), ("light", "rtl"))
WIDTHS: Final = (320, 390, 430, 1280)
CUT: Final = "getComputedStyle(document.querySelector('.pair .over')).clipPath"


@dataclass(kw_only=True)
class Walk:
    """One person's way through the page. `wrong`: what axe found on its screens, and what was wider than a phone."""

    stage: Stage
    person: Actor
    window: Camera
    direction: str
    wrong: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.window.page

    async def look(self, place: str) -> None:
        await self.page.locator("#page[aria-busy=false]").wait_for()
        await self.page.evaluate("(direction) => { document.documentElement.dir = direction }", self.direction)
        self.wrong += [f"{place}: {each}" for each in await self.window.violations()]
        for width in WIDTHS:
            await self.page.set_viewport_size({"width": width, "height": 780})
            wide = await px_too_wide(self.page)
            self.wrong += [f"{place} at {width} px: {wide} px too wide"] if wide else []

    async def tab(self, place: int) -> None:
        await self.page.locator(".tabs a").nth(place).click()

    async def from_the_timeline_through_the_camera(self) -> None:
        page = self.page
        await page.locator(".hero .face.here").wait_for()
        await self.look("timeline")
        await page.click("text=Take a photo")
        await self.look("camera")
        await page.click("text=Open the camera")
        await page.locator("text=Send this photo?").wait_for()
        await self.look("photo taken")
        await page.click("text=Send it")
        await expect(page.locator("h1")).to_have_text("Your photo is in the chat")
        await self.look("photo sent")
        await self.person.wait_for(is_report_number(3), timeout=60)
        await self.stage.settled()

    async def through_the_reports(self) -> None:
        page = self.page
        await page.locator(".camera").get_by_role("button", name="Reports").click()
        await page.locator(".hero").click()
        await expect(page.locator("h1")).to_contain_text("Skin report 3")
        await page.locator(".picture .face.here").wait_for()
        await page.locator("summary", has_text="All details").click()
        await self.look("report")
        await self.tab(1)
        await page.locator(".u-over").wait_for()
        await self.look("chart")
        await page.locator(".chart").focus()
        await page.keyboard.press("ArrowLeft")
        await page.locator(".about-point").get_by_role("link").click()
        await expect(page.locator("h1")).to_contain_text("Skin report 3")
        await self.tab(2)
        await page.locator(".pair.here").wait_for()
        await page.get_by_role("slider").focus()
        await page.keyboard.press("ArrowRight")
        assert "51" in await page.evaluate(CUT)
        await self.look("slider")

    async def through_the_settings_to_the_end(self) -> None:
        page = self.page
        await self.tab(3)
        quiet = page.get_by_role("switch", name="Quiet mode")
        await quiet.click()
        await expect(quiet).to_have_attribute("aria-checked", "true")
        await self.look("settings")
        await page.get_by_role("button", name="My data").click()
        await expect(page.locator("h1")).to_contain_text("Your data")
        await page.get_by_role("button", name="Delete everything").click()
        await expect(page.locator("h1")).to_contain_text("Delete everything?")
        await self.look("erasure")
        await page.get_by_role("button", name="Delete everything").click()
        await expect(page.locator(".tabs")).to_have_count(0)
        await self.look("goodbye")


@pytest.mark.parametrize(("theme", "direction"), LOOKS)
async def test_from_the_camera_to_the_last_goodbye(tmp_path: Path, chromium: Path, theme: str, direction: str) -> None:
    """Camera, timeline, report, chart, slider, settings, erasure: each is reached from the one before by a tap."""
    _ = chromium
    calendar, face = Calendar(), drawn_face()
    async with staged(tmp_path, clock=calendar) as stage:
        ada = await met(stage, 1, jpeg(frame(face, NEUTRAL)))
        calendar.tear_off(timedelta(days=7))
        await ada.send_photo(jpeg(frame(face, Pose(x=0.51))))
        await ada.wait_for(is_report_number(2))
        await stage.settled()
        calendar.tear_off(timedelta(days=7))
        async with camera(film(tmp_path / "film.mjpeg", [frame(face, NEUTRAL)] * 2)) as window:
            walk = Walk(stage=stage, person=ada, window=window, direction=direction)
            await window.page.goto(address(stage, ada, "timeline", theme=LIGHT if theme == "light" else DARK))
            await walk.from_the_timeline_through_the_camera()
            await walk.through_the_reports()
            await walk.through_the_settings_to_the_end()
        known = await stage.app.store.people.known(1)

    assert known is None
    assert (walk.wrong, window.troubles, window.elsewhere) == ([], [], [])
