"""What of an answer is stored: what reports are told from, and nothing that says where somebody comes from."""

import json
from typing import Final

from bot.analysis.answer_format import Unreadable, read_object

# Pictures of the face; the class of a skin colour and the kind of eyelids, of which no report ever tells.
_NEVER_KEPT: Final = frozenset({"face_maps", "skin_color", "left_eyelids", "right_eyelids"})
_AGE: Final = frozenset({"skin_age"})


def as_kept(raw: str, *, with_age: bool) -> str:
    """An answer (`Answer.raw`) as it is stored; `with_age`: the person lets their skin age be shown."""
    try:
        answer = read_object(raw)
    except Unreadable:
        return raw
    left_out = _NEVER_KEPT if with_age else _NEVER_KEPT | _AGE
    result = answer.get("result")
    if isinstance(result, dict):
        answer["result"] = {name: value for name, value in result.items() if name not in left_out}
    return json.dumps(answer, separators=(",", ":"))
