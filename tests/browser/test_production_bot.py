"""The production bot behind the page, as a newcomer meets it: nothing configured, the on-device analyzer."""

import pytest
from playwright.async_api import Locator, Page, expect

from bot.playground.page.sample import sample_face
from tests.browser.test_chat_page import attach

pytestmark = pytest.mark.asyncio(loop_scope="session")

REPORT = ".theirs.has-photo"
STEPS = ("🔎", "🔬", "✏️")


def button(within: Page | Locator, label: str) -> Locator:
    return within.locator(".keyboard button", has_text=label)


async def test_from_a_drawn_face_to_nothing_left(local_chat: Page) -> None:
    """One click on the empty chat brings a report; its buttons, the history and /delete do what they say."""
    page = local_chat
    await page.click("text=Try with a drawn face")
    await button(page, "I agree").click()
    report = page.locator(REPORT).first
    await expect(report.locator(".words")).to_contain_text("Skin report 1")
    await expect(report.locator(".edited")).to_be_visible()
    await expect(report.locator(".reply img")).to_be_visible()

    await button(report, "All details").click()
    await expect(page.locator(".theirs .words").last).to_contain_text("In this bot I look at redness")
    await button(report, "Redness").click()
    await expect(page.locator(REPORT)).to_have_count(2)

    await page.fill("textarea", "/history")
    await page.keyboard.press("Enter")
    await button(page.locator(".message").last, "1 ·").click()
    await expect(page.locator(REPORT)).to_have_count(3)
    await expect(page.locator(REPORT).last.locator(".words")).to_contain_text("Skin report 1")

    await page.fill("textarea", "/delete")
    await page.keyboard.press("Enter")
    await button(page.locator(".message").last, "Delete everything").click()
    await expect(page.locator(".theirs .words").last).to_contain_text("are deleted. You can")
    await page.fill("textarea", "/history")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .words").last).to_have_text("/history")
    await expect(page.locator(".theirs .words").last).to_contain_text("You have no reports yet")
    await expect(button(page, "1 ·")).to_have_count(0)  # the old list was taken back with everything else


async def test_own_photo_shows_how_far_it_is(local_chat: Page) -> None:
    """A photo from the disk: one message under it tells how far it is and then turns into the report.

    A step that is over before it could be shown is left out: which ones the page draws is for the machine to say.
    """
    page = local_chat
    told: list[str] = []

    def heard(words: str) -> None:
        told.append(words)

    await page.expose_function("told", heard)
    await page.evaluate(
        """() => new MutationObserver(() => {
            for (const words of document.querySelectorAll(".theirs .words")) window.told(words.textContent);
        }).observe(document.querySelector("main"), { childList: true, subtree: true })"""
    )
    await page.click("text=Start")
    await page.locator(".theirs").wait_for()
    await attach(page, sample_face(3))
    await button(page, "I agree").click()
    await expect(page.locator(REPORT).locator(".words")).to_contain_text("Skin report 1")
    for number in (2, 3):
        if not any(words.startswith(STEPS) for words in told):
            await attach(page, sample_face(number + 2))
            await expect(page.locator(REPORT).last.locator(".words")).to_contain_text(f"Skin report {number}")
    assert any(words.startswith(STEPS) for words in told)
    for step in STEPS:
        await expect(page.locator(".theirs .words", has_text=step)).to_have_count(0)
