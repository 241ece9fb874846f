"""What the rooms above see of the database: frozen records, opened from their seals."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.skin.analysis import Judged, MarkKind, Provider, Sides
from bot.skin.assess import is_untrue
from bot.skin.feelings import Feeling
from bot.skin.instrument import Instrument
from bot.skin.measures import NEVER_FOLLOWED, Measure
from bot.skin.not_theirs import NotTheirs
from bot.skin.photo import Conditions, PhotoIssue
from bot.skin.question import QuestionAnswer
from bot.skin.scene import Scene


class PersonGone(Exception):
    """The person was erased meanwhile: nothing may be stored for them, and nothing paid."""


AGE_UNSURE: Final = "age_unsure"
"""Why a measured report is held: whoever it is of may be a child, and nothing is told before they say."""


class ReportState(StrEnum):
    """What happens next with a report; `reason` only tells why it stands there.

    Worked when due: COLLECTING (an album that still arrives), REQUESTED, ANALYZED (paid, not yet on the screen).
    Waiting for the person: AWAITING_CONSENT, HELD (a doubtful photo). Over: DELIVERED, REJECTED, FAILED.
    """

    COLLECTING = "collecting"
    AWAITING_CONSENT = "awaiting_consent"
    REQUESTED = "requested"
    HELD = "held"
    ANALYZED = "analyzed"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    FAILED = "failed"


class ReportFate(StrEnum):
    """What becomes of a report after a piece of work on it that did not bring it to the screen.

    HELD waits for the person, WAITING for a time. UNREACHABLE: an answer is kept for whoever comes back.
    """

    HELD = "held"
    REJECTED = "rejected"
    FAILED = "failed"
    WAITING = "waiting"
    UNREACHABLE = "unreachable"


class CallOutcome(StrEnum):
    """How a paid call ended. REFUSED was not charged; UNCERTAIN may have been; one without an outcome was cut off."""

    ANSWERED = "answered"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, kw_only=True)
class NameAsked:
    """What somebody calls a product or a habit of theirs is asked until then. `use`: a Use's value."""

    use: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class PersonRecord:
    """`locale` is the language chosen by hand, `language_code` the one of their Telegram.

    `time_zone` is an IANA name, None until they said one. `quiet`: no numbers are told. `hidden_marks`: kinds of
    findings that are not drawn. `keeps_pictures`: drawn pictures can be shown again. `shares_photos`: their answer to
    whether photos may go to the vendor, None where they were not asked. `came_back`: they could not
    be reached, and this is their first word since. `veils_pictures`: pictures of the face are shown when they are
    tapped; `guards_pictures`: nobody can save or forward them. `is_adult`: they said so when an
    estimate was younger. `asks_feelings`: how their skin feels is asked with the reminder, and `asks_eyes`: how their
    eyes do. `naming`: a text may be the name of a product. `menu_button`: the one beside the letters that opens the
    page, None where commands stand.
    """

    id: int
    telegram_id: int = field(repr=False)
    language_code: str | None
    locale: str | None
    consent_version: int | None
    consented_at: datetime | None
    show_skin_age: bool
    time_zone: str | None
    quiet: bool
    hidden_marks: frozenset[MarkKind]
    keeps_pictures: bool
    shares_photos: bool | None = None
    came_back: bool = False
    veils_pictures: bool = False
    guards_pictures: bool = False
    is_adult: bool = False
    asks_feelings: bool = False
    asks_eyes: bool = False
    naming: NameAsked | None = None
    menu_button: str | None = None

    @property
    def feelings(self) -> tuple[Feeling, ...]:
        """What they are asked about, when they are asked how their skin feels."""
        return tuple(each for each in Feeling if each is not Feeling.EYES or self.asks_eyes)


@dataclass(frozen=True, kw_only=True)
class Permitted:
    """What a person permits just now; see `PersonRecord`."""

    consent_version: int | None
    shares_photos: bool | None


