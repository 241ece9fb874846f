"""What the templates of self-experiments get to see. Keys are values of the enums in bot/skin/experiments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from bot.skin.experiments.photo import Spoiled
from bot.skin.experiments.plan import Offered


@dataclass(frozen=True, kw_only=True)
class PastExperiment:
    """`certainty` is a Certainty's value."""

    id: int
    what: str
    certainty: str
    ended_on: date


@dataclass(frozen=True, kw_only=True)
class ExperimentHomeView:
    """Nothing is being tried. `needs_photo`: a first report has to come before a plan can be made."""

    template: ClassVar[str] = "experiment"

    needs_photo: bool
    past: Sequence[PastExperiment] = ()


@dataclass(frozen=True, kw_only=True)
class WhatView:
    """`note`: of theirs, which may name it."""

    template: ClassVar[str] = "experiment_what"

    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class JudgedView:
    """`choices`: what they have had trouble with comes first. `medicine`: what is tried may be one."""

    template: ClassVar[str] = "experiment_judged"

    what: str
    choices: Sequence[str]
    medicine: bool = False


@dataclass(frozen=True, kw_only=True)
class DesignView:
    template: ClassVar[str] = "experiment_design"

    what: str
    designs: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class LengthView:
    template: ClassVar[str] = "experiment_length"

    design: str
    offers: Sequence[Offered]


@dataclass(frozen=True, kw_only=True)
class SideView:
    """`pictured`: a cheek is marked in the picture above; otherwise it is the one on the left of their newest report's.

    `number`: that report's.
    """

    template: ClassVar[str] = "experiment_side"

    pictured: bool
    number: int


@dataclass(frozen=True, kw_only=True)
class LastLookView:
    """The whole plan before it begins. `mark`: what a tap on "begin" agrees to. `medicine`: it may be one."""

    template: ClassVar[str] = "experiment_last_look"

    what: str
    offered: Offered
    reminded: bool
    mark: str
    medicine: bool = False


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """One that is under way. `week`, from 1, `arm` and `side` of today, None while it is paused or before the answer.

    `order`: an arm for each week. `counted`: photos of this week; `best_from`: the first day of those on which they
    are best taken. `settles`: no photo of this week counts. `ends_on`: the day of the answer, as far as one can tell.
    `mark`: the beginning of the plan's fingerprint. `pinned`: this is the message in the chat's head.
    """

    template: ClassVar[str] = "experiment_plan"

    what: str
    judged: str
    design: str
    treated: str | None
    order: Sequence[str]
    week: int | None
    arm: str | None
    side: str | None
    counted: int
    photos_a_week: int
    best_from: date | None
    settles: bool
    began_on: date
    ends_on: date | None
    paused: bool
    burns: bool
    reminded: bool
    mark: str
    pinned: bool


@dataclass(frozen=True, kw_only=True)
class StepConfirmView:
    """`act`: "pause", "early" or "drop". `weeks`: whole weeks that have passed, of `of`."""

    template: ClassVar[str] = "experiment_confirm"

    act: str
    weeks: int
    of: int


class LeftOut(StrEnum):
    """Why a photo does not count although nothing spoils it.

    SETTLING: what is tried needs time to work first. OUTSIDE: of no week, which nobody is told.
    """

    SAME_DAY = "same_day"
    ENOUGH = "enough"
    SETTLING = "settling"
    OTHER_ANALYZER = "other_analyzer"
    OUTSIDE = "outside"


@dataclass(frozen=True, kw_only=True)
class PhotoCheckView:
    """`reasons`: why it does not count, none for one that does. `counted`: of this week.

    `asked_again`: with these reasons another one is asked for.
    """

    template: ClassVar[str] = "experiment_photo"

    reasons: Sequence[str]
    counted: int
    photos_a_week: int
    asked_again: Collection[str] = frozenset(Spoiled)


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """`certainty`: of a Certainty, with the numbers of weeks that count. `caveats`: what could mislead.

    `burned`: it was paused because it burned or itched, and not gone on with.
    """

    template: ClassVar[str] = "experiment_answer"

    what: str
    judged: str
    design: str
    treated: str | None
    certainty: str
    worse: bool
    weeks_with: int
    weeks_without: int
    photos: int
    caveats: Sequence[str]
    mark: str
    burned: bool = False


@dataclass(frozen=True, kw_only=True)
class AnswerReadyView:
    """The plan's message became the answer, far above."""

    template: ClassVar[str] = "experiment_ready"

    id: int
    what: str
    certainty: str
    worse: bool


@dataclass(frozen=True, kw_only=True)
class AnswerWordsView:
    """The words in the answer's picture, a line each."""

    template: ClassVar[str] = "experiment_words"

    judged: str
    design: str
    certainty: str
    worse: bool
    weeks: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class BurnsView:
    """`paused`: an experiment that is under way stands still for it."""

    template: ClassVar[str] = "experiment_burns"

    paused: bool


@dataclass(frozen=True, kw_only=True)
class ExperimentLine:
    """One in the export. `certainty`: None while there is no answer, `began_on` while it is being planned."""

    what: str
    began_on: date | None
    ended_on: date | None
    certainty: str | None
    worse: bool
