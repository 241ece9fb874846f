"""The Mini App's page as a program: opened with what Telegram signed, then asked for what a page asks for."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from bot.playground.server.launching import launch_data
from tests.journeys.stage import Stage
from tests.telegram import Actor

ROOT: Final = "/skin"

Told = dict[str, Any]


def with_page(stage: Stage) -> str:
    """Let this stage's bot have a Mini App; returns its address."""
    stage.settings |= page_settings()
    return stage.settings["WEBAPP_URL"]


def page_settings() -> dict[str, str]:
    """Of a bot with a Mini App, on a port that was free just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {"WEBAPP_URL": f"http://127.0.0.1:{port}{ROOT}", "PORT": str(port)}


def launch(stage: Stage, person: Actor) -> str:
    return launch_data(stage.telegram.token, person.card, at=stage.clock())


@dataclass(kw_only=True)
class Window:
    """One page of one person. `session`: what it is known by."""

    client: httpx.AsyncClient
    opening: Told
    session: str = field(repr=False)

    async def ask(self, path: str, **query: str) -> httpx.Response:
        return await self.client.get(f"api/{path}", params=query, headers={"Authorization": f"Bearer {self.session}"})

    async def told(self, path: str, **query: str) -> Told:
        answer = await self.ask(path, **query)
        assert answer.status_code == 200, (path, answer.status_code)
        return dict(answer.json())

    async def send(self, photo: bytes) -> int:
        """A photo of its camera's; returns the answer's status."""
        headers = {"Authorization": f"Bearer {self.session}"}
        return (await self.client.post("api/photo", content=photo, headers=headers)).status_code

    async def note(self, number: int, text: str) -> httpx.Response:
        """Written to that report."""
        headers = {"Authorization": f"Bearer {self.session}"}
        return await self.client.post(f"api/reports/{number}/note", json={"text": text}, headers=headers)

    async def tap(self, data: str) -> Told:
        answer = await self.client.post(
            "api/tap", json={"data": data}, headers={"Authorization": f"Bearer {self.session}"}
        )
        assert answer.status_code == 200, (data, answer.status_code)
        return dict(answer.json())


@asynccontextmanager
async def window(stage: Stage, person: Actor) -> AsyncIterator[Window]:
    """The page, opened by that person just now."""
    async with window_at(stage.settings["WEBAPP_URL"], launch(stage, person)) as page:
        yield page


@asynccontextmanager
async def window_at(url: str, launch: str) -> AsyncIterator[Window]:
    """The page at that address, opened by who is named in the launch data."""
    async with httpx.AsyncClient(base_url=f"{url}/", timeout=30) as client:
        answer = await client.post("api/open", json={"launch": launch})
        assert answer.status_code == 200, answer.status_code
        opening = dict(answer.json())
        yield Window(client=client, opening=opening, session=str(opening["session"]))


def shown(told: Told) -> str:
    """The last screen's words."""
    return str(told["screens"][-1]["html"])


def switches(told: Told) -> dict[str, bool]:
    """What can be switched on it, by what it carries, and whether it is on."""
    rows = told["screens"][-1]["rows"]
    return {button["data"]: button["on"] for row in rows for button in row if button["on"] is not None}
