"""Analyses of nobody, made up here: from clear skin to everything at once."""

import random
from collections.abc import Mapping
from typing import Final

from bot.skin.analysis import (
    Analysis,
    Angle,
    Box,
    Classified,
    MarkKind,
    Provider,
    Reading,
    Redness,
    SkinType,
    SkinZone,
    ToneLight,
    UnderEyes,
)

FACE: Final = Box(left=200, top=240, width=600, height=600)


def boxes(count: int, confidence: float | None = None, *, faint: bool = False) -> tuple[Box, ...]:
    return tuple(
        Box(left=250 + 17 * place, top=300, width=9, height=11, confidence=confidence, faint=faint)
        for place in range(count)
    )


def readings(values: Mapping[Reading, int], *, confidence: float | None = 0.95) -> dict[Reading, Classified]:
    return {name: Classified(value=value, confidence=confidence) for name, value in values.items()}


def clear_skin() -> Analysis:
    """Everything looked for, nothing seen."""
    flags = dict.fromkeys(Reading, 0)
    for degree in (Reading.EYE_POUCH_SEVERITY, Reading.NASOLABIAL_FOLD_SEVERITY):
        del flags[degree]
    return Analysis(
        provider=Provider.AILAB,
        face=FACE,
        readings=readings(flags),
        marks=dict.fromkeys((MarkKind.ACNE, MarkKind.CLOSED_COMEDONES, MarkKind.SKIN_SPOT, MarkKind.MOLE), ()),
        skin_type=Classified(value=SkinType.NORMAL, confidence=0.9),
        skin_age=24,
        ita=Angle(degrees=33.2, band=3),
        hue=Angle(degrees=50.1, band=0),
        redness=Redness(area=0.0, intensity=0.0),
    )


def usual_skin() -> Analysis:
    """A bit of this and that, with every sureness."""
    return Analysis(
        provider=Provider.AILAB,
        face=FACE,
        readings={
            **readings({Reading.FOREHEAD_WRINKLE: 0, Reading.EYE_FINELINES: 1, Reading.BLACKHEAD: 2}),
            **readings({Reading.PORES_LEFT_CHEEK: 1, Reading.PORES_RIGHT_CHEEK: 1, Reading.PORES_JAW: 0}),
            **readings({Reading.DARK_CIRCLE: 2, Reading.EYE_POUCH: 1}, confidence=0.6),
            **readings({Reading.EYE_POUCH_SEVERITY: 1, Reading.NASOLABIAL_FOLD: 1}, confidence=0.4),
            **readings({Reading.SKIN_COLOR: 4, Reading.LEFT_EYELIDS: 2, Reading.RIGHT_EYELIDS: 1}),
        },
        marks={
            MarkKind.ACNE: (*boxes(2, 0.62), *boxes(3, 0.31)),
            MarkKind.CLOSED_COMEDONES: boxes(1, 0.4),
            MarkKind.SKIN_SPOT: (),
            MarkKind.MOLE: boxes(1, 0.35),
        },
        skin_type=Classified(value=SkinType.COMBINATION, confidence=0.64),
        skin_age=31,
        ita=Angle(degrees=12.4, band=4),
        hue=Angle(degrees=49.6, band=0),
        redness=Redness(area=0.024, intensity=32),
    )


def everything_at_once(*, confidence: float | None = 0.6, box_confidence: float | None = 0.6) -> Analysis:
    """The longest report there can be: all is seen, in many places, in a photo that is hard to read."""
    strongest = {
        **dict.fromkeys(Reading, 1),
        Reading.DARK_CIRCLE: 3,
        Reading.BLACKHEAD: 3,
        Reading.EYE_POUCH_SEVERITY: 2,
        Reading.NASOLABIAL_FOLD_SEVERITY: 2,
    }
    return Analysis(
        provider=Provider.AILAB,
        face=Box(left=10, top=10, width=220, height=220),
        head_pose_warning=True,
        readings=readings(strongest, confidence=confidence),
        marks={
            kind: (*boxes(140, box_confidence), *boxes(60, 0.3 if box_confidence else None))
            for kind in (MarkKind.ACNE, MarkKind.CLOSED_COMEDONES, MarkKind.SKIN_SPOT, MarkKind.MOLE)
        },
        skin_type=Classified(value=SkinType.COMBINATION, confidence=confidence),
        skin_age=88,
        ita=Angle(degrees=-80.5, band=6),
        hue=Angle(degrees=5.5, band=3),
        redness=Redness(area=0.987, intensity=99.9),
    )


