"""What the rooms above see of an experiment: frozen records, opened from their seals."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.skin.analysis import Judged
from bot.skin.experiments.answer import ExperimentAnswer
from bot.skin.experiments.plan import Design, Plan
from bot.skin.experiments.weeks import Paused
from bot.skin.instrument import Instrument
from bot.storage.records import PersonRecord


class ExperimentState(StrEnum):
    """DRAFT: being planned, nothing is agreed to. RUNNING, PAUSED: under way. The others are over.

    DROPPED stays only until its pinned message is taken down.
    """

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"
    DROPPED = "dropped"


UNDER_WAY: Final = (ExperimentState.RUNNING, ExperimentState.PAUSED)


@dataclass(frozen=True, kw_only=True)
class ExperimentDraft:
    """What was chosen so far. `weeks`, `photos_a_week`: of the kinds of plans that are offered.

    `mirrored`: the cheek on the right of the picture is their right one, as in a mirror.
    """

    what: str | None = None
    judged: Judged | None = None
    design: Design | None = None
    weeks: int | None = None
    photos_a_week: int | None = None
    mirrored: bool | None = None


@dataclass(frozen=True, kw_only=True)
class AgreedPlan:
    """What can't be bent from the begin on; `fingerprint`: a hash of the plan. `mirrored`: as in the draft."""

    what: str
    plan: Plan
    began_on: date
    mirrored: bool
    instrument: Instrument
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class ExperimentCourse:
    """What happened on the way. `burns`: they said that it burns or itches."""

    pauses: tuple[Paused, ...] = ()
    burns: bool = False


@dataclass(frozen=True, kw_only=True)
class ExperimentRecord:
    """`message_id`: the message that tells of it and becomes the answer, None where there is none (any more).

    `agreed` is None in a draft, `answer` until the end.
    `to_send`: it is to be sent as a new message.
    """

    id: int
    person_id: int
    state: ExperimentState
    began_at: datetime | None
    ended_at: datetime | None
    message_id: int | None
    is_pinned: bool
    to_send: bool
    draft: ExperimentDraft = field(repr=False)
    agreed: AgreedPlan | None = field(repr=False)
    course: ExperimentCourse = field(repr=False)
    answer: ExperimentAnswer | None = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DueExperiment:
    """One that was claimed. `due_at`: what it was claimed by; another value means that something happened since."""

    person: PersonRecord
    experiment: ExperimentRecord
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class CheckedPhoto:
    """A report that was looked at for an experiment, in week `week` (from 0), -1 for none.

    `value` is None where it does not count. `spoiled`: why not, by name.
    """

    report_id: int
    number: int
    at: datetime
    week: int
    value: float | None = field(repr=False)
    spoiled: tuple[str, ...] = field(default=(), repr=False)
    somebody_else: bool = False

    @property
    def counts(self) -> bool:
        return self.value is not None and not self.somebody_else
