"""The page's calls: each knows whose it is before anything else is done, and every answer is that person's own."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.clock import Clock
from bot.operations.miniapp import Entries, PageAnswer, PageCall
from bot.people.admission import Admission, TurnedAway
from bot.people.consent import People
from bot.people.voice import Voice
from bot.rendering.renderer import Renderer
from bot.reports.allowance import TooManyPhotos
from bot.storage.records import PersonGone, PersonRecord
from bot.telegram.errors import DeliveryError
from bot.views.miniapp import MiniAppShellView, PageOpening, PagePerson, PageSpeech, as_json
from bot.views.reports import PhotosLimitView
from handlers.miniapp.camera import CameraCalls
from handlers.miniapp.launch import LaunchRefused, launched
from handlers.miniapp.notes import NoteCalls
from handlers.miniapp.progress import ProgressCalls
from handlers.miniapp.reports import ReportCalls
from handlers.miniapp.screens import ScreenCalls
from handlers.miniapp.sessions import LASTS, Sessions
from handlers.miniapp.turn import page_screen

_NUMBER: Final = r"([0-9]{1,9})"
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?")

Work = Callable[..., Awaitable[PageAnswer]]


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The page before anybody is known: its built files, by what they are called there."""

    renderer: Renderer
    built: Entries
    telegram: str

    def page(self, call: PageCall) -> str:
        """In the browser's language: whose page it is, is told later."""
        first = call.languages.partition(",")[0].partition(";")[0].strip()
        locale = self.renderer.locale_for(first if _LANGUAGE.fullmatch(first) else None)
        built = self.built
        view = MiniAppShellView(
            locale=locale,
            style=built.style,
            script=built.script,
            icon=built.icon,
            preload=built.preload,
            telegram=self.telegram,
        )
        return self.renderer.page("miniapp", locale, view)


