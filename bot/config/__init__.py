"""One settings object from the environment (and `.env`); secrets are never printed."""

import hmac
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.config.errors import SetupError
from bot.config.files import DotenvUnreadable, dotenv, with_secrets_read
from bot.config.reading import Settings
from bot.config.rules import TOKEN_FORM as TOKEN_FORM
from bot.config.rules import UNFIT, no_address, no_ids, no_key, no_proxy_address, no_token, too_long

SETTINGS: Final = frozenset(
    {"TELEGRAM_TOKEN", "TELEGRAM_API_URL", "WEBHOOK_URL", "WEBHOOK_SECRET", "WEBAPP_URL", "HOST", "PORT"}
    | {"AILAB_API_KEY", "AILAB_API_URL", "AILAB_CONCURRENCY", "AILAB_COMPANY", "AILAB_COUNTRY", "AILAB_TRANSFER"}
    | {"ANALYZER", "FALLBACK_ANALYZER", "PIXEL_WORKERS", "DATABASE_URL", "DATA_KEY", "ERASED_LIST", "SENDS_PER_SECOND"}
    | {"ADMIN_IDS", "ACCESS", "ALLOWED_IDS"}
    | {"DAILY_REPORTS_PER_USER", "DAILY_REPORTS_TOTAL", "OPERATOR_NAME", "OPERATOR_CONTACT", "OPERATOR_COUNTRY"}
    | {"LOG_FORMAT", "LOG_LEVEL", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}
)
DEFAULT_DATABASE_URL: Final = "sqlite:///data/skinbot.db"
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_PUBLIC: Final = "api.telegram.org"
_WEBHOOK_PORTS: Final = (443, 80, 88, 8443)  # the only ones that the public server calls
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what any server takes as one
_PASSWORD: Final = re.compile(r"(?<=:)[^:/?#]+(?=@)|(?<=[?&]password=)[^&]+")
_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_DERIVED: Final = b"skinbot webhook secret 1"
_MOST_PROCESSES: Final = 64  # a slip of the finger takes no machine down
_MOST_CALLS: Final = 500  # so many selfies are under way in one process
_MOST_SENDS: Final = 100_000  # what a server of one's own bears; Telegram's 30, or 1,000 of who pays for it
_MOST_REPORTS: Final = 1_000_000
_HEALTH_PAGES: Final = ("/healthz", "/readyz", "/metrics")


class ConfigInvalid(SetupError):
    """The environment can't be used; `problems` holds every reason at once, one sentence each."""

    def __init__(self, problems: Mapping[str, list[str]], *, log_format: "LogFormat | None" = None) -> None:
        self.log_format = log_format or LogFormat.CONSOLE
        self.problems = tuple(f"{name}: {' '.join(reasons)}" for name, reasons in sorted(problems.items()))
        super().__init__("\n".join(self.problems))


class AnalyzerChoice(StrEnum):
    AUTO = "auto"
    AILAB = "ailab"
    LOCAL = "local"


class Fallback(StrEnum):
    """Where a photo may be read while the vendor can't, for who wants that."""

    NONE = "none"
    LOCAL = "local"


