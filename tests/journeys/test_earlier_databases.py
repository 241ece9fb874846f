"""A bot that is upgraded goes on where the version before stopped: every database that a release left opens whole."""

import gzip
import shutil
from pathlib import Path
from typing import Final

import pytest

from bot.storage.upkeep.migrating import NEWEST
from tests.journeys.stage import Stage, asked, data_of
from tests.keys import KEY
from tests.unit.storage.databases.made import ADA, EVA, HERE, list_beside

EARLIER: Final = sorted(HERE.glob("*.db.gz"))
_UPDATES_BEFORE: Final = 60  # Telegram goes on counting; none of them is handed out
_KEYS: Final = {"0.1.0-schema-0007.db.gz": "a-key-for-the-journeys"}  # those of later ones are all the same


@pytest.mark.parametrize("kept", EARLIER, ids=lambda path: path.name)
async def test_what_was_stored_is_there(stage: Stage, kept: Path) -> None:
    """Reports open with their picture, are numbered on, and go out whole; who was erased is a stranger."""
    stage.database.write_bytes(gzip.decompress(kept.read_bytes()))  # noqa: ASYNC240 - nothing runs yet
    if list_beside(kept).exists():
        shutil.copy(list_beside(kept), stage.database.with_suffix(".erased"))
    stage.settings["DATA_KEY"] = _KEYS.get(kept.name, KEY)
    updates = stage.telegram.world.updates
    for _ in range(_UPDATES_BEFORE):
        updates.push("message", {}, chat_id=0)
    for waiting in updates.waiting:
        updates.acknowledge(waiting.update_id)
    async with stage.running():
        ada = stage.telegram.person(ADA)
        history = await asked(ada, "/history")
        assert {"report:1", "report:2"} <= set(data_of(history))
        await ada.send_text("/export")
        await ada.wait_for(lambda message: message.document is not None)
        await ada.send_text("/report 1")
        told = await ada.wait_for(lambda message: "report 1 ·" in message.words)
        assert told.words
        assert not [data for data in data_of(await asked(stage.telegram.person(EVA), "/start")) if "report" in data]


def test_some_are_kept() -> None:
    """One for each release with a new schema: `python -m tests.unit.storage.databases.made VERSION`."""
    assert EARLIER
    assert all(path.name.partition("-schema-")[2].removesuffix(".db.gz") <= NEWEST for path in EARLIER)
