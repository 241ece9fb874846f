"""Use case: who a person is to us: consent, language, settings, erasure."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from hashlib import sha256
from typing import Final

from bot.clock import Clock
from bot.config import Config, Fallback
from bot.people.voice import Voice
from bot.skin.analysis import MARK_KINDS, MarkKind, Provider
from bot.storage.people.people import PersonRows
from bot.storage.records import Consent, Permitted, PersonRecord
from bot.views.person import ConsentView, PicturesView, SettingsView

CONSENT_VERSION: Final = 3  # raised whenever the meaning of the question changes: everybody is asked anew then


class People:
    """`provider`: who measures for whom it is all the same; `on_device`: photos can be read on this machine as well."""

    def __init__(
        self,
        *,
        rows: PersonRows,
        voice: Voice,
        config: Config,
        provider: Provider,
        on_device: bool,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._voice = voice
        self._config = config
        self._provider = provider
        self._on_device = on_device
        self._now = now

    async def meet(self, telegram_id: int, language_code: str | None) -> PersonRecord:
        return await self._rows.meet(telegram_id, language_code, now=self._now())

    def consents(self, person: PersonRecord) -> bool:
        return self.reader_for(person) is not None

    def reader_for(self, person: PersonRecord | Permitted) -> Provider | None:
        """By whom this person lets their photos be read today; None without their permission."""
        if person.consent_version is None or person.consent_version < CONSENT_VERSION:
            return None
        if self._provider is Provider.LOCAL or person.shares_photos:
            return self._provider
        return Provider.LOCAL if self._on_device and person.shares_photos is False else None

    async def reader_now(self, person_id: int) -> Provider | None:
        """Asked when it took a while; None also for somebody who was erased meanwhile."""
        permitted = await self._rows.permitted(person_id)
        return None if permitted is None else self.reader_for(permitted)

    def may_fall_back(self, person: PersonRecord) -> bool:
        """Whether a photo of theirs may be offered to be read on this machine while the vendor is away."""
        allowed = self._config.fallback is Fallback.LOCAL and self._on_device
        return allowed and self.reader_for(person) is Provider.AILAB

    async def ask_consent(self, person: PersonRecord, *, photo_waiting: bool) -> None:
        """Raises DeliveryError."""
        await self._voice.say(person, "consent", self.question(person, photo_waiting=photo_waiting))

    def question(self, person: PersonRecord, *, photo_waiting: bool = False) -> ConsentView:
        renewed = person.consent_version is not None and not self.consents(person)
        return replace(self.notice(person), photo_waiting=photo_waiting, renewed=renewed)

    def notice(self, person: PersonRecord) -> ConsentView:
        config = self._config
        return ConsentView(
            operator_name=config.operator_name,
            operator_contact=config.operator_contact,
            operator_country=config.operator_country,
            company=config.ailab_company,
            company_country=config.ailab_country,
            transfer=config.ailab_transfer,
            provider=self._provider,
            on_device=self.has_choice,
            version=CONSENT_VERSION,
            agreed=self.consents(person),
        )

    def settings(self, person: PersonRecord) -> SettingsView:
        """What a person chose, as they see it in /settings and take it along."""
        has_choice = self.has_choice and self.consents(person)
        return SettingsView(
            locale=self._voice.locale(person),
            languages=self._voice.locales,
            show_skin_age=person.show_skin_age,
            time_zone=person.time_zone,
            quiet=person.quiet,
            keeps_pictures=person.keeps_pictures,
            shares_photos=bool(person.shares_photos) if has_choice else None,
            tells_age=self._provider_of(person) is Provider.AILAB,
            asks_feelings=person.asks_feelings,
        )

    def pictures(self, person: PersonRecord) -> PicturesView:
        return PicturesView(
            keeps=person.keeps_pictures,
            veils=person.veils_pictures,
            guards=person.guards_pictures,
            hidden=len(self.mark_kinds(person) & person.hidden_marks),
        )

    def mark_kinds(self, person: PersonRecord) -> AbstractSet[MarkKind]:
        """Those that who reads their photos can find."""
        return frozenset(MARK_KINDS[self._provider_of(person)])

    def _provider_of(self, person: PersonRecord) -> Provider:
        return self.reader_for(person) or self._provider

    @property
    def has_choice(self) -> bool:
        """Photos are sent to the vendor, or read on this machine: as each person wants it."""
        return self._provider is not Provider.LOCAL and self._on_device

    async def agree(self, person: PersonRecord, *, shares_photos: bool) -> PersonRecord:
        """Yes to the question as it stands today; the proof has its language, and a hash of its words."""
        asked = self._voice.words(person, "consent", replace(self.notice(person), agreed=False)).text
        consent = Consent(
            version=CONSENT_VERSION,
            locale=self._voice.locale(person),
            text=sha256(asked.encode()).digest(),
            shares_photos=None if self._provider is Provider.LOCAL else shares_photos,
        )
        await self._rows.record_consent(person.id, consent, now=self._now())
        return await self._again(person)

    async def choose_sharing(self, person: PersonRecord, *, wanted: bool) -> PersonRecord:
        """Photos may go to the vendor, or not any more; only where there is a choice."""
        if self.has_choice and self.consents(person):
            await self._rows.set_shares_photos(person.id, wanted, now=self._now())
        return await self._again(person)

    def permits(self, permitted: Permitted) -> bool:
        """As `reader_for`, for what was made of a photo while it was allowed, whichever way."""
        return permitted.consent_version is not None

    async def still_permits(self, person_id: int) -> bool:
        """As `permits`, asked when it took a while; False also for somebody who was erased meanwhile."""
        permitted = await self._rows.permitted(person_id)
        return permitted is not None and self.permits(permitted)

    async def withdraw(self, person: PersonRecord, *, keeps_reports: bool) -> None:
        await self._rows.withdraw_consent(person.id, keeps_reports=keeps_reports, now=self._now())

    async def choose_language(self, person: PersonRecord, locale: str) -> PersonRecord:
        """One that there is; any other changes nothing."""
        if locale in self._voice.locales:
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

    async def toggle_veil(self, person: PersonRecord) -> PersonRecord:
        await self._rows.set_veils_pictures(person.id, not person.veils_pictures)
        return await self._again(person)

    async def toggle_guard(self, person: PersonRecord) -> PersonRecord:
        await self._rows.set_guards_pictures(person.id, not person.guards_pictures)
        return await self._again(person)

    async def ask_feelings(self, person: PersonRecord, *, wanted: bool) -> PersonRecord:
        """How their skin feels is asked with every reminder, or no more."""
        await self._rows.set_asks_feelings(person.id, wanted)
        return await self._again(person)

    async def ask_about_eyes(self, person: PersonRecord, *, wanted: bool) -> PersonRecord:
        await self._rows.set_asks_eyes(person.id, wanted)
        return await self._again(person)

    async def confirm_adult(self, person: PersonRecord) -> None:
        """Their own word, asked for once when an estimate was younger."""
        await self._rows.set_adult(person.id)

    async def _again(self, person: PersonRecord) -> PersonRecord:
        return await self._rows.by_id(person.id) or person
