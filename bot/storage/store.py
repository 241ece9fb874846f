"""The whole storage: every verb, grouped by what it is about."""

from dataclasses import dataclass
from typing import Self

from bot.storage.alerts import AlertRows
from bot.storage.broadcasts import BroadcastRows
from bot.storage.engine.database import Database
from bot.storage.experiments import DueExperimentRows, ExperimentPhotoRows, ExperimentRows
from bot.storage.figures import FigureRows
from bot.storage.inbox import InboxRows
from bot.storage.ledger import LedgerRows
from bot.storage.people.efforts import EffortRows
from bot.storage.people.feelings import FeelingRows
from bot.storage.people.invitations import InvitationRows
from bot.storage.people.menu_buttons import MenuButtonRows
from bot.storage.people.moving import MovingRows
from bot.storage.people.notices import NoticeRows
from bot.storage.people.own_data import OwnDataRows
from bot.storage.people.people import PersonRows
from bot.storage.people.products import ProductRows
from bot.storage.people.refusals import RefusalRows
from bot.storage.people.retention import RetentionRows
from bot.storage.people.sent_messages import SentMessageRows
from bot.storage.people.shown_pictures import ShownPictureRows
from bot.storage.people.tombstones import TombstoneRows
from bot.storage.reminders import ReminderRows
from bot.storage.reports.chosen_readers import ChosenReaderRows
from bot.storage.reports.due import DueReportRows
from bot.storage.reports.feedback import FeedbackRows
from bot.storage.reports.reports import ReportRows
from bot.storage.reports.series import SeriesRows
from bot.storage.reports.trimming import TrimmingRows
from bot.storage.switches import SwitchRows
from bot.storage.upkeep.resealing import Sealing


@dataclass(frozen=True, kw_only=True)
class Store:
    people: PersonRows
    reports: ReportRows
    due_reports: DueReportRows
    chosen_readers: ChosenReaderRows
    series: SeriesRows
    inbox: InboxRows
    ledger: LedgerRows
    efforts: EffortRows
    alerts: AlertRows
    figures: FigureRows
    tombstones: TombstoneRows
    sent_messages: SentMessageRows
    shown_pictures: ShownPictureRows
    feedback: FeedbackRows
    feelings: FeelingRows
    products: ProductRows
    own_data: OwnDataRows
    retention: RetentionRows
    trimming: TrimmingRows
    reminders: ReminderRows
    sealing: Sealing
    refusals: RefusalRows
    notices: NoticeRows
    broadcasts: BroadcastRows
    moving: MovingRows
    invitations: InvitationRows
    switches: SwitchRows
    menu_buttons: MenuButtonRows
    experiments: ExperimentRows
    due_experiments: DueExperimentRows
    experiment_photos: ExperimentPhotoRows

    @classmethod
    def on(cls, database: Database) -> Self:
        return cls(
            people=PersonRows(database),
            reports=ReportRows(database),
            due_reports=DueReportRows(database),
            chosen_readers=ChosenReaderRows(database),
            series=SeriesRows(database),
            inbox=InboxRows(database),
            ledger=LedgerRows(database),
            efforts=EffortRows(database),
            alerts=AlertRows(database),
            figures=FigureRows(database),
            tombstones=TombstoneRows(database),
            sent_messages=SentMessageRows(database),
            shown_pictures=ShownPictureRows(database),
            feedback=FeedbackRows(database),
            feelings=FeelingRows(database),
            products=ProductRows(database),
            own_data=OwnDataRows(database),
            retention=RetentionRows(database),
            trimming=TrimmingRows(database),
            reminders=ReminderRows(database),
            sealing=Sealing(database),
            refusals=RefusalRows(database),
            notices=NoticeRows(database),
            broadcasts=BroadcastRows(database),
            moving=MovingRows(database),
            invitations=InvitationRows(database),
            switches=SwitchRows(database),
            menu_buttons=MenuButtonRows(database),
            experiments=ExperimentRows(database),
            due_experiments=DueExperimentRows(database),
            experiment_photos=ExperimentPhotoRows(database),
        )
