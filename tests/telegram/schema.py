"""Every request held against the machine-readable Bot API: what it must not contain, lack, or spell differently."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.playground.server.wire import Raw, UploadedFile

_SCALARS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "Integer": int,
    "String": str,
    "Float": (int, float),
    "Boolean": bool,
    "True": bool,
}
_UPLOADED: Final = "InputFile"
_LOOSE: Final = frozenset({"InputFile", "String"})


class Schema:
    """`path`: the specification as JSON with `methods` and `types`, each with `fields` (name, types, required)."""

    def __init__(self, path: Path) -> None:
        specification = json.loads(path.read_text(encoding="utf-8"))
        self._methods: dict[str, Raw] = specification["methods"]
        self._types: dict[str, Raw] = specification["types"]

    def violations(self, method: str, params: Mapping[str, object], files: Mapping[str, UploadedFile]) -> list[str]:
        """What is wrong with a request; `params` as on the wire (text, when they come from a form)."""
        if method not in self._methods:
            return [f"{method}: no such method"]
        fields = _fields(self._methods[method])
        found = [f"{method}: unknown parameter {name}" for name in params if name not in fields]
        found += [f"{method}: missing {name}" for name in self._missing(fields, params, files)]
        for name, value in params.items():
            if name in fields:
                found += [f"{method}.{name}{problem}" for problem in self._wire(fields[name], value)]
        return found + _attachments(method, fields, params, files)

    def _missing(
        self, fields: Mapping[str, list[str]], params: Mapping[str, object], files: Mapping[str, UploadedFile]
    ) -> list[str]:
        return [name for name, types in fields.items() if "!" in types and name not in params and name not in files]

    def _wire(self, types: list[str], value: object) -> list[str]:
        if not isinstance(value, str):
            return self._value(types, value)
        if "String" in types:
            return []
        try:
            return self._value(types, json.loads(value))
        except ValueError:
            return [f": {value[:40]!r} is not {_named(types)}"]

    def _value(self, types: list[str], value: object) -> list[str]:
        """The problems by the type that fits best: none, where one of them fits."""
        kinds = [kind for kind in types if kind != "!"]
        return min((self._kind(kind, value) for kind in kinds), key=len, default=[])

    def _kind(self, kind: str, value: object) -> list[str]:
        if kind in _SCALARS:
            right = isinstance(value, _SCALARS[kind]) and (kind in {"Boolean", "True"} or not isinstance(value, bool))
            return [] if right else [f": {value!r:.40} is not {kind}"]
        if kind.startswith("Array of "):
            return self._array(kind.removeprefix("Array of "), value)
        if kind == _UPLOADED:
            return [] if isinstance(value, str) else [f": {value!r:.40} is not a file"]
        return self._object(kind, value)

    def _array(self, kind: str, value: object) -> list[str]:
        if not isinstance(value, list):
            return [f": not an array of {kind}"]
        return [f"[{at}]{problem}" for at, item in enumerate(value) for problem in self._kind(kind, item)]

    def _object(self, kind: str, value: object) -> list[str]:
        described = self._types.get(kind, {})
        subtypes = described.get("subtypes")
        if isinstance(subtypes, list):
            return min((self._kind(str(subtype), value) for subtype in subtypes), key=len)
        if not isinstance(value, dict):
            return [f": {value!r:.40} is not {kind}"]
        fields = _fields(described)
        found = [f": unknown field {name} in {kind}" for name in value if name not in fields]
        found += [f": missing {name} in {kind}" for name, types in fields.items() if "!" in types and name not in value]
        for name in value:
            if name in fields:
                found += [f".{name}{problem}" for problem in self._value(fields[name], value[name])]
        return found + _wrong_tag(described, value)


def _wrong_tag(described: Raw, value: Mapping[str, object]) -> list[str]:
    """`type` of InputMediaPhoto must be photo: the description says so, and tells subtypes apart."""
    fields = described.get("fields")
    for field in fields if isinstance(fields, list) else []:
        tag = str(field["description"]).rpartition(" must be ")[2]
        if field["name"] in {"type", "source", "status"} and "must be" in field["description"] and "type" in value:
            return [] if str(value["type"]) in tag else [f": type {value['type']!r} is not {tag}"]
    return []


def _fields(described: Raw) -> dict[str, list[str]]:
    """Names with their types; "!" among them marks a required one."""
    fields = described.get("fields")
    return {
        field["name"]: [*field["types"], *(["!"] if field["required"] else [])]
        for field in (fields if isinstance(fields, list) else [])
    }


def _attachments(
    method: str, fields: Mapping[str, list[str]], params: Mapping[str, object], files: Mapping[str, UploadedFile]
) -> list[str]:
    wanted = {name for name in files if name in fields and _UPLOADED in fields[name]}
    text = json.dumps(list(params.values()), ensure_ascii=False)
    spoken_of = {name for name in files if f"attach://{name}" in text}
    lost = [f"{method}: the part {name} is not used" for name in files if name not in wanted | spoken_of]
    pieces = text.split("attach://")[1:]
    asked = {piece.replace("\\", '"').split('"')[0] for piece in pieces}
    return lost + [f"{method}: attach://{name} without a part" for name in sorted(asked - set(files))]


def _named(types: list[str]) -> str:
    return " or ".join(kind for kind in types if kind != "!")
