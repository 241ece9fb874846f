"""The Mini App's page in a Chromium whose camera shows a film; and its eyes, asked about what that camera gives."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from playwright.async_api import BrowserContext, ConsoleMessage, Page, async_playwright, expect

from bot.analysis import pixel_tasks
from bot.clock import Clock, now
from bot.commands.playground import page_in
from bot.config import Config
from bot.imaging.workshop import Workshop
from bot.playground.page.web import SCRIPT, mount
from tests.ailab import LoopbackAILab
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.commands import ROOT
from tests.journeys.stage import Stage
from tests.journeys.window import launch, with_page
from tests.telegram import Actor, StagedTelegram

PATIENCE_MS: Final = 60_000  # on a machine that is busy
AXE: Final = ROOT / "templates" / "miniapp" / "node_modules" / "axe-core" / "axe.min.js"
LIGHT: Final = {
    "bg_color": "#ffffff",
    "text_color": "#000000",
    "button_color": "#2481cc",
    "button_text_color": "#ffffff",
}
DARK: Final = {
    "bg_color": "#17212b",
    "text_color": "#f5f5f5",
    "button_color": "#5288c1",
    "button_text_color": "#ffffff",
}

# Asks a worker of the page's own about frames of a stream of its own, and gives what it saw with the very pixels.
_EYES: Final = """async (name) => {
  const worker = new Worker(name);
  let last = 0;
  const waiting = new Map();
  worker.onmessage = ({ data }) => waiting.get(data.id)(data);
  window.ask = (message, transfer = []) => new Promise((done) => {
    waiting.set(++last, done);
    worker.postMessage({ id: last, ...message }, transfer);
  });
  const opened = await ask({ work: "open" });
  if (opened.failed) throw new Error(opened.failed);
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
  await video.play();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  window.grab = async (follow) => {
    await new Promise((next) => video.requestVideoFrameCallback(next));
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    context.drawImage(video, 0, 0);
    const { width, height, data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const png = canvas.toDataURL("image/png").split(",")[1];
    const began = performance.now();
    const { told } = await ask({ work: "look", width, height, pixels: data.buffer, scale: 1, follow }, [data.buffer]);
    return { told, png, ms: performance.now() - began };
  };
}"""

_FETCHED: Final = """() => Object.fromEntries(performance.getEntriesByType("resource")
  .filter(({ name, transferSize }) => name.includes("/static/") && transferSize > 0)
  .map(({ name, transferSize }) => [name.split("/").at(-1), transferSize]))"""


@dataclass(kw_only=True)
class PageStage(Stage):
    """A bot whose page is opened in a browser: Telegram's script comes from the loopback Telegram, as in the chat here.

    Not by a route of the browser's: what is routed is never kept by it.
    """

    @property
    def config(self) -> Config:
        return replace(super().config, telegram_script=f"{self.telegram.url}{SCRIPT}")


@asynccontextmanager
async def staged(folder: Path, *, clock: Clock = now) -> AsyncIterator[PageStage]:
    """With a bot that runs, and has a Mini App."""
    telegram = StagedTelegram()
    mount(telegram, secret="none", words=page_in)
    with Workshop(pixel_tasks, workers=1) as workshop:
        async with telegram, LoopbackAILab() as ailab:
            stage = PageStage(telegram=telegram, ailab=ailab, folder=folder, workshop=workshop, clock=clock)
            with_page(stage)
            async with stage.running():
                yield stage


@dataclass(kw_only=True)
class Camera:
    """A page of one person, and what it asked for elsewhere."""

    page: Page
    context: BrowserContext
    elsewhere: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    async def open_eyes(self) -> None:
        names = json.loads((ROOT / "templates" / "miniapp" / "built" / "manifest.json").read_text())["files"]
        [name] = [name for name in names if name.startswith("eyes-")]
        await self.page.evaluate(_EYES, f"static/{name}")

    async def violations(self) -> list[str]:
        """What axe finds on the screen as it is; nothing where axe-core is not there."""
        if not AXE.exists():
            return []
        await self.page.evaluate(AXE.read_text(encoding="utf-8"))
        told = await self.page.evaluate("axe.run({ resultTypes: ['violations'] })")
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in told["violations"]]

    async def fetched(self) -> dict[str, int]:
        """The built files that came over the wire since the page was opened, and how many bytes they took."""
        found: dict[str, int] = await self.page.evaluate(_FETCHED)
        for worker in self.page.workers:
            found |= await worker.evaluate(_FETCHED)
        return found

    async def grab(self, *, follow: bool = False) -> tuple[dict[str, Any], bytes, float]:
        """What the eyes see in one frame of the stream, that frame as a PNG, and how long it took, ms.

        `follow`: beginning with the face of the frame before, as they look while they guide.
        """
        answer = await self.page.evaluate("(follow) => grab(follow)", follow)
        return answer["told"], base64.b64decode(answer["png"]), answer["ms"]


def address(stage: Stage, person: Actor, at: str = "camera", *, theme: dict[str, str] = LIGHT) -> str:
    told = f"tgWebAppData={quote(launch(stage, person), safe='')}&tgWebAppVersion=9.0&tgWebAppPlatform=ios"
    return f"{stage.settings['WEBAPP_URL']}/?at={at}#{told}&tgWebAppThemeParams={quote(json.dumps(theme), safe='')}"


@asynccontextmanager
async def camera(
    film: Path | None, *, allowed: bool = True, width: int = 390, language: str = "en-GB"
) -> AsyncIterator[Camera]:
    """`film`: what the camera shows; None where there is no camera. `allowed`: whether it may be used."""
    flags = [flag for flag in FLAGS if "fake" not in flag]
    if film is not None:
        flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    flags += ["--use-fake-ui-for-media-stream" if allowed else "--deny-permission-prompts"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        context = await browser.new_context(viewport={"width": width, "height": 780}, locale=language)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        found = Camera(page=page, context=context)

        page.on("request", lambda request: found.elsewhere.append(request.url) if _is_elsewhere(request.url) else None)
        page.on("pageerror", lambda error: found.troubles.append(str(error)))
        page.on("console", lambda message: found.troubles.append(message.text) if _is_trouble(message) else None)
        try:
            yield found
        finally:
            await browser.close()


def _is_elsewhere(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1", "blob:", "data:"))


def _is_trouble(message: ConsoleMessage) -> bool:
    return message.type == "error"
