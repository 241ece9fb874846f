"""What stands on the picture of an experiment's answer."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AnswerPoint:
    """A week that counts: `week` from 0, whether it was one `with_it`, and its value; more is worse."""

    week: int
    with_it: bool
    value: float


@dataclass(frozen=True, kw_only=True)
class AnswerWords:
    """What is written on it, in the person's language. `alike`: beside the line where both cheeks are.

    `too_few`: in the place of the chart where no two weeks can be compared.
    """

    title: str
    verdict: str
    without: str
    with_it: str
    up: str
    down: str
    better: str
    same: str
    worse: str
    interval: str
    noticed: str
    alike: str
    too_few: str


@dataclass(frozen=True, kw_only=True)
class AnswerPicture:
    """`pairs`: weeks that are compared with each other, the one without it first. Without pairs the weeks of half a

    face stand in their order, with the mean of either kind; `weeks`: their numbers along the axis. `difference`, with
    its `interval`: below zero is better; None where nothing can be told. `noticed`: what anybody would notice.
    `kind`: "helps", "not", "worse" or "unclear".
    """

    words: AnswerWords
    points: tuple[AnswerPoint, ...]
    pairs: tuple[tuple[AnswerPoint, AnswerPoint], ...]
    weeks: tuple[str, ...]
    difference: float | None
    interval: tuple[float, float] | None
    noticed: float
    kind: str
