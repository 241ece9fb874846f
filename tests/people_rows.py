"""People's rows written at once, by the thousand: what stands in clear first, then what only their keys can seal."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, update

from bot.storage.engine.vault import Vault
from bot.storage.sealing import Choices, seal_choices
from bot.storage.tables import OWN, person

BLANK: Mapping[str, object] = {
    "telegram_id": b"",
    "shows_age": False,
    "quiet": False,
    "hidden_marks": "",
    "keeps_pictures": True,
    "sealed_by": OWN,
}


def seal_people(connection: Connection, vault: Vault, people: Mapping[int, tuple[int, Choices]]) -> None:
    """Row ids, with the Telegram id and the choices of each."""
    vault.welcome(connection, list(people))
    sealed = []
    for row_id, (telegram_id, choices) in people.items():
        seal = vault.person(connection, row_id)
        sealed.append(
            {
                "this": row_id,
                "telegram_id": seal.seal("telegram_id", str(telegram_id).encode()),
                "choices": seal_choices(seal, choices),
            }
        )
    connection.execute(update(person).where(person.c.id == bindparam("this")), sealed)
