"""The whole storage, opened: every verb, grouped by what it is about."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.storage.alerts import Alerts
from bot.storage.database import Database
from bot.storage.inbox import Inbox
from bot.storage.keys import Keyring, key_setting
from bot.storage.ledger import Ledger
from bot.storage.migrating import migrate
from bot.storage.people import People
from bot.storage.reminders import Reminders
from bot.storage.reports import Reports


@dataclass(frozen=True, kw_only=True)
class Store:
    people: People
    reports: Reports
    inbox: Inbox
    ledger: Ledger
    alerts: Alerts
    reminders: Reminders


@asynccontextmanager
async def open_store(database_url: str, data_key: str | None) -> AsyncIterator[Store]:
    """Migrate the database to the newest schema and open it.

    Raises DatabaseUrlInvalid, KeyMissing, KeyInvalid, KeyMismatch, DatabaseUnavailable.
    """
    keyring = Keyring.from_setting(key_setting(database_url, data_key))
    await asyncio.to_thread(migrate, database_url)
    async with Database.open(database_url, keyring) as database:
        yield Store(
            people=People(database),
            reports=Reports(database),
            inbox=Inbox(database),
            ledger=Ledger(database),
            alerts=Alerts(database),
            reminders=Reminders(database),
        )
