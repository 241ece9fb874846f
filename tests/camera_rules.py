"""The numbers of the photo's gates and of what compares, as the Mini App's camera gets them: Python's own, no copy."""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Final

from bot.analysis.local import covering, detector, doubts, eyes, faces, frame, gates, mesh, zones
from bot.imaging.intake import light
from bot.skin import photo, scene

RULES: Final = Path(__file__).parents[1] / "templates" / "miniapp" / "src" / "camera" / "rules.json"

_MODULES: Final = (covering, detector, doubts, eyes, faces, frame, gates, mesh, zones, light, photo, scene)
_NUMBER: Final = re.compile(r"_?([A-Z][A-Z0-9_]*)")


def rules() -> str:
    """Every constant of those modules, by its name, and the drawn masks that are the same on every face."""
    told: dict[str, object] = {module.__name__.rpartition(".")[2]: _numbers_of(module) for module in _MODULES}
    told["masks"] = {
        "AROUND_EYES": doubts._around_eyes(),
        "COARSE_EYES": [_places(eye) for eye in covering._coarse_eyes()],
    }
    return json.dumps(told, separators=(",", ":"), sort_keys=True) + "\n"


def _numbers_of(module: ModuleType) -> dict[str, object]:
    found = {match[1]: value for name, value in vars(module).items() if (match := _NUMBER.fullmatch(name))}
    plain = {name: _plain(value) for name, value in found.items()}
    return {name: value for name, value in plain.items() if value is not None}


def _plain(value: object) -> object | None:
    """As JSON has it; None for what is no number and nothing made of numbers."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(str(_plain(each)) for each in value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return None


def _places(mask: object) -> list[int]:
    """Where it is true, counted row by row."""
    import numpy as np  # noqa: PLC0415

    return [int(place) for place in np.flatnonzero(np.asarray(mask))]
