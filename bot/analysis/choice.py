"""Which analyzer this set-up uses, and how its stored answers are read back."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import httpx

from bot.analysis import AnalysisUnavailable, Analyzer, pixel_tasks
from bot.analysis.ailab.client import AILab
from bot.analysis.ailab.credits import Credits
from bot.analysis.answer_format import read_back
from bot.analysis.local import LocalAnalyzer, Measure, Measured, is_installed
from bot.config import Config
from bot.config.errors import SetupError
from bot.imaging.workshop import TaskLost, Workshop
from bot.outgoing import vendor_client
from bot.skin.analysis import Analysis, Provider

READERS: Final[Mapping[Provider, Callable[[str], Analysis]]] = {
    Provider.AILAB: read_back,
    Provider.LOCAL: partial(read_back, provider=Provider.LOCAL),
}


class AnalyzerMissing(SetupError):
    """There is no analyzer for this set-up: AILAB_API_KEY is needed, or the extra `local`."""


@dataclass(frozen=True, kw_only=True)
class Measurer:
    """`provider`: who measures for whom it is all the same. `on_device`: for who wants no photo sent away, where it is
    installed and not the first choice. `credits` asks for the balance; None where nothing is paid.
    """

    provider: Provider
    analyzer: Analyzer
    on_device: Analyzer | None = None
    credits: Callable[[], Awaitable[Credits]] | None = None

    @property
    def analyzers(self) -> Mapping[Provider, Analyzer]:
        """All that this set-up can measure with."""
        here = {} if self.on_device is None else {Provider.LOCAL: self.on_device}
        return here | {self.provider: self.analyzer}


def choose_analyzer(config: Config, client: httpx.AsyncClient, *, measure: Measure) -> Measurer:
    """`measure` is how this machine measures itself. Raises AnalyzerMissing."""
    if not config.pays or config.ailab_api_key is None:
        if not is_installed():
            raise AnalyzerMissing(
                "Nothing here can read a photo: set AILAB_API_KEY, or install the on-device analyzer"
                " (pip install 'skinbot[local]')."
            )
        return Measurer(provider=Provider.LOCAL, analyzer=LocalAnalyzer(measure=measure))
    ailab = AILab(client=client, api_key=config.ailab_api_key, url=config.ailab_api_url)
    here = LocalAnalyzer(measure=measure) if is_installed() else None
    return Measurer(provider=Provider.AILAB, analyzer=ailab, on_device=here, credits=ailab.credits)


@asynccontextmanager
async def opened_measurer(config: Config, workshop: Workshop) -> AsyncIterator[Measurer]:
    """The analyzer of this set-up with its connections. Raises AnalyzerMissing."""
    async with vendor_client(config) as client:
        yield choose_analyzer(config, client, measure=partial(_measured, workshop))


async def _measured(workshop: Workshop, jpeg: bytes) -> Measured:
    """On this machine. Raises PhotoRefused, AnalysisUnavailable."""
    try:
        return await workshop.run(pixel_tasks.measure, jpeg)
    except TaskLost as lost:
        raise AnalysisUnavailable(f"the measuring ended: {lost.death}", may_be_charged=False) from None
