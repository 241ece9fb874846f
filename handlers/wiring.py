"""What the bot hears, wired: each journey's handlers with what they call."""

from bot.operations.stats import Stats
from bot.own_data.wiring import OwnDataParts
from bot.people.wiring import PeopleParts
from bot.reminders.wiring import ReminderParts
from bot.reports.wiring import ReportParts
from bot.storage import Store
from handlers.corrections import CorrectionHandlers
from handlers.erasure import ErasureHandlers
from handlers.errors import ErrorHandlers
from handlers.fallbacks import FallbackHandlers
from handlers.listening import ListeningHandlers
from handlers.operator import OperatorHandlers
from handlers.own_data import OwnDataHandlers
from handlers.photos import PhotoHandlers
from handlers.progress import ProgressHandlers
from handlers.refusal import RefusalHandlers
from handlers.remarks import RemarkHandlers
from handlers.reminders import ReminderHandlers
from handlers.reports import ReportHandlers
from handlers.routes import Journeys
from handlers.settings import SettingsHandlers
from handlers.time_zone import TimeZoneHandlers
from handlers.turn import Hearing
from handlers.welcome import WelcomeHandlers


def wire_handlers(
    *,
    store: Store,
    people: PeopleParts,
    reports: ReportParts,
    reminders: ReminderParts,
    own_data: OwnDataParts,
    stats: Stats,
) -> Journeys:
    setting, zones = reminders.setting, reminders.time_zones
    hearing = Hearing(people=people.people, voice=people.voice, welcome_back=setting.welcome_back)
    listening = ListeningHandlers(hearing=hearing)
    other = FallbackHandlers(hearing=hearing, listening=listening, absence=people.unreachable)
    history = ReportHandlers(hearing=hearing, past=reports.history)
    settings = SettingsHandlers(hearing=hearing, languages=people.renderer.locales)
    return Journeys(
        welcome=WelcomeHandlers(hearing=hearing, desk=reports.requests, history=history),
        photos=PhotoHandlers(hearing=hearing, listening=listening, desk=reports.requests),
        history=history,
        progress=ProgressHandlers(
            hearing=hearing, charting=reports.charts, comparing=reports.comparisons, past=reports.history
        ),
        settings=settings,
        mydata=OwnDataHandlers(
            hearing=hearing,
            mydata=own_data.overview,
            export=own_data.export,
            sheet=own_data.sheet,
            settings=settings,
        ),
        remarks=RemarkHandlers(hearing=hearing, remarks=reports.feedback),
        corrections=CorrectionHandlers(hearing=hearing, listening=listening, remarks=reports.feedback),
        erasure=ErasureHandlers(hearing=hearing, erasing=own_data.erasing),
        stats=OperatorHandlers(hearing=hearing, stats=stats),
        reminders=ReminderHandlers(hearing=hearing, setting=setting, zones=zones),
        time_zone=TimeZoneHandlers(hearing=hearing, zones=zones, setting=setting, other_text=other.on_text),
        listening=listening,
        everything_else=other,
        refusal=RefusalHandlers(refusals=store.refusals, people=store.people, voice=people.voice),
        errors=ErrorHandlers(hearing=hearing),
    )
