"""The settings: every problem at once, secrets never printed."""

import pytest

from bot.config import AnalyzerChoice, ConfigInvalid, read_config


def test_defaults_stand_where_nothing_is_set() -> None:
    """An empty environment is a working set-up: SQLite, this device's analyzer, no admins."""
    config = read_config({})
    assert config.database_url == "sqlite:///data/skinbot.db"
    assert config.analyzer is AnalyzerChoice.AUTO
    assert not config.pays
    assert config.admin_ids == ()
    assert (config.daily_reports_per_user, config.daily_reports_total) == (5, 0)


def test_an_empty_value_counts_as_not_set() -> None:
    """Compose files hand over empty strings for what was left out."""
    assert read_config({"PORT": "", "AILAB_API_KEY": ""}).port is None


def test_every_problem_is_named_at_once() -> None:
    """An operator mends the set-up in one go."""
    with pytest.raises(ConfigInvalid) as invalid:
        read_config(
            {"PORT": "x", "ANALYZER": "magic", "AILAB_CONCURRENCY": "0", "LOG_LEVEL": "loud", "ADMIN_IDS": "1,me"}
        )
    assert [problem.partition(":")[0] for problem in invalid.value.problems] == [
        "ADMIN_IDS",
        "AILAB_CONCURRENCY",
        "ANALYZER",
        "LOG_LEVEL",
        "PORT",
    ]


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
