"""The settings: every problem at once, secrets never printed."""

from pathlib import Path

import pytest

from bot.config import AnalyzerChoice, ConfigInvalid, read_config


def test_defaults_stand_where_nothing_is_set() -> None:
    """An empty environment is a working set-up: SQLite, this device's analyzer, no admins."""
    config = read_config({})
    assert config.database_url == "sqlite:///data/skinbot.db"
    assert config.analyzer is AnalyzerChoice.AUTO
    assert not config.pays
    assert config.admin_ids == ()
    assert (config.daily_reports_per_user, config.daily_reports_total) == (5, 200)


def test_an_empty_value_counts_as_not_set() -> None:
    """Compose files hand over empty strings for what was left out."""
    assert read_config({"PORT": "", "AILAB_API_KEY": ""}).port is None


def test_every_problem_is_named_at_once() -> None:
    """An operator mends the set-up in one go."""
    with pytest.raises(ConfigInvalid) as invalid:
        read_config(
            {"PORT": "x", "ANALYZER": "magic", "AILAB_CONCURRENCY": "0", "LOG_LEVEL": "loud", "ADMIN_IDS": "1,me"}
            | {"FALLBACK_ANALYZER": "ailab"}
        )
    assert [problem.partition(":")[0] for problem in invalid.value.problems] == [
        "ADMIN_IDS",
        "AILAB_CONCURRENCY",
        "ANALYZER",
        "FALLBACK_ANALYZER",
        "LOG_LEVEL",
        "PORT",
    ]


def test_list_of_the_erased_is_a_file_of_sqlite() -> None:
    """With PostgreSQL it would be a choice without effect, and somebody would count on it."""
    assert read_config({"ERASED_LIST": "/apart/skinbot.erased"}).erased_list == Path("/apart/skinbot.erased")
    with pytest.raises(ConfigInvalid, match="ERASED_LIST: is for SQLite"):
        read_config({"ERASED_LIST": "/apart/skinbot.erased", "DATABASE_URL": "postgresql://localhost/x"})


def test_the_paid_analyzer_needs_its_key() -> None:
    """ANALYZER=ailab without a key is a wrong set-up, not a silent fall-back."""
    with pytest.raises(ConfigInvalid, match="AILAB_API_KEY"):
        read_config({"ANALYZER": "ailab"})


@pytest.mark.parametrize(
    ("environ", "pays"),
    [
        ({"AILAB_API_KEY": "k"}, True),
        ({"AILAB_API_KEY": "k", "ANALYZER": "local"}, False),
        ({"AILAB_API_KEY": "k", "ANALYZER": "ailab"}, True),
    ],
)
def test_a_key_makes_it_the_paid_analyzer_unless_it_was_chosen(environ: dict[str, str], *, pays: bool) -> None:
    """`auto` pays when there is a key; `local` never."""
    assert read_config(environ).pays is pays


def test_secrets_are_not_printed() -> None:
    """The settings may be logged."""
    secrets = {
        "TELEGRAM_TOKEN": "123456:token-token",
        "AILAB_API_KEY": "key-of-the-vendor",
        "DATA_KEY": "key-of-the-data",
        "WEBHOOK_SECRET": "secret-of-the-hook",
        "DATABASE_URL": "postgresql://me:pass-word@db/skinbot",
        "ADMIN_IDS": "424242",
    }
    shown = repr(read_config(secrets))
    assert not any(secret in shown for secret in (*secrets.values(), "pass-word"))


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://bot.example.org/hook", True),
        ("https://bot.example.org:8443/hook", True),
        ("http://bot.example.org/hook", False),
        ("ftp://bot.example.org/hook", False),
        ("https://bot.example.org:8080/hook", False),
        ("https://bot.example.org:port/hook", False),
        ("https:///hook", False),
        ("https://[::1/hook", False),
        ("https://bot.example.org/{hook}", False),
        ("bot.example.org/hook", False),
        ("foo", False),
    ],
)
def test_an_address_that_telegram_would_not_call_is_refused(url: str, *, good: bool) -> None:
    """By the public server's rules, in one line, before anything is opened."""
    assert _refused({"WEBHOOK_URL": url}) == (() if good else ("WEBHOOK_URL",))


@pytest.mark.parametrize(
    ("url", "good"), [("http://127.0.0.1:8081/hook", True), ("http://bot:81/", True), ("ftp://bot", False)]
)
def test_a_server_of_ones_own_may_call_any_web_address(url: str, *, good: bool) -> None:
    """A Bot API server of one's own knows no ports, and no TLS within one machine."""
    own = {"TELEGRAM_API_URL": "http://127.0.0.1:8081", "WEBHOOK_URL": url}
    assert _refused(own) == (() if good else ("WEBHOOK_URL",))


@pytest.mark.parametrize(("secret", "good"), [("a-secret_1", True), ("a b", False), ("ä", False), ("a" * 257, False)])
def test_a_secret_that_telegram_would_not_take_is_refused(secret: str, *, good: bool) -> None:
    """setWebhook would fail for ever, and nobody would be heard."""
    assert _refused({"WEBHOOK_SECRET": secret}) == (() if good else ("WEBHOOK_SECRET",))


def _refused(environ: dict[str, str]) -> tuple[str, ...]:
    try:
        read_config(environ)
    except ConfigInvalid as invalid:
        return tuple(problem.partition(":")[0] for problem in invalid.problems)
    return ()


def test_a_webhook_never_stands_open() -> None:
    """Without a secret one follows from the token: the same everywhere, another for another bot, fit for Telegram."""
    first, again, other = (
        read_config({"TELEGRAM_TOKEN": token, "WEBHOOK_URL": "https://bot.example.org/"}).webhook_guard
        for token in ("1:token", "1:token", "1:another")
    )
    assert first == again != other
    assert _refused({"WEBHOOK_SECRET": first}) == ()
    assert read_config({"WEBHOOK_SECRET": "mine"}).webhook_guard == "mine"
