"""/mydata: what is stored of a person, since when and until when; pictures given up, permission taken back."""

from collections.abc import Awaitable, Callable

from bot.clock import Clock
from bot.diary.experiments.giving_up import ExperimentsEnd
from bot.people.consent import People
from bot.reports.requests import ReportRequests
from bot.storage.people.own_data import Holdings, OwnDataRows
from bot.storage.people.retention import KEPT
from bot.storage.records import PersonGone, PersonRecord
from bot.storage.reminders import ReminderRows
from bot.views.own_data import MyDataView


class MyData:
    """`stop` ends what this process is doing for a person."""

    def __init__(
        self,
        *,
        rows: OwnDataRows,
        people: People,
        requests: ReportRequests,
        reminders: ReminderRows,
        experiments: ExperimentsEnd,
        stop: Callable[[int], Awaitable[None]],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._people = people
        self._requests = requests
        self._reminders = reminders
        self._experiments = experiments
        self._stop = stop
        self._now = now

    async def overview(self, person: PersonRecord) -> MyDataView:
        """Raises PersonGone."""
        held = await self._rows.holdings(person.id)
        if held is None:
            raise PersonGone
        return overview_of(person, held)

    async def delete_pictures(self, person: PersonRecord) -> None:
        await self._rows.drop_pictures(person.id)

    async def withdraw(self, person: PersonRecord, *, keeps_reports: bool) -> list[int]:
        """Take the permission back: no analysis, no reminder, no experiment, what waits is given up.

        Reports stay by a yes of their own, for the person to read, and are erased without it: work that is under way
        ends in silence then. Returns the status messages that still speak of it.
        """
        await self._people.withdraw(person, keeps_reports=keeps_reports)
        await self._reminders.switch_off(person.id)
        await self._experiments.give_up(person)
        if keeps_reports:
            await self._requests.cancel(person)
            return []
        await self._stop(person.id)
        return await self._rows.erase_reports(person.id)


def overview_of(person: PersonRecord, held: Holdings) -> MyDataView:
    return MyDataView(
        since=held.since,
        until=held.seen_at + KEPT,
        agreed_at=held.consented_at if held.consent_version is not None else None,
        withdrawn_at=held.withdrawn_at if held.consent_version is None else None,
        reports=held.reports,
        waiting=held.waiting,
        pictures=held.pictures,
        notes=held.notes,
        feelings=len(held.feelings),
        products=len(held.products),
        experiments=len(held.experiments),
        keeps_pictures=person.keeps_pictures,
        keeps_reports_at=held.keeps_reports_at,
        has_reminder=held.reminder is not None and held.reminder.weekday is not None,
    )
