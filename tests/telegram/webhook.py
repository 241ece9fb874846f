"""Updates pushed to the bot's own server: in order for each chat, again and again until it takes them."""

import asyncio
import random
import re
from collections.abc import Mapping
from typing import Final

import aiohttp

from bot.playground.server.methods import Method
from bot.playground.server.updates import Updates, Waiting
from bot.playground.server.wire import Call, Raw, bad_request
from bot.playground.server.world import World

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_CALLABLE: Final = ("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")
_ANSWER_WAIT_S: Final = 60
_LONGEST_PAUSE_S: Final = 60.0
_LONGEST_RETRY_AFTER_S: Final = 3600.0


class Webhook:
    """One lane for each chat. `second` is how long a second of pause lasts (tests make it short)."""

    def __init__(self, updates: Updates, *, second: float = 1.0) -> None:
        self._updates = updates
        self._second = second
        self._secret = ""
        self._max_connections = 40
        self._last_error: tuple[int, str] | None = None
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(40)
        updates.on_new = self._start

    async def set(self, world: World, call: Call) -> object:
        """setWebhook: an empty URL removes it. Raises Refused."""
        url = call.text("url")
        secret = call.text("secret_token")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains illegal characters")
        if call.has("allowed_updates"):
            self._updates.allow(call.array("allowed_updates"))
        if call.flag("drop_pending_updates"):
            self._updates.clear()
        await self.stop()
        self._secret = secret
        self._max_connections = call.integer("max_connections", 40, low=1, high=100)
        self._places = asyncio.Semaphore(self._max_connections)
        self._last_error = None
        if url and not url.startswith(_CALLABLE):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        self._updates.webhook_url = url
        if url:
            self._updates.close()
        self._start()
        _ = world
        return True

    async def delete(self, world: World, call: Call) -> object:
        """deleteWebhook."""
        if call.flag("drop_pending_updates"):
            self._updates.clear()
        await self.stop()
        self._updates.webhook_url = ""
        _ = world
        return True

    async def info(self, world: World, call: Call) -> object:
        """getWebhookInfo."""
        _ = world, call
        info: Raw = {
            "url": self._updates.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting),
            "max_connections": self._max_connections,
        }
        if self._updates.allowed is not None:
            info["allowed_updates"] = self._updates.allowed
        if self._last_error:
            info |= {"last_error_date": self._last_error[0], "last_error_message": self._last_error[1]}
        return info

    def methods(self) -> Mapping[str, Method]:
        return {"setWebhook": self.set, "deleteWebhook": self.delete, "getWebhookInfo": self.info}

    async def stop(self) -> None:
        """End all deliveries; what was not taken stays in the queue."""
        lanes, self._lanes = list(self._lanes.values()), {}
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)

    def _start(self) -> None:
        if not self._updates.webhook_url:
            return
        for chat_id in {update.chat_id for update in self._updates.waiting} - set(self._lanes):
            self._lanes[chat_id] = asyncio.create_task(self._walk(chat_id))

    async def _walk(self, chat_id: int) -> None:
        """Deliver one chat's updates, oldest first, until none is left."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_WAIT_S)) as session:
            while update := self._oldest(chat_id):
                await self._deliver(session, update)
        del self._lanes[chat_id]

    def _oldest(self, chat_id: int) -> Waiting | None:
        return next((update for update in self._updates.waiting if update.chat_id == chat_id), None)

    async def _deliver(self, session: aiohttp.ClientSession, update: Waiting) -> None:
        """Until the bot takes it or Telegram forgets it; the first retry comes at once."""
        attempt = 0
        while update in self._updates.waiting:
            async with self._places:
                pause = await self._post(session, update)
            if pause is None:
                self._updates.acknowledge(update.update_id)
                return
            longest = _LONGEST_PAUSE_S * (1 + random.random())
            backoff = min(2.0**attempt, longest) if attempt else 0.0
            attempt += 1
            await asyncio.sleep(max(pause, backoff) * self._second)

    async def _post(self, session: aiohttp.ClientSession, update: Waiting) -> float | None:
        """None when taken, otherwise the seconds that the bot's server asks for (0 where it does not ask)."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        url = self._updates.webhook_url
        try:
            async with session.post(url, json=update.raw, headers=headers, allow_redirects=False) as answer:
                if 200 <= answer.status < 300:
                    return None
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                asked = answer.headers.get("Retry-After", "")
                return min(float(asked), _LONGEST_RETRY_AFTER_S) if asked.isdecimal() else 0.0
        except (aiohttp.ClientError, TimeoutError):
            self._failed("Connection refused")
            return 0.0

    def _failed(self, message: str) -> None:
        self._last_error = (self._updates.now(), message)
