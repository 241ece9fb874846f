"""What a whole run of tests shares."""

from collections.abc import Iterator

import pytest

from bot.analysis import pixel_tasks
from bot.imaging.workshop import Workshop


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    """Real workers: they are what is tested, and starting them anew for each test would take minutes."""
    with Workshop(pixel_tasks, workers=2) as opened:
        yield opened
