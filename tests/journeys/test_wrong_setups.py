"""What an operator sees of a set-up that can't work: one line that says what to do, and the exit code. No traceback,
no token, no word of a library.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
import pytest
from aiohttp import web
from psycopg import sql
from sqlalchemy import make_url

from tests.ailab import LoopbackAILab
from tests.commands import ROOT, Ended, skinbot
from tests.journeys.stage import RESPONSIBLE
from tests.keys import KEY
from tests.pictures import selfie
from tests.postgres import NO_SERVER, fresh_database
from tests.telegram import StagedTelegram

TOKEN: Final = "999999:THIS_IS_A_SECRET_TOKEN_abcdefghij"
LIBRARIES: Final = (
    "Traceback",
    "telegram.error",
    "sqlalchemy",
    "psycopg.",
    "Errno",
    "Unclosed",
    "rejected by",
    "asyncio",
)


def is_one_line_of_ours(ended: Ended, *, begins: str, code: int) -> None:
    """The claim of this whole file."""
    assert ended.code == code, ended.err
    (line,) = ended.err.splitlines()
    assert line.startswith(begins)
    assert not [word for word in LIBRARIES if word in line]
    assert TOKEN not in ended.err
    assert TOKEN.partition(":")[2] not in ended.err


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A row: what is set, what is said, how it ends."""

    begins: str
    code: int = 5
    command: tuple[str, ...] = ("run",)
    settings: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


