# ruff: noqa: T201, ASYNC240
"""From an empty folder to the first report, timed: the wheel in a fresh environment of each Python that is here.

    python -m tests.first_report [PYTHON …]

What it needs comes from the package index; Telegram is ours, on loopback.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.faults.bots import Bot
from tests.journeys.stage import SELFIE, data_of, is_consent_question, is_report
from tests.telegram import StagedTelegram

ROOT: Final = Path(__file__).parents[1]
_VERSIONS: Final = ("3.11", "3.12", "3.13", "3.14")
_ANSWERS: Final = ("Ada Lovelace, ada@example.org", "7001, open")


def pythons() -> Iterator[str]:
    """Each version once: on the path, or kept by pyenv."""
    for version in _VERSIONS:
        kept = sorted((Path.home() / ".pyenv/versions").glob(f"{version}.*/bin/python"))
        found = str(kept[-1]) if kept else shutil.which(f"python{version}")
        if found is not None:
            yield found


async def ran(*command: str, cwd: Path, said: str = "", **settings: str) -> str:
    """Its output. Raises RuntimeError when it does not end well."""
    environ = {"PATH": os.environ["PATH"], **settings}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    out, _ = await process.communicate(said.encode())
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}:\n{out.decode()}")
    return out.decode()


async def first_report(python: str, wheel: Path, folder: Path) -> tuple[float, float]:
    """Seconds until it is installed, and until the first report is on the screen."""
    began = time.monotonic()
    await ran(python, "-m", "venv", str(folder / "venv"), cwd=folder)
    programs = folder / "venv" / "bin"
    await ran(str(programs / "pip"), "install", "--quiet", f"{wheel}[local]", cwd=folder)
    installed = time.monotonic() - began
    home = folder / "home"
    home.mkdir()
    async with StagedTelegram() as telegram:
        settings = {"TELEGRAM_API_URL": telegram.url}
        answers = "".join(f"{answer}\n" for answer in (telegram.token, *_ANSWERS))
        await ran(str(programs / "skinbot"), "setup", cwd=home, said=answers, **settings)
        bot = Bot(settings=settings, log=home / "bot.log", python=str(programs / "python"), root=None)
        await bot.start()
        try:
            person = telegram.person(9100)
            await person.send_photo(SELFIE)
            question = await person.wait_for(is_consent_question, timeout=60)
            person.tap(question, next(data for data in data_of(question) if data.startswith("consent:yes")))
            await person.wait_for(is_report, timeout=60)
        finally:
            await bot.stop()
    return installed, time.monotonic() - began


async def main(wanted: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", name, str(ROOT))
        await ran(*pip, cwd=folder)
        wheel = next(folder.glob("skinbot-*.whl"))
        for python in wanted or list(pythons()):
            version = (await ran(python, "-V", cwd=folder)).strip()
            own = folder / version.replace(" ", "-")
            own.mkdir()
            installed, told = await first_report(python, wheel, own)
            print(
                f"{version}: installed after {installed:.0f} s, first report after {told:.0f} s, 3 answers", flush=True
            )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
