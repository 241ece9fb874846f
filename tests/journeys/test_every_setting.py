"""Each setting, wrong in each way: one line that begins with its name, exit code 5, and nothing half started."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from bot.commands.cli import main
from bot.config import SETTINGS
from bot.config.files import IN_FILES
from tests.commands import Ended, skinbot
from tests.journeys.test_wrong_setups import TOKEN, is_one_line_of_ours
from tests.keys import KEY

_NUMBERS: Final = ("many", "1.5", "-1", "999999999999")
_ADDRESSES: Final = (
    "foo",
    "ftp://example.org",
    "https://",
    "http://example.org:0",
    "http://example.org:port",
    "http://a b",
)
_IDS: Final = ("me", "1,,2", "1 2", "-100123", "0", "99999999999999999999")
_WORDS: Final = ("x" * 201, "two\nlines")
WRONG: Final[dict[str, tuple[str, ...]]] = {
    "TELEGRAM_TOKEN": ("hello", ":abc", "1:", "1:a b", "1:ä"),
    "TELEGRAM_API_URL": _ADDRESSES,
    "AILAB_API_KEY": ("a b", "a\nb", "ключ"),
    "AILAB_API_URL": _ADDRESSES,
    "AILAB_CONCURRENCY": ("0", "501", *_NUMBERS),
    "AILAB_COMPANY": _WORDS,
    "AILAB_COUNTRY": _WORDS,
    "AILAB_TRANSFER": _WORDS,
    "ANALYZER": ("magic", "AILAB"),
    "FALLBACK_ANALYZER": ("ailab", "yes"),
    "PIXEL_WORKERS": ("0", "65", *_NUMBERS),
    "SENDS_PER_SECOND": ("0", "100001", *_NUMBERS),
    "ADMIN_IDS": _IDS,
    "ACCESS": ("closed", "Open"),
    "ALLOWED_IDS": (*_IDS, "1"),  # the last names somebody where everybody is let in
    "DAILY_REPORTS_PER_USER": _NUMBERS,
    "DAILY_REPORTS_TOTAL": _NUMBERS,
    "OPERATOR_NAME": _WORDS,
    "OPERATOR_CONTACT": _WORDS,
    "OPERATOR_COUNTRY": _WORDS,
    "WEBHOOK_URL": ("foo", "http://example.org/x", "https://example.org:8080/x", "https://example.org/metrics"),
    "WEBHOOK_SECRET": ("a b", "ä", "a" * 257),
    "WEBAPP_URL": ("foo", "http://example.org", "https://example.org/x?y", "https://example.org/healthz"),
    "PORT": ("many", "-1", "65536"),
    "HTTP_PROXY": ("http://", "socks5://127.0.0.1:1", "a b"),
    "HTTPS_PROXY": ("http://", "socks5://127.0.0.1:1", "a b"),
    "LOG_FORMAT": ("xml", "JSON"),
    "LOG_LEVEL": ("loud", "info"),
}
# Known only when it is opened: the sentence is not of the settings' form.
OPENED: Final[dict[str, dict[str, str]]] = {
    "HOST": {"999.1.1.1": "HOST 999.1.1.1, PORT 0: nobody knows", "192.0.2.1": "HOST 192.0.2.1, PORT 0: that address"},
    "DATABASE_URL": {
        "foo": "The database's URL can't be used",
        "sqlite://": "The database's URL can't be used",
        "sqlite:///x.db?mode=ro": "The database's URL can't be used",
        "mysql://a:b@h/d": "The database's URL can't be used",
        "sqlite:///folder": "folder is a folder",
        "sqlite:////proc/nope/x.db": "A file or folder is not there: /proc",
    },
    "DATA_KEY": {"short": "DATA_KEY, or the key file", f"{KEY},short": "DATA_KEY, or the key file"},
    "ERASED_LIST": {
        "nowhere/list": "A file or folder is not there: nowhere",
        "folder": "folder is a folder",
        "data/skinbot.db": "ERASED_LIST: is the database or its key",
        "data/skinbot.key": "ERASED_LIST: is the database or its key",
    },
}
ANYTHING: Final = {"NO_PROXY", "ALL_PROXY"}  # names of hosts; what the others do not hear


def test_none_is_left_out() -> None:
    assert {*WRONG, *OPENED} | ANYTHING == SETTINGS
    assert not {*WRONG, *OPENED} & ANYTHING


@pytest.fixture
def right(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """Nothing else is wrong; Telegram is one that never answers. In an empty folder, but for one in it."""
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in SETTINGS & os.environ.keys():
        monkeypatch.delenv(name)
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
        "AILAB_API_KEY": "k",
        "PORT": "0",
        "OPERATOR_NAME": "Ana",
        "OPERATOR_CONTACT": "ana@example.org",
        "LOG_LEVEL": "ERROR",
    }


def _nothing_was_made(folder: Path) -> bool:
    return {*os.listdir(folder)} <= {"folder", "secret"}  # noqa: PTH208 - not Path's own, which looks like waiting


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_setting_that_is_wrong(
    name: str, value: str, right: dict[str, str], tmp_path: Path, ends: Callable[[dict[str, str]], Ended]
) -> None:
    if name == "WEBHOOK_URL":
        right["TELEGRAM_API_URL"] = ""  # the public server, which is choosy; nobody is asked
    is_one_line_of_ours(ends(right | {name: value}), begins=f"{name}: ", code=5)
    assert _nothing_was_made(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "begins"), [(name, value, told) for name, row in OPENED.items() for value, told in row.items()]
)
async def test_a_setting_that_is_seen_to_be_wrong_when_it_is_opened(
    name: str, value: str, begins: str, right: dict[str, str], tmp_path: Path
) -> None:
    ended = await skinbot("run", cwd=tmp_path, **(right | {name: value}))
    is_one_line_of_ours(ended, begins=begins, code=5)
    assert _nothing_was_made(tmp_path)


@pytest.mark.parametrize("name", IN_FILES)
@pytest.mark.parametrize(
    ("held", "says"),
    [(None, "can't be read"), (b"", "is empty"), (b"\n", "is empty"), (b"\xff\xfe\x00", "can't be read")],
)
def test_a_file_of_a_secret_that_is_wrong(
    name: str,
    held: bytes | None,
    says: str,
    right: dict[str, str],
    ends: Callable[[dict[str, str]], Ended],
) -> None:
    if held is not None:
        Path("secret").write_bytes(held)
    ended = ends(right | {name: "", f"{name}_FILE": "secret"})
    is_one_line_of_ours(ended, begins=f"{name}_FILE: secret {says}", code=5)


@pytest.mark.parametrize("name", IN_FILES)
def test_a_file_of_a_secret_that_is_a_folder_or_beside_the_secret(
    name: str, right: dict[str, str], ends: Callable[[dict[str, str]], Ended]
) -> None:
    folder = ends(right | {name: "", f"{name}_FILE": "folder"})
    is_one_line_of_ours(folder, begins=f"{name}_FILE: folder can't be read", code=5)
    both = ends(right | {name: "1:x", f"{name}_FILE": "folder"})
    is_one_line_of_ours(both, begins=f"{name}: and {name}_FILE are both set", code=5)


@pytest.mark.parametrize("name", [name for name in IN_FILES if name in WRONG])
def test_what_a_file_holds_is_judged_as_what_is_set(
    name: str, right: dict[str, str], tmp_path: Path, ends: Callable[[dict[str, str]], Ended]
) -> None:
    (tmp_path / "secret").write_text(WRONG[name][0], encoding="utf-8")
    ended = ends(right | {name: "", f"{name}_FILE": "secret"})
    is_one_line_of_ours(ended, begins=f"{name}: ", code=5)


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[dict[str, str]], Ended]:
    """`skinbot run` in this process, since it ends before it has begun: a process for each takes seconds."""

    def run(settings: dict[str, str]) -> Ended:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        code = main(["run"])
        said = capsys.readouterr()
        return Ended(code=code, out=said.out, err=said.err)

    return run
