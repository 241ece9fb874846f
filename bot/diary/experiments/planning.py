"""Use case: an experiment is planned by taps, before its first photo; agreed to once, drawn by lot, and fixed."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from hashlib import sha256
from random import Random
from typing import Final

from bot.clock import Clock
from bot.listening import Topic, heard
from bot.people.consent import People
from bot.people.voice import clock_of
from bot.people.written import tidied
from bot.reports.charts import Screen
from bot.skin.analysis import Judged
from bot.skin.experiments.plan import Design, Offered, drawn, fingerprint, judged_by, offered_for
from bot.skin.instrument import Instrument
from bot.storage.experiments.records import AgreedPlan, ExperimentDraft, ExperimentRecord
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.reports.reports import ReportRows
from bot.views import View
from bot.views.experiments import (
    DesignView,
    ExperimentHomeView,
    JudgedView,
    LastLookView,
    LengthView,
    PastExperiment,
    WhatView,
)

ASKED_FOR: Final = timedelta(minutes=10)
LONGEST_WHAT: Final = 80  # signs
_LOOKED_AT: Final = 12  # of the newest reports, for what stood out
_MARK_SIGNS: Final = 8
_TROUBLE: Final = {Judged.REDNESS: "sensitivity", Judged.PIMPLES: "acne"}  # as a report's findings are called

MarkedCheek = Callable[[PersonRecord, ReportRecord], Awaitable[Screen]]
"""The question which cheek of a report is which, with the picture where it can be had."""

IsReminded = Callable[[PersonRecord], Awaitable[bool]]


class ExperimentPlanning:
    """What was chosen so far is kept, and goes on where it stood.

    `lot` draws the side and the order, `wake` says that something is due.
    """

    def __init__(
        self,
        *,
        rows: ExperimentRows,
        reports: ReportRows,
        people: People,
        marked_cheek: MarkedCheek,
        is_reminded: IsReminded,
        wake: Callable[[], None],
        lot: Random,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._reports = reports
        self._people = people
        self._marked_cheek = marked_cheek
        self._is_reminded = is_reminded
        self._wake = wake
        self._lot = lot
        self._now = now

    async def home(self, person: PersonRecord) -> ExperimentHomeView:
        past = await self._rows.past(person.id)
        return ExperimentHomeView(
            needs_photo=await self._first_of(person) is None,
            past=tuple(row for one in past if (row := _row(person, one)) is not None),
        )

    async def screen(self, person: PersonRecord, draft: ExperimentDraft) -> Screen:
        """What is to be chosen next, or the last look at the whole plan. Raises PersonGone."""
        newest = await self._first_of(person)
        if newest is None or newest.instrument is None:
            return _screen(await self.home(person))
        view = await self._question(person, draft, newest.instrument)
        if view is not None:
            return _screen(view)
        offered = _offered(draft)
        if draft.design is Design.HALF_FACE and draft.mirrored is None:
            return await self._marked_cheek(person, newest)
        if draft.what is None or offered is None:
            raise ValueError("what is not chosen yet was asked for above")
        return _screen(
            LastLookView(
                what=draft.what,
                offered=offered,
                reminded=await self._is_reminded(person),
                mark=_mark(draft),
                medicine=_may_be_medicine(draft.what),
            )
        )

    async def change(
        self, person: PersonRecord, changed: Callable[[ExperimentDraft], ExperimentDraft]
    ) -> Screen | None:
        """The next screen after something was chosen; None while another experiment is under way. Raises PersonGone."""
        draft = await self._rows.draw_up(person.id, changed)
        if draft is None:
            return None
        if draft.what is None:  # then the next text says it
            await self._rows.draw_up(person.id, lambda same: same, asked_at=self._now())
        return await self.screen(person, draft)

    async def start(self, person: PersonRecord, note: str | None = None) -> Screen | None:
        """As `change`, from wherever the draft stands; `note`: of theirs, which may name what is tried."""
        what = tidied(note or "")[0].replace("\n", " ")
        fits = 0 < len(what) <= LONGEST_WHAT
        screen = await self.change(person, lambda draft: replace(draft, what=what) if fits else draft)
        if screen is not None and isinstance(screen.view, WhatView) and what:
            return replace(screen, view=replace(screen.view, note=what))
        return screen

    async def is_asked(self, person: PersonRecord) -> bool:
        """Whether the next text says what is tried."""
        now = self._now()
        return await self._rows.is_asked(person.id, since=now - ASKED_FOR, now=now)

    async def say_what(self, person: PersonRecord, text: str) -> Screen | None:
        what = tidied(text)[0].replace("\n", " ")
        short = what if len(what) <= LONGEST_WHAT else what[: LONGEST_WHAT - 1].rstrip() + "…"
        return await self.change(person, lambda draft: replace(draft, what=short or None))

    async def discard(self, person: PersonRecord) -> bool:
        """Nothing is being planned any more; False when nothing was."""
        return await self._rows.discard(person.id)

    async def begin(self, person: PersonRecord, mark: str, *, message_id: int | None) -> ExperimentRecord | None:
        """What was looked at last is agreed to; None when the draft is another one by now, or begun. Raises PersonGone.

        `message_id`: the message that becomes the plan's.
        """
        newest, current = await self._first_of(person), await self._rows.current(person.id)
        if newest is None or newest.instrument is None or current is None or _mark(current.draft) != mark:
            return None
        instrument, today = newest.instrument, self._now().astimezone(clock_of(person)).date()
        begun = await self._rows.begin(
            person.id,
            lambda draft: self._agreed(draft, instrument, today),
            message_id=message_id,
            now=self._now(),
        )
        self._wake()
        return begun

    def _agreed(self, draft: ExperimentDraft, instrument: Instrument, today: date) -> AgreedPlan:
        offered = _offered(draft)
        if draft.what is None or offered is None:
            raise ValueError("only a whole plan is offered to begin with")
        plan = drawn(offered, self._lot)
        return AgreedPlan(
            what=draft.what,
            plan=plan,
            began_on=today,
            mirrored=bool(draft.mirrored),
            instrument=instrument,
            fingerprint=fingerprint(plan, draft.what, today),
        )

    async def _question(self, person: PersonRecord, draft: ExperimentDraft, instrument: Instrument) -> View | None:
        """None when only the cheeks are left to be told apart."""
        if draft.what is None:
            return WhatView()
        choices = judged_by(instrument.provider)
        if draft.judged is None or draft.judged not in choices:
            choices = await self._troubles_first(person, choices)
            return JudgedView(what=draft.what, choices=choices, medicine=_may_be_medicine(draft.what))
        if draft.design is None:
            return DesignView(what=draft.what, designs=tuple(Design))
        if _offered(draft) is None:
            return LengthView(design=draft.design, offers=offered_for(draft.judged, draft.design))
        return None

    async def _troubles_first(self, person: PersonRecord, choices: Sequence[Judged]) -> tuple[Judged, ...]:
        rows = await self._reports.history(person.id, offset=0, limit=_LOOKED_AT)
        stood_out = Counter(key for row in rows if not row.remarks.somebody_else for key in row.watch)
        return tuple(sorted(choices, key=lambda judged: -stood_out[_TROUBLE[judged]]))

    async def _first_of(self, person: PersonRecord) -> ReportRecord | None:
        """Their newest report with a face, by which cheeks are told apart; None as well without their permission."""
        if not self._people.consents(person):
            return None
        rows = await self._reports.history(person.id, offset=0, limit=_LOOKED_AT)
        newest = next((row for row in rows if not row.remarks.somebody_else), None)
        return None if newest is None else await self._reports.of_person(person.id, newest.number)


def _offered(draft: ExperimentDraft) -> Offered | None:
    """None for what is not offered (any more)."""
    if draft.judged is None or draft.design is None:
        return None
    wanted = (draft.weeks, draft.photos_a_week)
    offers = offered_for(draft.judged, draft.design)
    return next((each for each in offers if (each.weeks, each.photos_a_week) == wanted), None)


def _mark(draft: ExperimentDraft) -> str:
    """Two drafts that differ in anything have different ones."""
    return sha256(json.dumps(asdict(draft), sort_keys=True).encode()).hexdigest()[:_MARK_SIGNS]


def _may_be_medicine(what: str) -> bool:
    return heard(what) is Topic.MEDICINE


def _row(person: PersonRecord, one: ExperimentRecord) -> PastExperiment | None:
    if one.agreed is None or one.answer is None or one.ended_at is None:
        return None
    ended_on = one.ended_at.astimezone(clock_of(person)).date()
    return PastExperiment(id=one.id, what=one.agreed.what, certainty=one.answer.certainty, ended_on=ended_on)


def _screen(view: View) -> Screen:
    return Screen(name=view.template, view=view)
