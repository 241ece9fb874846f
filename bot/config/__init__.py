"""One settings object from the environment (and `.env`); secrets are never printed."""

import hmac
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from environs import Env, EnvValidationError, ValidationError, validate

from bot.config.errors import SetupError
from bot.config.files import DotenvUnreadable, dotenv, with_secrets_read

_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_UNFIT: Final = re.compile(r"[\s{}<>\"\\^`|]")
SETTINGS: Final = frozenset(
    {"TELEGRAM_TOKEN", "TELEGRAM_API_URL", "WEBHOOK_URL", "WEBHOOK_SECRET", "WEBAPP_URL", "HOST", "PORT"}
    | {"AILAB_API_KEY", "AILAB_API_URL", "AILAB_CONCURRENCY", "AILAB_COMPANY", "AILAB_COUNTRY", "AILAB_TRANSFER"}
    | {"ANALYZER", "FALLBACK_ANALYZER", "PIXEL_WORKERS", "DATABASE_URL", "DATA_KEY", "ADMIN_IDS", "SENDS_PER_SECOND"}
    | {"DAILY_REPORTS_PER_USER", "DAILY_REPORTS_TOTAL", "OPERATOR_NAME", "OPERATOR_CONTACT", "OPERATOR_COUNTRY"}
    | {"LOG_FORMAT", "LOG_LEVEL", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}
)
DEFAULT_DATABASE_URL: Final = "sqlite:///data/skinbot.db"
_PUBLIC: Final = "api.telegram.org"
_WEBHOOK_PORTS: Final = (443, 80, 88, 8443)  # the only ones that the public server calls
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what any server takes as one
_PASSWORD: Final = re.compile(r"(?<=:)[^:/?#]+(?=@)|(?<=[?&]password=)[^&]+")
_DERIVED: Final = b"skinbot webhook secret 1"


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
    ailab_concurrency: int
    database_url: str = field(repr=False)  # may hold a password
    data_key: str | None = field(repr=False)
    webhook_url: str | None
    webhook_secret: str | None = field(repr=False)
    host: str
    port: int | None
    http_proxy: str | None = field(repr=False)  # may hold a password
    https_proxy: str | None = field(repr=False)
    no_proxy: str | None
    admin_ids: tuple[int, ...] = field(repr=False)
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
    env = _GivenEnv(values)
    config = _read(env)
    try:
        env.seal()
    except EnvValidationError as error:
        told = error.error_messages
        problems |= told if isinstance(told, Mapping) else {"": told}
    problems = dict(_together(config)) | problems
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
    if config.webhook_url is not None and not _callable(config.webhook_url, config.telegram_api_url):
        yield "WEBHOOK_URL", ["Must be https://HOST/PATH, on port 443, 80, 88 or 8443: Telegram calls no other."]
    if config.webhook_secret is not None and not _SECRET.fullmatch(config.webhook_secret):
        yield "WEBHOOK_SECRET", ["Must be 1 to 256 letters, digits, _ and -: Telegram takes no other."]


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


class _GivenEnv(Env):
    """environs reads os.environ; a mapping given by the caller takes its place."""

    def __init__(self, environ: Mapping[str, str | None]) -> None:
        super().__init__(eager=False)
        self._given = {name: value for name, value in environ.items() if value}

    def _get_value(self, key: str, default: object) -> object:
        return self._given.get(key, default)


def _read(env: Env) -> Config:
    levels = validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
    at_least_0, at_least_1 = validate.Range(min=0), validate.Range(min=1)
    return Config(
        telegram_token=_bare(env.str("TELEGRAM_TOKEN", None, validate=_token)),
        telegram_api_url=_root(env.str("TELEGRAM_API_URL", "https://api.telegram.org", validate=_address)),
        ailab_api_key=env.str("AILAB_API_KEY", None),
        ailab_api_url=_root(env.str("AILAB_API_URL", "https://www.ailabapi.com", validate=_address)),
        analyzer=env.enum("ANALYZER", AnalyzerChoice.AUTO, enum=AnalyzerChoice, by_value=True),
        ailab_concurrency=env.int("AILAB_CONCURRENCY", 3, validate=at_least_1),
        database_url=env.str("DATABASE_URL", DEFAULT_DATABASE_URL),
        data_key=env.str("DATA_KEY", None),
        webhook_url=env.str("WEBHOOK_URL", None),
        webhook_secret=env.str("WEBHOOK_SECRET", None),
        host=env.str("HOST", "127.0.0.1"),
        port=env.int("PORT", None, validate=validate.Range(min=0, max=65535)),
        http_proxy=_proxy(env, "HTTP_PROXY"),
        https_proxy=_proxy(env, "HTTPS_PROXY"),
        no_proxy=env.str("no_proxy", None) or env.str("NO_PROXY", None),
        admin_ids=tuple(int(one) for one in env.list("ADMIN_IDS", [], subcast=str, validate=_whole_numbers) or ()),
        daily_reports_per_user=env.int("DAILY_REPORTS_PER_USER", 5, validate=at_least_0),
        daily_reports_total=env.int("DAILY_REPORTS_TOTAL", 200, validate=at_least_0),
        sends_per_second=env.int("SENDS_PER_SECOND", 25, validate=at_least_1),
        pixel_workers=env.int("PIXEL_WORKERS", None, validate=at_least_1),
        operator_name=env.str("OPERATOR_NAME", None),
        operator_contact=env.str("OPERATOR_CONTACT", None),
        operator_country=env.str("OPERATOR_COUNTRY", None),
        ailab_company=env.str("AILAB_COMPANY", None),
        ailab_country=env.str("AILAB_COUNTRY", None),
        ailab_transfer=env.str("AILAB_TRANSFER", None),
        log_format=env.enum("LOG_FORMAT", LogFormat.CONSOLE, enum=LogFormat, by_value=True),
        log_level=env.str("LOG_LEVEL", "INFO", validate=levels),
    )


def _whole_numbers(given: list[str]) -> None:
    """environs' own reading of a list tells the place of what is wrong, and no reason."""
    if not all(one.strip().isdecimal() for one in given):
        raise ValidationError("Must be whole numbers with commas between.")


def _token(given: str) -> None:
    if not _TOKEN.fullmatch(given.strip()):
        raise ValidationError("Is no bot's token: digits, a colon, then letters and digits. Copy it from @BotFather.")


def _address(given: str) -> None:
    """What a URL library would say of it is nobody's business, and some say it only when the first request is made."""
    try:
        url = urlsplit(given)
        wrong = url.scheme not in {"http", "https"} or not url.hostname or url.port == 0 or _UNFIT.search(given)
    except ValueError:
        wrong = True
    if wrong:
        raise ValidationError("Has to be a whole address: https://<host>, with nothing left out.")


def _bare(token: str | None) -> str | None:
    return token.strip() if token else token


def _proxy(env: Env, name: str) -> str | None:
    """Named in small letters, too, and those are heard first everywhere; often without http://."""
    given = env.str(name.lower(), None, validate=_proxy_address) or env.str(name, None, validate=_proxy_address)
    return given if given is None or "://" in given else f"http://{given}"


def _proxy_address(given: str) -> None:
    _address(given if "://" in given else f"http://{given}")


def _root(url: str | None) -> str:
    return (url or "").rstrip("/")  # after a problem environs hands out None
