"""What the bot hears, wired: each journey's handlers with what they call."""

from bot.diary.experiments.wiring import ExperimentParts
from bot.diary.wiring import DiaryParts
from bot.operations.wiring import OperationsParts
from bot.own_data.wiring import OwnDataParts
from bot.people.wiring import PeopleParts
from bot.reminders.wiring import ReminderParts
from bot.reports.wiring import ReportParts
from bot.storage import Store
from handlers.admission import AdmissionHandlers
from handlers.corrections import CorrectionHandlers
from handlers.diary import DiaryHandlers
from handlers.experiments import ExperimentHandlers
from handlers.fallbacks import FallbackHandlers
from handlers.listening import ListeningHandlers
from handlers.operator import OperatorHandlers
from handlers.own_data import OwnDataHandlers
from handlers.photos import PhotoHandlers
from handlers.products import ProductHandlers
from handlers.progress import ProgressHandlers
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
    diary: DiaryParts,
    reminders: ReminderParts,
    experiments: ExperimentParts,
    own_data: OwnDataParts,
    operations: OperationsParts,
) -> Journeys:
    consent, setting, zones = people.people, reminders.setting, reminders.time_zones
    turns = Turns(people=consent, voice=people.voice, welcome_back=setting.welcome_back, menu_button=people.menu_button)
    past = ReportHandlers(past=reports.history, feedback=reports.feedback, reminders=setting)
    own = _own_data(people, own_data)
    time_zone = TimeZoneHandlers(zones=zones, setting=setting)
    trying = ExperimentHandlers(
        planning=experiments.planning,
        steps=experiments.steps,
        past=reports.history,
        zones=zones,
        naming=diary.products,
        otherwise=time_zone.on_text,
    )
    products = ProductHandlers(
        people=consent, products=diary.products, zones=zones, reports=past, otherwise=trying.on_text
    )
    return Journeys(
        turns=turns,
        welcome=_welcome(people, reports, experiments, past, own),
        photos=_photos(people, reports, diary, reminders, experiments),
        reports=past,
        progress=ProgressHandlers(charting=reports.charts, comparing=reports.comparisons, past=reports.history),
        diary=DiaryHandlers(people=consent, feelings=diary.feelings, setting=setting),
        products=products,
        settings=SettingsHandlers(people=consent, setting=setting, menu_button=people.menu_button),
        own_data=own,
        operator=OperatorHandlers(stats=operations.stats, controls=operations.controls, desk=operations.desk),
        corrections=CorrectionHandlers(people=consent, feedback=reports.feedback),
        reminders=ReminderHandlers(setting=setting, zones=zones),
        time_zone=time_zone,
        experiments=trying,
        listening=ListeningHandlers(zones=zones, trying=trying, products=products),
        fallbacks=FallbackHandlers(turns=turns, absence=people.unreachable),
        admission=AdmissionHandlers(admission=people.admission, people=store.people, voice=people.voice),
    )


def _own_data(people: PeopleParts, own_data: OwnDataParts) -> OwnDataHandlers:
    return OwnDataHandlers(
        people=people.people,
        mydata=own_data.overview,
        export=own_data.export,
        sheet=own_data.sheet,
        erasing=own_data.erasing,
        moving=own_data.moving,
        menu_button=people.menu_button,
    )


def _photos(
    people: PeopleParts,
    reports: ReportParts,
    diary: DiaryParts,
    reminders: ReminderParts,
    experiments: ExperimentParts,
) -> PhotoHandlers:
    return PhotoHandlers(
        people=people.people,
        desk=reports.requests,
        past=reports.history,
        zones=reminders.time_zones,
        planning=experiments.planning,
        products=diary.products,
    )


def _welcome(
    people: PeopleParts, reports: ReportParts, experiments: ExperimentParts, past: ReportHandlers, own: OwnDataHandlers
) -> WelcomeHandlers:
    return WelcomeHandlers(
        people=people.people,
        desk=reports.requests,
        reports=past,
        home=reports.home,
        menu_button=people.menu_button,
        own_data=own,
        trying=experiments.steps,
    )
