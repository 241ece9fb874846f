"""The whole storage, opened: every verb, grouped by what it is about."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from bot.storage.alerts import Alerts
from bot.storage.engine.database import Database
from bot.storage.engine.key_file import is_open_to_others, key_file, key_setting
from bot.storage.engine.keys import Keyring
from bot.storage.figures import Figures
from bot.storage.inbox import Inbox
from bot.storage.ledger import Ledger
from bot.storage.people.efforts import Efforts
from bot.storage.people.notices import Notices
from bot.storage.people.own_data import Belongings
from bot.storage.people.people import People
from bot.storage.people.refusals import Refusals
from bot.storage.people.retention import Retention
from bot.storage.people.sent_messages import Said
from bot.storage.people.shown_pictures import ShownPictures
from bot.storage.people.tombstones import Tombstones
from bot.storage.reminders import Reminders
from bot.storage.reports.due import Agenda
from bot.storage.reports.feedback import Remarks
from bot.storage.reports.reports import Reports
from bot.storage.reports.series import Track
from bot.storage.reports.trimming import TrimmingRows
from bot.storage.upkeep.migrating import migrate
from bot.storage.upkeep.resealing import Sealing, welcome_all
from bot.storage.upkeep.restoring import keep_erased

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Store:
    people: People
    reports: Reports
    agenda: Agenda
    track: Track
    inbox: Inbox
    ledger: Ledger
    efforts: Efforts
    alerts: Alerts
    figures: Figures
    tombstones: Tombstones
    said: Said
    shown_pictures: ShownPictures
    remarks: Remarks
    belongings: Belongings
    retention: Retention
    trimming: TrimmingRows
    reminders: Reminders
    sealing: Sealing
    refusals: Refusals
    notices: Notices

    @classmethod
    def on(cls, database: Database) -> Self:
        return cls(
            people=People(database),
            reports=Reports(database),
            agenda=Agenda(database),
            track=Track(database),
            inbox=Inbox(database),
            ledger=Ledger(database),
            efforts=Efforts(database),
            alerts=Alerts(database),
            figures=Figures(database),
            tombstones=Tombstones(database),
            said=Said(database),
            shown_pictures=ShownPictures(database),
            remarks=Remarks(database),
            belongings=Belongings(database),
            retention=Retention(database),
            trimming=TrimmingRows(database),
            reminders=Reminders(database),
            sealing=Sealing(database),
            refusals=Refusals(database),
            notices=Notices(database),
        )


@asynccontextmanager
async def open_store(
    database_url: str, data_key: str | None, *, erased: Path | None = None, without_list: bool = False
) -> AsyncIterator[Store]:
    """Migrate the database to the newest schema, erase again whoever a restore brought back, and open it.

    `erased`: a file of tombstones; `without_list`: without the one beside the database. Raises DatabaseUrlInvalid,
    KeyMissing, KeyInvalid, KeyLost, KeyMismatch, DatabaseUnavailable, DatabaseNewer, TombstonesUnreadable, OSError.
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
