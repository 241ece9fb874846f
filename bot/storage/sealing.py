"""Between sealed columns and opened records."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import RowMapping

from bot.skin.analysis import Judged, MarkKind, Provider, Sides
from bot.skin.feelings import Feeling
from bot.skin.instrument import FIRST, Instrument
from bot.skin.measures import known_measures
from bot.skin.not_theirs import NotTheirs
from bot.skin.photo import Conditions, PhotoIssue
from bot.skin.question import QuestionAnswer
from bot.skin.scene import Scene
from bot.storage.engine.seals import RowSeal, SealBroken
from bot.storage.engine.vault import Vault
from bot.storage.records import (
    HistoryRecord,
    IncomingPhoto,
    NameAsked,
    PersonRecord,
    PhotoFacts,
    ProductRecord,
    Remarks,
    ReportRecord,
    ReportState,
    ReportSummary,
    SeriesRecord,
    Tried,
)

_log = logging.getLogger(__name__)

_Record = TypeVar("_Record")

# What a person types may hold lone surrogates, which plain UTF-8 refuses.
_SURROGATES: Final = "surrogatepass"


def seal_text(seal: RowSeal, column: str, clear: str) -> bytes:
    return seal.seal(column, clear.encode("utf-8", _SURROGATES))


def open_text(seal: RowSeal, column: str, sealed: bytes) -> str:
    return seal.open(column, sealed).decode("utf-8", _SURROGATES)


def seal_json(seal: RowSeal, column: str, value: object) -> bytes:
    return seal_text(seal, column, json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def open_json(seal: RowSeal, column: str, sealed: bytes) -> Any:  # noqa: ANN401 - whatever it was
    return json.loads(open_text(seal, column, sealed))


def seal_photos(seal: RowSeal, photos: tuple[IncomingPhoto, ...]) -> bytes:
    return seal_json(seal, "photos", [asdict(photo) for photo in photos])


def open_photos(seal: RowSeal, sealed: bytes) -> tuple[IncomingPhoto, ...]:
    return tuple(IncomingPhoto(**photo) for photo in open_json(seal, "photos", sealed))


def seal_facts(seal: RowSeal, facts: PhotoFacts) -> bytes:
    return seal_json(seal, "facts", asdict(facts))


def _open_facts(seal: RowSeal, sealed: bytes) -> PhotoFacts:
    told = open_json(seal, "facts", sealed)
    doubts = tuple(PhotoIssue(doubt) for doubt in told.pop("doubts"))
    return PhotoFacts(doubts=doubts, conditions=Conditions(**told.pop("conditions")), **told)


def seal_summary(seal: RowSeal, summary: ReportSummary) -> bytes:
    told = asdict(summary)
    if not summary.sides:  # which came later: written only where there are some
        del told["sides"]
    return seal_json(seal, "summary", told)


def _open_summary(seal: RowSeal, sealed: bytes) -> ReportSummary:
    told = open_json(seal, "summary", sealed)
    measures, scene = told.get("measures"), told.get("scene")
    return ReportSummary(
        watch=tuple(told["watch"]),
        measures=None if measures is None else known_measures(measures),
        scene=None if scene is None else _scene(scene),
        repeat_of=told.get("repeat_of"),
        celebrated=told.get("celebrated"),
        step=told.get("step"),
        sides={Judged(judged): Sides(**sides) for judged, sides in told.get("sides", {}).items()},
    )


def _scene(told: dict[str, Any]) -> Scene:
    return Scene(conditions=Conditions(**told.pop("conditions")), **told)


def seal_lookups(seal: RowSeal, lookups: Mapping[str, str]) -> bytes:
    return seal_json(seal, "lookups", dict(lookups))


def open_lookups(seal: RowSeal, sealed: bytes) -> dict[str, str]:
    """What a row's pseudonyms were made from, by column."""
    return {str(name): str(value) for name, value in open_json(seal, "lookups", sealed).items()}


def report_lookups(vault: Vault, person_id: int, lookups: Mapping[str, str]) -> dict[str, bytes]:
    """A report's pseudonyms: origin, album, content."""
    return {name: report_pseudonyms(vault, name, person_id, value)[0] for name, value in lookups.items()}


def report_pseudonyms(vault: Vault, name: str, person_id: int, value: str) -> tuple[bytes, ...]:
    """Newest first. The same selfie or album of two people has nothing in common: they can't be linked."""
    return vault.pseudonyms(name, f"{person_id}:{value}")


