"""`skinbot …` as a process of its own, in a folder of its own, with the settings that are given and no others."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_LONGEST_SECONDS: Final = 120.0


@dataclass(frozen=True, kw_only=True)
class Ended:
    code: int
    out: str
    err: str


async def skinbot(*arguments: str, cwd: Path, **settings: str) -> Ended:
    """What it said, and how it ended. Raises TimeoutError when it has not ended after two minutes; it is killed."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=cwd, env=environ, stdout=-1, stderr=-1
    )
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())