class Access(StrEnum):
    """Who may use the bot: everybody, or those whom the operator names."""

    OPEN = "open"
    NAMED = "named"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class Config:
    telegram_token: str | None = field(repr=False)
    telegram_api_url: str
    ailab_api_key: str | None = field(repr=False)
    ailab_api_url: str
    analyzer: AnalyzerChoice
    fallback: Fallback
    ailab_concurrency: int
    database_url: str = field(repr=False)  # may hold a password
    data_key: str | None = field(repr=False)
    erased_list: Path | None
    webhook_url: str | None
    webhook_secret: str | None = field(repr=False)
    webapp_url: str | None
    host: str
    port: int | None
    http_proxy: str | None = field(repr=False)  # may hold a password
    https_proxy: str | None = field(repr=False)
    no_proxy: str | None
    admin_ids: tuple[int, ...] = field(repr=False)
    access: Access
    allowed_ids: tuple[int, ...] = field(repr=False)
    daily_reports_per_user: int
    daily_reports_total: int
    sends_per_second: int
    pixel_workers: int | None
    operator_name: str | None
    operator_contact: str | None
    operator_country: str | None
    ailab_company: str | None
    ailab_country: str | None
    ailab_transfer: str | None
    log_format: LogFormat
    log_level: str
    telegram_script: str = "https://telegram.org/js/telegram-web-app.js"  # the local chat has one of its own

    @property
    def serves(self) -> bool:
        """Whether anything listens on HOST and PORT."""
        return bool(self.webhook_url or self.webapp_url) or self.port is not None

    @property
    def pays(self) -> bool:
        """True when photos go to the paid API; without a key they stay on this machine."""
        if self.analyzer is AnalyzerChoice.AUTO:
            return self.ailab_api_key is not None
        return self.analyzer is AnalyzerChoice.AILAB

    @property
    def secrets(self) -> tuple[str, ...]:
        """Whatever no log may hold, each key by itself, passwords as written and as meant."""
        passwords = [_password(url) for url in (self.database_url, self.http_proxy, self.https_proxy) if url]
        keys = [key.strip() for key in (self.data_key or "").split(",")]
        guard = self.webhook_guard if self.telegram_token else self.webhook_secret
        found = (self.telegram_token, self.ailab_api_key, guard, *keys, *passwords, *map(unquote, passwords))
        return tuple(secret for secret in found if secret)

    @property
    def untold(self) -> tuple[str, ...]:
        """Settings that are not set though the law wants people told: who is responsible, and who gets their photos."""
        told = {"OPERATOR_NAME": self.operator_name, "OPERATOR_CONTACT": self.operator_contact}
        if self.pays:
            told |= {
                "OPERATOR_COUNTRY": self.operator_country,
                "AILAB_COMPANY": self.ailab_company,
                "AILAB_COUNTRY": self.ailab_country,
                "AILAB_TRANSFER": self.ailab_transfer,
            }
        return tuple(name for name, value in told.items() if not value)

    @property
    def webhook_guard(self) -> str:
        """What every update has to bring along: the secret that was set, or else one that follows from the token.

        The same in every process and after every restart; it tells nothing of the token.
        """
        if self.webhook_secret is not None:
            return self.webhook_secret
        if self.telegram_token is None:
            raise ValueError("without a token nobody but us could be told apart")
        return hmac.digest(self.telegram_token.encode(), _DERIVED, "sha256").hex()


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings (README lists them); `environ` stands for the process's own over `.env` when given.

    Raises ConfigInvalid with every problem at once. An empty value counts as not set.
    """
    given = _given() if environ is None else environ
    log_format = LogFormat.JSON if given.get("LOG_FORMAT") == LogFormat.JSON else LogFormat.CONSOLE
    values, problems = with_secrets_read(given)
    settings = Settings(values)
    config = _read(settings)
    problems = dict(_together(config)) | problems | settings.problems
    if problems:
        raise ConfigInvalid(problems, log_format=log_format)
    return config


def names_set() -> tuple[str, ...]:
    """The names of all that is set, in `.env` and around us. Raises ConfigInvalid."""
    return tuple(name for name, value in _given().items() if value)


def _given() -> dict[str, str | None]:
    try:
        return {**dotenv(), **os.environ}
    except DotenvUnreadable as error:
        log_format = LogFormat.JSON if os.environ.get("LOG_FORMAT") == LogFormat.JSON else LogFormat.CONSOLE
        raise ConfigInvalid({".env": [str(error)]}, log_format=log_format) from None


def _together(config: Config) -> Iterator[tuple[str, list[str]]]:
    """What is wrong only beside another setting, and what no single rule tells."""
    if config.analyzer is AnalyzerChoice.AILAB and config.ailab_api_key is None:
        yield "AILAB_API_KEY", ["is needed when ANALYZER is ailab."]
    if config.allowed_ids and config.access is Access.OPEN:
        yield "ALLOWED_IDS", ["names people, while ACCESS lets everybody in: set ACCESS=named."]
    if config.erased_list is not None and config.database_url.startswith("postgres"):
        yield "ERASED_LIST", ["is for SQLite: PostgreSQL keeps the erased in its table `tombstone`."]
    if config.erased_list is not None and _is_database_or_key(config.erased_list, config.database_url):
        yield "ERASED_LIST", ["is the database or its key: name a file of its own."]
    if config.webhook_url is not None and not _callable(config.webhook_url, config.telegram_api_url):
        yield "WEBHOOK_URL", ["Must be https://HOST/PATH, on port 443, 80, 88 or 8443: Telegram calls no other."]
    if config.webapp_url is not None and not _opens(config.webapp_url):
        yield "WEBAPP_URL", ["Must be https://HOST or https://HOST/PATH: Telegram opens no other page."]
    if (crowded := _crowded(config)) is not None:
        yield crowded, ["Needs a path of its own on PORT: another page of the bot has this one."]
    if config.webhook_secret is not None and not _SECRET.fullmatch(config.webhook_secret):
        yield "WEBHOOK_SECRET", ["Must be 1 to 256 letters, digits, _ and -: Telegram takes no other."]


def _is_database_or_key(file: Path, database_url: str) -> bool:
    """It would be written over, or set aside as a list that is damaged."""
    database = Path(database_url.partition(":///")[2])
    if not database.name:
        return False
    return file.absolute() in {database.absolute(), database.with_suffix(".key").absolute()}


def _crowded(config: Config) -> str | None:
    """The setting whose pages lie where others are: one of them would never be heard."""
    try:
        webhook, page = (
            urlsplit(url).path.rstrip("/") if url else None for url in (config.webhook_url, config.webapp_url)
        )
    except ValueError:  # which is told as an address that is none
        return None
    if webhook in _HEALTH_PAGES:
        return "WEBHOOK_URL"
    return "WEBAPP_URL" if page in _HEALTH_PAGES or (page and page == webhook) else None


def _password(url: str) -> str:
    """Also of an address that nothing else can be made of; a query may hold it, too."""
    return "".join(_PASSWORD.findall(url)[:1])


def _callable(webhook_url: str, api_url: str) -> bool:
    """A Bot API server of one's own may call any web address; the public one is choosy."""
    try:
        url = urlsplit(webhook_url)
        public, port = urlsplit(api_url).hostname == _PUBLIC, url.port or 443
    except ValueError:
        return False
    if not url.hostname or re.search(r"[{}\s]", webhook_url):  # braces would be a pattern to our own server
        return False
    return url.scheme == "https" and port in _WEBHOOK_PORTS if public else url.scheme in {"http", "https"}