_LATER: Final = frozenset(
    {"veils_pictures", "guards_pictures", "is_adult", "move", "formerly", "asks_feelings", "asks_eyes", "naming"}
    | {"menu_button"}
)


@dataclass(frozen=True, kw_only=True)
class MoveAllowed:
    """`digest`: of the code's secret, in hex. `until`: seconds since 1970."""

    digest: str
    until: float


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a person is to us beside their number, and what nobody looks for: sealed as one."""

    language_code: str | None
    locale: str | None = None
    time_zone: str | None = None
    quiet: bool = False
    hidden_marks: tuple[str, ...] = ()
    veils_pictures: bool = False
    guards_pictures: bool = False
    is_adult: bool = False
    asks_feelings: bool = False
    asks_eyes: bool = False
    naming: tuple[str, float] | None = None  # a Use, and until when (seconds since 1970) its name is asked for
    menu_button: str | None = None
    move: MoveAllowed | None = None
    formerly: tuple[int, ...] = ()  # the Telegram ids that they had before, so that they stay erased under these too


def seal_choices(seal: RowSeal, choices: Choices) -> bytes:
    """What came later is written only where it was chosen: an older version reads the others."""
    kept = {name: value for name, value in asdict(choices).items() if name not in _LATER or value}
    return seal_json(seal, "choices", kept)


def open_choices(row: RowMapping, seal: RowSeal) -> Choices:
    if row["choices"] is None and seal.old is not None:
        return old_choices(row)
    told = open_json(seal, "choices", row["choices"] or b"")
    move = MoveAllowed(**told["move"]) if told.get("move") else None
    naming = tuple(told["naming"]) if told.get("naming") else None
    lists = {"hidden_marks": tuple(told["hidden_marks"]), "formerly": tuple(told.get("formerly", ()))}
    return Choices(**(told | lists | {"move": move, "naming": naming}))


def old_choices(row: RowMapping) -> Choices:
    """As they stood in clear."""
    return Choices(
        language_code=row["language_code"],
        locale=row["locale"],
        time_zone=row["time_zone"],
        quiet=row["quiet"],
        hidden_marks=tuple(row["hidden_marks"].split()),
    )


def readable(rows: Iterable[RowMapping], opened: Callable[[RowMapping], _Record]) -> list[_Record]:
    """One that is damaged does not hold up the others: it is told to the operator, and left out."""
    found = []
    for row in rows:
        try:
            found.append(opened(row))
        except SealBroken:
            _log.error("row %d can't be opened: it is left out", row["id"])
    return found


def open_person(row: RowMapping, seal: RowSeal) -> PersonRecord:
    return person_of(row, seal, int(seal.open("telegram_id", row["telegram_id"])))


def person_of(row: RowMapping, seal: RowSeal, telegram_id: int) -> PersonRecord:
    choices = open_choices(row, seal)
    return PersonRecord(
        id=row["id"],
        telegram_id=telegram_id,
        language_code=choices.language_code,
        locale=choices.locale,
        consent_version=row["consent_version"],
        consented_at=row["consented_at"],
        show_skin_age=row["shows_age"],
        time_zone=choices.time_zone,
        quiet=choices.quiet,
        hidden_marks=frozenset(MarkKind(kind) for kind in choices.hidden_marks),
        keeps_pictures=row["keeps_pictures"],
        shares_photos=row["shares_photos"],
        veils_pictures=choices.veils_pictures,
        guards_pictures=choices.guards_pictures,
        is_adult=choices.is_adult,
        asks_feelings=choices.asks_feelings,
        asks_eyes=choices.asks_eyes,
        naming=None if choices.naming is None else _name_asked(*choices.naming),
        menu_button=choices.menu_button,
    )


def _name_asked(use: str, until: float) -> NameAsked:
    return NameAsked(use=use, until=datetime.fromtimestamp(until, UTC))


def open_report(row: RowMapping, seal: RowSeal) -> ReportRecord:
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
        photos=open_photos(seal, row["photos"]),
        chosen=row["chosen"],
        status_message_id=row["status_message_id"],
        check_quality=row["check_quality"],
        provider=Provider(provider) if provider else None,
        answer=_text_or_none(seal, "answer", row["answer"]),
        red_map=seal.open("red_map", red_map) if red_map is not None else None,
        facts=_open_facts(seal, facts) if facts is not None else None,
        summary=_open_summary(seal, summary) if summary is not None else None,
        annotated_file_id=_text_or_none(seal, "annotated_file_id", row["annotated_file_id"]),
        redness_file_id=_text_or_none(seal, "redness_file_id", row["redness_file_id"]),
        note=_text_or_none(seal, "note", row["note"]),
        disputed=_open_keys(seal, row["disputed"]),
        attempts=row["attempts"],
        look=row["look"],
        repeat_of=row["repeat_of"],
        analyzer_version=_version(row),
        remarks=open_remarks(seal, row["remarks"]),
    )


def _version(row: RowMapping) -> str | None:
    """Of the analyzer; None for a photo that was not measured."""
    return row["analyzer_version"] or (FIRST[Provider(row["provider"])] if row["provider"] else None)


def open_history(row: RowMapping, seal: RowSeal) -> HistoryRecord:
    return HistoryRecord(
        number=row["number"],
        when=row["requested_at"],
        provider=Provider(row["provider"]),
        summary=_open_summary(seal, row["summary"]),
        note=_text_or_none(seal, "note", row["note"]),
        disputed=_open_keys(seal, row["disputed"]),
        remarks=open_remarks(seal, row["remarks"]),
    )


def open_track(row: RowMapping, seal: RowSeal) -> SeriesRecord:
    return SeriesRecord(
        id=row["id"],
        number=row["number"],
        when=row["requested_at"],
        instrument=Instrument.named(Provider(row["provider"]), row["analyzer_version"]),
        summary=_open_summary(seal, row["summary"]),
        disputed=_open_keys(seal, row["disputed"]),
        noted=row["noted"],
        remarks=open_remarks(seal, row["remarks"]),
    )


def seal_keys(seal: RowSeal, keys: frozenset[str]) -> bytes | None:
    """Findings' keys, None for none of them."""
    return seal_json(seal, "disputed", sorted(keys)) if keys else None


