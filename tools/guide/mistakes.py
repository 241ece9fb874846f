"""What makes a selfie hard to read, each as a small picture on a square from -1 to 1."""

from collections.abc import Callable
from typing import Final

from tools.guide.brush import Brush, Colour, blob, bow
from tools.guide.portrait import Tones, brows, cheeks, draw_person, eyes, mouth, nose

_WALL: Final[Colour] = (214, 224, 217)
_FLOOR: Final[Colour] = (196, 190, 172)
_DUSK: Final[Colour] = (74, 72, 86)
_GLARE: Final[Colour] = (255, 244, 206)
_SUN: Final[Colour] = (255, 200, 84)
_TEETH: Final[Colour] = (255, 252, 248)
_GLASS: Final[Colour] = (40, 38, 46)
_CAP: Final[Colour] = (196, 98, 62)
_PEAK: Final[Colour] = (160, 76, 46)
_ROUGE: Final[Colour] = (206, 44, 74)
_SILHOUETTE: Final[Colour] = (58, 62, 84)
_IN_THE_DARK: Final = Tones(
    skin=(66, 70, 92),
    shade=_SILHOUETTE,
    flush=_SILHOUETTE,
    hair=_SILHOUETTE,
    strand=_SILHOUETTE,
    ink=_SILHOUETTE,
    lips=_SILHOUETTE,
    shirt=_SILHOUETTE,
)
_PLAIN: Final = Tones()

Scene = Callable[[Brush], None]


def against_the_light(brush: Brush) -> None:
    """Whoever it is, only an outline is left of them."""
    _wall(brush, _DUSK)
    for wider in (0.26, 0.21, 0.16, 0.11, 0.06):
        brush.plate((-0.66 - wider, -0.84 - wider), (0.66 + wider, 0.5), 0.04 + wider, (255, 226, 150, 34))
    brush.plate((-0.66, -0.84), (0.66, 0.5), 0.04, _GLARE)
    brush.disc((0.38, -0.56), 0.17, _SUN)
    brush.line([(0, -0.84), (0, 0.5)], 0.06, _DUSK)
    brush.line([(-0.66, -0.2), (0.66, -0.2)], 0.06, _DUSK)
    draw_person(brush.moved((0, 0.2), unit=0.52), _IN_THE_DARK, features=_hardly_seen)


def turned_away(brush: Brush) -> None:
    _wall(brush, _WALL)
    draw_person(brush.moved((0.0, 0.16), unit=0.56, turn=24), _PLAIN, features=_glance, aside=0.26)


def far_away(brush: Brush) -> None:
    _wall(brush, _WALL)
    brush.fill([(-1, 0.55), (1, 0.55), (1, 1), (-1, 1)], _FLOOR)
    for side in (-1, 1):
        brush.line([(side * 0.09, 0.3), (side * 0.09, 0.76)], 0.13, _GLASS)
    draw_person(brush.moved((0, -0.02), unit=0.14), _PLAIN)


def covered(brush: Brush) -> None:
    _wall(brush, _WALL)
    person = brush.moved((0, 0.12), unit=0.56)
    draw_person(person, _PLAIN, features=_made_up)
    _loose_hair(person)
    _sunglasses(person)
    _cap(person)


def laughing(brush: Brush) -> None:
    _wall(brush, _WALL)
    draw_person(brush.moved((0, 0.14), unit=0.56), _PLAIN, features=_laugh)


# One for each point of the caption (templates/messages/guide.html.j2), in its order.
MISTAKES: Final[tuple[Scene, ...]] = (against_the_light, turned_away, far_away, covered, laughing)


def _wall(brush: Brush, colour: Colour) -> None:
    brush.fill([(-1, -1), (1, -1), (1, 1), (-1, 1)], colour)


def _hardly_seen(brush: Brush, tones: Tones) -> None:
    eyes(brush, tones, sparkling=False)
    brows(brush, tones)


def _glance(brush: Brush, tones: Tones) -> None:
    eyes(brush, tones)
    brows(brush, tones)
    nose(brush, tones)
    mouth(brush, tones)


def _made_up(brush: Brush, tones: Tones) -> None:
    nose(brush, tones)
    brush.fill(
        blob([(-0.24, 0.65), (-0.08, 0.58), (0, 0.6), (0.08, 0.58), (0.24, 0.65), (0.1, 0.75), (-0.1, 0.75)]), _ROUGE
    )


def _loose_hair(brush: Brush) -> None:
    for side in (-1, 1):
        lock = [(0.2, -0.7), (0.7, -0.75), (0.92, -0.2), (0.94, 0.6), (0.86, 1.2), (0.5, 1.2), (0.5, 0.6), (0.46, 0.0)]
        brush.fill(blob([(side * x, y) for x, y in lock]), _PLAIN.hair)


def _sunglasses(brush: Brush) -> None:
    for side in (-1, 1):
        glass = [(0.06, -0.1), (0.34, -0.14), (0.6, -0.1), (0.58, 0.14), (0.36, 0.28), (0.14, 0.18)]
        brush.fill(blob([(side * x, y) for x, y in glass]), _GLASS)
    brush.line([(-0.66, -0.08), (0.66, -0.08)], 0.07, _GLASS)


def _cap(brush: Brush) -> None:
    brush.fill(blob([(-0.88, -0.42), (-0.74, -0.98), (0, -1.3), (0.74, -0.98), (0.88, -0.42), (0, -0.5)]), _CAP)
    brush.fill(blob([(-0.9, -0.38), (0, -0.62), (0.9, -0.38), (0.5, -0.28), (0, -0.34), (-0.5, -0.28)]), _PEAK)


def _laugh(brush: Brush, tones: Tones) -> None:
    cheeks(brush, tones)
    brows(brush, tones, raised=0.1)
    nose(brush, tones)
    for side in (-1, 1):
        brush.line(bow((side * 0.18, 0.06), (side * 0.42, 0.06), 0.11), 0.055, tones.ink)
    brush.fill(blob([(-0.36, 0.53), (0, 0.56), (0.36, 0.53), (0.27, 0.77), (0, 0.88), (-0.27, 0.77)]), tones.ink)
    brush.fill(blob([(-0.31, 0.56), (0, 0.58), (0.31, 0.56), (0.26, 0.65), (0, 0.67), (-0.26, 0.65)]), _TEETH)
