"""A PostgreSQL server whose disk is lost: a base backup and the log of what came since make it whole again.

The commands are those of docs/operating.md.
"""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.store import Store
from bot.storage.upkeep.migrating import migrate
from bot.storage.upkeep.restoring import keep_erased
from tests.postgres import NO_CLUSTER, Cluster, private_cluster
from tests.unit.storage.making import NOON, delivered, read


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with private_cluster() as own:
        if own is None:
            pytest.skip(NO_CLUSTER)
        yield own


@contextmanager
def receiving(cluster: Cluster, to: Path) -> Iterator[None]:
    """The log goes to a second place as it is written."""
    ours = ("--synchronous", f"--directory={to}", "--slot=skinbot")
    with _by_the_servers_user(cluster, "pg_receivewal", *ours, "--create-slot", "--if-not-exists") as maker:
        assert maker.wait(60) == 0
    with _by_the_servers_user(cluster, "pg_receivewal", *ours) as receiver:
        try:
            _until(lambda: any(to.iterdir()))
            yield
            time.sleep(1)  # what is promised: a second
        finally:
            receiver.kill()  # the machine is gone


@contextmanager
def _by_the_servers_user(cluster: Cluster, program: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    server = f"--dbname=host=127.0.0.1 port={cluster.port} user=postgres"
    with subprocess.Popen(  # noqa: S603 - ours
        [_program(program), server, *arguments], user=cluster.user, cwd=cluster.folder, env=os.environ
    ) as process:
        yield process


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not here")
    return found


def _until(ready: Callable[[], bool]) -> None:
    for _ in range(300):
        if ready():
            return
        time.sleep(0.1)
    raise AssertionError


def _lose_the_disk(cluster: Cluster) -> None:
    cluster.stop("immediate")
    shutil.rmtree(cluster.folder / "data")


def _restore(cluster: Cluster, base: Path, log: Path) -> None:
    subprocess.run(["cp", "-a", str(base), str(cluster.folder / "data")], check=True)  # noqa: S603, S607 - ours
    with (cluster.folder / "data/postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = 'cp {log}/%f %p || cp {log}/%f.partial %p'\n")
    (cluster.folder / "data/recovery.signal").touch()
    cluster.start()


async def test_lost_server_comes_back_from_base_backup_and_log(cluster: Cluster, keyring: Keyring) -> None:
    """What came after the base backup is there, and who was erased after it is not; the bot goes on."""
    base, log = cluster.folder / "base", cluster.folder / "log-of-changes"
    log.mkdir()
    if cluster.user:
        shutil.chown(log, cluster.user)
    await asyncio.to_thread(migrate, cluster.url)
    with receiving(cluster, log):
        async with Database.open(cluster.url, keyring) as database:
            store = Store.on(database)
            ana = await store.people.meet(1, "es", now=NOON)
            with _by_the_servers_user(
                cluster, "pg_basebackup", f"--pgdata={base}", "--wal-method=none", "--checkpoint=fast"
            ) as backup:
                assert await asyncio.to_thread(backup.wait, 60) == 0
            ben = await store.people.meet(2, "en", now=NOON)
            kept = await delivered(store, ben)
            await store.people.erase(ana.id, now=NOON)
    await asyncio.to_thread(_lose_the_disk, cluster)
    await asyncio.to_thread(_restore, cluster, base, log)
    await asyncio.to_thread(_until, lambda: not (cluster.folder / "data/recovery.signal").exists())
    async with Database.open(cluster.url, keyring) as database:
        store = Store.on(database)
        assert await read(store, kept) == kept
        assert await store.people.by_id(ana.id) is None
        assert await keep_erased(database) == 0
        assert (await delivered(store, ben, message_id=9)).id > kept.id