def _open_keys(seal: RowSeal, sealed: bytes | None) -> frozenset[str]:
    return frozenset() if sealed is None else frozenset(open_json(seal, "disputed", sealed))


def seal_remarks(seal: RowSeal, remarks: Remarks) -> bytes | None:
    """None for a report of which nothing was said."""
    return None if remarks == Remarks() else seal_json(seal, "remarks", asdict(remarks))


def open_remarks(seal: RowSeal, sealed: bytes | None) -> Remarks:
    if sealed is None:
        return Remarks()
    told = open_json(seal, "remarks", sealed)
    answer, tried = told.get("answer"), told.get("tried")
    return Remarks(
        left_out=_not_theirs(told["left_out"]),
        somebody_else=bool(told.get("somebody_else")),
        answer=QuestionAnswer(answer) if answer else None,
        tried=Tried(tried) if tried else None,
        read_here=bool(told.get("read_here")),
    )


def seal_not_theirs(seal: RowSeal, known: Sequence[NotTheirs]) -> bytes | None:
    return seal_json(seal, "not_theirs", [asdict(each) for each in known]) if known else None


def open_not_theirs(seal: RowSeal, sealed: bytes | None) -> tuple[NotTheirs, ...]:
    return () if sealed is None else _not_theirs(open_json(seal, "not_theirs", sealed))


def _not_theirs(told: list[dict[str, Any]]) -> tuple[NotTheirs, ...]:
    return tuple(NotTheirs(**(each | {"provider": Provider(each["provider"])})) for each in told)


def seal_feelings(seal: RowSeal, told: Mapping[Feeling, int]) -> bytes:
    return seal_json(seal, "content", dict(told))


def open_feelings(seal: RowSeal, sealed: bytes) -> dict[Feeling, int]:
    return {Feeling(name): int(value) for name, value in open_json(seal, "content", sealed).items()}


def seal_product(seal: RowSeal, known: ProductRecord) -> bytes:
    days = (each.isoformat() if each else None for each in (known.started_on, known.stopped_on))
    return seal_json(seal, "content", [known.name, *days])


def open_product(seal: RowSeal, product_id: int, sealed: bytes) -> ProductRecord:
    name, *days = open_json(seal, "content", sealed)
    started_on, stopped_on = (date.fromisoformat(day) if day else None for day in days)
    return ProductRecord(id=product_id, name=name, started_on=started_on, stopped_on=stopped_on)


def sealed_or_none(seal: RowSeal, column: str, clear: str | bytes | None) -> bytes | None:
    if clear is None:
        return None
    return seal_text(seal, column, clear) if isinstance(clear, str) else seal.seal(column, clear)


def _text_or_none(seal: RowSeal, column: str, sealed: bytes | None) -> str | None:
    return None if sealed is None else open_text(seal, column, sealed)