ROWS: Final = {
    "token_with_a_space": Wrong(begins="TELEGRAM_TOKEN: Is no bot's token", settings={"TELEGRAM_TOKEN": f"{TOKEN} x"}),
    "token_with_a_newline": Wrong(
        begins="TELEGRAM_TOKEN: Is no bot's token", settings={"TELEGRAM_TOKEN": f"{TOKEN}\nx"}
    ),
    "no_token": Wrong(begins="TELEGRAM_TOKEN: is not set", settings={"TELEGRAM_TOKEN": ""}),
    "api_url_without_a_scheme": Wrong(begins="TELEGRAM_API_URL: Has to be", settings={"TELEGRAM_API_URL": "foo"}),
    "vendor_url_without_a_scheme": Wrong(begins="AILAB_API_URL: Has to be", settings={"AILAB_API_URL": "foo.org/x"}),
    "webhook_is_no_address": Wrong(begins="WEBHOOK_URL: Must be", settings={"WEBHOOK_URL": "foo"}),
    "webhook_with_braces": Wrong(begins="WEBHOOK_URL: Must be", settings={"WEBHOOK_URL": "https://a.org/{x}"}),
    "webhook_port": Wrong(begins="WEBHOOK_URL: Must be", settings={"WEBHOOK_URL": "https://a.org:port/x"}),
    "database_port_is_no_number": Wrong(
        begins="The database's URL can't be used: it has to be", settings={"DATABASE_URL": "postgresql://a:b@h:port/d"}
    ),
    "database_port_is_too_high": Wrong(
        begins="The database's URL has a port or an option",
        settings={"DATABASE_URL": "postgresql://a:b@127.0.0.1:99999/d"},
    ),
    "database_option_unknown": Wrong(
        begins="The database's URL has a port or an option",
        settings={"DATABASE_URL": "postgresql://a:b@127.0.0.1/d?speed=high"},
    ),
    "another_database": Wrong(
        begins="The database's URL can't be used: it has to be", settings={"DATABASE_URL": "mysql://a:b@h/d"}
    ),
    "sqlite_with_options": Wrong(
        begins="The database's URL can't be used: an SQLite file takes no options",
        settings={"DATABASE_URL": "sqlite:///x.db?mode=ro"},
    ),
    "database_down": Wrong(
        begins="The database does not answer", code=1, settings={"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/d"}
    ),
    "database_host_unknown": Wrong(
        begins="Nobody knows the database's host",
        code=1,
        settings={"DATABASE_URL": "postgresql://a:b@nowhere.invalid/d"},
    ),
    "not_a_database": Wrong(
        begins="The file of DATABASE_URL is no SQLite database",
        settings={"DATABASE_URL": "sqlite:///x.db"},
        files={"x.db": b"no database at all" * 100},
    ),
    "the_database_is_a_folder": Wrong(
        begins="data/x is a folder", settings={"DATABASE_URL": "sqlite:///data/x"}, files={"data/x/y": b""}
    ),
    "its_folder_is_a_file": Wrong(begins="x", settings={"DATABASE_URL": "sqlite:///x/y.db"}, files={"x": b""}),
    "its_folder_can_not_be": Wrong(
        begins="A file or folder is not there: /proc", settings={"DATABASE_URL": "sqlite:////proc/nope/x.db"}
    ),
    "key_too_short": Wrong(begins="DATA_KEY, or the key file: a key needs", settings={"DATA_KEY": "short"}),
    "postgresql_without_a_key": Wrong(
        begins="DATA_KEY is not set: PostgreSQL needs one",
        settings={"DATA_KEY": "", "DATABASE_URL": "postgresql://a:b@127.0.0.1:1/d"},
    ),
    "dotenv_of_powershell": Wrong(
        begins=".env: it is written in UTF-16", files={".env": "OPERATOR_NAME=Ana\r\n".encode("utf-16")}
    ),
    "dotenv_of_old_windows": Wrong(
        begins=".env: it is written in another encoding", files={".env": "OPERATOR_NAME=Peña".encode("cp1252")}
    ),
    "dotenv_with_a_broken_line": Wrong(begins=".env: line 2 is not", files={".env": b"HOST=::1\n='quoted'x\n"}),
    "dotenv_is_a_folder": Wrong(begins=".env: this user can't read it", files={".env/x": b""}),
    "secret_twice": Wrong(
        begins="TELEGRAM_TOKEN: and TELEGRAM_TOKEN_FILE are both set", settings={"TELEGRAM_TOKEN_FILE": "token"}
    ),
    "secret_file_missing": Wrong(
        begins="DATA_KEY_FILE: nowhere can't be", settings={"DATA_KEY": "", "DATA_KEY_FILE": "nowhere"}
    ),
    "secret_file_empty": Wrong(
        begins="AILAB_API_KEY_FILE: key is empty",
        settings={"AILAB_API_KEY": "", "AILAB_API_KEY_FILE": "key"},
        files={"key": b"\n"},
    ),
    "backup_of_nothing": Wrong(
        begins="There is no database to copy yet",
        command=("backup", "copy.db"),
        settings={"DATABASE_URL": "sqlite:///none.db"},
    ),
    "backup_of_postgresql": Wrong(
        begins="PostgreSQL is backed up by pg_dump",
        command=("backup", "copy.db"),
        settings={"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/d"},
    ),
    "move_of_nothing": Wrong(
        begins="move-to goes from SQLite to PostgreSQL", command=("move-to", "postgresql://a:b@127.0.0.1:1/d")
    ),
    "move_the_wrong_way": Wrong(
        begins="move-to goes from SQLite to PostgreSQL",
        command=("move-to", "sqlite:///x.db"),
        settings={"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/d"},
    ),
    "erased_list_missing": Wrong(
        begins="A file or folder is not there: nowhere.txt", command=("migrate", "--erased", "nowhere.txt")
    ),
    "erased_list_damaged": Wrong(
        begins="The list of the erased, list.txt, is damaged",
        command=("migrate", "--erased", "list.txt"),
        files={"list.txt": b"what is this"},
    ),
    "photo_missing": Wrong(
        begins="A file or folder is not there: nowhere.jpg", code=2, command=("analyze", "nowhere.jpg")
    ),
}


@pytest.mark.parametrize("wrong", ROWS.values(), ids=ROWS.keys())
async def test_a_wrong_set_up_is_one_line_that_says_what_to_do(wrong: Wrong, tmp_path: Path) -> None:
    """And the exit code says whether a restart may help (1) or somebody has to change something (5)."""
    for name, content in wrong.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    settings = RESPONSIBLE | {"TELEGRAM_TOKEN": TOKEN, "AILAB_API_KEY": "k", "TELEGRAM_API_URL": "http://127.0.0.1:9"}
    settings |= {"DATA_KEY": KEY} | wrong.settings
    ended = await skinbot(*wrong.command, cwd=tmp_path, **settings)
    if wrong.begins == "x":  # which of the two comes first differs between systems
        wrong = Wrong(begins=ended.err.split(" ")[0], code=wrong.code)
        assert "folder" in ended.err or "there already" in ended.err
    is_one_line_of_ours(ended, begins=wrong.begins, code=wrong.code)


