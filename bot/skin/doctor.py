"""When to see a doctor, by what was seen: the ranking of docs/doctor-lines.md."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from bot.skin.feelings import STRONG_FROM, Feeling
from bot.skin.grades import MANY, MUCH_REDNESS, NOTABLE_REDNESS
from bot.skin.report import DoctorNote, Finding, Severity, Sureness

MOST_LINES: Final = 2


class Urgency(IntEnum):
    TODAY = 0
    SOON = 1
    WHEN_IT_SUITS = 2


URGENCY: Final = MappingProxyType(
    {
        DoctorNote.REDNESS_HURTS: Urgency.TODAY,
        DoctorNote.FEELS_BAD: Urgency.TODAY,
        DoctorNote.REDNESS_AND_ACNE: Urgency.TODAY,
        DoctorNote.REDNESS: Urgency.TODAY,
        DoctorNote.URGENT: Urgency.TODAY,
        DoctorNote.MOLES_AND_SORES: Urgency.SOON,
        DoctorNote.MOLES: Urgency.SOON,
        DoctorNote.SORES: Urgency.SOON,
        DoctorNote.ACNE: Urgency.WHEN_IT_SUITS,
        DoctorNote.COMEDONES: Urgency.WHEN_IT_SUITS,
        DoctorNote.REDNESS_LASTING: Urgency.WHEN_IT_SUITS,
        DoctorNote.EYE_BAGS: Urgency.WHEN_IT_SUITS,
        DoctorNote.DARK_CIRCLES: Urgency.WHEN_IT_SUITS,
    }
)


def doctor_lines(seen: Sequence[Finding]) -> tuple[DoctorNote, ...]:
    """What was seen that somebody should look at who sees more than a photo does; the urgent first.

    Moles ask for it however sure their boxes are; other things only when they are sure. Of the first two groups of
    reasons (redness and pimples, moles and sores) each takes one line at most, so neither is ever pushed out.
    """
    sure = {finding.key: finding for finding in seen if finding.sureness is not Sureness.UNSURE}
    redness = (sure["sensitivity"].share or 0) if "sensitivity" in sure else 0
    pimples, sores = _are_many(sure.get("acne")), "red_spots" in sure
    inflamed = redness >= NOTABLE_REDNESS and (pimples or _are_many(sure.get("red_spots")))
    hot = redness >= MUCH_REDNESS or inflamed
    moles = any(finding.key == "mole" for finding in seen) or not sure.keys().isdisjoint({"dark_spots", "skin_spot"})
    reasons = {
        DoctorNote.REDNESS_HURTS: False,  # what nobody sees in a photo: see question.py
        DoctorNote.FEELS_BAD: False,
        DoctorNote.REDNESS_AND_ACNE: hot and pimples,
        DoctorNote.REDNESS: redness >= MUCH_REDNESS and not pimples,
        DoctorNote.URGENT: hot and redness < MUCH_REDNESS and not pimples,
        DoctorNote.MOLES_AND_SORES: moles and sores,
        DoctorNote.MOLES: moles and not sores,
        DoctorNote.SORES: sores and not moles,
        DoctorNote.ACNE: pimples and not hot,
        DoctorNote.COMEDONES: _are_many(sure.get("closed_comedones")) or _is_strong(sure.get("blackhead")),
        DoctorNote.REDNESS_LASTING: not hot and redness >= NOTABLE_REDNESS,
        DoctorNote.EYE_BAGS: _is_strong(sure.get("eye_pouch")),
        DoctorNote.DARK_CIRCLES: "dark_circle" in sure,
    }
    ranked = sorted((note for note in DoctorNote if reasons[note]), key=lambda note: URGENCY[note])
    return tuple(ranked[:MOST_LINES])


def lines_on_feelings(told: Mapping[Feeling, int], *, with_redness: bool) -> tuple[DoctorNote, ...]:
    """For what is felt strongly, and for eyes that are felt at all beside redness: each says what is for today."""
    eyes = told.get(Feeling.EYES, 0)
    if any(level >= STRONG_FROM for feeling, level in told.items() if feeling is not Feeling.EYES):
        return (DoctorNote.REDNESS_HURTS if with_redness else DoctorNote.FEELS_BAD,)
    return (DoctorNote.URGENT,) if eyes >= STRONG_FROM or (eyes and with_redness) else ()


def _are_many(finding: Finding | None) -> bool:
    return _is_strong(finding) if finding is None or finding.sure_count is None else finding.sure_count >= MANY


def _is_strong(finding: Finding | None) -> bool:
    return finding is not None and finding.severity is Severity.STRONG
