"""The ways in over HTTP: they stand before there is anybody behind them."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.config import Config
from bot.operations.health import NOT_CONNECTED, Door, Health

if TYPE_CHECKING:
    from bot.operations.miniapp import MiniAppDoor

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Doors:
    """`miniapp`: where there is one."""

    updates: Door = field(default_factory=Door)
    miniapp: "MiniAppDoor | None" = None


async def see_that_doors_can_be_opened(config: Config) -> None:
    """Raises AddressUnusable."""
    if config.serves:
        from bot.operations.http import see_that_one_can_listen  # noqa: PLC0415 - as below

        await see_that_one_can_listen(config)


@asynccontextmanager
async def doors_open(config: Config, health: Health) -> AsyncIterator[Doors]:
    """A supervisor that asks is answered while Telegram is still being sought. Raises AddressUnusable."""
    health.vitals.waits_for = NOT_CONNECTED
    if not config.serves:
        yield Doors()
        return
    # aiohttp's server, which a bot that polls may not need
    from bot.operations.http import serving  # noqa: PLC0415 - see above
    from bot.operations.miniapp import MiniAppDoor  # noqa: PLC0415 - see above

    doors = Doors(miniapp=MiniAppDoor() if config.webapp_url else None)
    async with serving(config, doors.updates.take, health, miniapp=doors.miniapp) as port:
        health.vitals.port = port
        _log.info("health is served on port %d", port)
        yield doors