def on_device(*, area: float = 0.13) -> Analysis:
    return Analysis(
        provider=Provider.LOCAL,
        face=FACE,
        marks={MarkKind.RED_SPOTS: boxes(4), MarkKind.DARK_SPOTS: boxes(1)},
        freckled=True,
        ita=Angle(degrees=31.4, band=3),
        hue=Angle(degrees=50.2, band=0),
        tone_light=ToneLight.EYES,
        redness=Redness(area=area, intensity=None, reddest=8.2, nose=3.1),
        under_eyes=UnderEyes(colour=2.4, lines=0.17),
        not_visible=frozenset({SkinZone.FOREHEAD, SkinZone.LEFT_EYE_CORNER}),
    )


_VENDORS: Final = (MarkKind.ACNE, MarkKind.CLOSED_COMEDONES, MarkKind.SKIN_SPOT, MarkKind.MOLE)


def random_vendor(chances: random.Random) -> Analysis:
    """An answer of the vendor's, at random: nothing, one or two, or many of each."""

    def some(most: int) -> tuple[Box, ...]:
        count = chances.choice((0, 0, 1, 2, chances.randint(0, most)))
        return tuple(box for _ in range(count) for box in boxes(1, chances.random()))

    return Analysis(
        provider=Provider.AILAB,
        face=Box(left=50, top=50, width=(side := chances.choice((300, 500, 900))), height=side),
        head_pose_warning=chances.random() < 0.1,
        readings={
            reading: Classified(value=chances.choice((0, 0, 1, 2, 3)), confidence=chances.random())
            for reading in Reading
            if chances.random() < 0.9
        },
        marks={kind: some(40) for kind in _VENDORS},
        skin_type=Classified(value=chances.choice(list(SkinType)), confidence=chances.random()),
        skin_age=chances.randint(14, 80),
        ita=Angle(degrees=chances.uniform(-40, 60), band=chances.choice((1, 2, 3, 4, 6))),
        hue=Angle(degrees=chances.uniform(20, 70), band=chances.choice((0, 1, 2, 3))),
        redness=Redness(area=chances.random() ** 3, intensity=chances.uniform(0, 99)),
    )


def random_local(chances: random.Random) -> Analysis:
    """An answer of this device's, at random: some of its spots are faint, some of the face may be hidden."""

    def some() -> tuple[Box, ...]:
        count = chances.choice((0, 0, 1, 4, 12))
        return tuple(box for _ in range(count) for box in boxes(1, faint=chances.random() < 0.3))

    return Analysis(
        provider=Provider.LOCAL,
        face=Box(left=50, top=50, width=(side := chances.choice((300, 500, 900))), height=side),
        marks={kind: some() for kind in (MarkKind.RED_SPOTS, MarkKind.DARK_SPOTS)},
        freckled=chances.random() < 0.1,
        ita=Angle(degrees=30.0, band=chances.choice((2, 3, 4, 6))),
        redness=Redness(
            area=chances.random() ** 3, intensity=None, reddest=chances.uniform(1, 15), nose=chances.uniform(-1, 6)
        ),
        not_visible=frozenset(chances.sample(list(SkinZone), chances.choice((0, 0, 1, 3)))),
        partly_visible=frozenset(chances.sample(list(SkinZone), chances.choice((0, 1, 4)))),
    )