@asynccontextmanager
async def unwilling_telegram(status: int) -> AsyncIterator[str]:
    """A server that answers everything so."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": status, "description": "Not so"}, status=status)

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_is_never_printed(status: int, log_format: str, tmp_path: Path) -> None:
    """Telegram's refusal, and an address that knows no bots: python-telegram-bot's error repeats the token."""
    async with unwilling_telegram(status) as url:
        ended = await skinbot(
            "run",
            cwd=tmp_path,
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_API_URL=url,
            AILAB_API_KEY="k",
            LOG_FORMAT=log_format,
            **RESPONSIBLE,
        )
    assert ended.code == 5
    assert TOKEN.partition(":")[2] not in ended.err
    assert "Unclosed" not in ended.err
    last = ended.err.splitlines()[-1]
    said = json.loads(last)["message"] if log_format == "json" else last
    assert said.startswith("Telegram refuses TELEGRAM_TOKEN. Ask @BotFather for a new one")


async def test_whoever_collects_json_gets_json(tmp_path: Path) -> None:
    """Every line of a wrong set-up is an object, also when it is the settings that are wrong."""
    ended = await skinbot("run", cwd=tmp_path, TELEGRAM_TOKEN="x", PORT="many", LOG_FORMAT="json")
    told = [json.loads(line) for line in ended.err.splitlines()]
    assert [entry["message"].partition(":")[0] for entry in told] == ["PORT", "TELEGRAM_TOKEN"]
    assert {entry["level"] for entry in told} == {"ERROR"}


async def test_the_words_of_an_error_that_nobody_foresaw_are_not_told(tmp_path: Path) -> None:
    """Class and place are, for the report; and the exit code lets a supervisor try again."""
    planted = "import sys, types; m = types.ModuleType('bot.storage.upkeep.backup')\n"
    planted += f"def back_up(*_): raise ValueError({TOKEN!r})\n"
    planted += "m.back_up, m.NotAFile, m.NothingToCopy = back_up, KeyError, KeyError; sys.modules[m.__name__] = m\n"
    ended = await skinbot("backup", "x.db", cwd=tmp_path, PYTHONPATH=having(tmp_path, planted))
    is_one_line_of_ours(ended, begins="Nobody foresaw this. Please report this line: builtins.ValueError in ", code=1)


def having(folder: Path, sitecustomize: str) -> str:
    """A PYTHONPATH on which a process runs this before anything else."""
    (folder / "first").mkdir()
    (folder / "first" / "sitecustomize.py").write_text(sitecustomize)
    return f"{folder / 'first'}:{ROOT}"


@pytest.mark.parametrize(
    ("missing", "begins", "settings"),
    [
        ("psycopg", "PostgreSQL needs the extra `postgres`", {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/d"}),
        ("ai_edge_litert", "Nothing here can read a photo", {}),
    ],
)
async def test_an_extra_that_is_not_installed_is_named(
    missing: str, begins: str, settings: dict[str, str], tmp_path: Path
) -> None:
    """With the words that install it."""
    hidden = having(tmp_path, f"import sys; sys.modules[{missing!r}] = None")
    settings = settings | {"TELEGRAM_TOKEN": TOKEN, "DATA_KEY": KEY}
    ended = await skinbot("run", cwd=tmp_path, PYTHONPATH=hidden, **settings)
    # A worker for pictures that is ended before it came up may have said so before.
    last = Ended(code=ended.code, out=ended.out, err=ended.err.splitlines()[-1])
    is_one_line_of_ours(last, begins=begins, code=5)


@asynccontextmanager
async def postgres_that_says(code: str, words: str) -> AsyncIterator[int]:
    """A port where every connection is refused as a PostgreSQL refuses it."""
    fields = b"".join(kind + text.encode() + b"\0" for kind, text in ((b"S", "FATAL"), (b"C", code), (b"M", words)))

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.read(100)
        while asked[4:8] in {b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30"}:  # may we speak TLS, or GSS?
            writer.write(b"N")
            asked = await reader.read(1000)
        writer.write(b"E" + (len(fields) + 5).to_bytes(4, "big") + fields + b"\0")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("code", "words", "begins", "exit_code"),
    [
        ("28P01", 'password authentication failed for user "a"', "PostgreSQL refuses the user or the password", 5),
        ("28000", 'no pg_hba.conf entry for host "x", user "a"', "PostgreSQL refuses the user or the password", 5),
        ("57P03", "the database system is starting up", "PostgreSQL takes nobody in just now", 1),
        ("53300", "sorry, too many clients already", "PostgreSQL takes nobody in just now", 1),
        ("3D000", 'database "d" does not exist', "PostgreSQL has no database of that name", 5),
        ("28P01", "la autentificación password falló para el usuario «a»", "PostgreSQL answers and does not let", 1),
    ],
)
async def test_why_a_server_lets_nobody_in(code: str, words: str, begins: str, exit_code: int, tmp_path: Path) -> None:
    """Five causes, five sentences; a server that speaks another language still gets one."""
    async with postgres_that_says(code, words) as port:
        ended = await skinbot(
            "run",
            cwd=tmp_path,
            TELEGRAM_TOKEN=TOKEN,
            AILAB_API_KEY="k",
            DATA_KEY=KEY,
            DATABASE_URL=f"postgresql://a:b@127.0.0.1:{port}/d",
            **RESPONSIBLE,
        )
    is_one_line_of_ours(ended, begins=begins, code=exit_code)


@pytest.fixture
def postgres() -> Iterator[str]:
    with fresh_database("wrong") as url:
        if url is None:
            pytest.skip(NO_SERVER)
        yield url


async def test_a_user_who_may_not_make_tables(postgres: str, tmp_path: Path) -> None:
    """Since PostgreSQL 15 that is everybody who does not own the database; its error holds all the SQL."""
    role = f"skinbot_wrong_{secrets.token_hex(4)}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x'").format(sql.Identifier(role)))
        admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        try:
            url = make_url(postgres).set(username=role, password="x").render_as_string(hide_password=False)
            ended = await skinbot("migrate", cwd=tmp_path, DATABASE_URL=url, DATA_KEY=KEY)
        finally:
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
    is_one_line_of_ours(ended, begins="The database's user may not make tables there", code=5)


async def test_moving_twice(postgres: str, tmp_path: Path) -> None:
    """The second time the database to move to has rows already: nothing is changed there."""
    key = {"DATA_KEY": KEY}
    (tmp_path / "nobody.txt").write_text("")
    assert (await skinbot("migrate", "--erased", "nobody.txt", cwd=tmp_path, **key)).code == 0
    first = await skinbot("move-to", postgres, cwd=tmp_path, **key)
    assert (first.code, first.err) == (0, "")
    again = await skinbot("move-to", postgres, cwd=tmp_path, **key)
    is_one_line_of_ours(again, begins="The database to move to is not empty", code=5)


async def test_a_copy_that_can_not_be_written(tmp_path: Path) -> None:
    """The folder is named, not the draft that would have been in it."""
    assert (await skinbot("migrate", cwd=tmp_path)).code == 0
    ended = await skinbot("backup", "nowhere/copy.db", cwd=tmp_path)
    is_one_line_of_ours(ended, begins="A file or folder is not there: nowhere", code=5)


@pytest.mark.parametrize("full", [True, False], ids=["full", "closed"])
async def test_a_reader_that_goes_away_and_a_disk_that_is_full(full: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """`skinbot analyze … | head -1` ends in silence; `> /dev/full` says so."""
    (tmp_path / "me.jpg").write_bytes(selfie())
    async with LoopbackAILab() as ailab:
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", f'"$0" -m bot analyze me.jpg {"> /dev/full" if full else "; echo code $? >&2"}'),
            sys.executable,
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "AILAB_API_KEY": ailab.key,
                "AILAB_API_URL": ailab.url,
            },
            stdout=-1,
            stderr=-1,
        )
        if not full and process.stdout is not None:
            process.stdout._transport.close()  # type: ignore[attr-defined]  # what `head` does when it has enough
        assert process.stderr is not None
        said = (await process.stderr.read()).decode()
        code = await process.wait()
    if full:
        assert (code, said) == (1, "The disk is full. Make room, then start again.\n")
    else:
        assert said == "code 0\n"


@pytest.mark.parametrize(
    ("settings", "begins"),
    [
        ({"HOST": "999.1.1.1"}, "HOST 999.1.1.1, PORT 0: nobody knows that host."),
        ({"HOST": "192.0.2.1"}, "HOST 192.0.2.1, PORT 0: that address is not this machine's."),
    ],
)
async def test_an_address_to_listen_on_that_is_none(settings: dict[str, str], begins: str, tmp_path: Path) -> None:
    """Named before Telegram is asked for anything."""
    async with StagedTelegram() as telegram:
        ended = await skinbot(
            "run",
            cwd=tmp_path,
            TELEGRAM_TOKEN=telegram.token,
            TELEGRAM_API_URL=telegram.url,
            AILAB_API_KEY="k",
            PORT="0",
            LOG_LEVEL="ERROR",
            **settings,
        )
    is_one_line_of_ours(ended, begins=begins, code=5)