@dataclass(frozen=True, kw_only=True)
class MiniApp:
    """`token`: the bot's own, with which Telegram signs who opens the page. `welcome_back`: as in the chat."""

    token: str
    sessions: Sessions
    people: People
    admission: Admission
    voice: Voice
    renderer: Renderer
    welcome_back: Callable[[PersonRecord], Awaitable[None]]
    reports: ReportCalls
    notes: NoteCalls
    progress: ProgressCalls
    screens: ScreenCalls
    camera: CameraCalls
    now: Clock

    async def answer(self, call: PageCall) -> PageAnswer:
        """Raises DatabaseUnavailable."""
        if (call.method, call.path) == ("POST", "open"):
            return await self._open(call)
        person = await self.sessions.person(call.bearer, now=self.now())
        if person is None:
            return PageAnswer(status=401)
        turned_away = await self.admission.turns_away(person.telegram_id)
        if turned_away is not None:
            return self._kept_out(turned_away, self.voice.locale(person))
        for method, pattern, name in _ROUTES:
            found = pattern.fullmatch(call.path)
            if found is not None and method == call.method:
                return await self._worked(person, getattr(self, name), call, *found.groups())
        return PageAnswer(status=404)

    async def close(self) -> None:
        await self.screens.close()

    async def _worked(self, person: PersonRecord, work: Work, call: PageCall, *values: str) -> PageAnswer:
        try:
            return await work(person, call, *values)
        except TooManyPhotos as error:
            words = self.voice.words(person, PhotosLimitView(reason=error.reason))
            return PageAnswer(body=as_json(page_screen("photos_limit", words, ())), status=429)
        except DeliveryError:
            return PageAnswer(status=502)  # Telegram, from whom pictures come
        except PersonGone:
            return PageAnswer(status=401)

    async def _open(self, call: PageCall) -> PageAnswer:
        now = self.now()
        try:
            launch = launched(_text_in(call.body, "launch"), self.token, now=now)
            self.sessions.admit(launch, now=now)
        except LaunchRefused:
            return PageAnswer(status=403)
        turned_away = await self.admission.turns_away(launch.telegram_id)
        if turned_away is not None:
            return self._kept_out(turned_away, self.voice.locale_for(launch.language_code))
        person = await self.people.meet(launch.telegram_id, launch.language_code)
        if person.came_back:
            await self.welcome_back(person)
        opening = PageOpening(
            session=self.sessions.begin(person, now=now),
            seconds=int(LASTS.total_seconds()),
            speech=self._speech(person),
            timeline=await self.reports.timeline(person),
        )
        return PageAnswer(body=as_json(opening))

    def _kept_out(self, why: TurnedAway, locale: str) -> PageAnswer:
        """Their rights do not end: they are asked for in the chat."""
        return PageAnswer(body=as_json(page_screen(why, self.voice.words_in(locale, why), ())), status=403)

    def _speech(self, person: PersonRecord) -> PageSpeech:
        locale = self.voice.locale(person)
        shown = PagePerson(
            locale=locale.replace("_", "-"),
            direction=self.renderer.direction(locale),
            agreed=self.people.consents(person),
            veils=person.veils_pictures,
            guards=person.guards_pictures,
        )
        return PageSpeech(person=shown, words=self.renderer.parts("miniapp", locale, None))

    async def on_speech(self, person: PersonRecord, _: PageCall) -> PageAnswer:
        """Anew, after something was set."""
        return _told(self._speech(person))

    async def on_timeline(self, person: PersonRecord, call: PageCall) -> PageAnswer:
        page = call.query.get("page", "")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 0
        return _told(await self.reports.timeline(person, number))

    async def on_report(self, person: PersonRecord, _: PageCall, number: str) -> PageAnswer:
        return _told(await self.reports.report(person, int(number)))

    async def on_picture(self, person: PersonRecord, call: PageCall, number: str) -> PageAnswer:
        return _shown(await self.reports.picture(person, int(number), call.query.get("card", "")))

    async def on_note(self, person: PersonRecord, call: PageCall, number: str) -> PageAnswer:
        return _told(await self.notes.write(person, int(number), _text_in(call.body, "text")))

    async def on_chart(self, person: PersonRecord, call: PageCall) -> PageAnswer:
        return _told(await self.progress.chart(person, call.query.get("measure", ""), call.query.get("span", "")))

    async def on_newest_pair(self, person: PersonRecord, _: PageCall) -> PageAnswer:
        return _told(await self.progress.pair(person, 0, 0))

    async def on_pair(self, person: PersonRecord, _: PageCall, before: str, after: str) -> PageAnswer:
        return _told(await self.progress.pair(person, int(before), int(after)))

    async def on_side(self, person: PersonRecord, _: PageCall, before: str, after: str, side: str) -> PageAnswer:
        shown = await self.progress.side(person, int(before), int(after), later=side == "after")
        return _shown(shown)

    async def on_ghost(self, person: PersonRecord, _: PageCall) -> PageAnswer:
        return _shown(await self.camera.ghost(person))

    async def on_photo(self, person: PersonRecord, call: PageCall) -> PageAnswer:
        return PageAnswer(body=b"{}", status=await self.camera.photo(person, call))

    async def on_tap(self, person: PersonRecord, call: PageCall) -> PageAnswer:
        return _told(await self.screens.tap(person, call.body))


_ROUTES: Final = tuple(
    (method, re.compile(pattern, re.ASCII), work)
    for method, pattern, work in (
        ("GET", r"speech", "on_speech"),
        ("GET", r"reports", "on_timeline"),
        ("GET", rf"reports/{_NUMBER}", "on_report"),
        ("GET", rf"reports/{_NUMBER}/picture", "on_picture"),
        ("POST", rf"reports/{_NUMBER}/note", "on_note"),
        ("GET", r"chart", "on_chart"),
        ("GET", r"pair", "on_newest_pair"),
        ("GET", rf"pair/{_NUMBER}/{_NUMBER}", "on_pair"),
        ("GET", rf"pair/{_NUMBER}/{_NUMBER}/(before|after)", "on_side"),
        ("GET", r"ghost", "on_ghost"),
        ("POST", r"photo", "on_photo"),
        ("POST", r"tap", "on_tap"),
    )
)


def _told(told: object | None) -> PageAnswer:
    return PageAnswer(status=404) if told is None else PageAnswer(body=as_json(told))


def _shown(picture: bytes | None) -> PageAnswer:
    return PageAnswer(status=404) if picture is None else PageAnswer(body=picture, kind="image/jpeg")


def _text_in(body: bytes, name: str) -> str:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    text = told.get(name) if isinstance(told, dict) else None
    return text if isinstance(text, str) else ""
