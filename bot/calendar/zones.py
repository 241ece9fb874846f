"""Time zones from the tzdata package: the same rules on every machine, and a version that says when they changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import metadata, resources
from typing import Final
from zoneinfo import ZoneInfo

_COMPARED_DAYS: Final = 730


class ZoneUnknown(Exception):
    """No time zone has this name."""


@cache
def rules() -> str:
    """Which year's rules these are: another version may move dates that were computed before."""
    return metadata.version("tzdata")


@cache
def zone_names() -> frozenset[str]:
    listed = resources.files("tzdata").joinpath("zones").read_text("utf-8")
    return frozenset(listed.split()) - {"Factory", "localtime"}


@cache
def _countries() -> dict[str, str]:
    listed = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    columns = (line.split("\t") for line in listed if not line.startswith("#"))
    return {zone: country for country, _, zone, *_ in columns}


def country_of(name: str) -> str | None:
    """The ISO code of the country that a zone is named in; None for one of no country, and for former names."""
    return _countries().get(name)


@cache
def zone_of(name: str) -> ZoneInfo:
    """Raises ZoneUnknown. Never the machine's own copy, which may be of another year."""
    if name not in zone_names():
        raise ZoneUnknown
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as source:
        return ZoneInfo.from_file(source, key=name)


def offset_of(name: str, at: datetime) -> timedelta:
    """What its clock shows more than UTC at that time. Raises ZoneUnknown."""
    return at.astimezone(zone_of(name)).utcoffset() or timedelta()


def _offsets(name: str, since: datetime) -> tuple[timedelta, ...]:
    return tuple(offset_of(name, since + timedelta(days=day)) for day in range(_COMPARED_DAYS))


def same_clocks(names: Sequence[str], now: datetime) -> list[list[str]]:
    """Zones in groups whose clocks show the same on every day of the next two years; order is kept."""
    today = now.replace(hour=12, minute=0, second=0, microsecond=0)
    groups: dict[tuple[timedelta, ...], list[str]] = {}
    for name in names:
        groups.setdefault(_offsets(name, today), []).append(name)
    return list(groups.values())


def changes_clock(name: str, now: datetime) -> bool:
    """True where clocks are changed within the next two years (summer time, mostly)."""
    return len(set(_offsets(name, now.replace(hour=12, minute=0, second=0, microsecond=0)))) > 1
