"""/mydata: what is stored of a person, since when and until when; pictures given up, permission taken back."""

from bot.clock import Clock
from bot.mydata.views import MyDataView
from bot.people import People
from bot.reports.desk import Desk
from bot.storage.belongings import Belongings
from bot.storage.records import PersonGone, PersonRecord
from bot.storage.reminders import Reminders
from bot.storage.retention import KEPT


class MyData:
    def __init__(self, *, rows: Belongings, people: People, desk: Desk, reminders: Reminders, now: Clock) -> None:
        self._rows = rows
        self._people = people
        self._desk = desk
        self._reminders = reminders
        self._now = now

    async def overview(self, person: PersonRecord) -> MyDataView:
        """Raises PersonGone."""
        held = await self._rows.holdings(person.id)
        if held is None:
            raise PersonGone
        return MyDataView(
            since=held.since,
            until=held.seen_at + KEPT,
            agreed_at=held.consented_at if held.consent_version is not None else None,
            withdrawn_at=held.withdrawn_at if held.consent_version is None else None,
            reports=held.reports,
            waiting=held.waiting,
            pictures=held.pictures,
            notes=held.notes,
            keeps_pictures=person.keeps_pictures,
            has_reminder=held.reminder is not None and held.reminder.weekday is not None,
        )

    async def delete_pictures(self, person: PersonRecord) -> None:
        await self._rows.drop_pictures(person.id)

    async def withdraw(self, person: PersonRecord) -> None:
        """Take the permission back: no analysis, no reminder, what waits is given up; reports stay."""
        await self._people.withdraw(person)
        await self._desk.cancel(person)
        await self._reminders.switch_off(person.id)
