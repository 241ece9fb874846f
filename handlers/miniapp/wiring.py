"""The Mini App, wired: the same use cases as the chat's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.clock import Clock
from bot.config import Config
from bot.operations.miniapp import MiniAppDoor, entries
from bot.people.wiring import PeopleParts
from bot.reports.wiring import ReportParts
from bot.storage import Store
from handlers.miniapp.api import MiniApp, Shell
from handlers.miniapp.camera import CameraCalls
from handlers.miniapp.notes import NoteCalls
from handlers.miniapp.progress import ProgressCalls
from handlers.miniapp.reports import ReportCalls
from handlers.miniapp.screens import ScreenCalls
from handlers.miniapp.sessions import Sessions
from handlers.routes import Journeys, taps_on_a_page


def _wired(
    *, config: Config, store: Store, people: PeopleParts, reports: ReportParts, journeys: Journeys, now: Clock
) -> MiniApp:
    voice, renderer, routes = people.voice, people.renderer, taps_on_a_page(journeys)
    past = ReportCalls(
        past=reports.history,
        experiments=store.experiments,
        gallery=reports.gallery,
        voice=voice,
        renderer=renderer,
        routes=routes,
    )
    token = config.telegram_token or ""
    return MiniApp(
        token=token,
        sessions=Sessions(token=token, people=store.people),
        people=people.people,
        admission=people.admission,
        voice=voice,
        renderer=renderer,
        welcome_back=journeys.turns.welcome_back,
        reports=past,
        notes=NoteCalls(feedback=reports.feedback, voice=voice),
        progress=ProgressCalls(
            charts=reports.charts,
            comparisons=reports.comparisons,
            past=reports.history,
            gallery=reports.gallery,
            reports=past,
            voice=voice,
            renderer=renderer,
        ),
        screens=ScreenCalls(voice=voice, people=store.people, gallery=reports.gallery, routes=routes),
        camera=CameraCalls(
            comparisons=reports.comparisons, gallery=reports.gallery, desk=reports.requests, voice=voice
        ),
        now=now,
    )


@asynccontextmanager
async def opened_miniapp(
    door: MiniAppDoor,
    *,
    config: Config,
    store: Store,
    people: PeopleParts,
    reports: ReportParts,
    journeys: Journeys,
    now: Clock,
) -> AsyncIterator[None]:
    """From here on the page answers, until it is left."""
    app = _wired(config=config, store=store, people=people, reports=reports, journeys=journeys, now=now)
    shell = Shell(renderer=people.renderer, built=entries(), telegram=config.telegram_script)
    door.open(shell.page, app.answer)
    try:
        yield
    finally:
        await app.close()
        reports.gallery.close()
