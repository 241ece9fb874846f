"""Views of a self-experiment, as its messages show it from the first question to the answer."""

from dataclasses import replace
from datetime import date
from typing import Final

from bot.skin.analysis import Judged
from bot.skin.experiments.answer import Caveat, Certainty
from bot.skin.experiments.photo import Spoiled
from bot.skin.experiments.plan import Arm, Design, FaceSide, offered_for
from bot.views import View
from bot.views.experiments import (
    AnswerReadyView,
    AnswerView,
    AnswerWordsView,
    BurnsView,
    DesignView,
    ExperimentHomeView,
    JudgedView,
    LastLookView,
    LeftOut,
    LengthView,
    PastExperiment,
    PhotoCheckView,
    PlanView,
    SideView,
    StepConfirmView,
    WhatView,
)

WHAT: Final = "Green tea <cream>"
ON_OFF: Final = PlanView(
    what=WHAT,
    judged=Judged.REDNESS,
    design=Design.ON_OFF,
    treated=None,
    order=(Arm.WITH, Arm.WITHOUT, Arm.WITHOUT, Arm.WITH) * 2,
    week=3,
    arm=Arm.WITHOUT,
    side=None,
    counted=1,
    photos_a_week=4,
    best_from=date(2026, 3, 19),
    settles=False,
    began_on=date(2026, 3, 2),
    ends_on=date(2026, 4, 27),
    paused=False,
    burns=False,
    reminded=True,
    mark="3f9a12bc",
    pinned=True,
)
HALF_FACE: Final = replace(
    ON_OFF,
    design=Design.HALF_FACE,
    judged=Judged.PIMPLES,
    treated=FaceSide.RIGHT,
    order=(Arm.WITHOUT,) * 4 + (Arm.WITH,) * 4,
    week=5,
    arm=Arm.WITH,
    side=FaceSide.RIGHT,
    photos_a_week=7,
)
PAUSED: Final = replace(ON_OFF, paused=True, week=None, arm=None, best_from=None, ends_on=None, pinned=False)
OFFERS: Final = {(judged, design): offered_for(judged, design) for judged in Judged for design in Design}

PLANNING: Final[tuple[View, ...]] = (
    ExperimentHomeView(needs_photo=True),
    ExperimentHomeView(needs_photo=False),
    WhatView(),
    WhatView(note="A new <cream> since Monday, and I slept badly"),
    JudgedView(what=WHAT, choices=tuple(Judged)),
    JudgedView(what="tretinoin", choices=(Judged.PIMPLES,), medicine=True),
    DesignView(what=WHAT, designs=tuple(Design)),
    *(LengthView(design=design, offers=offers) for (_, design), offers in OFFERS.items()),
    SideView(pictured=True, number=7),
    SideView(pictured=False, number=7),
    *(
        LastLookView(what=WHAT, offered=offers[-1], reminded=place == 0, mark="0123abcd", medicine=place == 0)
        for place, offers in enumerate(OFFERS.values())
    ),
    LastLookView(what=WHAT, offered=OFFERS[Judged.REDNESS, Design.HALF_FACE][0], reminded=True, mark="0123abcd"),
)
RUNNING: Final[tuple[View, ...]] = (
    ON_OFF,
    HALF_FACE,
    replace(HALF_FACE, week=1, arm=Arm.WITHOUT, side=None, pinned=False, reminded=False),
    replace(HALF_FACE, treated=FaceSide.LEFT, side=FaceSide.LEFT),
    replace(HALF_FACE, settles=True),
    replace(ON_OFF, week=4, arm=Arm.WITH, reminded=False),
    PAUSED,
    replace(PAUSED, pinned=True),
    replace(ON_OFF, week=None, arm=None, best_from=None),
    *(StepConfirmView(act=act, weeks=3, of=8) for act in ("pause", "early", "drop")),
    *(BurnsView(paused=paused) for paused in (True, False)),
)
HELPS: Final = AnswerView(
    what=WHAT,
    judged=Judged.REDNESS,
    design=Design.HALF_FACE,
    treated=FaceSide.LEFT,
    certainty=Certainty.LIKELY_HELPS,
    worse=False,
    weeks_with=4,
    weeks_without=3,
    photos=26,
    caveats=(),
    mark="3f9a12bc",
)
UNCLEAR: Final = replace(
    HELPS, certainty=Certainty.UNCLEAR, caveats=tuple(Caveat), design=Design.ON_OFF, judged=Judged.PIMPLES, treated=None
)
PAST: Final = PastExperiment(id=3, what=WHAT, certainty=Certainty.UNCLEAR, ended_on=date(2026, 4, 27))
ENDED: Final[tuple[View, ...]] = (
    *(PhotoCheckView(reasons=(reason,), counted=1, photos_a_week=4) for reason in Spoiled),
    *(PhotoCheckView(reasons=(reason,), counted=1, photos_a_week=4) for reason in LeftOut if reason != "outside"),
    PhotoCheckView(reasons=(), counted=2, photos_a_week=4),
    HELPS,
    UNCLEAR,
    replace(UNCLEAR, burned=True),
    replace(HELPS, certainty=Certainty.LIKELY_NOT, caveats=(Caveat.MISSED_WEEKS,)),
    replace(HELPS, certainty=Certainty.LIKELY_NOT, worse=True),
    *(AnswerReadyView(id=3, what=WHAT, certainty=each, worse=False) for each in Certainty),
    AnswerWordsView(
        judged=Judged.REDNESS, design=Design.HALF_FACE, certainty=Certainty.LIKELY_HELPS, worse=False, weeks=(1, 2)
    ),
    AnswerWordsView(judged=Judged.PIMPLES, design=Design.ON_OFF, certainty=Certainty.LIKELY_NOT, worse=True, weeks=()),
    ExperimentHomeView(needs_photo=False, past=(PAST,)),
)
