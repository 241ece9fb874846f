"""What the templates of a person's own diary get to see: how their skin feels, and what they use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from bot.skin.feelings import WORST, Feeling
from bot.skin.products import LONGEST_NAME, Use
from bot.skin.report import DoctorNote


@dataclass(frozen=True, kw_only=True)
class FeelingView:
    """How it feels, asked. `weekly`: it comes with the reminder, and may be turned off."""

    template: ClassVar[str] = "feeling"
    offered: tuple[Feeling, ...]
    weekly: bool


@dataclass(frozen=True, kw_only=True)
class FeelingLevelView:
    """How strong one feeling is, from 0 to 10."""

    template: ClassVar[str] = "feeling_level"
    feeling: Feeling
    weekly: bool
    levels: tuple[int, ...] = tuple(range(WORST + 1))


@dataclass(frozen=True, kw_only=True)
class FeelingsToldView:
    """`others`: what may be told as well. `doctor`: lines for what is strong. `quiet`: no numbers."""

    template: ClassVar[str] = "feelings_told"
    when: datetime
    told: Mapping[Feeling, int]
    others: tuple[Feeling, ...]
    doctor: tuple[DoctorNote, ...]
    weekly: bool
    asks_eyes: bool
    quiet: bool


@dataclass(frozen=True, kw_only=True)
class ProductLine:
    """A product or a habit. `started_on`: None where it began before it was kept; `stopped_on`: None while in use."""

    id: int
    name: str
    started_on: date | None
    stopped_on: date | None


@dataclass(frozen=True, kw_only=True)
class ProductsView:
    """All of them. `full`: there is no room for another. `kept`: what was just told, and whether it is a `medicine`."""

    template: ClassVar[str] = "products"
    rows: tuple[ProductLine, ...]
    full: bool
    kept: str | None = None
    medicine: bool = False


@dataclass(frozen=True, kw_only=True)
class ProductUseView:
    """`number`: of the report whose note it is, 0 for none. `name`: None where it is asked for later."""

    template: ClassVar[str] = "product_use"
    number: int
    name: str | None
    uses: tuple[Use, ...] = tuple(Use)


@dataclass(frozen=True, kw_only=True)
class ProductNameView:
    """`again`: what was written is none."""

    template: ClassVar[str] = "product_name"
    again: bool = False
    longest: int = LONGEST_NAME
