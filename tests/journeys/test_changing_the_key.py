"""The key is changed as docs/operating.md says, while people go on talking to the bot."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import rotate_keys
from bot.storage.locks import DatabaseInUse
from tests.journeys.stage import Stage


async def test_key_file_stays_as_it_is_while_a_bot_runs(stage: Stage) -> None:
    """The bot seals by the key that it read at its start: a rotation that would drop it is refused."""
    config = replace(stage.config, data_key=None)
    key = Path(config.database_url.removeprefix("sqlite:///")).with_suffix(".key")
    async with stage.running():
        await stage.consenting()
        with pytest.raises(DatabaseInUse):
            await rotate_keys(config)
        assert not key.exists()
