"""The key is changed as docs/operating.md says, while people go on talking to the bot."""

import sqlite3
from contextlib import closing

from bot.storage.engine.database import Database
from bot.storage.engine.key_file import key_setting
from bot.storage.engine.keys import Keyring
from bot.storage.store import Store
from bot.storage.tables import OWN
from bot.storage.upkeep.migrating import migrate
from bot.storage.upkeep.rotation import rotate_keys
from tests.journeys.stage import SELFIE, Stage, data_of, is_newer_than, is_report, is_report_number
from tests.journeys.test_operating import until
from tests.keys import KEY
from tests.unit.storage.making import NOON, delivered
from tests.unit.storage.test_resealing import as_before


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


async def test_what_an_older_version_sealed_is_sealed_anew_while_the_bot_runs(stage: Stage) -> None:
    """Nobody has to ask for it: an upgrade is the new version's start."""
    migrate(f"sqlite:///{stage.database}")
    async with Database.open(f"sqlite:///{stage.database}", Keyring.from_setting(KEY)) as database:
        store = Store.on(database)
        await delivered(store, await store.people.meet(7001, "en", now=NOON))
        await database.write(lambda connection: as_before(connection, database))

    def left() -> int:
        with closing(sqlite3.connect(stage.database)) as database:
            return int(database.execute("SELECT count(*) FROM report WHERE sealed_by != ?", [OWN]).fetchone()[0])

    assert left() == 1
    async with stage.running():
        await until(lambda: not left())
