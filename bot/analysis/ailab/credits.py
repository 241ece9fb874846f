"""The operator's balance at the vendor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.analysis.answer_format import number_of

CREDITS_PER_CALL: Final = 50
_OWN_POOL: Final = "portrait_skin_analysis_advanced"
_COMMON_POOL: Final = "common"


@dataclass(frozen=True, kw_only=True)
class Credits:
    """Balances in credits: the endpoint's own pool, and the one that all endpoints share; None where not listed.

    `warning`: the balance below which the vendor would warn, the higher one of the two pools' marks; 0 for none.
    """

    own: float | None
    common: float | None
    warning: float = 0.0

    @property
    def low(self) -> bool:
        """The mark that the operator set at the vendor is passed."""
        return (self.own or 0.0) + (self.common or 0.0) < self.warning

    @property
    def analyses(self) -> int:
        """How many analyses are paid for."""
        return sum(int(max(0.0, pool or 0.0) // CREDITS_PER_CALL) for pool in (self.own, self.common))


def parse_credits(body: Mapping[str, object]) -> Credits:
    """Read the answer of query-credits: `data[]` of pools `{unique_sign, name, balance, …}`."""
    balances = dict(_numbers(body.get("data"), "balance"))
    marks = dict(_numbers(body.get("data"), "balance_warning"))
    return Credits(
        own=balances.get(_OWN_POOL),
        common=balances.get(_COMMON_POOL),
        warning=max(marks.get(pool) or 0.0 for pool in (_OWN_POOL, _COMMON_POOL)),
    )


def _numbers(pools: object, name: str) -> Iterator[tuple[str, float | None]]:
    for pool in pools if isinstance(pools, list) else []:
        if isinstance(pool, dict):
            yield str(pool.get("unique_sign")), number_of(pool.get(name))
