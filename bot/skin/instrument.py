"""By what a photo was measured: the numbers of two instruments never meet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Self

from bot.skin.analysis import Analysis, MarkKind, Provider

FIRST: Final[Mapping[Provider, str]] = MappingProxyType(
    {Provider.AILAB: "skin-analysis-advanced", Provider.LOCAL: "1"},
)
"""The versions from before one stood with every report."""


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """An analyzer and its version; a new version is one whose numbers differ for the same photo."""

    provider: Provider
    version: str

    @classmethod
    def named(cls, provider: Provider, version: str | None) -> Self:
        """`version`: as it was kept, None where it was not."""
        return cls(provider=provider, version=version or FIRST[provider])

    @property
    def counts_spots(self) -> bool:
        """False for the first one on this device: two of three of its spots were none, on faces nobody tuned it to."""
        return self != _FIRST_HERE

    def as_told_today(self, analysis: Analysis) -> Analysis:
        """What it measured, without what proved to say nothing."""
        redness = analysis.redness
        if self.provider is Provider.LOCAL and redness is not None and redness.intensity is not None:
            analysis = replace(analysis, redness=replace(redness, intensity=None))
        return analysis if self.counts_spots else replace(analysis, uncounted=_SPOTS)


_FIRST_HERE: Final = Instrument.named(Provider.LOCAL, None)
_SPOTS: Final = frozenset({MarkKind.RED_SPOTS, MarkKind.DARK_SPOTS})
