"""PostgreSQL for tests: an empty database (TEST_POSTGRES_URL's server, or that on 127.0.0.1:5432), or a server."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import make_url

NO_SERVER: Final = "no PostgreSQL: TEST_POSTGRES_URL is not set and nothing answers on 127.0.0.1:5432"
NO_CLUSTER: Final = (
    "no PostgreSQL server can be made here: initdb is missing, or we are root and there is no user postgres"
)


@contextmanager
def fresh_database(purpose: str, *, lazy_commits: bool = False) -> Iterator[str | None]:
    """Its URL until the block ends, None without a server. `lazy_commits`: where only clients are killed."""
    root = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        admin = psycopg.connect(root, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    name = f"skinbot_{purpose}_{secrets.token_hex(6)}"
    database = sql.Identifier(name)
    with admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(database))
        if lazy_commits:
            admin.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(database))
        try:
            yield make_url(root).set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A server that nobody else uses, with one empty database. `user`: who runs it (it refuses to run as root)."""

    programs: Path
    folder: Path
    port: int
    user: str | None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        self.run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8")

    def start(self) -> None:
        listening = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -F"  # a crash of the machine is not what is tested
        self.run("pg_ctl", "start", "--wait", "--silent", "--log", str(self.folder / "log"), "--options", listening)

    def stop(self, mode: str) -> None:
        """`mode`: "fast" cuts the clients off and ends in order, "immediate" ends as a crash does."""
        self.run("pg_ctl", "stop", "--wait", "--silent", "--mode", mode)

    def run(self, program: str, *arguments: str) -> None:
        environment = {"PATH": os.environ["PATH"], "PGDATA": str(self.folder / "data"), "LC_ALL": "C.UTF-8"}
        command = [str(self.programs / program), *arguments]
        subprocess.run(  # noqa: S603 - ours
            command, check=True, user=self.user, cwd=self.folder, env=environment, stdout=subprocess.DEVNULL
        )


@contextmanager
def private_cluster() -> Iterator[Cluster | None]:
    """A running one, gone when the block ends; None where none can be made."""
    programs, user = _programs(), "postgres" if os.geteuid() == 0 else None
    if programs is None or (user and user not in {entry.pw_name for entry in pwd.getpwall()}):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="skinbot-postgres-") as name:
        if user:
            shutil.chown(name, user)
        cluster = Cluster(programs=programs, folder=Path(name), port=_free_port(), user=user)
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


def _programs() -> Path | None:
    """Where the server's programs are: on the PATH, or where Debian puts them."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return places[-1] if places else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
