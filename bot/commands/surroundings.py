"""What `skinbot check` says of the machine and of the settings, beside what it asks others."""

import difflib
import os
import socket
from collections.abc import Iterable, Iterator
from typing import Final

from bot.config import SETTINGS, Config
from bot.config.files import IN_FILES
from bot.operations.greeting import caps
from bot.views.operator import CheckFact, CheckLine

_ROOMY_BYTES: Final = 1_000_000_000
_MUCH_NICER: Final = 10
_PREFIXES: Final = ("TELEGRAM_", "AILAB_", "WEBHOOK_", "DAILY_REPORTS", "OPERATOR_", "DATA_KEY", "SENDS_")


def surroundings(config: Config, names: Iterable[str], *, memory: int | None) -> Iterator[CheckLine]:
    """`names`: of the variables that are set, to find misspelt ones.

    `memory`: how many bytes this process may use; None where nobody limits them.
    """
    if config.pays:
        yield CheckLine(fact=CheckFact.CAPS, good=True, hint=not config.daily_reports_total, detail=caps(config))
    if not config.admin_ids:
        yield CheckLine(fact=CheckFact.ADMINS_MISSING, good=True, hint=True)
    unknown = ", ".join(sorted(filter(_looks_misspelt, names)))
    if unknown:
        yield CheckLine(fact=CheckFact.NAMES_UNKNOWN, good=True, hint=True, detail=unknown)
    if (config.webhook_url or config.port is not None) and not _is_ours(config.host):
        yield CheckLine(fact=CheckFact.HOST_WRONG, good=False, detail=config.host)
    if memory is not None and memory < _ROOMY_BYTES:
        yield CheckLine(fact=CheckFact.MEMORY_LITTLE, good=True, hint=True, detail=f"{memory // 1_000_000} MB")
    if hasattr(os, "getpriority") and os.getpriority(os.PRIO_PROCESS, 0) >= _MUCH_NICER:
        yield CheckLine(fact=CheckFact.NICE, good=True, hint=True)


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
