"""Between sealed columns and opened records."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import RowMapping

from bot.skin.analysis import MarkKind, Provider
from bot.skin.measures import known_measures
from bot.skin.photo import Conditions, PhotoIssue
from bot.skin.scene import Scene
from bot.storage.keys import Keyring
from bot.storage.records import (
    HistoryRow,
    IncomingPhoto,
    PersonRecord,
    PhotoFacts,
    ReportRecord,
    ReportState,
    ReportSummary,
    TrackRow,
)

# What a person types may hold lone surrogates, which plain UTF-8 refuses.
_SURROGATES: Final = "surrogatepass"


def seal_text(keyring: Keyring, clear: str) -> bytes:
    return keyring.seal(clear.encode("utf-8", _SURROGATES))


def open_text(keyring: Keyring, sealed: bytes) -> str:
    return keyring.open(sealed).decode("utf-8", _SURROGATES)


def seal_json(keyring: Keyring, value: object) -> bytes:
    return seal_text(keyring, json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def seal_photos(keyring: Keyring, photos: tuple[IncomingPhoto, ...]) -> bytes:
    return seal_json(keyring, [asdict(photo) for photo in photos])


def open_photos(keyring: Keyring, sealed: bytes) -> tuple[IncomingPhoto, ...]:
    return tuple(IncomingPhoto(**photo) for photo in json.loads(open_text(keyring, sealed)))


def seal_facts(keyring: Keyring, facts: PhotoFacts) -> bytes:
    return seal_json(keyring, asdict(facts))


def _open_facts(keyring: Keyring, sealed: bytes) -> PhotoFacts:
    told = json.loads(open_text(keyring, sealed))
    doubts = tuple(PhotoIssue(doubt) for doubt in told.pop("doubts"))
    return PhotoFacts(doubts=doubts, conditions=Conditions(**told.pop("conditions")), **told)


def seal_summary(keyring: Keyring, summary: ReportSummary) -> bytes:
    return seal_json(keyring, asdict(summary))


def _open_summary(keyring: Keyring, sealed: bytes) -> ReportSummary:
    told = json.loads(open_text(keyring, sealed))
    measures, scene = told.get("measures"), told.get("scene")
    return ReportSummary(
        watch=tuple(told["watch"]),
        measures=None if measures is None else known_measures(measures),
        scene=None if scene is None else _scene(scene),
        repeat_of=told.get("repeat_of"),
    )


def _scene(told: dict[str, Any]) -> Scene:
    return Scene(conditions=Conditions(**told.pop("conditions")), **told)


def open_lookups(keyring: Keyring, sealed: bytes) -> dict[str, str]:
    """What a row's pseudonyms were made from, by column."""
    return {str(name): str(value) for name, value in json.loads(open_text(keyring, sealed)).items()}


def report_lookups(keyring: Keyring, person_id: int, lookups: Mapping[str, str]) -> dict[str, bytes]:
    """A report's pseudonyms (origin, album, content), and sealed what they were made from."""
    pseudonyms = {name: report_pseudonyms(keyring, name, person_id, value)[0] for name, value in lookups.items()}
    return pseudonyms | {"lookups": seal_json(keyring, dict(lookups))}


def report_pseudonyms(keyring: Keyring, name: str, person_id: int, value: str) -> tuple[bytes, ...]:
    """Newest first. The same selfie or album of two people has nothing in common: they can't be linked."""
    return keyring.pseudonyms(name, f"{person_id}:{value}")


def open_person(row: RowMapping, keyring: Keyring) -> PersonRecord:
    return person_of(row, int(keyring.open(row["telegram_id"])))


def person_of(row: RowMapping, telegram_id: int) -> PersonRecord:
    return PersonRecord(
        id=row["id"],
        telegram_id=telegram_id,
        language_code=row["language_code"],
        locale=row["locale"],
        consent_version=row["consent_version"],
        consented_at=row["consented_at"],
        show_skin_age=row["shows_age"],
        time_zone=row["time_zone"],
        quiet=row["quiet"],
        hidden_marks=frozenset(MarkKind(kind) for kind in row["hidden_marks"].split()),
        keeps_pictures=row["keeps_pictures"],
    )


def open_report(row: RowMapping, keyring: Keyring) -> ReportRecord:
    provider = row["provider"]
    facts, summary, red_map = row["facts"], row["summary"], row["red_map"]
    return ReportRecord(
        id=row["id"],
        person_id=row["person_id"],
        number=row["number"],
        state=ReportState(row["state"]),
        reason=row["reason"],
        requested_at=row["requested_at"],
        updated_at=row["updated_at"],
        not_before=row["not_before"],
        photos=open_photos(keyring, row["photos"]),
        chosen=row["chosen"],
        status_message_id=row["status_message_id"],
        check_quality=row["check_quality"],
        provider=Provider(provider) if provider else None,
        answer=_text_or_none(keyring, row["answer"]),
        red_map=keyring.open(red_map) if red_map is not None else None,
        facts=_open_facts(keyring, facts) if facts is not None else None,
        summary=_open_summary(keyring, summary) if summary is not None else None,
        annotated_file_id=_text_or_none(keyring, row["annotated_file_id"]),
        redness_file_id=_text_or_none(keyring, row["redness_file_id"]),
        note=_text_or_none(keyring, row["note"]),
        disputed=_open_keys(keyring, row["disputed"]),
        attempts=row["attempts"],
        look=row["look"],
        repeat_of=row["repeat_of"],
    )


def open_history(row: RowMapping, keyring: Keyring) -> HistoryRow:
    return HistoryRow(
        number=row["number"],
        when=row["requested_at"],
        provider=Provider(row["provider"]),
        summary=_open_summary(keyring, row["summary"]),
        note=_text_or_none(keyring, row["note"]),
        disputed=_open_keys(keyring, row["disputed"]),
    )


def open_track(row: RowMapping, keyring: Keyring) -> TrackRow:
    return TrackRow(
        id=row["id"],
        number=row["number"],
        when=row["requested_at"],
        provider=Provider(row["provider"]),
        summary=_open_summary(keyring, row["summary"]),
        disputed=_open_keys(keyring, row["disputed"]),
        noted=row["noted"],
    )


def seal_keys(keyring: Keyring, keys: frozenset[str]) -> bytes | None:
    """Findings' keys, None for none of them."""
    return seal_json(keyring, sorted(keys)) if keys else None


def _open_keys(keyring: Keyring, sealed: bytes | None) -> frozenset[str]:
    return frozenset() if sealed is None else frozenset(json.loads(open_text(keyring, sealed)))


def _text_or_none(keyring: Keyring, sealed: bytes | None) -> str | None:
    return None if sealed is None else open_text(keyring, sealed)
