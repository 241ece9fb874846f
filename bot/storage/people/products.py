"""What a person uses or does for their skin, as they named it, and from when to when: all of it sealed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.people.owned import lock_owner
from bot.storage.records import ProductRecord
from bot.storage.sealing import open_product, readable, seal_product
from bot.storage.tables import product

MOST: Final = 20  # of one person's


class TooManyProducts(Exception):
    """The person keeps as many as there may be: one has to go first."""


class ProductRows:
    """Every method raises DatabaseUnavailable. The owner stands in every statement: another's number is unknown."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def of(self, person_id: int) -> Sequence[ProductRecord]:
        """By when they began, those of which nobody knows it first."""
        return await self._database.read(lambda connection: products_of(connection, self._vault, person_id))

    async def add(
        self, person_id: int, name: str, *, started_on: date | None, stopped_on: date | None = None
    ) -> ProductRecord:
        """Raises TooManyProducts, PersonGone."""

        def work(connection: Connection) -> ProductRecord:
            lock_owner(connection, person_id)
            many = select(func.count()).select_from(product).where(product.c.person_id == person_id)
            if connection.scalars(many).one() >= MOST:
                raise TooManyProducts
            blank = {"person_id": person_id, "content": b""}  # sealed as soon as the row has a number
            new_id = connection.execute(insert(product).returning(product.c.id), blank).scalar_one()
            new = ProductRecord(id=new_id, name=name, started_on=started_on, stopped_on=stopped_on)
            _keep(connection, self._vault, person_id, new)
            return new

        return await self._database.write(work)

    async def stop(self, person_id: int, product_id: int, *, on: date | None) -> bool:
        """Used until that day; None: it is used again. False for a number that is none of theirs."""
        return await self._change(person_id, product_id, lambda known: replace(known, stopped_on=on))

    async def remove(self, person_id: int, product_id: int) -> bool:
        """False for a number that is none of theirs. On SQLite it is gone from the files when this returns."""
        this = delete(product).where(product.c.person_id == person_id, product.c.id == product_id)
        gone = await self._database.write(lambda connection: connection.execute(this).rowcount)
        await self._database.forget_deleted()
        return gone > 0

    async def _change(self, person_id: int, product_id: int, changed: Callable[[ProductRecord], ProductRecord]) -> bool:
        own = select(product).where(product.c.person_id == person_id, product.c.id == product_id).with_for_update()

        def work(connection: Connection) -> bool:
            rows = connection.execute(own).mappings()
            for known in readable(rows, lambda row: _opened(connection, self._vault, row)):
                _keep(connection, self._vault, person_id, changed(known))
                return True
            return False

        return await self._database.write(work)


def products_of(connection: Connection, vault: Vault, person_id: int) -> tuple[ProductRecord, ...]:
    """By when they began."""
    rows = connection.execute(select(product).where(product.c.person_id == person_id).order_by(product.c.id)).mappings()
    found = readable(rows, lambda row: _opened(connection, vault, row))
    return tuple(sorted(found, key=lambda each: (each.started_on or date.min, each.id)))


def _opened(connection: Connection, vault: Vault, row: RowMapping) -> ProductRecord:
    seal = vault.row(connection, row["person_id"], product, row["id"])
    return open_product(seal, row["id"], row["content"])


def _keep(connection: Connection, vault: Vault, person_id: int, known: ProductRecord) -> None:
    content = seal_product(vault.row(connection, person_id, product, known.id), known)
    own = update(product).where(product.c.id == known.id, product.c.person_id == person_id)
    connection.execute(own.values(content=content))
