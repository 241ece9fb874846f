"""What `skinbot check` says of the machine and of the settings, beside what it asks others."""

import difflib
import os
import socket
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bot.config import SETTINGS, Access, Config
from bot.config.files import IN_FILES
from bot.operations.greeting import caps
from bot.views.operator import CheckFact, CheckLine

_ROOMY_BYTES: Final = 1_000_000_000
_MUCH_NICER: Final = 10
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_PREFIXES: Final = ("TELEGRAM_", "AILAB_", "WEBHOOK_", "DAILY_REPORTS", "OPERATOR_", "DATA_KEY", "SENDS_")


def surroundings(
    config: Config, names: Iterable[str], *, memory: int | None, settings: Path | None = None
) -> Iterator[CheckLine]:
    """`names`: of the variables that are set, to find misspelt ones.

    `memory`: how many bytes this process may use; None where nobody limits them. `settings`: the file that holds some.
    """
    if config.telegram_token is not None:
        yield _access(config)
    if settings is not None and os.name == "posix" and settings.exists() and settings.stat().st_mode & _OTHERS:
        yield CheckLine(fact=CheckFact.DOTENV_OPEN, good=True, hint=True, detail=str(settings))
    if config.pays:
        yield CheckLine(fact=CheckFact.CAPS, good=True, hint=not config.daily_reports_total, detail=caps(config))
    if not config.admin_ids:
        yield CheckLine(fact=CheckFact.ADMINS_MISSING, good=True, hint=True)
    unknown = ", ".join(sorted(filter(_looks_misspelt, names)))
    if unknown:
        yield CheckLine(fact=CheckFact.NAMES_UNKNOWN, good=True, hint=True, detail=unknown)
    if config.serves and not _is_ours(config.host):
        yield CheckLine(fact=CheckFact.HOST_WRONG, good=False, detail=config.host)
    if memory is not None and memory < _ROOMY_BYTES:
        yield CheckLine(fact=CheckFact.MEMORY_LITTLE, good=True, hint=True, detail=f"{memory // 1_000_000} MB")
    if hasattr(os, "getpriority") and os.getpriority(os.PRIO_PROCESS, 0) >= _MUCH_NICER:
        yield CheckLine(fact=CheckFact.NICE, good=True, hint=True)


def _access(config: Config) -> CheckLine:
    if config.access is Access.OPEN:
        return CheckLine(fact=CheckFact.ACCESS_OPEN, good=True)
    named = {*config.allowed_ids, *config.admin_ids}
    if not named:
        return CheckLine(fact=CheckFact.ACCESS_NOBODY, good=True, hint=True)
    return CheckLine(fact=CheckFact.ACCESS_NAMED, good=True, detail=str(len(named)))


def _looks_misspelt(name: str) -> bool:
    known = {*SETTINGS, *(f"{secret}_FILE" for secret in IN_FILES)}
    if name in known or name.startswith("TELEGRAM_PORT"):  # what Kubernetes sets for a service of that name
        return False
    return name.startswith(_PREFIXES) or bool(difflib.get_close_matches(name, known, n=1, cutoff=0.9))


def _is_ours(host: str) -> bool:
    """Whether a port could be opened there."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.bind(address)
    except OSError:
        return False
    return True
