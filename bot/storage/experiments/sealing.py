"""Between an experiment's sealed columns and its records."""

import types
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from sqlalchemy import RowMapping

from bot.skin.experiments.answer import ExperimentAnswer
from bot.storage.engine.seals import RowSeal
from bot.storage.experiments.records import (
    AgreedPlan,
    CheckedPhoto,
    ExperimentCourse,
    ExperimentDraft,
    ExperimentRecord,
    ExperimentState,
)
from bot.storage.sealing import open_json, seal_json

_Record = TypeVar("_Record")


def seal_record(seal: RowSeal, column: str, record: object) -> bytes:
    """Any frozen record of numbers, words, days, tuples and other such records."""
    if not is_dataclass(record) or isinstance(record, type):
        raise TypeError("only a record is sealed so")
    return seal_json(seal, column, _plain(asdict(record)))


def open_record(seal: RowSeal, column: str, kind: type[_Record], sealed: bytes | None) -> _Record | None:
    return None if sealed is None else _read(kind, open_json(seal, column, sealed))


def open_experiment(row: RowMapping, seal: RowSeal) -> ExperimentRecord:
    return ExperimentRecord(
        id=row["id"],
        person_id=row["person_id"],
        state=ExperimentState(row["state"]),
        began_at=row["began_at"],
        ended_at=row["ended_at"],
        message_id=row["message_id"],
        is_pinned=row["pinned"],
        to_send=row["to_send"],
        draft=open_record(seal, "draft", ExperimentDraft, row["draft"]) or ExperimentDraft(),
        agreed=open_record(seal, "agreed", AgreedPlan, row["agreed"]),
        course=open_record(seal, "course", ExperimentCourse, row["course"]) or ExperimentCourse(),
        answer=open_record(seal, "answer", ExperimentAnswer, row["answer"]),
    )


def seal_finding(seal: RowSeal, photo: CheckedPhoto) -> bytes:
    kept = {"week": photo.week, "value": photo.value, "spoiled": list(photo.spoiled)}
    return seal_json(seal, "finding", kept)


def open_finding(seal: RowSeal, row: RowMapping, *, somebody_else: bool) -> CheckedPhoto:
    told = open_json(seal, "finding", row["finding"])
    return CheckedPhoto(
        report_id=row["report_id"],
        number=row["number"],
        at=row["at"],
        week=told["week"],
        value=told["value"],
        spoiled=tuple(told["spoiled"]),
        somebody_else=somebody_else,
    )


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case frozenset() | set():
            return sorted(str(each) for each in value)
        case date():
            return value.isoformat()
    return value


_SIMPLE: Final[Mapping[type, Callable[[Any], object]]] = {
    str: str,
    int: int,
    bool: bool,
    float: float,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def _read(kind: Any, told: Any) -> Any:  # noqa: ANN401 - whatever the record's own types say
    """What was sealed, by the types that its record declares. A field from before it was there has its default."""
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        known = next(each for each in get_args(kind) if each is not types.NoneType)
        return None if told is None else _read(known, told)
    if origin in {tuple, frozenset}:
        of = get_args(kind)
        each_kind = of * len(told) if len(of) == 1 else (of[0],) * len(told) if of[-1] is Ellipsis else of
        return origin(_read(one, each) for one, each in zip(each_kind, told, strict=True))
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        return kind(**{one.name: _read(hints[one.name], told[one.name]) for one in fields(kind) if one.name in told})
    return kind(told) if issubclass(kind, StrEnum) else _SIMPLE[kind](told)


@cache
def _hints(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    return get_type_hints(kind)
