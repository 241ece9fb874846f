"""Where a backup lies, and the newest one of it brought here: a file of `skinbot backup`, or what Litestream keeps."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from bot.config.errors import SetupError

LITESTREAM_FILE: Final = Path("/etc/litestream.yml")
_LONGEST_SECONDS: Final = 3600.0
_COPIES: Final = "*.db"
_OF_LITESTREAM: Final = "ltx"  # the folder that stands in each place of its


class NothingThere(SetupError):
    """No backup lies where one was looked for. Says where."""


class LitestreamMissing(SetupError):
    """A place of Litestream's was named, and the program is not installed."""


class CopyBroken(Exception):
    """What lies there can't be made a database again: it is damaged, cut off, or nothing was ever brought there."""


async def fetch_newest(place: str, database: Path | None, to: Path) -> None:
    """Write the newest backup to `to`. The place is only read.

    `place`: a file or a folder of `skinbot backup`, a folder or an address of Litestream's, or its settings (*.yml),
    where `database` stands. Raises NothingThere, LitestreamMissing, CopyBroken, OSError.
    """
    found = await asyncio.to_thread(_found, place, database)
    if isinstance(found, Path):
        await asyncio.to_thread(shutil.copyfile, found, to)
    elif not await _restored(*found, to=to):
        raise CopyBroken


def _found(place: str, database: Path | None) -> Path | tuple[str, ...]:
    """A file to copy, or what Litestream is to be told. Raises NothingThere."""
    path = Path(place)
    if "://" in place:
        return (place,)
    if path.suffix in {".yml", ".yaml"} and path.exists() and database is not None:
        return ("-config", place, str(database.absolute()))
    if (path / _OF_LITESTREAM).is_dir():
        return (path.absolute().as_uri(),)
    files = path.glob(_COPIES) if path.is_dir() else [path] if path.exists() else []
    newest = max(files, key=lambda file: file.stat().st_mtime, default=None)
    if newest is None:
        raise NothingThere(place)
    return newest


async def _restored(*what: str, to: Path) -> bool:
    """Raises LitestreamMissing."""
    beside_python = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    program = shutil.which("litestream", path=beside_python)
    if program is None:
        raise LitestreamMissing
    *options, source = what
    quiet = asyncio.subprocess.DEVNULL
    environ = {"LITESTREAM_DATABASE": source, **os.environ}  # of which ops/litestream.yml speaks
    process = await asyncio.create_subprocess_exec(
        program, "restore", *options, "-o", str(to), source, env=environ, stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            return await process.wait() == 0
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
