"""What speaks to people and knows who they are, wired: the messenger, the renderer, the voice, the people."""

from dataclasses import dataclass

from bot.analysis.choice import Measurer
from bot.clock import Clock
from bot.config import Config
from bot.observability.metrics import Metrics
from bot.people.admission import Admission
from bot.people.consent import People
from bot.people.menu_button import MenuButton
from bot.people.unreachable import UnreachablePeople
from bot.people.voice import Voice
from bot.rendering.renderer import Renderer
from bot.storage import Store
from bot.telegram.application import BotApplication
from bot.telegram.files import TelegramFiles
from bot.telegram.messenger import Messenger
from bot.telegram.pacing import Pace
from bot.telegram.wire import AiohttpRequest


@dataclass(frozen=True, kw_only=True)
class PeopleParts:
    messenger: Messenger
    renderer: Renderer
    voice: Voice
    people: People
    admission: Admission
    unreachable: UnreachablePeople
    menu_button: MenuButton


def wire_people(
    *,
    config: Config,
    store: Store,
    application: BotApplication,
    wire: AiohttpRequest,
    pace: Pace | None,
    metrics: Metrics,
    measurer: Measurer,
    now: Clock,
) -> PeopleParts:
    """`pace`: how fast it may speak, when not as fast as Telegram likes it. The messenger has to be closed."""
    unreachable = UnreachablePeople(people=store.people, reports=store.reports, now=now)
    messenger = Messenger(
        application.bot,
        TelegramFiles(application.bot, wire),
        pace=pace or Pace(per_second=config.sends_per_second),
        metrics=metrics,
        on_unreachable=unreachable.note,
    )
    renderer = Renderer(webapp_url=config.webapp_url)
    voice = Voice(
        messenger=messenger, renderer=renderer, said=store.sent_messages, pictures=store.shown_pictures, now=now
    )
    people = People(
        rows=store.people,
        voice=voice,
        config=config,
        provider=measurer.provider,
        on_device=measurer.on_device is not None,
        now=now,
    )
    return PeopleParts(
        messenger=messenger,
        renderer=renderer,
        voice=voice,
        people=people,
        admission=Admission(refusals=store.refusals, invitations=store.invitations, config=config),
        unreachable=unreachable,
        menu_button=MenuButton(
            rows=store.menu_buttons, people=store.people, voice=voice, url=config.webapp_url, now=now
        ),
    )
