"""What of an analysis is told first, what folds away, and what one small step fits."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.skin.analysis import Analysis, Provider
from bot.skin.doctor import doctor_lines
from bot.skin.findings import WHERE_IT_IS_RED, findings
from bot.skin.grades import LITTLE_REDNESS, may_stand_out, rank
from bot.skin.grouping import absent, grouped, is_untrue
from bot.skin.measures import NEVER_FOLLOWED
from bot.skin.photo import PhotoIssue
from bot.skin.places import hidden_places, partly_seen_places
from bot.skin.report import Finding, PhotoNote, Report, Sureness
from bot.skin.steps import step_for

__all__ = ["assess", "findings", "is_untrue", "seen_findings"]

_MOST_TO_WATCH: Final = 3
_AGE_MARGIN_YEARS: Final = 3  # the lamp alone moves it by as much
_GOOD_FACE_PX: Final = 400
_BROWN_BELOW_DEGREES: Final = 10.0
_NO_ITA_CLASS: Final = 6  # the contract's classes for "the light makes this unreadable"
_NO_HUE_CLASS: Final = 3

_HARDLY_SEEN_ORDER: Final = (
    "sensitivity",
    "acne",
    "closed_comedones",
    "blackhead",
    "skin_spot",
    "pores",
    "dark_circle",
    "eye_pouch",
    "lines",
    "nasolabial_fold",
)
_HIDES_NOTHING: Final = frozenset({PhotoNote.SIDE_LIGHT})  # shadows look like more than there is
_SPOIL_REDNESS: Final = frozenset({PhotoIssue.TOO_DARK, PhotoIssue.TINTED_LIGHT})
_COLOURS: Final = frozenset({"sensitivity", "red_spots"})
_NOTES: Final = {
    PhotoIssue.TOO_DARK: PhotoNote.TOO_DARK,
    PhotoIssue.TOO_BRIGHT: PhotoNote.TOO_BRIGHT,
    PhotoIssue.BLURRED: PhotoNote.BLURRED,
    PhotoIssue.TURNED_AWAY: PhotoNote.HEAD_TURNED,
    PhotoIssue.COVERED: PhotoNote.COVERED,
    PhotoIssue.COVERED_BELOW: PhotoNote.COVERED_BELOW,
    PhotoIssue.COVERED_ASIDE: PhotoNote.COVERED_ASIDE,
    PhotoIssue.FACE_SMALL: PhotoNote.FACE_SMALL,
    PhotoIssue.NO_FACE: PhotoNote.NO_FACE,
    PhotoIssue.SEVERAL_FACES: PhotoNote.SEVERAL_FACES,
    PhotoIssue.FACE_CUT_OFF: PhotoNote.FACE_CUT_OFF,
    PhotoIssue.HALF_IN_SHADOW: PhotoNote.HALF_IN_SHADOW,
    PhotoIssue.SIDE_LIGHT: PhotoNote.SIDE_LIGHT,
    PhotoIssue.TINTED_LIGHT: PhotoNote.BAD_LIGHT,
}


def assess(
    analysis: Analysis,
    *,
    doubts: frozenset[PhotoIssue] = frozenset(),
    show_skin_age: bool = False,
    disputed: frozenset[str] = frozenset(),
) -> Report:
    """The report of one analysis. `doubts` are what was seen about the photo before it was analysed.

    `disputed` are keys of findings that the person called not true: they lead to nothing.
    """
    found = findings(analysis)
    photo_notes = _photo_notes(analysis, doubts)
    shows_all = set(photo_notes) <= _HIDES_NOTHING and not analysis.not_visible
    skin_type = next((finding for finding in found if finding.key == "skin_type"), None)
    measured = [finding for finding in found if finding is not skin_type]
    believed = [finding for finding in measured if finding.key not in disputed]
    readable = [finding for finding in believed if not _is_spoiled(finding, analysis, doubts)]
    seen = [finding for finding in readable if finding.seen and not _is_very_little(finding)]
    sure, unsure = _by_sureness(seen)
    watch = tuple(finding for finding in sure if may_stand_out(finding))[:_MOST_TO_WATCH]
    is_hard = _redness_is_hard(analysis, doubts)
    hardly_seen = _hardly_seen(readable, analysis, tells_redness=not is_hard) if shows_all else ()
    return Report(
        provider=analysis.provider,
        watch=watch,
        also=tuple(finding for finding in sure if finding not in watch),
        unsure=unsure,
        hardly_seen=hardly_seen,
        step=step_for(watch, skin_type),
        doctor=doctor_lines(seen),
        photo_notes=photo_notes,
        skin_type=skin_type,
        skin_age=_age_range(analysis.skin_age) if show_skin_age else None,
        moles=next((finding.count for finding in believed if finding.key == "mole"), None),
        redness=analysis.redness if _tells_redness(readable if shows_all else seen) else None,
        paper=analysis.paper,
        not_measured=analysis.provider is Provider.LOCAL,
        not_visible=hidden_places(analysis),
        partly_visible=partly_seen_places(analysis),
        shows_all=shows_all,
        shows_redness=_tells_redness(readable) or not _tells_redness(measured),
        shows_nothing=not measured,
        redness_is_hard=is_hard,
        untrue=_seen_once([finding for finding in measured if finding.key in disputed]),
    )


def seen_findings(analysis: Analysis) -> tuple[Finding, ...]:
    """What was seen, the sure things first; of these, pores and lines are told once. Without the skin type."""
    return _seen_once([finding for finding in findings(analysis) if finding.key != "skin_type"])


def _seen_once(told: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each by a key that no other has: places that are possible stand beside the sure ones by themselves."""
    seen = [finding for finding in told if finding.seen]
    sure, _ = _by_sureness(seen)
    return (*sure, *(finding for finding in seen if finding.sureness is Sureness.UNSURE))


