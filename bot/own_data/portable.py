"""A person's records as JSON that another program can read. The keys are described in docs/export.md."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from typing import Final

from bot.storage.people.own_data import HeldExperiment, Holdings
from bot.storage.records import PersonRecord, ReportRecord

FORMAT: Final = "skinbot-export/1"

_INTERNAL: Final = frozenset({"id", "person_id", "red_map", "answer", "attempts", "not_before", "naming"})
_OF_A_MESSAGE: Final = frozenset({"id", "person_id", "message_id", "is_pinned", "to_send"})
_APART: Final = frozenset({"experiments", "feelings", "products"})  # of what is held: they stand by themselves


def portable(
    person: PersonRecord,
    held: Holdings,
    reports: list[dict[str, object]],
    *,
    missing: Mapping[str, str],
    made_at: datetime,
) -> str:
    """The whole of it. Lone surrogates are escaped, so it is valid UTF-8 whatever somebody wrote."""
    whole = {
        "format": FORMAT,
        "made_at": made_at,
        "person": _kept(asdict(person)) | {"stored": _kept(asdict(held), but=_APART)},
        "feelings": [asdict(each) for each in held.feelings],
        "products": [_kept(asdict(each)) for each in held.products],
        "experiments": [_experiment(each) for each in held.experiments],
        "reports": reports,
        "missing_files": [{"file": file, "reason": reason} for file, reason in missing.items()],
    }
    return json.dumps(whole, default=_plain, indent=1, ensure_ascii=True)


def portable_report(report: ReportRecord, files: Mapping[str, str]) -> dict[str, object]:
    """One report; `files`: paths in the archive by what they are."""
    record = _kept(asdict(report)) | {"number": report.told_number}
    return record | {"analysis": _parsed(report.answer), "files": dict(files)}


def _kept(record: dict[str, object], *, but: frozenset[str] = _INTERNAL) -> dict[str, object]:
    return {name: value for name, value in record.items() if name not in but}


def _experiment(held: HeldExperiment) -> dict[str, object]:
    record = {name: value for name, value in asdict(held.record).items() if name not in _OF_A_MESSAGE}
    photos = [{name: value for name, value in asdict(each).items() if name != "report_id"} for each in held.photos]
    return record | {"photos": photos}


def _parsed(answer: str | None) -> object:
    """The analyzer's own answer; as text where it is not JSON (it always is)."""
    if answer is None:
        return None
    try:
        return json.loads(answer)
    except ValueError:
        return answer


def _plain(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case frozenset() | set():
            return sorted(str(each) for each in value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
