"""skinbot restore-drill: the newest backup is restored where nobody uses it, looked at, and removed."""

import asyncio
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.clock import now
from bot.config import Config
from bot.storage.engine.key_file import key_file
from bot.storage.engine.keys import KeyMismatch, KeyMissing, Keyring
from bot.storage.engine.location import location_of
from bot.storage.upkeep.drill import Rehearsed, newest_of_running, rehearse
from bot.storage.upkeep.places import CopyBroken, fetch_newest
from bot.views.operator import DrillFact, DrillLine


async def drilled(config: Config, place: str, *, max_age: timedelta) -> tuple[DrillLine, ...]:
    """What a restore from there would bring. The database in use is only read, the scratch is gone in the end.

    Raises KeyMissing, KeyInvalid, NothingThere, LitestreamMissing, DatabaseUrlInvalid, DatabaseNewer, DatabaseForeign,
    OSError.
    """
    keyring = Keyring.from_setting(_keys(config))
    location = location_of(config.database_url)
    kept_at = location.list_beside and (config.erased_list or location.list_beside)
    with TemporaryDirectory(prefix="skinbot-drill-", ignore_cleanup_errors=True) as scratch:
        copy, copied_list = Path(scratch, "copy.db"), Path(scratch, "copy.erased")
        try:
            await fetch_newest(place, location.file, copy)
            if kept_at is not None and kept_at.exists():
                shutil.copyfile(kept_at, copied_list)
            found = await rehearse(copy, keyring, list_of_erased=copied_list)
        except CopyBroken:
            return (DrillLine(fact=DrillFact.BROKEN, good=False, detail=place),)
        except KeyMismatch:
            return (DrillLine(fact=DrillFact.KEY_WRONG, good=False, detail=place),)
    running = await asyncio.to_thread(newest_of_running, location.file) if location.file else None
    return tuple(_told(found, place, age=_age(found.newest, running), max_age=max_age, has_list=kept_at is not None))


def _keys(config: Config) -> str:
    """As they are: none is made for a rehearsal. Raises KeyMissing, DatabaseUrlInvalid, OSError."""
    file = key_file(config.database_url)
    if config.data_key:
        return config.data_key
    if file is None:
        raise KeyMissing("DATA_KEY is not set")
    return file.read_text(encoding="latin-1")


def _age(newest: datetime | None, running: datetime | None) -> timedelta | None:
    """How far it is behind the database in use; behind the clock where there is none. None when nothing is in it."""
    return None if newest is None else max((running or now()) - newest, timedelta())


def _told(
    found: Rehearsed, place: str, *, age: timedelta | None, max_age: timedelta, has_list: bool
) -> Iterator[DrillLine]:
    yield DrillLine(fact=DrillFact.RESTORED, detail=place)
    yield DrillLine(fact=DrillFact.KEY_GOOD)
    yield DrillLine(fact=DrillFact.COUNTED, people=found.rows["person"], reports=found.rows["report"])
    yield DrillLine(fact=DrillFact.TABLES, detail=_counts({name: count for name, count in found.rows.items() if count}))
    if found.shut:
        yield DrillLine(fact=DrillFact.SHUT, good=False, detail=_counts(found.shut))
    else:
        yield DrillLine(fact=DrillFact.OPENS)
    if age is None:
        yield DrillLine(fact=DrillFact.EMPTY, good=False)
    else:
        old = age > max_age
        yield DrillLine(fact=DrillFact.STALE if old else DrillFact.FRESH, good=not old, detail=_hours_minutes(age))
    if has_list and found.erased_again is None:
        yield DrillLine(fact=DrillFact.LIST_WRONG, good=False)
    elif has_list:
        yield DrillLine(fact=DrillFact.LIST_GOOD, people=found.erased_again or 0)


def _counts(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in rows.items())


def _hours_minutes(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02}"