def _by_sureness(seen: Sequence[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The sure and the unsure, what matters most first in each. A place is in one of them only."""
    sure = [finding for finding in seen if finding.sureness is not Sureness.UNSURE]
    unsure = [finding for finding in seen if finding.sureness is Sureness.UNSURE]
    return tuple(sorted(grouped(sure), key=rank)), tuple(sorted(grouped(unsure), key=rank))


def _is_very_little(finding: Finding) -> bool:
    return finding.share is not None and finding.share < LITTLE_REDNESS


def _tells_redness(told: Iterable[Finding]) -> bool:
    return any(finding.key == "sensitivity" for finding in told)


def _hardly_seen(found: Sequence[Finding], analysis: Analysis, *, tells_redness: bool) -> tuple[Finding, ...]:
    """What was looked for in all of its place, and is not there, or hardly."""
    red_in_sight = tells_redness and analysis.partly_visible.isdisjoint(WHERE_IT_IS_RED)
    little = [finding for finding in found if finding.seen and _is_very_little(finding)]
    told = [*little, *absent([finding for finding in found if finding.key not in NEVER_FOLLOWED])]
    fair = [finding for finding in told if finding.key != "sensitivity" or red_in_sight]
    return tuple(sorted(fair, key=lambda finding: _HARDLY_SEEN_ORDER.index(finding.key)))


def _photo_notes(analysis: Analysis, doubts: frozenset[PhotoIssue]) -> tuple[PhotoNote, ...]:
    notes = {_NOTES[doubt] for doubt in doubts}
    face = analysis.face
    if analysis.head_pose_warning:
        notes.add(PhotoNote.HEAD_TURNED)
    if face is not None and min(face.width, face.height) < _GOOD_FACE_PX:
        notes.add(PhotoNote.FACE_SMALL)
    if _light_unreadable(analysis) and not notes & {PhotoNote.TOO_DARK, PhotoNote.TOO_BRIGHT}:
        notes.add(PhotoNote.BAD_LIGHT)
    if PhotoNote.HALF_IN_SHADOW in notes:
        notes.discard(PhotoNote.SIDE_LIGHT)
    return tuple(note for note in PhotoNote if note in notes)


def _is_spoiled(finding: Finding, analysis: Analysis, doubts: frozenset[PhotoIssue]) -> bool:
    """The on-device analyzer takes coloured light for redness."""
    by_lamp = analysis.provider is Provider.LOCAL and PhotoIssue.TINTED_LIGHT in doubts
    return by_lamp and finding.key in _COLOURS


def _redness_is_hard(analysis: Analysis, doubts: frozenset[PhotoIssue]) -> bool:
    """By this photo alone, and nothing of it is kept: too little light, coloured light, or skin on which redness hides.

    Below 10° of ITA skin is called brown and dark (Chardon, Del Bino).
    """
    if analysis.redness is None:
        return False
    degrees = analysis.ita.degrees if analysis.ita else None
    hides = degrees is not None and degrees < _BROWN_BELOW_DEGREES
    return hides or _light_unreadable(analysis) or not _SPOIL_REDNESS.isdisjoint(doubts)


def _light_unreadable(analysis: Analysis) -> bool:
    ita_class = analysis.ita.band if analysis.ita else None
    hue_class = analysis.hue.band if analysis.hue else None
    return ita_class == _NO_ITA_CLASS or hue_class == _NO_HUE_CLASS


def _age_range(age: int | None) -> tuple[int, int] | None:
    return None if age is None else (max(0, age - _AGE_MARGIN_YEARS), age + _AGE_MARGIN_YEARS)
