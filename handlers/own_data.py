"""/mydata, /export and /delete: what is stored, taken along, or given up; each at once, with a receipt."""

from contextlib import suppress
from dataclasses import dataclass, replace

from bot.own_data.erasing import Erasing
from bot.own_data.export import Export, ExportBusy
from bot.own_data.moving import Moving
from bot.own_data.overview import MyData
from bot.own_data.sheet.doctor import DoctorSheet
from bot.people.consent import People
from bot.people.menu_button import MenuButton
from bot.storage.people.moving import MoveRefusal
from bot.telegram.errors import NotDelivered
from bot.views.own_data import MoveRefusedView
from bot.views.person import EraseView, WithdrawnView
from bot.views.reports import CountView
from bot.views.sheet import SUGGESTED, SheetParts
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class OwnDataHandlers:
    """What a person may do with all that is theirs."""

    people: People
    mydata: MyData
    export: Export
    sheet: DoctorSheet
    erasing: Erasing
    moving: Moving
    menu_button: MenuButton

    async def on_mydata(self, turn: Turn) -> None:
        await turn.say(await self.mydata.overview(turn.person))

    async def on_opened(self, turn: Turn) -> None:
        await turn.show(await self.mydata.overview(turn.person))

    async def on_export(self, turn: Turn) -> None:
        await turn.voice.seem_busy(turn.person, with_file=True)
        try:
            await self.export.hand_over(turn.person, self.people.settings(turn.person))
        except ExportBusy:
            await turn.say("slow_down")

    async def on_sheet(self, turn: Turn) -> None:
        await self.on_sheet_parts(turn, int(SUGGESTED))

    async def on_sheet_parts(self, turn: Turn, chosen: int) -> None:
        offered = await self.sheet.offer(turn.person, SheetParts(chosen))
        if offered is None:
            await turn.say("history_empty")
        else:
            await turn.show(offered)

    async def on_sheet_make(self, turn: Turn, chosen: int) -> None:
        """What was chosen stands there again when it is done, however that went."""
        await turn.show("sheet_working")
        await turn.voice.seem_busy(turn.person, with_file=True)
        try:
            await self.sheet.hand_over(turn.person, SheetParts(chosen))
        finally:
            await self.on_sheet_parts(turn, chosen)

    async def on_pictures(self, turn: Turn) -> None:
        await turn.show("pictures_confirm")

    async def on_pictures_yes(self, turn: Turn) -> None:
        await self.mydata.delete_pictures(turn.person)
        await turn.show("pictures_deleted")

    async def on_withdraw(self, turn: Turn) -> None:
        await turn.show("withdraw_confirm")

    async def on_withdraw_erase(self, turn: Turn) -> None:
        await self._withdraw(turn, keeps_reports=False)

    async def on_withdraw_keep(self, turn: Turn) -> None:
        await self._withdraw(turn, keeps_reports=True)

    async def _withdraw(self, turn: Turn, *, keeps_reports: bool) -> None:
        for status in await self.mydata.withdraw(turn.person, keeps_reports=keeps_reports):
            with suppress(NotDelivered):
                await turn.voice.revise(turn.person, status, "cancelled", CountView(count=1))
        await turn.show(WithdrawnView(keeps_reports=keeps_reports))

    async def on_not_adult(self, turn: Turn) -> None:
        """Nothing of a child is kept: what was measured is erased, and their permission was none."""
        await self.mydata.withdraw(turn.person, keeps_reports=False)
        await turn.show("not_adult")

    async def on_move(self, turn: Turn) -> None:
        await turn.say(await self.moving.code(turn.person))

    async def on_arrival(self, turn: Turn, code: str) -> None:
        """Whoever spoke is another person from here on: the one whose data came."""
        moved = await self.moving.arrive(turn.person, code)
        if isinstance(moved, MoveRefusal):
            await turn.say(MoveRefusedView(why=moved))
        else:
            await replace(turn, person=moved).say("moved_here")
            await self.menu_button.keep(moved)

    async def on_keep(self, turn: Turn) -> None:
        """Under the notice before everything goes: that the person is here is all that it takes."""
        await turn.show("retention_kept")

    async def on_delete(self, turn: Turn) -> None:
        await turn.say(EraseView(agreed_once=turn.person.consented_at is not None))

    async def on_delete_asked(self, turn: Turn) -> None:
        await turn.show(EraseView(agreed_once=turn.person.consented_at is not None))

    async def on_delete_yes(self, turn: Turn) -> None:
        """The person is unknown from here on: meeting them again, only to say goodbye, would make a new row."""
        await self.erasing.erase(turn.person)
        await turn.say("delete_done")

    async def on_delete_no(self, turn: Turn) -> None:
        await turn.show("delete_kept")
