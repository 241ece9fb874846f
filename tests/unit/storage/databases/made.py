# ruff: noqa: T201
"""Makes the database of a release: of two people one has two reports and a note, and one was erased."""

import asyncio
import gzip
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.ailab import LoopbackAILab
from tests.journeys.stage import Stage, asked, data_of, is_report_number
from tests.keys import KEY
from tests.pictures import selfie
from tests.telegram import StagedTelegram

HERE: Final = Path(__file__).parent
ADA: Final = 7001  # has reports
EVA: Final = 7002  # was erased


def list_beside(kept: Path) -> Path:
    """The list of the erased that belongs to a kept database; the first ones had none."""
    return kept.with_name(kept.name.removesuffix(".db.gz") + ".erased")


async def made(version: str) -> Path:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with StagedTelegram() as telegram, LoopbackAILab() as ailab:
            stage = Stage(telegram=telegram, ailab=ailab, folder=folder, settings={"DATA_KEY": KEY})
            async with stage.running():
                ada = await stage.consenting(ADA)
                await stage.consenting(EVA, language_code="es")
                await ada.send_photo(selfie(seed=3), caption="after a holiday")
                await ada.wait_for(is_report_number(2))
                question = await asked(telegram.person(EVA), "/delete")
                assert "delete:yes" in data_of(question)
                await telegram.person(EVA).press(question, "delete:yes")
                await stage.settled()
            with closing(sqlite3.connect(stage.database)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("VACUUM")
                (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            target = HERE / f"{version}-schema-{schema}.db.gz"
            list_beside(target).write_bytes(stage.database.with_suffix(".erased").read_bytes())
            target.write_bytes(gzip.compress(stage.database.read_bytes(), 9, mtime=0))
    return target


if __name__ == "__main__":
    print(asyncio.run(made(sys.argv[1])))
