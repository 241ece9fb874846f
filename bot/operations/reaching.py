"""Whether the Mini App is where its address says, asked as a phone would ask."""

import asyncio
from typing import Final

import aiohttp

from bot.outgoing import open_session

_SECONDS: Final = 10.0
_OURS: Final = 'id="page"'


async def answers(url: str, proxy: str | None) -> bool:
    """A page that is ours, not a proxy's own "bad gateway"."""
    try:
        async with asyncio.timeout(_SECONDS), open_session(proxy) as session, session.get(f"{url}/") as page:
            return page.status == 200 and _OURS in await page.text()
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        return False
