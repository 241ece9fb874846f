"""Somebody with a photo a week for two years, and as much beside it as anybody writes. Of nobody: made up here."""

import random
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.own_data.sheet.facts import SheetFacts
from bot.reports.series import Series
from bot.skin.analysis import Provider
from bot.skin.experiments.answer import Block, Caveat, Certainty, ExperimentAnswer
from bot.skin.experiments.plan import PLANS, Arm, drawn
from bot.skin.feelings import Feeling
from bot.skin.instrument import Instrument
from bot.skin.measures import Measure
from bot.storage.experiments.records import (
    AgreedPlan,
    ExperimentCourse,
    ExperimentDraft,
    ExperimentRecord,
    ExperimentState,
)
from bot.storage.records import FeelingRecord, ProductRecord, ReportSummary, SeriesRecord
from tests.progressing import scene

START: Final = datetime(2024, 12, 1, 9, tzinfo=UTC)
NOW: Final = START + timedelta(days=7 * 104)
PRODUCTS: Final = (
    "Metronidazole cream 0.75 %, evenings",
    "Azelaic acid",
    "Oat cleanser",
    "Sunscreen SPF 50, every morning and again at noon",
    "No alcohol",
)
LONG_NOTE: Final = (
    "The new cleanser stings a little around the nose, more so in the morning after the cold ride to work; the cheeks"
    " were hot in the evening, and I slept badly because of the night shift, so I left everything out for two days. "
) * 2


def two_years(
    provider: Provider = Provider.AILAB, *, photos: int = 104, notes: int = 60, products: int = 20, experiments: int = 4
) -> SheetFacts:
    """Redness fades after a year and a bit, pimples hardly; every eighth photo is of another light."""
    lot = random.Random(7)
    rows = [_row(place, lot, provider) for place in range(photos)]
    return SheetFacts(
        series=Series.of(rows),
        left_out=3,
        capped=False,
        redness_is_hard=False,
        feelings=tuple(
            FeelingRecord(
                at=START + timedelta(days=7 * place, hours=1),
                told={feeling: lot.choice((3, 4, 5, 6, 8) if place < 80 else (0, 1)) for feeling in Feeling},
            )
            for place in range(photos)
        ),
        products=tuple(
            ProductRecord(
                id=place,
                name=PRODUCTS[place % len(PRODUCTS)],
                started_on=None if place == 9 else (NOW - timedelta(days=20 + 40 * place)).date(),
                stopped_on=None if place < 4 else (NOW - timedelta(days=30 * place - 60)).date(),
            )
            for place in range(products)
        ),
        experiments=tuple(_finished(place) for place in range(experiments)),
        notes=tuple(
            (NOW - timedelta(days=12 * place), LONG_NOTE if place % 3 else "new cream") for place in range(notes)
        ),
    )


def _finished(place: int) -> ExperimentRecord:
    """The first of them helped; each after it says something else."""
    certainty = tuple(Certainty)[place % 3]
    return ExperimentRecord(
        id=place,
        person_id=1,
        state=ExperimentState.ENDED,
        began_at=NOW - timedelta(days=100 * (place + 1)),
        ended_at=NOW - timedelta(days=100 * place + 30),
        message_id=None,
        is_pinned=False,
        to_send=False,
        draft=ExperimentDraft(),
        agreed=AgreedPlan(
            what=PRODUCTS[place % len(PRODUCTS)],
            plan=drawn(PLANS[0], random.Random(place)),
            began_on=(NOW - timedelta(days=100 * (place + 1))).date(),
            mirrored=False,
            instrument=Instrument.named(Provider.AILAB, None),
            fingerprint="0" * 64,
        ),
        course=ExperimentCourse(),
        answer=ExperimentAnswer(
            certainty=certainty,
            worse=place == 4,
            difference=-2.14,
            interval=(-3.42, -0.86),
            sure=0.96,
            worth_having=2.0,
            blocks=tuple(Block(week=week, arm=tuple(Arm)[week > 3], value=1.0, photos=4) for week in range(8)),
            caveats=tuple(Caveat) if place % 2 else (),
        ),
    )


def _row(place: int, lot: random.Random, provider: Provider) -> SeriesRecord:
    other_light = place % 8 == 5
    level = 0.15 if place < 96 else 0.06
    measures = {Measure.SENSITIVITY: max(0.0, lot.gauss(level, 0.02) + 0.12 * other_light)}
    if provider is Provider.AILAB:
        measures[Measure.ACNE] = float(max(0, round(lot.gauss(6, 1.8))))
    return SeriesRecord(
        id=place + 1,
        number=place + 1,
        when=START + timedelta(days=7 * place),
        instrument=Instrument.named(provider, None if provider is Provider.AILAB else "9"),
        summary=ReportSummary(measures=measures, scene=scene(brightness=40 if other_light else 60)),
        disputed=frozenset({"acne"}) if place == 20 else frozenset(),
        noted=False,
    )
