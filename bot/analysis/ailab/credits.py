"""The operator's balance at the vendor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.analysis.ailab.parse import number_of

CREDITS_PER_CALL: Final = 50
_OWN_POOL: Final = "portrait_skin_analysis_advanced"
_COMMON_POOL: Final = "common"


@dataclass(frozen=True, kw_only=True)
class Credits:
    """Balances in credits: the endpoint's own pool, and the one that all endpoints share; None where not listed."""

    own: float | None
    common: float | None

    @property
    def analyses(self) -> int:
        """How many analyses are paid for."""
        return sum(int(max(0.0, pool or 0.0) // CREDITS_PER_CALL) for pool in (self.own, self.common))


def parse_credits(body: Mapping[str, object]) -> Credits:
    """Read the answer of query-credits: `data[]` of pools `{unique_sign, name, balance, …}`."""
    balances = dict(_balances(body.get("data")))
    return Credits(own=balances.get(_OWN_POOL), common=balances.get(_COMMON_POOL))


def _balances(pools: object) -> Iterator[tuple[str, float | None]]:
    for pool in pools if isinstance(pools, list) else []:
        if isinstance(pool, dict):
            yield str(pool.get("unique_sign")), number_of(pool.get("balance"))
