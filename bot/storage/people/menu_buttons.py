"""Whose chat has a button of its own that opens the Mini App, and to which addresses such buttons lead."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, select

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.people.people import choose
from bot.storage.records import PersonRecord
from bot.storage.sealing import open_person, readable
from bot.storage.tables import person
from bot.storage.tables_of_access import switch

_KIND: Final = "page "  # before an address in a switch's name


class MenuButtonRows:
    """`place`: of an address, so that it is known again. Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def note(self, person_id: int, button: str | None) -> None:
        """What stands in their chat from now on; None: the commands, as everywhere."""
        await self._database.write(
            lambda connection: choose(
                connection, self._vault, person_id, lambda choices: replace(choices, menu_button=button)
            )
        )

    async def lead_to(self, place: str, *, now: datetime) -> None:
        """There are buttons that lead there, or soon will be."""
        row = {"name": _KIND + place, "since": now}
        await self._database.write(lambda connection: connection.execute(insert_unless_there(connection, switch), row))

    async def places(self) -> frozenset[str]:
        names = select(switch.c.name).where(switch.c.name.startswith(_KIND))
        found = await self._database.read(lambda connection: list(connection.scalars(names)))
        return frozenset(name.removeprefix(_KIND) for name in found)

    async def forget(self, place: str) -> None:
        """No button leads there any more."""
        gone = delete(switch).where(switch.c.name == _KIND + place)
        await self._database.write(lambda connection: connection.execute(gone))

    async def people(self, *, after: int, limit: int) -> tuple[Sequence[PersonRecord], int | None]:
        """Of the next people those with such a button; and after whom to go on, None when these were the last."""
        these = select(person).where(person.c.id > after).order_by(person.c.id).limit(limit)

        def opened(connection: Connection, row: RowMapping) -> PersonRecord:
            return open_person(row, self._vault.person(connection, row["id"]))

        def work(connection: Connection) -> tuple[Sequence[PersonRecord], int | None]:
            rows = connection.execute(these).mappings().all()
            found = readable(rows, lambda row: opened(connection, row))
            return [each for each in found if each.menu_button], rows[-1]["id"] if len(rows) == limit else None

        return await self._database.read(work)
