"""What a whole run of tests shares."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from bot.analysis import pixel_tasks
from bot.imaging.workshop import Workshop

# Machines are busy: how long an example takes there says nothing about the bot.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    """Real workers: they are what is tested, and starting them anew for each test would take minutes."""
    with Workshop(pixel_tasks, workers=2) as opened:
        yield opened
