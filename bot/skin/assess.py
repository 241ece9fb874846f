"""What of an analysis is told first, what folds away, and what one small step fits."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.skin.analysis import Analysis, Provider, ToneLight
from bot.skin.findings import findings
from bot.skin.measures import NEVER_FOLLOWED
from bot.skin.photo import PhotoIssue
from bot.skin.places import hidden_places, partly_seen_places
from bot.skin.report import (
    DoctorNote,
    Finding,
    PhotoNote,
    Region,
    Report,
    Severity,
    Step,
    Sureness,
    Tone,
    Zone,
)

__all__ = ["assess", "findings"]

_MOST_STRENGTHS: Final = 3
_MOST_TO_WATCH: Final = 3
_AGE_MARGIN_YEARS: Final = 3  # the lamp alone moves it by as much
_GOOD_FACE_PX: Final = 400
_LITTLE_REDNESS: Final = 0.05  # from here on it is more than "very little"
_NOTABLE_REDNESS: Final = 0.10
_MUCH_REDNESS: Final = 0.30
_MANY: Final = 10
_MARGINS: Final = {  # of ITA and HA, degrees: twice what other photos of the same people moved them by, over days
    ToneLight.PHOTO: (30, 17),
    ToneLight.EYES: (30, 9),
    ToneLight.PAPER: (12, 5),  # a sheet that gets a fifth more or less light than the cheeks, 5 % of it coloured
}
_BAD_LIGHT: Final = frozenset({PhotoNote.BAD_LIGHT, PhotoNote.TOO_DARK, PhotoNote.TOO_BRIGHT})
_NO_ITA_CLASS: Final = 6  # the contract's classes for "the light makes this unreadable"
_NO_HUE_CLASS: Final = 3

_PORE_KEYS: Final = ("pores_forehead", "pores_left_cheek", "pores_right_cheek", "pores_jaw")
_CHEEK_KEYS: Final = ("pores_left_cheek", "pores_right_cheek")
_LINE_KEYS: Final = ("forehead_wrinkle", "glabella_wrinkle", "crows_feet", "eye_finelines")
_TOGETHER: Final = {"pores": _PORE_KEYS, "lines": _LINE_KEYS}

# What everyday care can change first, then what habits ease, then what it hardly changes.
_WATCH_TIERS: Final = (
    ("acne", "closed_comedones", "sensitivity", "red_spots", "skin_spot", "dark_spots", "pores", "blackhead"),
    ("eye_pouch", "dark_circle", "lines"),
    ("nasolabial_fold", "dark_circle/shadow"),
)
_WEIGHT: Final = {Severity.STRONG: 0, Severity.MODERATE: 1, Severity.PRESENT: 2, Severity.MILD: 3}
_STRENGTH_ORDER: Final = (
    "acne",
    "sensitivity",
    "pores",
    "closed_comedones",
    "blackhead",
    "skin_spot",
    "dark_circle",
    "eye_pouch",
    "lines",
    "forehead_wrinkle",
    "crows_feet",
    "eye_finelines",
    "glabella_wrinkle",
    "nasolabial_fold",
)
_STEPS: Final = {
    "acne": Step.ACNE,
    "closed_comedones": Step.CLOSED_COMEDONES,
    "blackhead": Step.BLACKHEAD,
    "sensitivity": Step.REDNESS,
    "skin_spot": Step.SPOTS,
    "dark_spots": Step.SPOTS,
    "red_spots": Step.RED_SPOTS,
    "pores": Step.PORES,
    "eye_pouch": Step.EYE_BAGS,
    "dark_circle/pigmented": Step.DARK_CIRCLES_PIGMENTED,
    "dark_circle/vascular": Step.DARK_CIRCLES_VASCULAR,
    "dark_circle/shadow": Step.DARK_CIRCLES_SHADOW,
    "lines": Step.LINES,
    "nasolabial_fold": Step.SMILE_LINES,
    "skin_type/oily": Step.OILY_SKIN,
    "skin_type/dry": Step.DRY_SKIN,
    "skin_type/combination": Step.COMBINATION_SKIN,
}
_HIDES_NOTHING: Final = frozenset({PhotoNote.SIDE_LIGHT})  # shadows look like more than there is
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
    told = [finding for finding in readable if finding.seen or (shows_all and finding.key not in NEVER_FOLLOWED)]
    sure = [finding for finding in told if finding.sureness is not Sureness.UNSURE]
    watch, strengths = _watch(sure), _strengths(sure) if shows_all else ()
    zones = _zones(sure)
    return Report(
        provider=analysis.provider,
        strengths=strengths,
        watch=watch,
        step=_step(watch, skin_type),
        doctor=_doctor(told),
        zones=zones,
        rest=_without(zones, {key for finding in (*strengths, *watch) for key in _told_keys(finding)}),
        unsure=tuple(finding for finding in told if finding.sureness is Sureness.UNSURE),
        photo_notes=photo_notes,
        skin_type=skin_type,
        skin_age=_age_range(analysis.skin_age) if show_skin_age else None,
        moles=next((finding.count for finding in believed if finding.key == "mole"), None),
        redness=analysis.redness if any(finding.key == "sensitivity" for finding in told) else None,
        tone=None if _BAD_LIGHT & set(photo_notes) else _tone(analysis),
        paper=analysis.paper,
        not_measured=analysis.provider is Provider.LOCAL,
        not_visible=hidden_places(analysis),
        partly_visible=partly_seen_places(analysis),
        shows_all=shows_all,
        shows_nothing=not measured,
        untrue=_seen_once([finding for finding in measured if finding.key in disputed]),
    )


def seen_findings(analysis: Analysis) -> tuple[Finding, ...]:
    """What was seen, the sure things first; of these, pores and lines are told once. Without the skin type."""
    return _seen_once([finding for finding in findings(analysis) if finding.key != "skin_type"])


def _seen_once(told: Sequence[Finding]) -> tuple[Finding, ...]:
    sure = [finding for finding in told if finding.sureness is not Sureness.UNSURE]
    unsure = [finding for finding in told if finding.sureness is Sureness.UNSURE and finding.seen]
    return (*_grouped(sure, seen=True), *unsure)


def _watch(sure: Sequence[Finding]) -> tuple[Finding, ...]:
    seen = [finding for finding in _grouped(sure, seen=True) if _place(finding) is not None]
    notable = [finding for finding in seen if finding.share is None or finding.share >= _NOTABLE_REDNESS]
    return tuple(sorted(notable, key=lambda finding: _place(finding) or ())[:_MOST_TO_WATCH])


def _place(finding: Finding) -> tuple[int, int, int] | None:
    """Where a finding stands among those to watch; None for what is never to be watched (moles)."""
    for name in (_typed(finding), finding.key):
        for tier, keys in enumerate(_WATCH_TIERS):
            if name in keys:
                return tier, _WEIGHT[finding.severity], keys.index(name)
    return None


def _typed(finding: Finding) -> str:
    return f"{finding.key}/{finding.kind}"


def _strengths(sure: Sequence[Finding]) -> tuple[Finding, ...]:
    little_redness = [finding for finding in sure if finding.share is not None and finding.share < _LITTLE_REDNESS]
    not_seen = _grouped([finding for finding in sure if finding.share is None], seen=False)
    good = [finding for finding in (*little_redness, *not_seen) if finding.key in _STRENGTH_ORDER]
    return tuple(sorted(good, key=lambda finding: _STRENGTH_ORDER.index(finding.key))[:_MOST_STRENGTHS])


def _grouped(sure: Sequence[Finding], *, seen: bool) -> tuple[Finding, ...]:
    """The findings that are seen (or are not), with pores told once and lines told once.

    "No pores", "no lines" is only said when it holds everywhere; one that holds in a place stays by itself.
    """
    rest = [finding for finding in sure if finding.seen is seen]
    for key, part_keys in _TOGETHER.items():
        parts = [finding for finding in rest if finding.key in part_keys]
        whole = [finding for finding in sure if finding.key in part_keys]
        if parts and (seen or (len(parts) == len(whole) > 1)):
            rest = [finding for finding in rest if finding not in parts]
            rest.append(_joined(key, parts))
    return tuple(rest)


def is_untrue(told_as: str, disputed: frozenset[str]) -> bool:
    """Whether a person called the finding of that key not true; of one for several places they call all of it so."""
    return not disputed.isdisjoint({told_as, *_TOGETHER.get(told_as, ())})


def _joined(key: str, parts: Sequence[Finding]) -> Finding:
    """One finding for several; only as sure as the least sure of them."""
    regions = {part.region for part in parts}
    surenesses = {part.sureness for part in parts}
    return Finding(
        key=key,
        region=regions.pop() if len(regions) == 1 else Region.FACE,
        severity=parts[0].severity,
        sureness=next(each for each in (Sureness.PROBABLE, Sureness.UNRATED, Sureness.CLEAR) if each in surenesses),
        parts=tuple(part.key for part in parts),
    )


def _step(watch: Sequence[Finding], skin_type: Finding | None) -> Step:
    fitting: Iterable[Finding] = watch
    if not watch and skin_type is not None and skin_type.sureness is not Sureness.UNSURE:
        fitting = [skin_type]
    for finding in fitting:
        step = _STEPS.get(_typed(finding)) or _STEPS.get(finding.key)
        if step is not None:
            return step
    return Step.SUN


def _doctor(told: Sequence[Finding]) -> tuple[DoctorNote, ...]:
    """What was seen that somebody should look at who sees more than a photo does; the urgent first.

    Moles ask for it however sure their boxes are, this device's spots where not all are faint; other things only when
    they are sure.
    """
    seen = {finding.key: finding for finding in told if finding.seen}
    sure = {key: finding for key, finding in seen.items() if finding.sureness is not Sureness.UNSURE}
    redness = sure["sensitivity"].share or 0 if "sensitivity" in sure else 0
    clear = {key for key, finding in seen.items() if not finding.faint}
    moles, sores = not clear.isdisjoint({"mole", "dark_spots"}) or "skin_spot" in sure, "red_spots" in clear
    reasons = {
        DoctorNote.REDNESS: redness >= _MUCH_REDNESS,
        DoctorNote.URGENT: _MUCH_REDNESS > redness >= _LITTLE_REDNESS or (sores and redness < _MUCH_REDNESS),
        DoctorNote.ACNE: _sure_count(sure.get("acne")) >= _MANY,
        DoctorNote.MOLES_AND_SORES: moles and sores,
        DoctorNote.MOLES: moles and not sores,
        DoctorNote.SORES: sores and not moles,
        DoctorNote.COMEDONES: _sure_count(sure.get("closed_comedones")) >= _MANY or _is_strong(sure.get("blackhead")),
        DoctorNote.EYE_BAGS: _is_strong(sure.get("eye_pouch")),
        DoctorNote.DARK_CIRCLES: "dark_circle" in sure,
    }
    return tuple(note for note in DoctorNote if reasons[note])


def _sure_count(finding: Finding | None) -> int:
    if finding is None:
        return 0
    return (finding.count or 0) if finding.sure_count is None else finding.sure_count


def _is_strong(finding: Finding | None) -> bool:
    return finding is not None and finding.severity is Severity.STRONG


def _zones(sure: Sequence[Finding]) -> tuple[Zone, ...]:
    """By part of the face, in the regions' order; both cheeks' pores are told as one where they agree."""
    zones = (
        Zone(
            region=region,
            seen=_cheeks_joined([finding for finding in sure if finding.region is region and finding.seen]),
            not_seen=_cheeks_joined([finding for finding in sure if finding.region is region and not finding.seen]),
        )
        for region in Region
    )
    return tuple(zone for zone in zones if zone.seen or zone.not_seen)


def _cheeks_joined(found: list[Finding]) -> tuple[Finding, ...]:
    cheeks = [finding for finding in found if finding.key in _CHEEK_KEYS]
    if len(cheeks) < len(_CHEEK_KEYS):
        return tuple(found)
    return (_joined("pores", cheeks), *(finding for finding in found if finding not in cheeks))


def _without(zones: Iterable[Zone], told: set[str]) -> tuple[Zone, ...]:
    rest = (
        Zone(
            region=zone.region,
            seen=tuple(finding for finding in zone.seen if not _told_keys(finding) <= told),
            not_seen=tuple(finding for finding in zone.not_seen if not _told_keys(finding) <= told),
        )
        for zone in zones
    )
    return tuple(zone for zone in rest if zone.seen or zone.not_seen)


def _told_keys(finding: Finding) -> set[str]:
    return set(finding.parts) or {finding.key}


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


def _light_unreadable(analysis: Analysis) -> bool:
    ita_class = analysis.ita.band if analysis.ita else None
    hue_class = analysis.hue.band if analysis.hue else None
    return ita_class == _NO_ITA_CLASS or hue_class == _NO_HUE_CLASS


def _tone(analysis: Analysis) -> Tone | None:
    ita = analysis.ita.degrees if analysis.ita else None
    hue = analysis.hue.degrees if analysis.hue else None
    if ita is None and hue is None:
        return None
    ita_margin, hue_margin = _MARGINS[analysis.tone_light]
    return Tone(ita=ita, ita_margin=ita_margin, hue=hue, hue_margin=hue_margin, light=analysis.tone_light)


def _age_range(age: int | None) -> tuple[int, int] | None:
    return None if age is None else (max(0, age - _AGE_MARGIN_YEARS), age + _AGE_MARGIN_YEARS)
