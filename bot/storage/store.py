"""The whole storage, opened: every verb, grouped by what it is about."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from bot.storage.alerts import AlertRows
from bot.storage.engine.database import Database
from bot.storage.engine.key_file import is_open_to_others, key_file, key_setting
from bot.storage.engine.keys import Keyring
from bot.storage.figures import FigureRows
from bot.storage.inbox import InboxRows
from bot.storage.ledger import LedgerRows
from bot.storage.people.efforts import EffortRows
from bot.storage.people.moving import MovingRows
from bot.storage.people.notices import NoticeRows
from bot.storage.people.own_data import OwnDataRows
from bot.storage.people.people import PersonRows
from bot.storage.people.refusals import RefusalRows
from bot.storage.people.retention import RetentionRows
from bot.storage.people.sent_messages import SentMessageRows
from bot.storage.people.shown_pictures import ShownPictureRows
from bot.storage.people.tombstones import TombstoneRows
from bot.storage.reminders import ReminderRows
from bot.storage.reports.due import DueReportRows
from bot.storage.reports.feedback import FeedbackRows
from bot.storage.reports.reports import ReportRows
from bot.storage.reports.series import SeriesRows
from bot.storage.reports.trimming import TrimmingRows
from bot.storage.upkeep.migrating import migrate
from bot.storage.upkeep.resealing import Sealing, welcome_all
from bot.storage.upkeep.restoring import keep_erased

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Store:
    people: PersonRows
    reports: ReportRows
    due_reports: DueReportRows
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
    own_data: OwnDataRows
    retention: RetentionRows
    trimming: TrimmingRows
    reminders: ReminderRows
    sealing: Sealing
    refusals: RefusalRows
    notices: NoticeRows
    moving: MovingRows

    @classmethod
    def on(cls, database: Database) -> Self:
        return cls(
            people=PersonRows(database),
            reports=ReportRows(database),
            due_reports=DueReportRows(database),
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
            own_data=OwnDataRows(database),
            retention=RetentionRows(database),
            trimming=TrimmingRows(database),
            reminders=ReminderRows(database),
            sealing=Sealing(database),
            refusals=RefusalRows(database),
            notices=NoticeRows(database),
            moving=MovingRows(database),
        )


@asynccontextmanager
async def open_store(
    database_url: str, data_key: str | None, *, erased: Path | None = None, without_list: bool = False
) -> AsyncIterator[Store]:
    """Migrate the database to the newest schema, erase again whoever a restore brought back, and open it.

    `erased`: a file of tombstones; `without_list`: without the one beside the database. Raises DatabaseUrlInvalid,
    KeyMissing, KeyInvalid, KeyLost, KeyMismatch, DatabaseUnavailable, DatabaseNewer, DatabaseForeign,
    TombstonesUnreadable, OSError.
    """
    if not data_key:
        _warn_of_the_key_file(database_url)
    async with opened_database(database_url, data_key) as database:
        await welcome_all(database)
        await keep_erased(database, given=erased, without_list=without_list)
        yield Store.on(database)


@asynccontextmanager
async def opened_database(database_url: str, data_key: str | None) -> AsyncIterator[Database]:
    """The database, migrated. With a key file its keys are read anew when they were changed. Raises as `open_store`."""
    keyring = Keyring.from_setting(key_setting(database_url, data_key))
    await asyncio.to_thread(migrate, database_url)
    async with Database.open(
        database_url, keyring, reread=None if data_key else partial(_from_file, database_url)
    ) as opened:
        yield opened


def _warn_of_the_key_file(database_url: str) -> None:
    path = key_file(database_url)
    if path is None or not path.exists():
        return
    if is_open_to_others(path):
        _log.warning("other users of this machine can get at the key %s: chmod 600, and its folder 700", path)
    _log.info(
        "the key %s lies beside the database: whoever copies the folder reads it. DATA_KEY keeps them apart", path
    )


def _from_file(database_url: str) -> Keyring:
    return Keyring.from_setting(key_setting(database_url, None))