def _opens(webapp_url: str) -> bool:
    """Telegram opens pages over https alone; on this very machine there is nobody in between."""
    try:
        url = urlsplit(webapp_url)
        here = url.scheme == "http" and url.hostname in _LOOPBACK and url.port != 0
    except ValueError:
        return False
    if not url.hostname or url.query or url.fragment or url.username or UNFIT.search(webapp_url):
        return False
    return url.scheme == "https" or here


def _read(settings: Settings) -> Config:
    return Config(
        telegram_token=_bare(settings.text("TELEGRAM_TOKEN", None, trouble=no_token)),
        telegram_api_url=_root(settings.text("TELEGRAM_API_URL", "https://api.telegram.org", trouble=no_address)),
        ailab_api_key=settings.text("AILAB_API_KEY", None, trouble=no_key),
        ailab_api_url=_root(settings.text("AILAB_API_URL", "https://www.ailabapi.com", trouble=no_address)),
        analyzer=settings.choice("ANALYZER", AnalyzerChoice.AUTO, AnalyzerChoice),
        fallback=settings.choice("FALLBACK_ANALYZER", Fallback.NONE, Fallback),
        ailab_concurrency=settings.number("AILAB_CONCURRENCY", 3, least=1, most=_MOST_CALLS),
        database_url=settings.text("DATABASE_URL", DEFAULT_DATABASE_URL),
        data_key=settings.text("DATA_KEY", None),
        erased_list=_path(settings.text("ERASED_LIST", None)),
        webhook_url=settings.text("WEBHOOK_URL", None),
        webhook_secret=settings.text("WEBHOOK_SECRET", None),
        webapp_url=_root(settings.text("WEBAPP_URL", "")) or None,
        host=settings.text("HOST", "127.0.0.1"),
        port=settings.number("PORT", None, least=0, most=65535),
        http_proxy=_proxy(settings, "HTTP_PROXY"),
        https_proxy=_proxy(settings, "HTTPS_PROXY"),
        no_proxy=settings.text("no_proxy", None) or settings.text("NO_PROXY", None),
        admin_ids=_numbers(settings.text("ADMIN_IDS", "", trouble=no_ids)),
        access=settings.choice("ACCESS", Access.OPEN, Access),
        allowed_ids=_numbers(settings.text("ALLOWED_IDS", "", trouble=no_ids)),
        daily_reports_per_user=settings.number("DAILY_REPORTS_PER_USER", 5, least=0, most=_MOST_REPORTS),
        daily_reports_total=settings.number("DAILY_REPORTS_TOTAL", 200, least=0, most=_MOST_REPORTS),
        sends_per_second=settings.number("SENDS_PER_SECOND", 25, least=1, most=_MOST_SENDS),
        pixel_workers=settings.number("PIXEL_WORKERS", None, least=1, most=_MOST_PROCESSES),
        operator_name=settings.text("OPERATOR_NAME", None, trouble=too_long),
        operator_contact=settings.text("OPERATOR_CONTACT", None, trouble=too_long),
        operator_country=settings.text("OPERATOR_COUNTRY", None, trouble=too_long),
        ailab_company=settings.text("AILAB_COMPANY", None, trouble=too_long),
        ailab_country=settings.text("AILAB_COUNTRY", None, trouble=too_long),
        ailab_transfer=settings.text("AILAB_TRANSFER", None, trouble=too_long),
        log_format=settings.choice("LOG_FORMAT", LogFormat.CONSOLE, LogFormat),
        log_level=settings.choice("LOG_LEVEL", "INFO", _LEVELS),
    )


def _numbers(given: str) -> tuple[int, ...]:
    return tuple(int(one) for one in given.split(",") if one.strip().isdecimal())


def _path(given: str | None) -> Path | None:
    return Path(given) if given else None


def _bare(token: str | None) -> str | None:
    return token.strip() if token else token


def _proxy(settings: Settings, name: str) -> str | None:
    """Named in small letters, too, and those are heard first everywhere; often without http://."""
    given = settings.text(name.lower(), None, trouble=no_proxy_address)
    given = given or settings.text(name, None, trouble=no_proxy_address)
    return given if given is None or "://" in given else f"http://{given}"


def _root(url: str) -> str:
    return url.rstrip("/")
