"""What an operator is told when the bot has come up: who it is, how it hears, who measures, what that may cost."""

from urllib.parse import urlsplit

from bot.config import Config
from bot.config.version import build_version
from bot.storage.engine.location import location_of


def greeting(config: Config, *, name: str) -> str:
    """One line with no secret in it."""
    return (
        f"{name} is up, version {build_version()}: {'; '.join((_hearing(config), _measuring(config), _kept(config)))}"
    )


def _hearing(config: Config) -> str:
    return f"a webhook on {urlsplit(config.webhook_url).hostname}" if config.webhook_url else "polling"


def _measuring(config: Config) -> str:
    if not config.pays:
        return "photos are read on this machine"
    return f"photos go to AILab, {caps(config)}"


def caps(config: Config) -> str:
    """How much may be paid for in a day."""
    total, each = config.daily_reports_total, config.daily_reports_per_user
    of_all = f"at most {total} paid analyses a day" if total else "WITH NO LIMIT of paid analyses a day"
    return f"{of_all}, {each or 'any number'} of one person"


def _kept(config: Config) -> str:
    place = location_of(config.database_url)
    if place.file is not None:
        return f"data in SQLite, {place.file}"
    return f"data in PostgreSQL, {place.sync_url.host or 'this machine'}/{place.sync_url.database or ''}"
