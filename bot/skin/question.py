"""One question under a report, where its answer changes what is told: what came before the redness.

The answer picks the step, and a red flag of its own; a doctor line is never taken away by it.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from bot.skin.doctor import MOST_LINES, URGENCY
from bot.skin.report import DoctorNote, Report

_ASKED_ABOUT: Final = frozenset({"sensitivity", "red_spots"})
# What is left to say of each beside the line on redness that hurts.
_BESIDE_HURTS: Final = {
    DoctorNote.REDNESS_AND_ACNE: (DoctorNote.ACNE,),
    DoctorNote.REDNESS: (),
    DoctorNote.URGENT: (),
    DoctorNote.REDNESS_LASTING: (),
}


class QuestionAnswer(StrEnum):
    HEAT = "heat"
    SHAVED = "shaved"
    PRODUCT = "product"
    HURTS = "hurts"
    NONE = "none"


def is_asked(report: Report) -> bool:
    """Whether redness stands out in it."""
    return any(finding.key in _ASKED_ABOUT for finding in report.watch)


def flagged(report: Report, answer: QuestionAnswer) -> Report:
    """With the red flag that the answer asks for, before the others: it says what those about redness say, and more."""
    if answer is not QuestionAnswer.HURTS:
        return report
    others = [left for note in report.doctor for left in _BESIDE_HURTS.get(note, (note,))]
    moles_first = sorted(others, key=lambda note: URGENCY[note])
    return replace(report, doctor=(DoctorNote.REDNESS_HURTS, *moles_first)[:MOST_LINES])
