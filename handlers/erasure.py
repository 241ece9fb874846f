"""/delete: everything about a person goes, at once, after one question."""

from dataclasses import dataclass

from telegram import Update

from bot.own_data.erasing import Erasing
from bot.storage.records import PersonRecord
from bot.views.person import EraseView
from handlers.turn import Context, Hearing, query_of


@dataclass(frozen=True, kw_only=True)
class ErasureHandlers:
    hearing: Hearing
    erasing: Erasing

    async def on_delete(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.answer(update, "delete_confirm", _asked(person))

    async def on_decision(self, update: Update, _: Context) -> None:
        match query_of(update).data:
            case "delete:ask":
                person = await self.hearing.person(update)
                await self.hearing.turn_page(update, "delete_confirm", _asked(person))
            case "delete:yes":
                await self._erase(update)
            case _:
                await self.hearing.turn_page(update, "delete_kept")

    async def _erase(self, update: Update) -> None:
        person = await self.hearing.person(update)
        await self.erasing.erase(person)
        # The person is unknown from here on: meeting them again, only to say goodbye, would make a new row.
        await self.hearing.voice.say(person, "delete_done")


def _asked(person: PersonRecord) -> EraseView:
    return EraseView(agreed_once=person.consented_at is not None)
