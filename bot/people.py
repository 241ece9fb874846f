"""Use case: who a person is to us: consent, language, settings, erasure."""

from typing import Final

from bot.clock import Clock
from bot.config import Config
from bot.skin.analysis import MarkKind, Provider
from bot.storage.people import People as PeopleRows
from bot.storage.records import PersonRecord
from bot.views import ConsentView
from bot.voice import Voice

# Raised whenever the consent's meaning changes. Agreeing that photos go to the vendor covers that they stay here.
_CONSENT_VERSIONS: Final = {Provider.LOCAL: 1, Provider.AILAB: 2}


def may_analyse(person: PersonRecord, provider: Provider) -> bool:
    """True when this person agreed to what analysing by `provider` means today."""
    return person.consent_version is not None and person.consent_version >= _CONSENT_VERSIONS[provider]


class People:
    def __init__(self, *, rows: PeopleRows, voice: Voice, config: Config, provider: Provider, now: Clock) -> None:
        self._rows = rows
        self._voice = voice
        self._config = config
        self._provider = provider
        self._now = now

    async def meet(self, telegram_id: int, language_code: str | None) -> PersonRecord:
        return await self._rows.meet(telegram_id, language_code, now=self._now())

    def consents(self, person: PersonRecord) -> bool:
        return may_analyse(person, self._provider)

    async def ask_consent(self, person: PersonRecord, *, photo_waiting: bool) -> None:
        """Raises DeliveryError."""
        await self._voice.say(person, "consent", self.notice(photo_waiting=photo_waiting))

    def notice(self, *, photo_waiting: bool = False) -> ConsentView:
        return ConsentView(
            operator_name=self._config.operator_name,
            operator_contact=self._config.operator_contact,
            provider=self._provider,
            photo_waiting=photo_waiting,
        )

    async def agree(self, person: PersonRecord) -> PersonRecord:
        await self._rows.record_consent(person.id, _CONSENT_VERSIONS[self._provider], now=self._now())
        return await self._again(person)

    async def still_consents(self, person_id: int) -> bool:
        """Asked when it took a while; False also for somebody who was erased meanwhile."""
        person = await self._rows.by_id(person_id)
        return person is not None and self.consents(person)

    async def still_permits(self, person_id: int) -> bool:
        """As `still_consents`, for what was made of a photo while it was allowed, whichever way."""
        person = await self._rows.by_id(person_id)
        return person is not None and person.consent_version is not None

    async def withdraw(self, person: PersonRecord) -> None:
        await self._rows.withdraw_consent(person.id, now=self._now())

    async def choose_language(self, person: PersonRecord, locale: str) -> PersonRecord:
        await self._rows.set_locale(person.id, locale)
        return await self._again(person)

    async def toggle_skin_age(self, person: PersonRecord) -> PersonRecord:
        await self._rows.set_show_skin_age(person.id, not person.show_skin_age)
        return await self._again(person)

    async def toggle_quiet(self, person: PersonRecord) -> PersonRecord:
        await self._rows.set_quiet(person.id, not person.quiet)
        return await self._again(person)

    async def toggle_mark(self, person: PersonRecord, kind: MarkKind) -> PersonRecord:
        await self._rows.set_hidden_marks(person.id, person.hidden_marks ^ {kind})
        return await self._again(person)

    async def toggle_pictures(self, person: PersonRecord) -> PersonRecord:
        """Keep drawn pictures from now on, or no more. Those there are stay until `MyData.delete_pictures`."""
        await self._rows.set_keeps_pictures(person.id, not person.keeps_pictures)
        return await self._again(person)

    async def _again(self, person: PersonRecord) -> PersonRecord:
        return await self._rows.by_id(person.id) or person
