"""Whom the operator does not let in: they are told so, and nothing of theirs is kept. Their rights do not end."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop

from bot.listening import listen
from bot.people.admission import Admission, TurnedAway
from bot.people.voice import Voice
from bot.storage.people.people import PersonRows
from bot.telegram.errors import DeliveryError
from bot.views import taps
from handlers.listening import answer
from handlers.turn import Context, acknowledge

_INVITED: Final = re.compile(r"/start i_([\w-]{1,40})$", re.ASCII)
_RIGHTS: Final = re.compile(r"/(delete|export|mydata|privacy)\b", re.ASCII)
_RIGHTS_TAPPED: Final = tuple(
    tap
    for name, tap in taps.EVERY.items()
    if name.partition("_")[0] in {"delete", "export", "mydata", "privacy", "pictures", "withdraw"}
)


@dataclass(frozen=True, kw_only=True)
class AdmissionHandlers:
    """Heard before every journey, which is not reached then."""

    admission: Admission
    people: PersonRows
    voice: Voice

    async def on_anything(self, update: Update, _: Context) -> None:
        """Raises ApplicationHandlerStop for who is not let in."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or chat.type != ChatType.PRIVATE:
            return
        turned_away = await self.admission.turns_away(user.id)
        if turned_away is None:
            return
        invited = _INVITED.match(update.message.text or "") if update.message else None
        if turned_away is TurnedAway.NOT_NAMED and invited is not None:
            if await self.admission.lets_in(user.id, invited.group(1)):
                return
            turned_away = TurnedAway.INVITATION_OVER
        person = await self.people.known(user.id)
        if person is not None and _asks_for_rights(update):
            return
        locale = self.voice.locale(person) if person else self.voice.locale_for(user.language_code)
        if update.callback_query is not None:
            await acknowledge(update.callback_query)
        if update.my_chat_member is None:
            with suppress(DeliveryError):  # what can't be said is no reason to go on
                await self._answer(update, turned_away, person.time_zone if person else None, locale)
        raise ApplicationHandlerStop

    async def _answer(self, update: Update, turned_away: TurnedAway, zone: str | None, locale: str) -> None:
        """Who needs help is helped."""
        user = update.effective_user
        if user is None:
            return
        message = update.effective_message if update.callback_query is None else None
        found = listen((message.text or message.caption or "") if message else "")
        if found is not None and found.topic.needs_help:
            await self.voice.say_unkept(user.id, locale, answer(found, zone, user.language_code))
        else:
            await self.voice.say_unkept(user.id, locale, turned_away)


def _asks_for_rights(update: Update) -> bool:
    if update.callback_query is not None:
        data = update.callback_query.data or ""
        return any(tap.read(data) is not None for tap in _RIGHTS_TAPPED)
    return update.message is not None and _RIGHTS.match(update.message.text or "") is not None
