"""Debian's Chromium, and how it is started for tests: quiet, and with a camera that is none."""

from pathlib import Path
from typing import Final

from playwright.async_api import Page

CHROMIUM: Final = Path("/usr/bin/chromium")
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]

# What follows the page's size (the chart) is drawn anew in the frame after a change: only then is it measured.
_TOO_WIDE: Final = """() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(
    () => told(Math.max(0, document.documentElement.scrollWidth - innerWidth)))))"""


async def px_too_wide(page: Page) -> int:
    """How far the page reaches over the side of its window, as a person sees it."""
    return int(await page.evaluate(_TOO_WIDE))
