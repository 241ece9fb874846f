"""The whole bot behind a webhook for which no secret was set: only Telegram comes in."""

import socket

import httpx

from tests.journeys.stage import Stage
from tests.journeys.window import window, with_page

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def test_without_a_secret_of_the_operators_only_telegram_is_heard(stage: Stage) -> None:
    """Telegram is told the bot's own; who forges an update is refused, and nothing happens."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    stage.settings = {"WEBHOOK_URL": url, "PORT": str(port)}
    ada = stage.telegram.person(7001)
    async with stage.running(), httpx.AsyncClient() as stranger:
        await ada.send_text("/help")
        await ada.wait_for(lambda _: True)
        await stage.settled()
        for headers in ({}, {SECRET_HEADER: ""}, {SECRET_HEADER: "guessed"}):
            answer = await stranger.post(url, json=_forged(ada.user_id), headers=headers)
            assert answer.status_code == 403
        await stage.settled()
        said = len(ada.bot_messages)
        guard = str(stage.telegram.calls("setWebhook")[0].params["secret_token"])
        answer = await stranger.post(url, json=_forged(ada.user_id), headers={SECRET_HEADER: guard})
        assert answer.status_code == 200
        await stage.settled()
        assert len(ada.bot_messages) == said + 1
    assert said == 1
    assert stage.telegram.token not in guard


async def test_the_page_stands_beside_the_webhook(stage: Stage) -> None:
    """On the same port, with health: each answers for itself."""
    with_page(stage)
    port, url = stage.settings["PORT"], stage.settings["WEBAPP_URL"]
    stage.settings["WEBHOOK_URL"] = f"http://127.0.0.1:{port}/hook"
    async with stage.running(), httpx.AsyncClient() as client:
        ada = await stage.consenting()
        async with window(stage, ada) as page:
            report = await page.ask("reports/1")
        found = [(await client.get(address)).status_code for address in (f"{url}/", f"http://127.0.0.1:{port}/healthz")]
        calls = len(stage.telegram.calls("getUpdates"))

    assert (report.status_code, found, calls) == (200, [200, 200], 0)


def _forged(user_id: int) -> dict[str, object]:
    someone = {"id": user_id, "is_bot": False, "first_name": "Ada"}
    chat = {"id": user_id, "type": "private", "first_name": "Ada"}
    text = {"text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}
    return {"update_id": 900_000_000, "message": {"message_id": 900, "date": 1, "from": someone, "chat": chat, **text}}
