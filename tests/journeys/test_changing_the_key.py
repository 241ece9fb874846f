"""The key is changed as docs/operating.md says, while people go on talking to the bot."""

import sqlite3
from contextlib import closing

from bot.storage.engine.key_file import key_setting
from bot.storage.engine.keys import Keyring
from bot.storage.upkeep.rotation import rotate_keys
from tests.journeys.stage import SELFIE, Stage, data_of, is_newer_than, is_report, is_report_number


async def test_the_key_file_is_changed_while_the_bot_runs(stage: Stage) -> None:
    """Who was there has their reports, who comes has theirs, before and after a restart, and both can erase."""
    stage.settings["DATA_KEY"] = ""
    async with stage.running():
        ada = await stage.consenting(1)
        old = key_setting(stage.config.database_url, None)
        await rotate_keys(stage.config)
        new = key_setting(stage.config.database_url, None)
        assert "," not in new
        assert Keyring.from_setting(new).newest != Keyring.from_setting(old).newest
        await ada.send_text("/latest")
        await ada.wait_for(is_report_number(1))
        await ada.send_photo(SELFIE)
        eva = await stage.consenting(2)
        await stage.settled()
    async with stage.running():
        for person in (ada, eva):
            is_newer = is_newer_than(person.last)
            await person.send_text("/latest")
            assert is_report(await person.wait_for(is_newer))
            await person.send_text("/delete")
            question = await person.wait_for(lambda message: "delete:yes" in data_of(message))
            await person.press(question, "delete:yes")
            await stage.settled()
    with closing(sqlite3.connect(stage.database)) as rows:
        assert rows.execute("SELECT count(*) FROM person").fetchone() == (0,)
