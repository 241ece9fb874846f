"""A vendor on loopback, and clients for it: over httpx's own transport and over the one of production."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest
from httpx_aiohttp import AiohttpTransport

from bot.analysis.ailab.client import AILab
from tests.ailab import (
    BRISK,
    CURT,
    HASTY,
    KEY,
    LoopbackAILab,
)

TLS = ssl.create_default_context()  # slow to make, and not used on loopback


@pytest.fixture
async def vendor() -> AsyncIterator[LoopbackAILab]:
    async with LoopbackAILab() as running:
        yield running


@pytest.fixture(params=["httpx", "aiohttp"])
async def client(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    transport = AiohttpTransport(verify=TLS) if request.param == "aiohttp" else httpx.AsyncHTTPTransport(verify=TLS)
    async with httpx.AsyncClient(transport=transport, follow_redirects=True) as opened:
        yield opened


@pytest.fixture
def ailab(vendor: LoopbackAILab, client: httpx.AsyncClient) -> AILab:
    return AILab(client=client, api_key=KEY, url=vendor.url, patience=BRISK)


@pytest.fixture
def curt(vendor: LoopbackAILab, client: httpx.AsyncClient) -> AILab:
    return AILab(client=client, api_key=KEY, url=vendor.url, patience=CURT)


@pytest.fixture
def hasty(vendor: LoopbackAILab, client: httpx.AsyncClient) -> AILab:
    return AILab(client=client, api_key=KEY, url=vendor.url, patience=HASTY)
