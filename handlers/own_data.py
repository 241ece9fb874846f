"""/mydata and /export: what is stored, taken along, or given up; each at once, with a receipt."""

from contextlib import suppress
from dataclasses import dataclass

from telegram import Update

from bot.own_data.export import Export, ExportBusy
from bot.own_data.overview import MyData
from bot.own_data.sheet import DoctorSheet
from bot.telegram.errors import DeliveryError, MessageLost
from bot.views.person import WithdrawnView
from bot.views.reports import CountView
from handlers.settings import SettingsHandlers
from handlers.turn import Context, Hearing, query_of


@dataclass(frozen=True, kw_only=True)
class OwnDataHandlers:
    hearing: Hearing
    mydata: MyData
    export: Export
    sheet: DoctorSheet
    settings: SettingsHandlers

    async def on_mydata(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.answer(update, "mydata", await self.mydata.overview(person))

    async def on_opened(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.turn_page(update, "mydata", await self.mydata.overview(person))

    async def on_export(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        try:
            await self.export.hand_over(person, self.settings.view(person))
        except ExportBusy:
            await self.hearing.answer(update, "slow_down")

    async def on_sheet(self, update: Update, _: Context) -> None:
        if not await self.sheet.hand_over(await self.hearing.person(update)):
            await self.hearing.answer(update, "history_empty")

    async def on_pictures(self, update: Update, context: Context) -> None:
        match query_of(update).data:
            case "pictures:ask":
                await self.hearing.turn_page(update, "pictures_confirm")
            case "pictures:yes":
                person = await self.hearing.person(update)
                await self.mydata.delete_pictures(person)
                await self.hearing.turn_page(update, "pictures_deleted")
            case _:
                await self.on_opened(update, context)

    async def on_withdraw(self, update: Update, context: Context) -> None:
        match query_of(update).data:
            case "withdraw:ask" | "withdraw:yes":  # yes: under a question of an earlier version
                await self.hearing.turn_page(update, "withdraw_confirm")
            case "withdraw:erase" | "withdraw:keep" as decision:
                keeps = decision == "withdraw:keep"
                person = await self.hearing.person(update)
                for status in await self.mydata.withdraw(person, keeps_reports=keeps):
                    with suppress(MessageLost, DeliveryError):
                        await self.hearing.voice.revise(person, status, "cancelled", CountView(count=1))
                await self.hearing.turn_page(update, "consent_withdrawn", WithdrawnView(keeps_reports=keeps))
            case _:
                await self.on_opened(update, context)

    async def on_keep(self, update: Update, _: Context) -> None:
        """Under the notice before everything goes: that the person is here is all that it takes."""
        await self.hearing.turn_page(update, "retention_kept")
