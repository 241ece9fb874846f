"""What the bot hears, wired: each journey's handlers with what they call."""

from bot.operations.stats import Stats
from bot.own_data.wiring import OwnDataParts
from bot.people.wiring import PeopleParts
from bot.reminders.wiring import ReminderParts
from bot.reports.wiring import ReportParts
from bot.storage import Store
from handlers.corrections import CorrectionHandlers
from handlers.fallbacks import FallbackHandlers
from handlers.listening import ListeningHandlers
from handlers.operator import OperatorHandlers
from handlers.own_data import OwnDataHandlers
from handlers.photos import PhotoHandlers
from handlers.progress import ProgressHandlers
from handlers.refusal import RefusalHandlers
from handlers.reminders import ReminderHandlers
from handlers.reports import ReportHandlers
from handlers.routes import Journeys
from handlers.settings import SettingsHandlers
from handlers.time_zone import TimeZoneHandlers
from handlers.turn import Turns
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
    consent, setting, zones = people.people, reminders.setting, reminders.time_zones
    turns = Turns(people=consent, voice=people.voice, welcome_back=setting.welcome_back)
    past = ReportHandlers(past=reports.history, feedback=reports.feedback, reminders=setting)
    own = OwnDataHandlers(
        people=consent,
        mydata=own_data.overview,
        export=own_data.export,
        sheet=own_data.sheet,
        erasing=own_data.erasing,
        moving=own_data.moving,
    )
    return Journeys(
        turns=turns,
        welcome=WelcomeHandlers(people=consent, desk=reports.requests, reports=past, home=reports.home, own_data=own),
        photos=PhotoHandlers(people=consent, desk=reports.requests, past=reports.history, zones=zones),
        reports=past,
        progress=ProgressHandlers(charting=reports.charts, comparing=reports.comparisons, past=reports.history),
        settings=SettingsHandlers(people=consent, setting=setting),
        own_data=own,
        operator=OperatorHandlers(stats=stats),
        corrections=CorrectionHandlers(people=consent, feedback=reports.feedback),
        reminders=ReminderHandlers(setting=setting, zones=zones),
        time_zone=TimeZoneHandlers(zones=zones, setting=setting),
        listening=ListeningHandlers(zones=zones),
        fallbacks=FallbackHandlers(turns=turns, absence=people.unreachable),
        refusal=RefusalHandlers(refusals=store.refusals, people=store.people, voice=people.voice),
    )
