"""What the Mini App's page is told: typed records that become JSON, and what its own templates get to see."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from bot.skin.analysis import MarkKind
from bot.skin.measures import Followed, Unit
from bot.skin.report import MARK_EMOJI
from bot.views.reports import HistoryRow


@dataclass(frozen=True, kw_only=True)
class MiniAppShellView:
    """pages/miniapp.html: built files by name, those to `preload` with them, and Telegram's own script."""

    locale: str
    style: str
    script: str
    icon: str
    preload: tuple[str, ...]
    telegram: str


@dataclass(frozen=True, kw_only=True)
class MiniAppRowsView:
    """pages/miniapp_rows.txt"""

    rows: tuple[HistoryRow, ...]


@dataclass(frozen=True, kw_only=True)
class MiniAppReportView:
    """pages/miniapp_report.txt: `cards` as in a ReportView."""

    number: int
    when: datetime
    cards: tuple[str, ...]
    emoji: Mapping[MarkKind, str] = field(default_factory=lambda: MARK_EMOJI)


@dataclass(frozen=True, kw_only=True)
class MiniAppChartView:
    """pages/miniapp_chart.txt: `points` are (when, value); `quiet`: no numbers."""

    points: tuple[tuple[datetime, float], ...]
    unit: Unit
    measures: tuple[Followed, ...]
    quiet: bool


# What follows is JSON.


@dataclass(frozen=True, kw_only=True)
class PageButton:
    """`on`: whether what it switches is on; None for one that switches nothing."""

    label: str
    data: str
    style: str | None = None
    on: bool | None = None


@dataclass(frozen=True, kw_only=True)
class PageScreen:
    """A message of the chat on the page: Telegram's HTML, and the buttons that do something here.

    `picture`: a JPEG in base64.
    """

    name: str
    html: str
    rows: Sequence[Sequence[PageButton]] = ()
    picture: str | None = None


@dataclass(frozen=True, kw_only=True)
class PageTapped:
    """`gone`: the person is unknown from here on. `in_chat`: what was asked for comes there."""

    screens: Sequence[PageScreen]
    gone: bool = False
    in_chat: bool = False


@dataclass(frozen=True, kw_only=True)
class PageRow:
    """One report in the timeline: `what` stood out, `went`: an arrow."""

    number: int
    day: str
    what: str
    went: str
    note: str | None
    somebody_else: bool


@dataclass(frozen=True, kw_only=True)
class PageExperiment:
    """The newest one. `under_way`: there is no answer yet."""

    what: str
    under_way: bool


@dataclass(frozen=True, kw_only=True)
class PageTimeline:
    rows: Sequence[PageRow]
    page: int
    pages: int
    experiment: PageExperiment | None = None


@dataclass(frozen=True, kw_only=True)
class PageChoice:
    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class PageReport:
    """`picture`: shown at once, when it is asked for ("asked"), or not to be had ("none")."""

    number: int
    title: str
    html: str
    details: PageScreen
    cards: Sequence[PageChoice]
    picture: str
    redness: bool
    note: str | None
    earlier: int | None
    later: int | None
    rows: Sequence[Sequence[PageButton]] = ()


@dataclass(frozen=True, kw_only=True)
class PagePoint:
    """`number`: of its report, None for what was felt. `at`: seconds since 1970. `level`: of the axis, 0 to 1.

    `label`: its value in words, empty in quiet mode.
    """

    number: int | None
    at: int
    level: float
    day: str
    label: str
    hollow: bool
    note: str | None
    noted: bool
    tried: bool


@dataclass(frozen=True, kw_only=True)
class PageBar:
    """What was used, in seconds since 1970. None: since before the first point, or still."""

    name: str
    start: int | None
    end: int | None


@dataclass(frozen=True, kw_only=True)
class PageChart:
    """Levels are of the axis, 0 to 1. `ticks`: (level, text). `words`: what is written on the chart in the chat."""

    measure: str
    span: str
    html: str
    words: Mapping[str, str]
    points: Sequence[PagePoint]
    ticks: Sequence[tuple[float, str]]
    band: tuple[float, float] | None
    lately: tuple[int, float] | None
    better: bool
    bars: Sequence[PageBar]
    measures: Sequence[PageChoice]
    has_spans: bool


@dataclass(frozen=True, kw_only=True)
class PagePair:
    """Two reports beside each other; `before` is None where there is nothing to compare, which `html` says."""

    html: str
    before: PageRow | None = None
    after: PageRow | None = None
    choices: Sequence[PageRow] = ()


@dataclass(frozen=True, kw_only=True)
class PagePerson:
    """How the page speaks and what it shows. `agreed`: their permission stands."""

    locale: str
    direction: str
    agreed: bool
    veils: bool
    guards: bool


@dataclass(frozen=True, kw_only=True)
class PageSpeech:
    """Who the page is for, and its sentences in their language."""

    person: PagePerson
    words: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class PageOpening:
    session: str
    seconds: int
    speech: PageSpeech
    timeline: PageTimeline


def as_json(told: object) -> bytes:
    """One of the records above."""
    return json.dumps(asdict(told), ensure_ascii=False, separators=(",", ":")).encode()  # type: ignore[call-overload]  # a dataclass