@dataclass(frozen=True, kw_only=True)
class ReportStanding:
    """How far a report is, and what its sender permits just now."""

    state: ReportState
    permitted: Permitted


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A yes to the text of a `version`, in a `locale`; `text`: a hash of what stood on the screen.

    `shares_photos`: the separate yes or no to sending photos away, None where nothing is sent.
    """

    version: int
    locale: str
    text: bytes
    shares_photos: bool | None


@dataclass(frozen=True, kw_only=True)
class IncomingPhoto:
    """One file of a request, where Telegram keeps it. `size`: bytes, when Telegram said so."""

    file_id: str = field(repr=False)
    unique_id: str = field(repr=False)
    message_id: int
    as_file: bool
    size: int | None


def without_places(photos: tuple[IncomingPhoto, ...]) -> tuple[IncomingPhoto, ...]:
    """That they came is known, and where Telegram has them is forgotten."""
    return tuple(replace(photo, file_id="", unique_id="") for photo in photos)


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """`until`: when one that is WAITING is worked again, and `status_message_id` its message, when that is another one.

    `photos`: what is kept of the photos of one that is REJECTED, when not all.
    """

    fate: ReportFate
    reason: str
    until: datetime | None = None
    status_message_id: int | None = None
    photos: tuple[IncomingPhoto, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class PhotoFacts:
    """The photo as it was analysed: pixels, bytes of its JPEG, doubts about it, its light."""

    width: int
    height: int
    bytes: int
    doubts: tuple[PhotoIssue, ...]
    conditions: Conditions


@dataclass(frozen=True, kw_only=True)
class ReportSummary:
    """What a line of the history and a point of a chart say, so that no answer is opened for them.

    `watch`: keys of findings. `measures`: what can be followed, None where it was not kept yet; `scene`: how the photo
    was taken; `repeat_of`: as in the report. `celebrated`: the measure that was told to be better for the first time.
    `step`: the step that was told, by name. `sides`: of both cheeks, what an experiment may be judged by.
    """

    watch: tuple[str, ...] = ()
    measures: Mapping[Measure, float] | None = None
    scene: Scene | None = None
    repeat_of: int | None = None
    celebrated: str | None = None
    step: str | None = None
    sides: Mapping[Judged, Sides] = field(default_factory=dict)


class Tried(StrEnum):
    """Whether somebody did what they wanted to try: PLANNED until they say."""

    PLANNED = "planned"
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """What a person said of a report by its buttons.

    `left_out`: spots that they said of an earlier report are none of theirs, beside others of their kind.
    `somebody_else`: the photo is of another person. `answer`: to the question under it. `tried`: the step of it that
    they want to try, and whether they did. `read_here`: the vendor was away, and they wanted it read on this machine.
    """

    left_out: tuple[NotTheirs, ...] = ()
    somebody_else: bool = False
    answer: QuestionAnswer | None = None
    tried: Tried | None = None
    read_here: bool = False


@dataclass(frozen=True, kw_only=True)
class ReportRecord:
    """One report. `not_before` is when it is worked next, None when nobody works on it.

    `number` is the person's own count, from 1 on, which it gets with its answer; until then it is below zero.
    `attempts` counts the tries in a row that were put off for the same `reason`. `chosen` is the 0-based place among
    `photos`. `red_map` is a coarse grid (`bot.imaging.pictures.redness.grid_of`), for who keeps pictures. `note` is
    what the person wrote to it; `disputed` are keys of findings they called not true. `look` is how the stored drawing
    was drawn (`bot.reports.pictures`), None for the first way. `repeat_of`: the number of the report that this one was
    measured again for.
    """

    id: int
    person_id: int
    number: int
    state: ReportState
    reason: str | None
    requested_at: datetime
    updated_at: datetime
    not_before: datetime | None
    photos: tuple[IncomingPhoto, ...]
    chosen: int | None
    status_message_id: int | None
    check_quality: bool
    provider: Provider | None
    answer: str | None = field(repr=False)
    red_map: bytes | None = field(repr=False)
    facts: PhotoFacts | None = field(repr=False)
    summary: ReportSummary | None = field(repr=False)
    annotated_file_id: str | None = field(repr=False)
    redness_file_id: str | None = field(repr=False)
    note: str | None = field(repr=False)
    disputed: frozenset[str] = field(repr=False)
    attempts: int
    look: str | None = None
    repeat_of: int | None = None
    analyzer_version: str | None = None
    remarks: Remarks = field(default=Remarks(), repr=False)

    @property
    def instrument(self) -> Instrument | None:
        """None for a photo that was not measured."""
        return None if self.provider is None else Instrument.named(self.provider, self.analyzer_version)

    def has(self, photo: IncomingPhoto) -> bool:
        """That message with that very picture; whose place was forgotten can't be told from another."""
        return any(one.message_id == photo.message_id and one.unique_id in {photo.unique_id, ""} for one in self.photos)

    @property
    def told_number(self) -> int | None:
        """None for a photo that became no report."""
        return self.number if self.number > 0 else None


@dataclass(frozen=True, kw_only=True)
class HistoryRecord:
    number: int
    when: datetime
    provider: Provider
    summary: ReportSummary = field(repr=False)
    note: str | None = field(default=None, repr=False)
    disputed: frozenset[str] = field(default=frozenset(), repr=False)
    remarks: Remarks = field(default=Remarks(), repr=False)

    @property
    def watch(self) -> tuple[str, ...]:
        """What stood out, but for what the person called not true."""
        followed = [key for key in self.summary.watch if key not in NEVER_FOLLOWED]
        return tuple(key for key in followed if not is_untrue(key, self.disputed))


@dataclass(frozen=True, kw_only=True)
class SeriesRecord:
    """A delivered report as a point of a chart. `noted`: the person wrote something to it."""

    id: int
    number: int
    when: datetime
    instrument: Instrument
    summary: ReportSummary = field(repr=False)
    disputed: frozenset[str] = field(repr=False)
    noted: bool
    remarks: Remarks = field(default=Remarks(), repr=False)


@dataclass(frozen=True, kw_only=True)
class FeelingRecord:
    """`told`: from 0 to 10; what was not told is not in it."""

    at: datetime
    told: Mapping[Feeling, int] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ProductRecord:
    """A product or a habit. `started_on`: None where it began before it was kept here; `stopped_on`: None in use."""

    id: int
    name: str = field(repr=False)
    started_on: date | None
    stopped_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DueReport:
    report_id: int
    person_id: int
