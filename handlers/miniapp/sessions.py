"""What a page is known by after it was opened: signed, for one person, for an hour; any process can read it."""

import hmac
import re
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from bot.storage.people.people import PersonRows
from bot.storage.records import PersonRecord
from handlers.miniapp.launch import FRESH, Launch, LaunchRefused

LASTS: Final = timedelta(hours=1)
OPENINGS: Final = 20  # of one launch: a page that is loaded again shows the same

_REMEMBERED: Final = 10_000
_DERIVED: Final = b"skinbot mini app session 1"
_SESSION: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,11})\.([0-9a-f]{32})\.([0-9a-f]{64})")


class Sessions:
    """One names a person by our own number, which is never given twice, and by who they are at Telegram."""

    def __init__(self, *, token: str, people: PersonRows) -> None:
        self._key = hmac.digest(token.encode(), _DERIVED, "sha256")
        self._people = people
        self._opened: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def admit(self, launch: Launch, *, now: datetime) -> None:
        """Count an opening. Raises LaunchRefused for one that is shown again and again."""
        while self._opened and (
            now - next(iter(self._opened.values()))[0] > FRESH * 2 or len(self._opened) > _REMEMBERED
        ):
            self._opened.popitem(last=False)
        at, times = self._opened.get(launch.seal, (now, 0))
        if times >= OPENINGS:
            raise LaunchRefused
        self._opened[launch.seal] = at, times + 1

    def begin(self, person: PersonRecord, *, now: datetime) -> str:
        told = f"{person.id}.{int((now + LASTS).timestamp())}.{self._who(person.telegram_id)}"
        return f"{told}.{self._seal(told)}"

    async def person(self, session: str, *, now: datetime) -> PersonRecord | None:
        """As they are by now; None for what is no session, is over, or whose person was erased or is another's now."""
        found = _SESSION.fullmatch(session)
        if found is None:
            return None
        told, _, seal = session.rpartition(".")
        if not hmac.compare_digest(seal, self._seal(told)) or now.timestamp() >= int(found[2]):
            return None
        person = await self._people.by_id(int(found[1]))
        if person is None or not hmac.compare_digest(found[3], self._who(person.telegram_id)):
            return None
        return person

    def _seal(self, told: str) -> str:
        return hmac.digest(self._key, told.encode(), "sha256").hex()

    def _who(self, telegram_id: int) -> str:
        return hmac.digest(self._key, f"who {telegram_id}".encode(), "sha256").hex()[:32]
